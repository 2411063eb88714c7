"""The statements marked "Checked by machine" in the book are those that Coq has checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browsing import built
from docutils.nodes import make_id
from machine import checked, statement

from tools.book import labels
from tools.proofs import ALLOWED, FILES, theorems

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "chapters/checked-by-machine.md").read_text(encoding="utf-8")
CHECKED = checked(ROOT)
STORED = (ROOT / "proofs/axioms.txt").read_text(encoding="utf-8")
AXIOMS = dict(re.findall(r"^- `(.+)`: (.+)$", STORED, re.MULTILINE))
COVERED = {entry.partition(",")[0] for entry in CHECKED.values()}
SHOWN = {n for line in re.findall(r"^```\{coq\} (.+)$", PAGE, re.MULTILINE) for n in line.split()}


def test_the_stored_axioms_are_those_of_every_theorem() -> None:
    named = [f"{file[:-2]}.{name}" for file in FILES for name in theorems(file)]
    assert [*AXIOMS] == named


def test_no_theorem_rests_on_more_than_the_real_numbers_do() -> None:
    for used in AXIOMS.values():
        assert used == "none" or set(used.split(", ")) <= set(ALLOWED.values())


def test_no_proof_is_left_open() -> None:
    for file in FILES:
        text = (ROOT / "proofs" / file).read_text(encoding="utf-8")
        assert not re.search(r"\b(Admitted|admit|Axiom|Parameter|Conjecture)\b", text)


@pytest.mark.parametrize("file", FILES)
def test_no_theorem_stands_in_a_section_that_declares_a_hypothesis(file: str) -> None:
    text = (ROOT / "proofs" / file).read_text(encoding="utf-8")
    words = r"^(Section|End|Hypothes[ie]s|Context|Theorem) (\w+)"
    declared: list[bool] = [False]
    for word, name in re.findall(words, text, re.MULTILINE):
        if word == "Section":
            declared.append(False)
        elif word == "End":
            declared.pop()
        elif word == "Theorem":
            assert not any(declared), name
        else:
            declared[-1] = True


def test_the_page_shows_the_theorem_behind_every_checked_claim() -> None:
    assert COVERED - (SHOWN & set(AXIOMS)) == set()


@pytest.mark.built
@pytest.mark.parametrize("label", sorted(CHECKED))
def test_what_is_covered_has_a_mark_that_leads_to_its_statement(label: str) -> None:
    (page,) = built(f"{labels()[label]}.html")
    name = make_id(f"coq {CHECKED[label].partition(',')[0]}")
    text = page.read_text(encoding="utf-8")
    below = text[text.index(f'id="{label}"') :]
    assert f'checked-by-machine.html#{name}">Checked by machine' in below


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_a_statement_is_shown_whole_and_without_its_proof(name: str) -> None:
    _, text, _ = statement(ROOT, name)
    assert text.endswith(".")
    assert "Proof" not in text and "Qed" not in text
    assert max(map(len, text.splitlines())) <= 80  # characters that fit on one line


def test_a_statement_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="no definition or theorem nobody"):
        statement(ROOT, "Theorem5.nobody")
