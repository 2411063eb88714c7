// Python for live.js: every file it loads must have the SHA-256 of the vendored lock.

const post = (kind, value) => self.postMessage({ kind, value });
const ready = {};

self.onmessage = async ({ data: { kind, value } }) => {
  try {
    if (kind === "load") post("ready", await load(value));
    if (kind === "start") post("started", ready.start(value));
    if (kind === "run") post("ran", JSON.parse(ready.run(value)));
  } catch (error) {
    post("broken", String(error));
  }
};

async function load({ site, page }) {
  const lockURL = `${site}pyodide/pyodide-lock.json`;
  const lock = await (await fetch(lockURL)).json();
  const hashes = { ...lock.core };
  for (const { file_name, sha256 } of Object.values(lock.packages)) hashes[file_name] = sha256;

  const local = await fetch(`${site}pyodide/python_stdlib.zip`, { method: "HEAD" });
  const base = local.ok ? `${site}pyodide/` : `https://cdn.jsdelivr.net/pyodide/v${lock.info.version}/full/`;
  const plain = self.fetch.bind(self);
  self.fetch = (address, options = {}) => {
    const name = String(address.url ?? address).split("/").pop();
    if (!(name in hashes)) return plain(address, options);
    post("progress", name);
    const bytes = hashes[name].match(/../g).map((pair) => String.fromCharCode(parseInt(pair, 16)));
    return plain(address, { ...options, integrity: `sha256-${btoa(bytes.join(""))}` }).catch(() => {
      throw new Error(`${name} is missing from ${base}, or is not the file that the lock names`);
    });
  };
  for (const script of ["pyodide.js", "pyodide.asm.js"]) {
    const text = await (await self.fetch(base + script)).blob();
    importScripts(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  }
  const python = await loadPyodide({ indexURL: base, packageCacheDir: base, lockFileURL: lockURL });
  await python.loadPackage(Object.keys(lock.packages), { errorCallback: () => {} });
  const missing = Object.values(lock.packages).map(({ name }) => name).filter((name) => !(name in python.loadedPackages));
  const book = await (await plain(`${site}live/book.zip`)).arrayBuffer();
  python.unpackArchive(book, "zip", { extractDir: "/book" });
  python.runPython("import sys; sys.path.insert(0, '/book')");
  post("progress", "IPython");
  python.runPython(await (await plain(`${site}live/run.py`)).text());
  for (const name of ["run", "start"]) ready[name] = python.globals.get(name);
  ready.start(page);
  const versions = python.globals.get("versions")();
  return missing.length ? `${versions} (${missing.join(", ")} could not be loaded)` : versions;
}
