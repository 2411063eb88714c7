"""Make plain notebooks from the chapters: readable without MyST, with or without solutions.

python -m tools.plain notebooks _build/html/_sources  all pages with code, boxes as HTML
python -m tools.plain worksheets build/worksheets     without solutions, with problems to hand in
python -m tools.plain teachers build/teachers         with solutions and answers to the problems
"""

from __future__ import annotations

import html
import re
import sys
from functools import cache
from pathlib import Path

import nbformat
from markdown_it import MarkdownIt
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from pybtex.database import parse_file
from pybtex.richtext import Text

from impbook_coursework import NUMBERS, problem, reason
from tools.book import EXERCISE, ROOT, SITE, labels

INCLUDE = re.compile(r"^```\{include\} (\S+)\n```$", re.MULTILINE)
BOX = re.compile(r"^:::\{admonition\} (.+)\n:class: (.+)\n((?s:.*?))\n:::$", re.MULTILINE)
LABEL = re.compile(r"^\([\w.-]+\)=\n?", re.MULTILINE)
CITATION = re.compile(r"\{cite:([tp])\}`([^`]+)`")
LINK = re.compile(r"(?<!!)(\[[^\]]*\])\((?!https?://|<)([^)\s]+)\)")
CODE = re.compile(r"(```.*?^```$|(?<![\w}])`[^`\n]+`)", re.DOTALL | re.MULTILINE)
TINTS = {"paper": "#0072b2", "verdict": "#a34700", "theorem": "#7a3d70"}
NEXT = "## What to read next"
ANSWERS = """\
from impbook_coursework import answer

seeds = range(1, 31)  # your students' numbers
for seed in seeds:
    right = [answer(name, seed=seed) for name in {}]
    shown = [a if isinstance(a, list) else f'{{a:.4g}}' for a in right]
    print(seed, *shown, sep='   ')"""


@cache
def references() -> dict[str, tuple[str, str]]:
    """The family names and the year with which the book cites each reference."""
    cited = {}
    for key, entry in parse_file(str(ROOT / "chapters/references.bib")).entries.items():
        people = entry.persons.get("author") or entry.persons["editor"]
        names = [str(Text.from_latex(" ".join(person.last_names))) for person in people]
        who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
        cited[key] = who, entry.fields["year"]
    return cited


def cite(kind: str, keys: str) -> str:
    """The links that replace a citation, in the running text (t) or in parentheses (p)."""
    form = "[{} ({})]({})" if kind == "t" else "[{}, {}]({})"
    address = f"{SITE}/chapters/references.html"
    links = "; ".join(form.format(*references()[key], address) for key in keys.split(","))
    return links if kind == "t" else f"({links})"


def url(target: str, folder: str) -> str:
    """The address of `target` on the book's site.

    `target` is a label that begins with #, or the name of a page in `folder`.
    """
    if target.startswith("#"):
        return f"{SITE}/{labels()[target[1:]]}.html{target}"
    return f"{SITE}/{folder}{target}.html"


def inline(text: str, folder: str) -> str:
    """Convert citations and links and remove labels, except in code."""
    parts = CODE.split(text)
    for i in range(0, len(parts), 2):
        part = LABEL.sub("", parts[i])
        part = LINK.sub(lambda m: f"{m[1]}({url(m[2], folder)})", part)
        parts[i] = CITATION.sub(lambda m: cite(m[1], m[2]), part)
    return "".join(parts)


def plain(text: str, folder: str, *, solutions: bool) -> str:
    """Convert MyST to Markdown that every notebook program shows correctly."""

    def box(found: re.Match[str]) -> str:
        title, classes, inside = found.groups()
        title = MarkdownIt().renderInline(title)
        if classes == "dropdown":
            if not solutions and not title.startswith(("Proof", "The proof")):
                return ""
            before, after = f"<details><summary><b>{title}</b></summary>", "</details>"
        else:
            style = f"border-left: 4px solid {TINTS.get(classes, '#888')}; padding: 0.2em 1em"
            before, after = f'<div style="{style}; margin: 1em 0">\n\n<b>{title}</b>', "</div>"
        return f"{before}\n\n{inside}\n\n{after}"

    text = INCLUDE.sub(lambda m: (ROOT / folder / m[1]).read_text("utf-8"), text)
    return BOX.sub(box, inline(text, folder))


def converted(path: Path, *, solutions: bool = True) -> NotebookNode:
    """A chapter as a plain notebook."""
    notebook = nbformat.read(path, as_version=4)
    folder = path.relative_to(ROOT).as_posix().removesuffix(path.name)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain(cell.source, folder, solutions=solutions)
        # JupyterLab collapses the cells that the page folds; a click on a cell's left bar opens it.
        elif "hide-cell" in cell.metadata.get("tags", []):
            cell.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
        elif "hide-input" in cell.metadata.get("tags", []):
            cell.metadata["jupyter"] = {"source_hidden": True}
    return notebook


def worksheet(path: Path) -> NotebookNode:
    """A chapter with empty cells in place of solutions; the problems to hand in come at the end."""
    notebook = converted(path, solutions=False)
    start = next(i for i, c in enumerate(notebook.cells) if "## Exercises" in c.source)
    texts = [cell.source for cell in notebook.cells[start:] if cell.cell_type == "markdown"]
    asked, _, advice = "\n\n".join(texts).partition(NEXT)
    cells = notebook.cells[:start]
    for text in re.split(r"^(?=\*\*Exercise )", asked, flags=re.MULTILINE):
        cells.append(new_markdown_cell(text.strip()))
        if EXERCISE.match(text, len("**")):
            cells += [new_markdown_cell("*Your answer:*"), new_code_cell("")]
    notebook.cells = [*cells, *problems(path), new_markdown_cell(NEXT + advice)]
    return notebook


def problems(path: Path) -> list[NotebookNode]:
    """Cells that print a chapter's problems for a student's own number, and check the answers."""
    head = "Replace 0 by your own number in the next cell. Give the reasons as well."
    cells = [new_markdown_cell(f"## To hand in\n\n{head}")]
    cells.append(new_code_cell("from impbook_coursework import check, problem\n\nseed = 0"))
    for name in numbers(path):
        cells.append(new_code_cell(f'print(problem("{name}", seed=seed))'))
        cells.append(new_code_cell(f'value = ...\nprint(check("{name}", seed=seed, value=value))'))
    return cells


def numbers(path: Path) -> list[str]:
    """The numbers of the problems, such as "9.1", that belong to the chapter in this file."""
    return [name for name in NUMBERS if name.partition(".")[0] == str(int(path.stem[:2]))]


def answers(path: Path) -> NotebookNode:
    """A chapter with solutions, followed by code that prints the right answers for each student."""
    notebook = converted(path)
    texts = ["## Answers to the problems"]
    for name in numbers(path):
        texts.append(f"<blockquote>{html.escape(problem(name, seed=1))}</blockquote>")
        texts.append(f"**A good explanation says:** {html.escape(reason(name))}")
    notebook.cells += map(new_markdown_cell, texts)
    notebook.cells.append(new_code_cell(ANSWERS.format(numbers(path))))
    return notebook


MAKERS = {"notebooks": converted, "worksheets": worksheet, "teachers": answers}


def write(kind: str, folder: Path) -> None:
    """Write all notebooks of one kind to a folder, after validating them."""
    pages = [ROOT / "index.ipynb", *sorted(ROOT.glob("chapters/*.ipynb"))]
    chapters = [path for path in pages if path.stem[0].isdigit()]
    for path in pages if kind == "notebooks" else chapters:
        notebook = MAKERS[kind](path)
        for i, cell in enumerate(notebook.cells):
            cell.id = f"cell-{i}"
        nbformat.validate(notebook)
        file = folder / (path.relative_to(ROOT) if kind == "notebooks" else path.name)
        file.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, file)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in MAKERS:
        sys.exit(__doc__)
    write(sys.argv[1], Path(sys.argv[2]))
