"""How the rooms of impbook stand on one another, and that the page about it draws just that."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
from graphlib import CycleError
from itertools import pairwise
from pathlib import Path

import house
import pytest

import impbook

ROOT = Path(__file__).parent.parent
ROOMS = house.imports()

# Stands in for the package, so that a room can be imported without the others.
ALONE = """
import importlib, sys, types
sys.modules["impbook"] = package = types.ModuleType("impbook")
package.__path__ = [sys.argv[1]]
importlib.import_module("impbook." + sys.argv[2])
print(*{name.split(".")[1] for name in sys.modules if name.startswith("impbook.")})
"""


def below(room: str) -> set[str]:
    """All rooms that a room needs, itself too."""
    return {room}.union(*(below(other) for other in ROOMS[room]))


def test_every_room_is_drawn() -> None:
    assert set(ROOMS) == {info.name for info in pkgutil.iter_modules(impbook.__path__)}
    for text in (house.svg(ROOMS), house.markdown(ROOMS)):
        assert all(re.search(rf"\b{room}\b", text) for room in ROOMS)


@pytest.mark.parametrize("room", ["pruning", "counterexamples", "selection"])
def test_importing_a_room_loads_what_is_drawn_below_it(room: str) -> None:
    command = [sys.executable, "-c", ALONE, *impbook.__path__, room]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert set(loaded.split()) == below(room)


def test_arrows_point_down() -> None:
    storey = house.storeys(ROOMS)
    assert all(storey[room] > storey[other] for room in ROOMS for other in ROOMS[room])
    with pytest.raises(CycleError):
        house.storeys({"_checks": {"flow"}, "flow": {"_checks"}})


def test_nothing_imports_plots_or_selection() -> None:
    assert not {"plots", "selection"} & set().union(*ROOMS.values())


def test_arrows_left_out_follow_from_those_drawn() -> None:
    drawn = house.arrows(ROOMS)

    def reached(room: str) -> set[str]:
        return {room}.union(*(reached(to) for start, to in drawn if start == room))

    for room in ROOMS:
        assert reached(room) == below(room) - ({house.GROUND} - {room})
    abc = {"a": {"b", "c"}, "b": {"c"}, "c": set()}
    assert house.arrows(abc) == [("a", "b"), ("b", "c")]


def test_boxes_do_not_overlap() -> None:
    sizes = house.lay_out(house.rows(house.storeys(ROOMS), house.arrows(ROOMS)))
    placed = sorted((y, x, house.width(place)) for place, (x, y) in sizes.middle.items())
    for (y, x, wide), (to_y, to_x, to_wide) in pairwise(placed):
        assert y != to_y or x + wide / 2 < to_x - to_wide / 2
    assert all(wide / 2 < x < sizes.width - wide / 2 for _, x, wide in placed)


def test_every_room_says_in_a_sentence_what_it_is_for() -> None:
    assert all(re.fullmatch(r"[A-Z].{30,}\.", house.purpose(room)) for room in ROOMS)


def test_the_page_repeats_no_sentence_of_a_room() -> None:
    page = (ROOT / "chapters/house.md").read_text("utf-8")
    assert "{house}" in page
    assert not any(house.purpose(room) in page for room in ROOMS)
