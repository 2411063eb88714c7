"""Mutation testing: does a test fail when one operator, comparison or number of impbook changes?

    python -m tools.mutants --count 200 --jobs 2      the sample that `make mutants` runs
    python -m tools.mutants --only deletion           all mutants whose name contains a word

A mutant is a copy of impbook with one change. Its name gives the module, the function, and the
expression before and after. The sample consists of the first mutants by the hash of their names, so
an edit elsewhere does not change it. The doctests of the module run against the mutant, then the
test files that import from the module (or, if there are none, from the modules that use it). Test
files that killed an earlier mutant run first. A mutant is killed if a test fails or exceeds LIMIT
or MEMORY.

survivors.yml lists each survivor with a kind and a reason. The kind `gap` means that a test is
missing; the kinds `equivalent`, `speed` and `rounding` change no result. The fraction killed is
reported for all mutants and for those that change a result; the second must reach BAR.
"""

from __future__ import annotations

import argparse
import ast
import copy
import hashlib
import importlib
import os
import queue
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from tools.book import ROOT

SURVIVORS = Path(__file__).with_name("survivors.yml")
KINDS = ("gap", "equivalent", "speed", "rounding")
BAR = 0.92
LIMIT = 200  # seconds of processor time; a survivor in _checks runs nearly all tests, in about 90
MEMORY = 8  # gigabytes, where the system enforces it: an endless loop may fill a list
APART = ("selection",)  # scikit-learn's own tests check it
OTHER = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


class Mutant(NamedTuple):
    """One change: its name, the file, and the text of the changed file."""

    name: str
    module: Path
    source: str


def changed(node: ast.AST) -> Iterator[ast.AST]:
    """The node with one thing changed, in each possible way."""
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            if type(op) in OTHER:
                new = copy.deepcopy(node)
                new.ops[i] = OTHER[type(op)]()
                yield new
    elif isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in OTHER:
        new = copy.deepcopy(node)
        new.op = OTHER[type(node.op)]()
        yield new
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield node.operand
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


class Place(NamedTuple):
    """The position of a syntax node: a field of its parent, or an item of a list there."""

    parent: ast.AST
    field: str
    i: int
    node: ast.AST
    function: str
    statement: ast.AST


def places(parent: ast.AST, function: str, statement: ast.AST) -> Iterator[Place]:
    """Every node below another, except annotations and decorators."""
    for field, value in ast.iter_fields(parent):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for i, node in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(node, ast.AST):
                within = node if isinstance(node, ast.stmt) else statement
                yield Place(parent, field, i, node, function, within)
                named = isinstance(node, (ast.FunctionDef, ast.ClassDef))
                inner = f"{function}.{node.name}".lstrip(".") if named else function
                yield from places(node, inner, within)


def mutants(module: Path) -> list[Mutant]:
    """All mutants of a file."""
    tree = ast.parse(module.read_text())
    found: dict[str, Mutant] = {}
    for place in list(places(tree, "", tree)):
        before = header(place.statement)
        for new in changed(place.node):
            put(place, new)
            change = f"{before} → {header(place.statement)}"
            name = f"{module.relative_to(ROOT)} {place.function}: {change}"
            found.setdefault(name, Mutant(name, module, ast.unparse(tree)))
            put(place, place.node)
    return list(found.values())


def put(place: Place, node: ast.AST) -> None:
    """Put a node in a place of the tree."""
    value = getattr(place.parent, place.field)
    if isinstance(value, list):
        value[place.i] = node
    else:
        setattr(place.parent, place.field, node)


def header(statement: ast.AST) -> str:
    """The first line of a statement, as `ast.unparse` prints it."""
    return ast.unparse(statement).splitlines()[0]


def sample(count: int | None, word: str) -> list[Mutant]:
    """The mutants whose name contains the word, the first ones by the hash of their names."""
    modules = [m for m in sorted((ROOT / "impbook").rglob("*.py")) if m.name != "__init__.py"]
    found = [
        mutant
        for module in modules
        if module.relative_to(ROOT).parts[1] not in APART
        for mutant in mutants(module)
        if word in mutant.name
    ]
    return sorted(found, key=lambda m: hashlib.sha256(m.name.encode()).hexdigest())[:count]


@cache
def imports(file: Path) -> set[str]:
    """The modules of impbook that define the names a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("impbook"):
            module = importlib.import_module(node.module or "")
            for alias in node.names:
                value = getattr(module, alias.name, None)
                own = getattr(value, "__module__", None) or getattr(value, "__name__", None)
                if str(own).startswith("impbook"):
                    found.add(own)
                else:  # a constant may come from any file of the subpackage
                    found |= {
                        name for name in sys.modules if f"{name}.".startswith(f"{module.__name__}.")
                    }
    return found


@cache
def tests_of(module: Path) -> list[str]:
    """The test files that import from the module or, failing that, from modules that use it."""
    dotted = lambda path: ".".join(path.relative_to(ROOT).with_suffix("").parts)  # noqa: E731
    tests = {test: imports(test) for test in sorted((ROOT / "tests/module").glob("test_*.py"))}
    users = {user: imports(user) for user in (ROOT / "impbook").rglob("*.py")}
    wanted = {dotted(module)}
    while True:
        found = [str(test.relative_to(ROOT)) for test, used in tests.items() if used & wanted]
        more = {dotted(user) for user, used in users.items() if used & wanted} - wanted
        if found or not more:
            return found
        wanted |= more


def passes(tree: Path, files: list[str], **environment: str) -> bool:
    """Whether the tests and doctests of the files all pass in a copy of the tree."""
    # Processor time, not elapsed time: other programs may slow the machine.
    limit = f'ulimit -v {MEMORY}000000 2> /dev/null; ulimit -t {LIMIT} && exec "$@"'
    pytest = [sys.executable, "-m", "pytest", "-q", "-x", "--ff", *files]
    own = {"PYTHONPATH": str(tree), "HYPOTHESIS_PROFILE": "mutants"}
    run = ["sh", "-c", limit, "sh", *pytest]
    variables = {**os.environ, **own, **environment}
    try:
        done = subprocess.run(run, cwd=tree, env=variables, capture_output=True, timeout=5 * LIMIT)
    except subprocess.TimeoutExpired:  # it waits without using the processor
        return False
    return done.returncode == 0


def survives(mutant: Mutant, trees: queue.Queue[Path]) -> bool:
    """Whether every test passes in spite of the change."""
    tree = trees.get()
    target = tree / mutant.module.relative_to(ROOT)
    original = target.read_text()
    try:
        target.write_text(mutant.source)
        own = str(target.relative_to(tree))
        return passes(tree, [own, *tests_of(mutant.module)], PYTHONDONTWRITEBYTECODE="1")
    finally:
        target.write_text(original)
        trees.put(tree)


def verdict(survivors: set[str], names: list[str]) -> int:
    """Print the counts, and compare the survivors with the list; 0 if all is well."""
    listed = {entry["mutant"]: entry["kind"] for entry in yaml.safe_load(SURVIVORS.read_text())}
    if unknown := set(listed.values()) - set(KINDS):
        sys.exit(f"survivors.yml contains unknown kinds: {unknown}")
    new = sorted(survivors - listed.keys())
    stale = sorted(name for name in names if name in listed and name not in survivors)
    harmless = sum(listed.get(name, "gap") != "gap" for name in survivors)
    killed = len(names) - len(survivors)
    fraction = killed / max(len(names) - harmless, 1)
    print(f"{killed} of {len(names)} killed, {killed / len(names):.1%}")
    print(
        f"{harmless} survivors change no result; of the others {fraction:.1%} killed, bar {BAR:.0%}"
    )
    for title, found in (("not in survivors.yml", new), ("listed, but killed", stale)):
        for name in found:
            print(f"{title}: {name}")
    return int(bool(new or stale or fraction < BAR))


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutation testing of impbook.")
    parser.add_argument("--count", type=int, default=200, help="number of mutants")
    parser.add_argument("--jobs", type=int, default=1, help="number to run at once")
    parser.add_argument("--only", default="", help="run all mutants with this word in their name")
    options = parser.parse_args()
    chosen = sample(None if options.only else options.count, options.only)
    survivors = set()
    with tempfile.TemporaryDirectory() as temporary:
        first = Path(temporary) / "0"
        ignore = shutil.ignore_patterns(".venv", ".git", "_build", "_vendor", ".*_cache")
        shutil.copytree(ROOT, first, ignore=ignore)
        files = sorted({test for mutant in chosen for test in tests_of(mutant.module)})
        if not passes(first, files):  # this also compiles the files that all mutants share
            sys.exit("the tests fail even without a change: run make unit")
        trees: queue.Queue[Path] = queue.Queue()
        trees.put(first)
        for i in range(1, options.jobs):
            trees.put(shutil.copytree(first, first.with_name(str(i))))
        with ThreadPoolExecutor(options.jobs) as pool:
            results = pool.map(lambda mutant: survives(mutant, trees), chosen)
            for mutant, alive in zip(chosen, results, strict=True):
                print("SURVIVES" if alive else "killed  ", mutant.name, flush=True)
                if alive:
                    survivors.add(mutant.name)
    return verdict(survivors, [mutant.name for mutant in chosen])


if __name__ == "__main__":
    sys.exit(main())
