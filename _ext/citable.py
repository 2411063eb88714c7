"""Everything that can be cited gets a number or an id, its own link, and a "Cite" button.

Boxes of class `theorem` are numbered together in each chapter, whether they are called theorem,
lemma or anything else. A box of class `verdict` names its claim and links to the ledger; a box of
class `paper` keeps the paper's number. Exercises are numbered here, figures in figures.py. Each
number is also a link to the box, exercise or figure that has it. Pages, boxes and claims get a
button, which stays hidden until _static/cite.js has loaded. The button shows the citation as text
and as BibTeX and can copy either; the button of a box also shows the statement in LaTeX.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from wording import escaped, latex, words

from tools.book import EXERCISE

PAPER = {
    "author": "Elesedy, Bryn and Kanade, Varun and Teh, Yee Whye",
    "title": "Lottery Tickets in Linear Models: An Analysis of Iterative Magnitude Pruning",
    "year": "2021",
    "eprint": "2007.08243v3",
}
PAPER_TEXT = (
    f"Bryn Elesedy, Varun Kanade and Yee Whye Teh ({PAPER['year']}). {PAPER['title']}. "
    f"arXiv:{PAPER['eprint']}."
)


@cache
def described(root: Path) -> dict[str, str]:
    """Author, title, version, year and DOI of the book; the DOI is "" if CITATION.cff has none."""
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    return {
        "author": citation["authors"][0]["name"],
        "title": citation["title"],
        "version": citation["version"],
        "year": config["copyright"],
        "doi": citation.get("doi", ""),
    }


def sentence(text: str) -> str:
    """Capitalise the first letter of a string, and add a full stop unless it ends with a "?"."""
    return text[:1].upper() + text[1:] + ("" if text.endswith("?") else ".")


def key(url: str) -> str:
    """The key of the BibTeX entry for an address."""
    place = url.rpartition("/")[2].lower().replace(".html", "")
    return "impbook-" + "-".join(re.findall(r"[a-z0-9]+", place))


def bibtex_and_text(
    book: dict[str, str], page: str, part: str, url: str, restated: bool = False
) -> tuple[str, str]:
    """Cite a part of a page, or the page itself if `part` is empty, in BibTeX and as text.

    A `restated` statement is cited as the paper's, with a note on where this book restates it.
    """
    if restated:
        what = part.replace("Elesedy, Kanade & Teh, ", "").removesuffix(", in our words")
        note = f"{sentence(f'{what}, restated in {page}')} {book['author']}, {book['title']}"
        fields = PAPER | {"note": f"{note}, {book['year']}"}
        text = f"{PAPER_TEXT} {note} ({book['year']})."
    else:
        where = sentence(f"{part}, in {page}" if part else page)
        title = book["title"] if page == book["title"] else f"{where} {book['title']}"
        fields = {
            "author": f"{{{book['author']}}}",
            "title": title,
            "year": book["year"],
            "note": f"Version {book['version']}",
            "doi": book["doi"],
        }
        text = f"{book['author']} ({book['year']}). {title}, version {book['version']}."
        text += f" doi:{book['doi']}." if book["doi"] else ""
    fields |= {"title": escaped(fields["title"]), "note": escaped(fields["note"]), "url": url}
    lines = ",\n".join(f"  {name:6} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{key(url)},\n{lines}\n}}", f"{text} {url}"


def chapter_number(env: BuildEnvironment, docname: str) -> str:
    """The number of a chapter, or "" for a page that has no number."""
    numbers = env.toc_secnumbers.get(docname, {}).get("")
    return str(numbers[0]) if numbers else ""


def settled(doctree: nodes.document) -> Iterator[tuple[nodes.Element, str]]:
    """Each box of class `verdict`, and the claim named by the last `claim-…` id at or before it."""
    claim = ""
    for node in doctree.findall(nodes.Element):
        for name in node["ids"]:
            claim = name if name.startswith("claim-") else claim
        if "verdict" in node["classes"] and claim:
            yield node, claim.removeprefix("claim-")


def make_citable(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give the boxes, exercises and claims of a page their numbers, links and buttons."""
    page = Page(app, doctree, docname)
    if docname != app.config.root_doc:  # boxes on the front page are only examples
        for box in list(doctree.findall(nodes.admonition)):
            page.box(box)
    for strong in list(doctree.findall(nodes.strong)):
        page.exercise(strong)
    for item in doctree.findall(nodes.list_item):
        if "claim" in item["classes"]:
            page.claim(item)
    page.head(doctree.next_node(nodes.section))


class Page:
    """A page, before it is turned into HTML."""

    def __init__(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        self.address = f"{app.config.html_baseurl}{docname}.html"
        self.claims = app.builder.get_relative_uri(docname, "chapters/claims")
        self.book = described(Path(app.srcdir))
        number = chapter_number(app.env, docname)
        self.prefix = f"{number}." if number else ""
        title = words(app.env.titles[docname])
        self.name = f"chapter {number}: {title}" if number else title
        self.boxes: Counter[str] = Counter()
        self.slugs: Counter[str] = Counter()
        self.settled = dict(settled(doctree))

    def box(self, box: nodes.Element) -> None:
        """Add the theorem number or the claim, a link and a button to the title of a box."""
        kind = next((k for k in ("theorem", "verdict", "paper") if k in box["classes"]), None)
        if kind is None:
            return
        self.boxes[kind] += 1
        title, claim = box[0], self.settled.get(box)
        part = words(title)
        if not box["ids"]:  # add a permanent id, and the ids that older links use
            name = claim or part
            older = f"{kind}-{nodes.make_id(name)}", f"{kind}-box-{self.boxes[kind]}"
            box["ids"] += dict.fromkeys([self.lasting(kind, name), *older])
        target = box["ids"][0]
        if kind == "theorem":
            number = f"{self.prefix}{self.boxes[kind]}"
            title.insert(0, [self.link(target, number), nodes.Text(" ")])
            part = f"{number} {part}"
        elif claim:
            uri = f"{self.claims}#ledger-{claim}"
            title += nodes.Text(" ")
            title += nodes.reference("", claim, refuri=uri, internal=True, classes=["number"])
        if kind != "theorem":
            title += [nodes.Text(" "), self.link(target, "#")]
        title += self.button(part, target, restated=kind == "paper", statement=latex(box))

    def lasting(self, kind: str, name: str) -> str:
        """An id made from a claim or a title; a number is appended only if the id is taken."""
        name = re.sub(r"^Verdict:? | \(Elesedy.*", "", name)
        slug = f"{kind}-{nodes.make_id(name)}"
        self.slugs[slug] += 1
        return slug if self.slugs[slug] == 1 else f"{slug}-{self.slugs[slug]}"

    def exercise(self, strong: nodes.Element) -> None:
        """In the title of an exercise, add the chapter's number; keep the stars and the minutes."""
        text = strong.astext()
        if found := EXERCISE.fullmatch(text):
            target = f"exercise-{found[2]}"
            strong.parent["ids"].append(target)
            link = self.link(target, f"Exercise {self.prefix}{found[2]}")
            strong.clear()
            strong += [link, nodes.Text(text[found.end(2) :])]

    def claim(self, item: nodes.Element) -> None:
        """On the page of claims, show the id of a claim as a link to the claim."""
        target = item["ids"][0]
        name = target.removeprefix("ledger-")
        item[0] += [nodes.Text(" "), self.link(target, name), nodes.Text(" ")]
        item[0] += self.button(f"claim {name}", target)

    def head(self, section: nodes.Element) -> None:
        """In the line below the page's title, add a button for citing the page."""
        if "page-line" not in section[1]["classes"]:
            section.insert(1, nodes.paragraph(classes=["page-line"]))
        section[1] += self.button("", "")

    def link(self, target: str, text: str) -> nodes.Node:
        return nodes.reference("", text, refid=target, classes=["number"])

    def button(
        self, part: str, target: str, *, restated: bool = False, statement: str = ""
    ) -> nodes.Node:
        url = f"{self.address}#{target}" if target else self.address
        bibtex, text = bibtex_and_text(self.book, self.name, part, url, restated)
        copies = {"text": text, "bibtex": bibtex}
        if statement:
            head = f"\\textbf{{{escaped(part)}}}~\\cite{{{key(url)}}}."
            copies["latex"] = f"\\begin{{quote}}\n{head}\n{statement}\n\\end{{quote}}"
        attributes = " ".join(f'data-{kind}="{html.escape(c)}"' for kind, c in copies.items())
        of = f' aria-label="Cite {html.escape(part)}"' if part else ""
        shown = "Cite" if part else "Cite this page"
        button = f'<button type="button" class="cite"{of} {attributes} hidden>{shown}</button>'
        return nodes.raw("", button, format="html")


def setup(app: Sphinx) -> dict[str, bool]:
    """Number boxes after references are resolved, when every chapter has its number."""
    app.connect("doctree-resolved", make_citable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
