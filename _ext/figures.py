"""Give each figure from a cell a number, a link that enlarges it, and files for reuse.

The caption comes from the metadata of the cell, `{"mystnb": {"figure": {"caption": "…"}}}`. The
caption says what the figure shows, whereas the alternative text describes what it looks like. When
the chapters run, every figure is also saved as SVG and PDF; a draft runs nothing and has only the
PNG.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from citable import chapter_number
from docutils import nodes
from myst_nb.core.execute import direct
from nbformat import NotebookNode
from sphinx.application import Sphinx

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
FORMATS = {"image/svg+xml": "svg", "application/pdf": "pdf"}
VECTOR = str(Path(__file__).with_name("vector.py"))
KERNEL = [f"--IPKernelApp.exec_lines=__import__('runpy').run_path({VECTOR!r})"]


def run(execute: Callable[..., Any], folder: Path, notebook: NotebookNode, **options: Any) -> Any:
    """Run a notebook, and save each figure as SVG and PDF under the same name as its PNG."""
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
    """Number the figures of a page, and rename their SVG and PDF files accordingly."""
    chapter = chapter_number(app.env, docname)
    pictures = Path(app.outdir) / app.builder.imagedir
    address = "../" * docname.count("/") + app.builder.imagedir
    join_interactive(doctree)
    for n, figure in enumerate(list(doctree.findall(nodes.figure)), 1):
        png = Path(figure.next_node(nodes.image)["uri"]).name
        name = f"figure-{chapter or Path(docname).name}-{n}"
        files = {}
        for kind in FORMATS.values():
            drawn = (pictures / png).with_suffix(f".{kind}")
            if drawn.is_file():
                drawn.replace(drawn.with_stem(name))
                files[kind] = f"{address}/{name}.{kind}"
        enlarge(figure.next_node(nodes.image), files.get("svg", f"{address}/{png}"))
        number = f"{chapter}.{n}" if chapter else str(n)
        complete(figure, f"figure-{n}", number, files)


def join_interactive(doctree: nodes.document) -> None:
    """Move each interactive figure, which has no image, into the still figure that follows it."""
    for figure, still in pairwise(list(doctree.findall(nodes.figure))):
        if figure.next_node(nodes.image) is None:
            still.insert(0, figure[0])
            figure.parent.remove(figure)


def enlarge(image: nodes.image, file: str) -> None:
    """Make an image a link to the file that enlarge.js opens."""
    link = nodes.reference(refuri=file, internal=True, classes=["enlarge"], reftitle="Enlarge")
    image.replace_self(link)
    link += image


def complete(figure: nodes.figure, target: str, number: str, files: dict[str, str]) -> None:
    """Begin a figure's caption with its number, and end it with links to its files and licence."""
    figure["ids"] = [target]
    caption = figure.next_node(nodes.caption)
    link = nodes.reference("", f"Figure {number}", refid=target, classes=["number"])
    caption.insert(0, [link, nodes.Text(". ")])
    links = [nodes.reference("", k.upper(), refuri=f, internal=True) for k, f in files.items()]
    for link in [*links, nodes.reference("", "CC BY 4.0", refuri=LICENCE)]:
        link["classes"].append("reuse")
        caption += [nodes.Text(" "), link]


def setup(app: Sphinx) -> dict[str, bool]:
    """Save figures while chapters run, and number them once every chapter has its number."""
    folder = Path(app.outdir) / "_images"
    direct.single_nb_execution = partial(run, direct.single_nb_execution, folder)
    app.connect("doctree-resolved", number_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
