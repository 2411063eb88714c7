"""The notation page lists every letter once, and every code name on it occurs in impbook.

It must list every letter that occurs in a formula of chapters 1 to 8. Formulas in folded proofs and
solutions are exempt.
"""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from token import NAME
from tokenize import tokenize

import pytest

from tools.book import ROOT

PAGE = (ROOT / "chapters/notation.md").read_text("utf-8")
HERE, _, LATER = PAGE.partition("## From chapter 9 on")
ROW = re.compile(r"^\| (?!letter)(.+?) \| .+ \| (.*?)\s*\|$", re.M)
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.S)
FOLDED = re.compile(
    r"^(:{3,})\{admonition\}.*\n:class: dropdown\n[\s\S]*?^\1 *$|\(The paper writes.*?\)$", re.M
)
WORDS = re.compile(
    r"\\(?:text|operatorname|begin|end)\*?\{.*?\}|_\{PW\}|\^\{?c(?![a-z])|\\mathbb\{?R"
)
GREEK = "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi pi rho"
GREEK += " sigma tau phi chi psi omega ell Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
LETTER = re.compile(r"\\mathbb ?\{?[A-Z]|\\[a-zA-Z]+|[a-zA-Z]")
CHAPTERS = sorted((ROOT / "chapters").glob("0[1-8]-*.ipynb"))


def letters(text: str) -> set[str]:
    """Letters in the formulas of a text, without words, operators and accents."""
    formulas = " $ ".join(display or inline for display, inline in FORMULA.findall(text))
    found = {re.sub(r"[ {]", "", name) for name in LETTER.findall(WORDS.sub(" ", formulas))}
    commands = {name for name in found if name[0] == "\\" and "mathbb" not in name}
    return found - commands | commands & {f"\\{name}" for name in GREEK.split()}


def entries(page: str) -> list[str]:
    """The entries in the first column of a page's tables; one cell can hold several."""
    return [entry for first, _ in ROW.findall(page) for entry in re.split(r", (?=\$)", first)]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_letter_of_the_first_chapters_is_on_the_page(chapter: Path) -> None:
    cells = json.loads(chapter.read_text("utf-8"))["cells"]
    text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    assert letters(FOLDED.sub("", text)) - letters("".join(entries(HERE))) == set()


@pytest.mark.parametrize("page", [HERE, LATER], ids=["first chapters", "later"])
def test_every_letter_has_one_meaning(page: str) -> None:
    # Remove indices (a_j becomes a) and words before a formula (Kendall's τ becomes τ).
    index = re.compile(r"_(?:\{[ijlm]+\}|[ijlm])(?![a-zA-Z])|^[^$]*")
    listed = [index.sub("", entry) for entry in entries(page)]
    assert len(listed) == len(set(listed))


def test_every_name_is_one_of_impbook() -> None:
    code = [BytesIO(path.read_bytes()) for path in (ROOT / "impbook").rglob("*.py")]
    tokens = [token for file in code for token in tokenize(file.readline)]
    used = {token.string for token in tokens if token.type == NAME}  # not the words of a docstring
    rows = ROW.findall(HERE + LATER)
    assert {name for _, names in rows for name in re.findall(r"`(\w+)`", names)} - used == set()
