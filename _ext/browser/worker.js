// Run Python for live.js. Every file of Pyodide must have the SHA-256 given in our vendored lock file.

const post = (kind, value) => self.postMessage({ kind, value });
const call = {};

self.onmessage = async ({ data: { kind, value } }) => {
  try {
    if (kind === "load") post("answer", await load(value));
    if (kind === "start") post("answer", call.start(value));
    if (kind === "run") post("answer", JSON.parse(call.run(value)));
  } catch (error) {
    post("broken", String(error));
  }
};

async function load({ site, page }) {
  const lockFileURL = `${site}pyodide/pyodide-lock.json`;
  const lock = await (await fetch(lockFileURL)).json();
  const hashes = { ...lock.core };
  for (const { file_name, sha256 } of Object.values(lock.packages)) hashes[file_name] = sha256;
  const files = Object.keys(hashes).length;

  const { ok } = await fetch(`${site}pyodide/python_stdlib.zip`, { method: "HEAD" });
  const indexURL = ok ? `${site}pyodide/` : `https://cdn.jsdelivr.net/pyodide/v${lock.info.version}/full/`;
  let loaded = 0;
  const progress = () => post("progress", { loaded: loaded++, files, host: new URL(indexURL).host });
  progress();

  const plain = self.fetch.bind(self);
  self.fetch = async (address, options = {}) => {
    const name = String(address.url ?? address).split("/").pop();
    if (!(name in hashes)) return plain(address, options);
    const bytes = hashes[name].match(/../g).map((pair) => String.fromCharCode(parseInt(pair, 16)));
    try {
      const response = await plain(address, { ...options, integrity: `sha256-${btoa(bytes.join(""))}` });
      progress();
      return response;
    } catch (error) {
      post("broken", `${name} could not be loaded from ${indexURL}, or its SHA-256 is not the one in the lock.`);
      throw error;
    }
  };
  for (const script of ["pyodide.js", "pyodide.asm.js"]) {
    const text = await (await self.fetch(indexURL + script)).blob();
    importScripts(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  }
  const python = await loadPyodide({ indexURL, packageCacheDir: indexURL, lockFileURL });
  await python.loadPackage(Object.keys(lock.packages));
  const book = await (await fetch(`${site}live/book.zip`)).arrayBuffer();
  python.unpackArchive(book, "zip", { extractDir: "/book" });
  python.runPython("import sys; sys.path.insert(0, '/book')");
  python.runPython(await (await fetch(`${site}live/run.py`)).text());
  for (const name of ["run", "start", "versions"]) call[name] = python.globals.get(name);
  call.start(page);
  return call.versions();
}
