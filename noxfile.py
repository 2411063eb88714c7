"""Every Python, the oldest and newest libraries, one and two BLAS threads, four BLAS kernels.

    make versions                                      all of it
    .venv/tools/bin/nox -s "unit-3.12(oldest)"         one session; -l lists them

Oldest means the lower bounds of pyproject.toml (where a Python has wheels for them), newest what
its ranges allow today; the versions in between, of environment.yml, are those of `make test`.
Pythons that are not on the machine are skipped, except where CI is set.
"""

import tomllib
from pathlib import Path

import nox

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
LIBRARIES = {"oldest": "lowest-direct", "newest": "highest"}
KERNELS = ["Haswell", "Zen", "Nehalem", "Prescott"]
VARIED = {"numpy", "scipy", "matplotlib", "scikit-learn"}
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"


def install(session: nox.Session, libraries: str) -> None:
    """The module and its checks, with the libraries asked for."""
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    ranges = [*project["dependencies"], *project["optional-dependencies"]["book"]]
    varied = [line for line in ranges if line.partition(">=")[0] in VARIED]
    chosen = Path(session.create_tmp()).resolve() / "chosen"
    chosen.with_suffix(".in").write_text("\n".join(varied), "utf-8")
    resolution = ["--resolution", LIBRARIES[libraries], "--only-binary", ":all:"]
    compile_ = ["uv", "pip", "compile", "-q", "--python", str(session.python), *resolution]
    session.run_install(*compile_, f"{chosen}.in", "-o", f"{chosen}.txt", external=True)
    session.install("-c", f"{chosen}.txt", "-e", ".[book,test]")


def check(session: nox.Session, *options: str, threads: int = 1, kernel: str = "") -> None:
    """Run pytest with so many BLAS threads, on a kind of processor."""
    env = {"OPENBLAS_NUM_THREADS": str(threads)} | ({"OPENBLAS_CORETYPE": kernel} if kernel else {})
    session.run("pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *options, env=env)


@nox.session(python=PYTHONS)
@nox.parametrize("libraries", list(LIBRARIES), ids=list(LIBRARIES))
def unit(session: nox.Session, libraries: str) -> None:
    """Tests and docstring examples."""
    install(session, libraries)
    check(session, "tests/module", "impbook")


@nox.session(python="3.12")
@nox.parametrize("libraries", list(LIBRARIES), ids=list(LIBRARIES))
def notebooks(session: nox.Session, libraries: str) -> None:
    """Chapters give their outputs again."""
    install(session, libraries)
    check(session, "--dist=loadscope", "--nbval", "--nbval-current-env", "index.ipynb", "chapters")


@nox.session(python="3.12")
@nox.parametrize("kernel", KERNELS)
@nox.parametrize("threads", [1, 2])
def blas(session: nox.Session, threads: int, kernel: str) -> None:
    """Tests on one of OpenBLAS's kernels (all of them for x86)."""
    install(session, "newest")
    check(session, "tests/module", "impbook", threads=threads, kernel=kernel)
