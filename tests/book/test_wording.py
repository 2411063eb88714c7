"""The text and the LaTeX made from a docutils node are what a person would type."""

from __future__ import annotations

from docutils import nodes
from wording import escaped, latex, words


def test_text_is_escaped_but_formulas_are_not() -> None:
    text = "5% of A & B_1, δ and λ, $x_1 & δ$"
    assert escaped(text) == r"5\% of A \& B\_1, $\delta$ and $\lambda$, $x_1 & δ$"


def test_a_statement_is_typed_as_a_person_would() -> None:
    formula, display = nodes.math("", "x_1"), nodes.math_block("", "x = 1,")
    items = [nodes.list_item("", nodes.paragraph("", word)) for word in ("one", "two")]
    box = nodes.admonition(
        "",
        nodes.title("", "Theorem"),
        nodes.paragraph("", "If ", formula, nodes.emphasis("", "then")),
        display,
        nodes.paragraph("", "and so on:"),
        nodes.enumerated_list("", *items, start=3),
        nodes.paragraph("", "The end."),
        nodes.paragraph("", "Really."),
    )
    assert latex(box) == (
        "If $x_1$\\emph{then}\n\\[\nx = 1,\n\\]\nand so on:\n"
        "\\begin{enumerate}\\setcounter{enumi}{2}\n\\item one\n\\item two\n\\end{enumerate}\n"
        "The end.\n\nReally."
    )
    assert words(box) == "Theorem If $x_1$then $x = 1,$ and so on: one two The end. Really."
