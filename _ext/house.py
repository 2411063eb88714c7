"""The `house` directive: the rooms of impbook, drawn in storeys from the imports of their files.

```{house}
```

A room stands one storey above the highest room it imports from; what its file or folder says of it
is the first line of its docstring. Arrows that follow from others are not drawn, nor those to the
ground, the module with an underscore. Whoever cannot see the drawing has the list below it, which
says the same.
"""

from __future__ import annotations

import ast
import html
from functools import cache
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PACKAGE = Path(__file__).parent.parent / "impbook"
GROUND = "_checks"
# Pixels: of a letter, around a name, of a box, from storey to storey, between boxes.
LETTER, PADDING, HEIGHT, STOREY, GAP = 8.5, 12, 32, 84, 26

Rooms = dict[str, set[str]]
Row = list[tuple[str, ...]]  # a room, or a place that the arrow from one to another passes


class Sizes(NamedTuple):
    """Where the middle of everything is, and how far it all goes."""

    middle: dict[tuple[str, ...], tuple[float, float]]
    width: float
    height: float


def files(room: str) -> list[Path]:
    """The sources of a room, the one with its docstring first."""
    folder = PACKAGE / room
    return sorted(folder.glob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def imports(package: Path = PACKAGE) -> Rooms:
    """Each room of the package, with the rooms from which it imports."""
    found = [p for p in package.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()]
    rooms = sorted(path.stem for path in found if path.stem != "__init__")
    return {room: {i for file in files(room) for i in _imported(file)} - {room} for room in rooms}


def _imported(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {module.split(".")[1] for module in modules if module.startswith("impbook.")}


@cache
def purpose(room: str) -> str:
    """What a room says it is for: the first line of its docstring."""
    doc = ast.get_docstring(ast.parse(files(room)[0].read_text(encoding="utf-8"))) or ""
    return doc.partition("\n")[0]


def storeys(rooms: Rooms) -> dict[str, int]:
    """The storey of each room, the ground's being 0; a circle of imports is an error."""
    storey: dict[str, int] = {}
    for room in TopologicalSorter(rooms).static_order():
        storey[room] = max(
            (storey[below] + 1 for below in rooms[room]), default=int(room != GROUND)
        )
    return storey


def arrows(rooms: Rooms) -> list[tuple[str, str]]:
    """Imports that do not follow from others, but those of the ground."""
    below: Rooms = {}
    for room in TopologicalSorter(rooms).static_order():
        below[room] = rooms[room].union(*(below[other] for other in rooms[room]))
    return [
        (room, to)
        for room in rooms
        for to in sorted(rooms[room] - {GROUND})
        if not any(to in below[other] for other in rooms[room])
    ]


def rows(storey: dict[str, int], drawn: list[tuple[str, str]]) -> list[Row]:
    """Rooms and passing arrows, storey by storey from below, near to what they are tied to."""
    table: list[Row] = [[] for _ in range(max(storey.values()))]
    for room, level in storey.items():
        if level:
            table[level - 1].append((room,))
    ties: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for way in (passes(arrow, storey) for arrow in drawn):
        for (level, place), (_, lower) in pairwise(way):
            ties.append((place, lower))
            if len(place) > 1:
                table[level - 1].append(place)
    for row in [*table[1:], *table[-2::-1], *table[1:], *table[-2::-1], *table[1:]]:
        at = {place: i / len(line) for line in table for i, place in enumerate(line)}
        around = {
            place: [at[b if a == place else a] for a, b in ties if place in (a, b)] or [at[place]]
            for place in row
        }
        row.sort(key=lambda place: sum(around[place]) / len(around[place]))
    return table


def passes(arrow: tuple[str, str], storey: dict[str, int]) -> list[tuple[int, tuple[str, ...]]]:
    """The places of an arrow from above, one a storey."""
    room, to = arrow
    between = [(level, (*arrow, str(level))) for level in range(storey[room] - 1, storey[to], -1)]
    return [(storey[room], (room,)), *between, (storey[to], (to,))]


def width(place: tuple[str, ...]) -> float:
    """Of a box, or of the room an arrow needs to pass."""
    return LETTER * len(place[0]) + 2 * PADDING if len(place) == 1 else PADDING


def lay_out(table: list[Row]) -> Sizes:
    """Put the rows in place, each in the middle."""
    spans = [sum(map(width, row)) + GAP * (len(row) - 1) for row in table]
    whole, high = max(spans) + 2 * PADDING, STOREY * len(table) + HEIGHT + 2 * PADDING
    middle = {}
    for level, (row, span) in enumerate(zip(table, spans, strict=True), 1):
        left = (whole - span) / 2
        for place in row:
            middle[place] = (left + width(place) / 2, high - PADDING - HEIGHT / 2 - STOREY * level)
            left += width(place) + GAP
    return Sizes(middle, whole, high)


def svg(rooms: Rooms) -> str:
    """The drawing, in the colours of the page around it."""
    storey, drawn = storeys(rooms), arrows(rooms)
    sizes = lay_out(rows(storey, drawn))
    ground = (sizes.width / 2, sizes.height - PADDING - HEIGHT / 2)
    parts = [_box(GROUND, ground, sizes.width - 2 * PADDING)]
    for arrow in drawn:
        parts.append(_arrow([sizes.middle[place] for _, place in passes(arrow, storey)]))
    parts += [_box(p[0], at, width(p)) for p, at in sizes.middle.items() if len(p) == 1]
    label = "Modules of impbook in storeys, an arrow from each to those it imports; as a list below"
    return (
        f'<svg class="house" role="img" aria-label="{html.escape(label)}" '
        f'viewBox="0 0 {sizes.width:.0f} {sizes.height:.0f}" width="{sizes.width:.0f}">\n'
        '<defs><marker id="house-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>\n'
        + "\n".join(parts)
        + "\n</svg>"
    )


def _box(name: str, at: tuple[float, float], wide: float) -> str:
    x, y = at
    return (
        f'<rect x="{x - wide / 2:.1f}" y="{y - HEIGHT / 2:.1f}" width="{wide:.1f}" '
        f'height="{HEIGHT}" rx="4"/><text x="{x:.1f}" y="{y + 5:.1f}">{html.escape(name)}</text>'
    )


def _arrow(middles: list[tuple[float, float]]) -> str:
    (x, y), *between, (to_x, to_y) = middles
    points = [(x, y + HEIGHT / 2), *between, (to_x, to_y - HEIGHT / 2)]
    line = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (a, b), (c, d) in pairwise(points):
        line += f" C{a:.1f} {(b + d) / 2:.1f} {c:.1f} {(b + d) / 2:.1f} {c:.1f} {d:.1f}"
    return f'<path class="arrow" d="{line}" marker-end="url(#house-arrow)"/>'


def markdown(rooms: Rooms) -> str:
    """The list: every room from the top, what it is for and what it imports."""
    storey = storeys(rooms)
    entries = []
    for room in sorted(rooms, key=lambda room: (-storey[room], room)):
        named = ", ".join(f"`{other}`" for other in sorted(rooms[room])) or "nothing"
        entries.append(f"`{room}`\n: {purpose(room)}\n\n  Imports from: {named}.\n")
    return "\n".join(entries)


class House(SphinxDirective):
    """The drawing and the list."""

    def run(self) -> list[nodes.Node]:
        """Read the sources and draw them."""
        rooms = imports()
        for file in (file for room in rooms for file in files(room)):
            self.env.note_dependency(str(file))
        box = nodes.Element()
        box.document = self.state.document
        lines = StringList(markdown(rooms).splitlines(), self.env.docname)
        self.state.nested_parse(lines, 0, box)
        return [nodes.raw("", svg(rooms), format="html"), *box.children]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("house", House)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
