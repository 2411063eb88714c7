"""Write the files with which live.js and its worker run pages in the reader's browser.

Every notebook page gets a script of a few kilobytes, which loads nothing until the reader clicks
one of its buttons. `live/` holds the worker, the cells of each page with their printed outputs, and
an archive of the packages and data. Python itself comes from `pyodide/` if `make live` has
filled that folder, and otherwise from a public server.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

PACKAGES = ("impbook", "impbook_data", "impbook_figures", "impbook_coursework")
BROWSER = Path(__file__).parent / "browser"


def add_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add to a notebook page the script that makes its buttons."""
    if (Path(app.srcdir) / f"{pagename}.ipynb").is_file():
        path = "../" * pagename.count("/") + "live/live.js"
        options = {"data-page": pagename, "defer": "defer", "src": path}
        app.add_js_file(None, body="", priority=900, **options)


def printed(cell: Any) -> list[dict[str, str]]:
    """The text of each output of a cell, by kind; the worker returns outputs in the same form."""
    outputs = []
    for output in cell["outputs"]:
        data = {output["name"]: output["text"]} if "text" in output else output.get("data", {})
        outputs.append(
            {
                kind: "".join(text)
                for kind, text in data.items()
                if isinstance(text, (str, list)) and not kind.startswith("image/")
            }
        )
    return outputs


def write(app: Sphinx, error: Exception | None) -> None:
    """Write `live/` once the pages are built."""
    if error is not None:
        return
    source, target = Path(app.srcdir), Path(app.outdir) / "live"
    shutil.copytree(BROWSER, target, dirs_exist_ok=True)
    for page in app.env.found_docs:
        path = source / f"{page}.ipynb"
        if path.is_file():
            cells = [
                {
                    "source": "".join(cell["source"]),
                    "printed": printed(cell),
                    "shown": "remove-cell" not in cell["metadata"].get("tags", []),
                }
                for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
                if cell["cell_type"] == "code"
            ]
            out = target / f"{page}.json"
            out.parent.mkdir(exist_ok=True)
            out.write_text(json.dumps(cells, ensure_ascii=False), encoding="utf-8")
    with zipfile.ZipFile(target / "book.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        files = [p for package in PACKAGES for p in sorted((source / package).rglob("*.py"))]
        files += [p for p in sorted((source / "chapters" / "data").iterdir()) if p.is_file()]
        for path in [*files, source / "chapters" / "claims.yml"]:
            archive.write(path, path.relative_to(source))


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the script to each notebook page, and write the files after the last page."""
    app.connect("html-page-context", add_script)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
