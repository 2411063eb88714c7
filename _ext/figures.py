"""Give the figures of cells a number, a caption, a link that enlarges them, and files to reuse.

The caption is in the metadata of the cell, `{"mystnb": {"figure": {"caption": "…"}}}`. It says what
the figure shows, whereas the alternative text describes what it looks like. When the chapters run,
every figure is also saved as SVG and PDF; a draft runs nothing and has only the PNG on the page.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.core.execute import direct
from nbformat import NotebookNode
from sphinx.application import Sphinx

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
FORMATS = {"image/svg+xml": "svg", "application/pdf": "pdf"}
VECTOR = str(Path(__file__).with_name("vector.py"))
KERNEL = [f"--IPKernelApp.exec_lines=__import__('runpy').run_path({VECTOR!r})"]


def run(execute: Callable[..., Any], folder: Path, notebook: NotebookNode, **options: Any) -> Any:
    """Run a notebook, and save its SVG and PDF figures in files named like the PNG."""
    result = execute(notebook, extra_arguments=KERNEL, **options)
    folder.mkdir(parents=True, exist_ok=True)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            found = {kind: data.pop(mime) for mime, kind in FORMATS.items() if mime in data}
            for kind, drawn in found.items():
                name = hashlib.sha256(base64.b64decode(data["image/png"])).hexdigest()
                content = drawn.encode() if kind == "svg" else base64.b64decode(drawn)
                (folder / f"{name}.{kind}").write_bytes(content)
    return result


def number_figures(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Number the figures of a page, and name their files after the numbers."""
    if app.builder.format != "html":
        return
    number = app.env.toc_secnumbers.get(docname, {}).get("")
    prefix = f"{number[0]}." if number else ""
    stem = str(number[0]) if number else Path(docname).name
    pictures = Path(app.outdir) / app.builder.imagedir
    drawn = [figure for figure in doctree.findall(nodes.figure) if in_cell(figure)]
    for n, figure in enumerate(filter(join_interactive, drawn), 1):
        image = next(iter(figure.findall(nodes.image)))
        files = {"png": Path(image["uri"]).name}
        for kind in FORMATS.values():
            source = pictures / f"{Path(image['uri']).stem}.{kind}"
            if source.is_file():
                files[kind] = f"figure-{stem}-{n}.{kind}"
                source.replace(pictures / files[kind])
        up = "../" * docname.count("/") + app.builder.imagedir
        dress(figure, image, n, f"{prefix}{n}", {k: f"{up}/{file}" for k, file in files.items()})


def in_cell(node: nodes.Node) -> bool:
    return node is not None and ("cell_output" in node.get("classes", []) or in_cell(node.parent))


def join_interactive(figure: nodes.figure) -> bool:
    """Replace a still figure by the interactive one before it; return whether this is a still."""
    if next(iter(figure.findall(nodes.image)), None):
        return True
    still = figure.next_node(nodes.figure, descend=False, siblings=True)
    still.insert(0, figure[0])
    figure.parent.remove(figure)
    return False


def dress(
    figure: nodes.figure, image: nodes.image, n: int, shown: str, files: dict[str, str]
) -> None:
    """Give a figure its id and link, and link its files from the image and the caption."""
    figure["ids"] = [f"figure-{n}"]
    large = files.get("svg", files["png"])
    link = nodes.reference(refuri=large, internal=True, classes=["enlarge"], reftitle="Enlarge")
    image.replace_self(link)
    link += image
    caption = next(iter(figure.findall(nodes.caption)))
    number = nodes.reference("", f"Figure {shown}", refid=f"figure-{n}", classes=["number"])
    caption.insert(0, [number, nodes.Text(". ")])
    reuse = [
        nodes.reference("", kind.upper(), refuri=file, internal=True, classes=["reuse"])
        for kind, file in files.items()
        if file != files["png"]
    ]
    licence = nodes.reference("", "CC BY 4.0", refuri=LICENCE, classes=["reuse"])
    for link in [*reuse, licence]:
        caption += [nodes.Text(" "), link]


def setup(app: Sphinx) -> dict[str, bool]:
    """Save figures while chapters run, and number them once every chapter has its number."""
    folder = Path(app.outdir) / "_images"
    direct.single_nb_execution = partial(run, direct.single_nb_execution, folder)
    app.connect("doctree-resolved", number_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
