"""Make plain notebooks from the chapters: readable without MyST, with or without solutions.

python -m tools.plain notebooks _build/html/_sources  the pages, with boxes as HTML
python -m tools.plain worksheets build/worksheets     no solutions; empty cells, problems, a check
python -m tools.plain teachers build/teachers         with solutions and answers to the problems
"""

from __future__ import annotations

import copy
import html
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from markdown_it import MarkdownIt
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from impbook_coursework import NUMBERS, problem, reason
from tools.book import EXERCISE, ROOT, SITE, labels

OPEN = re.compile(r"^(:{3,}|`{3,})\{([\w-]+)\}[ \t]*(.*)$")
OPTION = re.compile(r"^:([\w-]+):[ \t]*(.*)$")
LABEL = re.compile(r"^\([\w.-]+\)=[ \t]*\n?", re.MULTILINE)
ROLE = re.compile(r"\{([\w:-]+)\}`([^`]+)`")
LINK = re.compile(r"(?<!!)(\[[^\]]*\])\((?!https?://|<)([^)\s]*)\)")
CODE = re.compile(r"(```.*?^```[ \t]*$|(?<!\{)(?<![\w}])`[^`\n]+`)", re.DOTALL | re.MULTILINE)
TINTS = {"paper": "#0072b2", "verdict": "#a34700", "theorem": "#7a3d70"}


class Sources:
    """The targets of roles and links: the bibliography, and the page of each label."""

    def __init__(self) -> None:
        bib = (ROOT / "chapters/references.bib").read_text("utf-8")
        self.authors = {key: short(entry) for key, entry in entries(bib)}
        self.pages = {label: f"{page}.html" for label, page in labels().items()}

    def url(self, target: str, page: str) -> str:
        """The address on the site to which a link on the page leads."""
        name, _, anchor = target.partition("#")
        if not name:
            return f"{SITE}/{self.pages.get(anchor, page)}#{anchor}"
        folder = Path(page).parent if not name.startswith("/") else Path()
        file = (folder / name.lstrip("/")).as_posix()
        while file.startswith("chapters/../"):
            file = file.removeprefix("chapters/../")
        if not (ROOT / f"{file}.ipynb").exists() and not Path(file).suffix:
            file = self.pages.get(name, f"{file}.html").removesuffix(".html")
        stem = re.sub(r"\.(ipynb|md)$", "", file)
        return f"{SITE}/{stem}.html" + (f"#{anchor}" if anchor else "")

    def role(self, kind: str, content: str, page: str) -> str:
        """A role as a link to the site."""
        if kind.startswith("cite"):
            links = []
            for key in map(str.strip, content.split(",")):
                who, year = self.authors[key]
                text = f"{who} ({year})" if kind == "cite:t" else f"{who}, {year}"
                links.append(f"[{text}]({SITE}/chapters/references.html)")
            return "; ".join(links) if kind == "cite:t" else f"({'; '.join(links)})"
        title, target = re.fullmatch(r"(?:(.*?)\s*<)?([^<>]+)>?", content).groups()
        target = target.lstrip("~")
        if kind.startswith("py:"):
            return f"[`{title or target.rpartition('.')[2]}`]({SITE}/chapters/api.html)"
        return f"[{title or target}]({self.url(self.anchor(kind, target), page)})"

    def anchor(self, kind: str, target: str) -> str:
        return target if kind in {"doc", "download"} else f"#{target}"


def entries(bib: str) -> Iterator[tuple[str, str]]:
    for entry in re.split(r"^@", bib, flags=re.MULTILINE)[1:]:
        yield entry.partition("{")[2].partition(",")[0].strip(), entry


def short(entry: str) -> tuple[str, str]:
    """Family names and year, in the form in which the page cites them."""
    field = re.compile(r"^\s*(author|editor|year)\s*=\s*[{\"]*(.*?)[}\"]*,?\s*$", re.MULTILINE)
    fields = dict(field.findall(entry))
    people = re.split(r"\s+and\s+", fields.get("author", fields.get("editor", "")))
    names = [p.partition(",")[0] if "," in p else p.rpartition(" ")[2] for p in people]
    names = [re.sub(r"[{}\\'\"`^~]", "", name) for name in names]
    who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    return who, fields.get("year", "")


def plain(source: str, page: str, sources: Sources, *, solutions: bool = True) -> str:
    """Convert MyST to Markdown that every notebook program shows correctly."""
    lines, done = source.split("\n"), []
    while lines:
        line = lines.pop(0)
        if not (found := OPEN.match(line)):
            done.append(line)
            continue
        fence, kind, title = found.groups()
        end = next(i for i, text in enumerate(lines) if text.strip() == fence)
        inside, lines = lines[:end], lines[end + 1 :]
        done += box(kind, title, inside, page, sources, solutions)
    return inline("\n".join(done), page, sources)


def box(
    kind: str, title: str, inside: list[str], page: str, sources: Sources, solutions: bool
) -> list[str]:
    """A directive as HTML around Markdown; a folded one becomes `<details>`."""
    options = {}
    while inside and (found := OPTION.match(inside[0])):
        options[found[1]] = found[2]
        inside = inside[1:]
    classes = options.get("class", "").split()
    if kind == "include":
        included = (ROOT / page).parent / title
        return plain(included.read_text("utf-8"), page, sources).split("\n")
    if kind in {"figure", "image"}:
        return [f"![{options.get('alt', '')}]({title})", "", *inside]
    text = plain("\n".join(inside), page, sources, solutions=solutions)
    title = MarkdownIt().renderInline(inline(title or kind.capitalize(), page, sources))
    if "dropdown" in classes or kind == "dropdown":
        if is_solution(title) and not solutions:
            return []
        return [f"<details><summary><b>{title}</b></summary>", "", text, "", "</details>"]
    tint = next((TINTS[name] for name in classes if name in TINTS), "#888")
    style = f"border-left: 4px solid {tint}; padding: 0.2em 1em; margin: 1em 0"
    return [f'<div style="{style}">', "", f"<b>{title}</b>", "", text, "", "</div>"]


def is_solution(title: str) -> bool:
    return not title.startswith(("Proof", "The proof"))


def inline(text: str, page: str, sources: Sources) -> str:
    """Convert roles, links and labels outside code."""

    def mend(part: str) -> str:
        part = LABEL.sub("", part)
        part = LINK.sub(lambda m: f"{m[1]}({sources.url(m[2], page)})", part)
        return ROLE.sub(lambda m: sources.role(m[1], m[2], page), part)

    return "".join(p if i % 2 else mend(p) for i, p in enumerate(CODE.split(text)))


def converted(path: Path, sources: Sources, *, solutions: bool = True) -> NotebookNode:
    """A chapter as a plain notebook."""
    notebook = copy.deepcopy(nbformat.read(path, as_version=4))
    page = str(path.relative_to(ROOT).with_suffix(".html"))
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain(cell.source, page, sources, solutions=solutions)
        else:
            fold(cell)
    return notebook


def fold(cell: NotebookNode) -> None:
    """Collapse in JupyterLab the cells that the page folds; the bar at the left opens them."""
    tags = cell.metadata.get("tags", [])
    hidden = {"source_hidden": bool({"hide-input", "hide-cell"} & {*tags})}
    hidden["outputs_hidden"] = "hide-cell" in tags
    if any(hidden.values()):
        cell.metadata["jupyter"] = {name: True for name, on in hidden.items() if on}


def worksheet(path: Path, sources: Sources) -> NotebookNode:
    """A chapter without solutions, its exercises followed by empty cells, then the problems."""
    notebook = converted(path, sources, solutions=False)
    start = next(i for i, c in enumerate(notebook.cells) if "## Exercises" in c.source)
    asked, after = [], []
    for cell in notebook.cells[start:]:
        if cell.cell_type == "markdown":
            text, _, rest = cell.source.partition("## What to read next")
            asked += [part.strip() for part in re.split(r"^(?=\*\*Exercise )", text, flags=re.M)]
            after += [f"## What to read next{rest}"] if rest else []
    cells = notebook.cells[:start]
    for text in filter(None, asked):
        cells.append(new_markdown_cell(text))
        if EXERCISE.match(text, len("**")):
            cells += [new_markdown_cell("*Your answer:*"), new_code_cell("")]
    cells += problems(path) + [new_markdown_cell(text) for text in after]
    return finish(notebook, cells)


def problems(path: Path) -> list[NotebookNode]:
    """The problems of a chapter, for a number that the student enters."""
    names = numbers(path)
    if not names:
        return []
    head = (
        "## To hand in\n\nReplace 0 by your own number in the next cell. Give the reasons as well."
    )
    cells = [new_markdown_cell(head)]
    cells.append(new_code_cell("from impbook_coursework import check, problem\n\nseed = 0"))
    for name in names:
        cells.append(new_code_cell(f'print(problem("{name}", seed=seed))'))
        cells.append(new_code_cell(f'value = ...\nprint(check("{name}", seed=seed, value=value))'))
    return cells


def numbers(path: Path) -> list[str]:
    """The problems that belong to the chapter in this file."""
    chapter = path.stem.partition("-")[0].lstrip("0")
    return [name for name in NUMBERS if name.partition(".")[0] == chapter]


def answers(path: Path, sources: Sources) -> NotebookNode:
    """A chapter with its solutions, and code that prints the answers for every student."""
    notebook = converted(path, sources)
    cells = list(notebook.cells)
    if names := numbers(path):
        cells.append(new_markdown_cell("## Answers to the problems"))
        for name in names:
            asked = html.escape(problem(name, seed=1))
            good = html.escape(reason(name))
            cells.append(new_markdown_cell(f"<blockquote>{asked}</blockquote>"))
            cells.append(new_markdown_cell(f"**A good explanation says:** {good}"))
        code = (
            "from impbook_coursework import answer\n\n"
            "seeds = range(1, 31)  # your students' numbers\n"
            "for seed in seeds:\n"
            f"    right = [answer(name, seed=seed) for name in {names}]\n"
            "    shown = [a if isinstance(a, list) else f'{a:.4g}' for a in right]\n"
            "    print(seed, *shown, sep='   ')"
        )
        cells.append(new_code_cell(code))
    return finish(notebook, cells)


def finish(notebook: NotebookNode, cells: list[NotebookNode]) -> NotebookNode:
    for i, cell in enumerate(cells):
        cell.id = f"cell-{i}"
    notebook.cells = cells
    return notebook


MAKERS: dict[str, Callable[[Path, Sources], NotebookNode]] = {
    "notebooks": converted,
    "worksheets": worksheet,
    "teachers": answers,
}


def write(kind: str, folder: Path) -> None:
    """Write all notebooks of one kind to a folder, after validating them."""
    sources = Sources()
    paths = sorted((ROOT / "chapters").glob("*.ipynb"))
    if kind == "notebooks":
        paths.append(ROOT / "index.ipynb")
    else:
        paths = [path for path in paths if path.stem[0].isdigit()]
    for path in paths:
        notebook = MAKERS[kind](path, sources)
        nbformat.validate(notebook)
        file = folder / (path.relative_to(ROOT) if kind == "notebooks" else path.name)
        file.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, file)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in MAKERS:
        sys.exit(__doc__)
    write(sys.argv[1], Path(sys.argv[2]))
