"""The package knows its version, and its source distribution leaves out the tests."""

from __future__ import annotations

import tomllib
from pathlib import Path

import impbook

ROOT = Path(__file__).parents[2]


def test_the_package_knows_its_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert impbook.__version__ == project["version"]


def test_no_test_is_handed_out_without_its_helpers() -> None:
    assert "prune tests" in (ROOT / "MANIFEST.in").read_text("utf-8").splitlines()
