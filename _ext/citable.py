"""Everything that can be cited gets a number or an id, its own link, and a "Cite" button.

Boxes of class `theorem` share one numbering per chapter, whatever they are called; a `verdict`
names its claim and links to the ledger; a box of class `paper` keeps the paper's number. Exercises
are numbered here and figures in figures.py. The number is the link. Pages, boxes and claims get a
button, which stays hidden until _static/cite.js has loaded. It shows the citation as text and as
BibTeX and can copy either; the button of a box also shows the statement in LaTeX.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from wording import escaped, latex, words

from tools.book import EXERCISE


def key(url: str) -> str:
    """The key of a BibTeX entry."""
    place = url.rpartition("/")[2].lower().replace(".html", "")
    return "impbook-" + "-".join(re.findall(r"[a-z0-9]+", place))


def bibtex_and_text(
    book: dict[str, str], page: str, part: str, url: str, restated: bool = False
) -> tuple[str, str]:
    """How to cite a part of a page, or the page itself if `part` is empty.

    A `restated` statement is cited as the paper's, with the book as the place where it was read.
    """
    where = f"{part}, in {page}" if part else page
    where = where[:1].upper() + where[1:] + ("" if where.endswith("?") else ".")
    title = book["title"] if page == book["title"] else f"{where} {book['title']}"
    fields = {
        "author": f"{{{book['author']}}}",
        "title": title,
        "year": book["year"],
        "note": f"Version {book['version']}",
        "doi": book["doi"],
        "url": url,
    }
    text = f"{book['author']} ({book['year']}). {title}, version {book['version']}."
    text += f" doi:{book['doi']}." if book["doi"] else ""
    if restated:
        what = part.replace("Elesedy, Kanade & Teh, ", "").removesuffix(", in our words")
        end = "" if page.endswith("?") else "."
        note = f"{what}, restated in {page}{end} {book['author']}, {book['title']}"
        fields |= {
            "author": book["paper_authors"],
            "title": book["paper"],
            "year": book["paper_year"],
            "note": f"{note}, {book['year']}",
            "doi": "",
            "eprint": book["arxiv"],
        }
        paper = f"{book['paper']}. arXiv:{book['arxiv']}"
        text = f"{book['paper_names']} ({book['paper_year']}). {paper}. {note} ({book['year']})."
    for name in ("title", "note"):
        fields[name] = escaped(fields[name])
    lines = ",\n".join(f"  {name:6} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{key(url)},\n{lines}\n}}", f"{text} {url}"


@cache
def described(root: Path) -> dict[str, str]:
    """Details of the book from CITATION.cff (which holds a DOI as `doi`) and _config.yml."""
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    paper = citation["references"][0]
    names = [f"{a['family-names']}, {a['given-names']}" for a in paper["authors"]]
    *first, last = (f"{a['given-names']} {a['family-names']}" for a in paper["authors"])
    return {
        "author": citation["authors"][0]["name"],
        "title": citation["title"],
        "version": citation["version"],
        "year": config["copyright"],
        "doi": citation.get("doi", ""),
        "paper": paper["title"],
        "paper_authors": " and ".join(names),
        "paper_names": f"{', '.join(first)} and {last}",
        "paper_year": str(paper["year"]),
        "arxiv": paper["identifiers"][0]["value"].removeprefix("arXiv:"),
    }


def settled(doctree: nodes.document) -> Iterator[tuple[nodes.Element, str]]:
    """Each verdict with its claim, named by the last label on or before it."""
    claim = ""
    for node in doctree.findall(nodes.Element):
        for name in node["ids"]:
            claim = name if name.startswith("claim-") else claim
        if "verdict" in node["classes"] and claim:
            yield node, claim.removeprefix("claim-")


def make_citable(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Number a page and give it its links and buttons."""
    if app.builder.format != "html":
        return
    page = Page(app, doctree, docname)
    if docname != app.config.root_doc:  # its boxes are only examples
        for box in list(doctree.findall(nodes.admonition)):
            page.box(box)
    for section in list(doctree.findall(nodes.section)):
        if section[0].astext().startswith("Exercise"):
            page.exercises(section)
    for claim in list(doctree.findall(nodes.list_item)):
        if "claim" in claim["classes"]:
            ledger_id = next(i for i in claim["ids"] if i.startswith("ledger-"))
            name = ledger_id.removeprefix("ledger-")
            claim[0] += [nodes.Text(" "), page.link(ledger_id, name)]
            claim[0] += [nodes.Text(" "), page.button(f"claim {name}", ledger_id)]
    page.head()


class Page:
    """One page, before it is turned into HTML."""

    def __init__(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        self.doctree = doctree
        self.address = f"{app.config.html_baseurl.rstrip('/')}/{docname}.html"
        self.claims = app.builder.get_relative_uri(docname, "chapters/claims")
        self.book = described(Path(app.srcdir))
        title = next(iter(doctree.findall(nodes.title)), None)
        number = app.env.toc_secnumbers.get(docname, {}).get("")
        self.prefix = f"{number[0]}." if number else ""
        self.name = f"chapter {number[0]}: " if number else ""
        self.name += words(title) if title else docname
        self.counts: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.settled = dict(settled(doctree))

    def count(self, kind: str) -> int:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return self.counts[kind]

    def box(self, box: nodes.Element) -> None:
        """Number a theorem, name a verdict's claim, link a statement of the paper."""
        kind = next((k for k in ("theorem", "verdict", "paper") if k in box["classes"]), None)
        if kind is None or "dropdown" in box["classes"]:
            return
        n, title = self.count(kind), box[0]
        part = words(title)
        if not box["ids"]:  # a lasting id, together with the ids that older links use
            name = self.settled.get(box) or part
            older = f"{kind}-{nodes.make_id(name)}", f"{kind}-box-{n}"
            box["ids"] += dict.fromkeys([self.lasting(kind, name), *older])
        target = box["ids"][0]
        if kind == "theorem":
            title.insert(0, [self.link(target, f"{self.prefix}{n}"), nodes.Text(" ")])
            part = f"{self.prefix}{n} {part}"
        elif claim := self.settled.get(box):
            uri = f"{self.claims}#ledger-{claim}"
            title += nodes.Text(" ")
            title += nodes.reference("", claim, refuri=uri, internal=True, classes=["number"])
        if kind != "theorem":
            title += [nodes.Text(" "), self.link(target, "#")]
        title += self.button(part, target, restated=kind == "paper", statement=latex(box))

    def lasting(self, kind: str, name: str) -> str:
        """An id made from a claim or a title, with a number appended only if it is taken."""
        name = re.sub(r"^Verdict:? | \(Elesedy.*", "", name)
        slug = f"{kind}-{nodes.make_id(name)}"
        self.names[slug] = self.names.get(slug, 0) + 1
        return slug if self.names[slug] == 1 else f"{slug}-{self.names[slug]}"

    def exercises(self, section: nodes.Element) -> None:
        """Number exercises by chapter; keep the stars and minutes as written."""
        for paragraph in section.findall(nodes.paragraph):
            first = next((child for child in paragraph.children if child.astext()), None)
            text = first.astext() if isinstance(first, nodes.strong) else ""
            found = EXERCISE.fullmatch(text)
            if found and paragraph.parent is section:
                link = self.link(f"exercise-{found[2]}", f"Exercise {self.prefix}{found[2]}")
                paragraph["ids"].append(f"exercise-{found[2]}")
                paragraph.replace(
                    first, nodes.strong("", "", link, nodes.Text(text[found.end(2) :]))
                )

    def head(self) -> None:
        """A line under the title of the page, which ends with its "Cite" button."""
        section = next(iter(self.doctree.findall(nodes.section)), None)
        if section is not None:
            line = next((p for p in section if "page-line" in p["classes"]), None)
            if line is None:
                line = nodes.paragraph(classes=["page-line"])
                section.insert(1, line)
            line += self.button("", "", "Cite this page")

    def link(self, target: str, text: str) -> nodes.Node:
        return nodes.reference("", text, refid=target, classes=["number"])

    def button(
        self,
        part: str,
        target: str,
        text: str = "Cite",
        *,
        restated: bool = False,
        statement: str = "",
    ) -> nodes.Node:
        url = f"{self.address}#{target}" if target else self.address
        bibtex, plain = bibtex_and_text(self.book, self.name, part, url, restated)
        copies = {"text": plain, "bibtex": bibtex}
        if statement:
            head = f"\\textbf{{{escaped(part)}}}~\\cite{{{key(url)}}}."
            copies["latex"] = f"\\begin{{quote}}\n{head}\n{statement}\n\\end{{quote}}"
        attributes = " ".join(f'data-{kind}="{html.escape(c)}"' for kind, c in copies.items())
        of = f' aria-label="Cite {html.escape(part)}"' if part else ""
        button = f'<button type="button" class="cite"{of} {attributes} hidden>{text}</button>'
        return nodes.raw("", button, format="html")


def setup(app: Sphinx) -> dict[str, bool]:
    """Number boxes after references are resolved, when every chapter has its number."""
    app.connect("doctree-resolved", make_citable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
