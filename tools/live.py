"""Download Python for the browser into _vendor/pyodide, for offline use and for the tests.

    python -m tools.live [FOLDER OR ARCHIVE ...]

The core comes from npm and the wheels from Pyodide's official distribution. If the distribution
cannot be reached, name a folder or a zip archive that contains the wheels. Whatever the source, a
file is kept only if its SHA-256 matches `pyodide-lock.json`. We made that file from the lock file
of Pyodide's npm package: it lists only the packages that the book uses, and has the hashes of the
four core files as well.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tools.book import BUILT, ROOT

RUNTIME = ROOT / "_vendor" / "pyodide"
LOCK = json.loads((RUNTIME / "pyodide-lock.json").read_text(encoding="utf-8"))
VERSION = LOCK["info"]["version"]
CORE = f"https://registry.npmjs.org/pyodide/-/pyodide-{VERSION}.tgz"
OFFICIAL = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"


def lock() -> dict[str, str]:
    """SHA-256 of each required file, by name."""
    packages = {package["file_name"]: package["sha256"] for package in LOCK["packages"].values()}
    return LOCK["core"] | packages


def offered(source: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files in a folder or archive."""
    if source.is_dir():
        for path in source.rglob("*"):
            if path.is_file():
                yield path.name, path.read_bytes()
        return
    with zipfile.ZipFile(source) as archive:
        for name in archive.namelist():
            yield Path(name).name, archive.read(name)


def core() -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files in Pyodide's npm package."""
    content = urlopen(CORE).read()
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive.getmembers():
            if (file := archive.extractfile(member)) is not None:
                yield Path(member.name).name, file.read()


def online(names: set[str]) -> Iterator[tuple[str, bytes]]:
    """Names and contents of those requested files that are in the official distribution."""
    for name in sorted(names):
        with suppress(URLError):
            yield name, urlopen(OFFICIAL + name).read()


def fill(sources: list[Path]) -> None:
    """Fetch the missing files, and keep each only if its hash is right."""
    hashes = lock()

    def missing() -> set[str]:
        return {name for name in hashes if not (RUNTIME / name).is_file()}

    def keep(files: Iterator[tuple[str, bytes]]) -> None:
        for name, content in files:
            if hashlib.sha256(content).hexdigest() == hashes.get(name):
                (RUNTIME / name).write_bytes(content)

    for source in sources:
        keep(offered(source))
    if missing() & {"pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"}:
        keep(core())
    keep(online(missing()))
    if missing():
        sys.exit(f"no source offers, with the right hash, {', '.join(sorted(missing()))}")
    if BUILT.is_dir():
        shutil.copytree(RUNTIME, BUILT / "pyodide", dirs_exist_ok=True)
    size = sum((RUNTIME / name).stat().st_size for name in hashes)
    print(f"{len(hashes)} files, {size / 1e6:.0f} MB, in {RUNTIME.relative_to(ROOT)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="*", type=Path)
    fill(parser.parse_args().sources)
