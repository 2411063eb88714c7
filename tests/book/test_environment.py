"""Facts that are repeated in several files agree in all of them."""

from __future__ import annotations

import json
import pkgutil
import re
import subprocess
import tomllib
from collections import Counter
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from citable import PAPER
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import impbook
from tools import address
from tools.book import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
PIP = next(entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict))
PINS = [Requirement(line) for line in PIP if line != "-e ."]


def direct() -> list[Requirement]:
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return [Requirement(line) for requirements in lists for line in requirements]


def pinned(name: str) -> set[str]:
    """The versions of a package in environment.yml; there can be one for each version of Python."""
    same = [pin for pin in PINS if canonicalize_name(pin.name) == canonicalize_name(name)]
    return {next(iter(pin.specifier)).version for pin in same}


def test_environment_installs_impbook_itself() -> None:
    assert "-e ." in PIP


def test_every_pin_is_exact() -> None:
    for pin in PINS:
        assert [clause.operator for clause in pin.specifier] == ["=="], pin


def test_every_direct_dependency_is_pinned_within_its_range() -> None:
    for requirement in direct():
        versions = pinned(requirement.name)
        assert versions, f"environment.yml does not pin {requirement.name}"
        assert all(map(requirement.specifier.contains, versions)), requirement


@pytest.mark.parametrize("minor", range(11, 16))
def test_every_supported_python_has_one_version_of_each_package(minor: int) -> None:
    python = {"python_version": f"3.{minor}"}
    names = [pin.name for pin in PINS if not pin.marker or pin.marker.evaluate(python)]
    assert sorted(names) == sorted({pin.name for pin in PINS})


def test_make_reads_every_pin() -> None:
    rule = re.compile(r"^ *- (\S*==.*)$", re.MULTILINE)  # as in the sed command of the Makefile
    lines = rule.findall((ROOT / "environment.yml").read_text("utf-8"))
    assert [Requirement(line) for line in lines] == PINS


def test_the_lock_has_every_pin_and_a_hash_for_every_line() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8").replace("\\\n", " ")
    locked: dict[str, set[str]] = {}
    for line in text.splitlines():
        assert re.search(r" --hash=sha256:[0-9a-f]{64}\b", line), line
        requirement = Requirement(line.partition(" --hash")[0])
        clause = next(iter(requirement.specifier))
        assert clause.operator == "=="
        locked.setdefault(canonicalize_name(requirement.name), set()).add(clause.version)
    for pin in PINS:
        assert locked[canonicalize_name(pin.name)] == pinned(pin.name), f"{pin}: run make lock"


@pytest.mark.parametrize("path", sorted((ROOT / ".github/workflows").glob("*.yml")))
def test_workflows_may_little_and_pin_what_they_use(path: Path) -> None:
    text = path.read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    used = re.findall(r"uses: (.*)", text)
    assert used
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use) for use in used)
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")


def test_every_vendored_folder_has_its_licence() -> None:
    folders = [path for path in (ROOT / "_vendor").iterdir() if path.is_dir()]
    assert folders
    for folder in folders:
        assert (folder / "LICENSE").stat().st_size > 1000
        assert "License" in (folder / "README.md").read_text("utf-8")


def test_conda_python_is_one_that_is_tested() -> None:
    python = next(entry for entry in CONDA["dependencies"] if str(entry).startswith("python="))
    workflow = (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    assert f'"{python.removeprefix("python=")}"' in workflow


def test_repository_author_title_and_version_agree() -> None:
    repository = PROJECT["urls"]["Repository"]
    assert CONFIG["repository"]["url"] == CITATION["repository-code"] == repository
    assert CONFIG["html"]["baseurl"].rstrip("/") == CITATION["url"] == PROJECT["urls"]["Book"]
    author = PROJECT["authors"][0]["name"]
    assert CONFIG["author"] == CITATION["authors"][0]["name"] == author
    assert author in (ROOT / "LICENSE").read_text("utf-8")
    assert author in (ROOT / "LICENSE-TEXT").read_text("utf-8")
    assert CONFIG["title"] == CITATION["title"]
    assert CITATION["version"] == PROJECT["version"]
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def modules() -> list[ModuleType]:
    """The public modules directly below impbook."""
    names = [info.name for info in pkgutil.iter_modules(impbook.__path__)]
    return [import_module(f"impbook.{name}") for name in names if not name.startswith("_")]


def test_the_root_is_small() -> None:
    assert len(impbook.__all__) <= 26


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    if not listed:
        pytest.skip("not a git repository")
    return [ROOT / name for name in listed.split("\0") if name and "_vendor/" not in name]


def test_the_project_has_one_address() -> None:
    repository, site = PROJECT["urls"]["Repository"], PROJECT["urls"]["Book"]
    name = repository.rpartition("/")[2]
    hosts = rf"(?:github|raw\.githubusercontent)\.com/[\w-]+/{name}\b|[\w-]+\.github\.io/{name}\b"
    own = {address.removeprefix("https://") for address in (repository, site)}
    own.add(repository.removeprefix("https://").replace("github.com", "raw.githubusercontent.com"))
    examples = {"github.com/someone/impbook", "someone.github.io/impbook"}
    texts = (p.read_text("utf-8", errors="ignore") for p in tracked() if p.is_file())
    assert {found for text in texts for found in re.findall(hosts, text)} - own - examples == set()


def test_one_command_moves_the_project(tmp_path: Path) -> None:
    old = address.addresses(PROJECT["urls"]["Repository"], PROJECT["urls"]["Book"])
    new = address.addresses("https://github.com/new/home", "https://new.example")
    copies = []
    for i, file in enumerate(tracked()):
        copies.append(tmp_path / str(i))
        copies[-1].write_bytes(file.read_bytes())
    assert len(address.move(copies, old, new)) > 10
    texts = [copy.read_text("utf-8", errors="ignore") for copy in copies]
    assert not any(address in text for address in old for text in texts)
    assert sum("github.com/new/home" in text for text in texts) > 10
    assert address.move(copies, old, new) == []


def test_bibtex_of_the_book_agrees_with_the_citation_file() -> None:
    page = (ROOT / "chapters/about-the-paper.md").read_text("utf-8")
    entry = page[page.index("@misc{impbook") :]
    year = str(CONFIG["copyright"])
    for fact in (CITATION["title"], CITATION["version"], CITATION["url"], CONFIG["author"], year):
        assert fact in entry


def test_the_paper_is_cited_as_the_citation_file_and_the_references_describe_it() -> None:
    paper = CITATION["references"][0]
    authors = [f"{a['family-names']}, {a['given-names']}" for a in paper["authors"]]
    eprint = paper["identifiers"][0]["value"].removeprefix("arXiv:")
    assert PAPER["author"] == " and ".join(authors)
    assert (PAPER["title"], PAPER["year"]) == (paper["title"], str(paper["year"]))
    assert PAPER["eprint"] == eprint
    entry = (ROOT / "chapters/references.bib").read_text("utf-8").partition("\n}")[0]
    assert [value for value in PAPER.values() if f"{{{value}}}" not in entry] == []


def test_codecheck_lists_every_notebook_and_data_file_and_only_files_there_are() -> None:
    manifest = yaml.safe_load((ROOT / "codecheck.yml").read_text("utf-8"))["manifest"]
    listed = {entry["file"]: entry["comment"] for entry in manifest}
    assert len(listed) == len(manifest)
    assert all((ROOT / file).is_file() for file in listed)
    notebooks = [*ROOT.glob("chapters/*.ipynb"), ROOT / "index.ipynb"]
    made = [*notebooks, *ROOT.glob("chapters/data/*.csv"), *ROOT.glob("chapters/data/*.npz")]
    assert {str(path.relative_to(ROOT)) for path in made} <= listed.keys()
    for path in notebooks[:-1]:
        title = json.loads(path.read_text("utf-8"))["cells"][0]["source"][0].strip("# \n")
        assert listed[str(path.relative_to(ROOT))] == f"{title}: make execute"


def names(module: ModuleType) -> list[str]:
    """A module's `__all__`, or if it has none, the names defined in it that do not start with _."""
    defined = [
        n for n, x in vars(module).items() if getattr(x, "__module__", "") == module.__name__
    ]
    return getattr(module, "__all__", [name for name in defined if name[0] != "_"])


def test_every_public_name_is_in_one_subpackage() -> None:
    listed = Counter(name for module in modules() for name in names(module))
    assert [name for name, times in listed.items() if times > 1] == []
    assert set(impbook.__all__) <= set(listed)


def test_the_reference_page_has_every_module_and_names_the_root() -> None:
    page = (ROOT / "chapters/api.md").read_text("utf-8")
    pages = page + (ROOT / "chapters/api-theorem-5.md").read_text("utf-8")
    shown = re.findall(r"^\.\. automodule:: (\S+)$", pages, re.MULTILINE)
    assert set(shown) == {module.__name__ for module in modules()} - {"impbook.elimination"}
    assert re.findall(r"\{py:obj\}`~?[.\w]*?(\w+)`", page) == impbook.__all__
