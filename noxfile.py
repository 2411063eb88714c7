"""Test with several versions of Python and of the libraries, and with several BLAS settings.

    make versions                                      all sessions
    .venv/tools/bin/nox -s "unit-3.12(oldest)"         one session; -l lists them

"Oldest" and "newest" mean the lowest and highest versions that pyproject.toml allows and that have
wheels for the session's Python. `make test` uses versions in between, those of environment.yml.
Versions of Python that are not installed are skipped, unless the environment variable CI is set.
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
    """Install the package and what its tests need, with the oldest or newest libraries."""
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
    """Run pytest with a given number of BLAS threads and, if one is named, a given BLAS kernel."""
    env = {"OPENBLAS_NUM_THREADS": str(threads)} | ({"OPENBLAS_CORETYPE": kernel} if kernel else {})
    session.run("pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *options, env=env)


@nox.session(python=PYTHONS)
@nox.parametrize("libraries", list(LIBRARIES), ids=list(LIBRARIES))
def unit(session: nox.Session, libraries: str) -> None:
    """Run the tests and docstring examples."""
    install(session, libraries)
    check(session, "tests/module", "impbook")


@nox.session(python="3.12")
@nox.parametrize("libraries", list(LIBRARIES), ids=list(LIBRARIES))
def notebooks(session: nox.Session, libraries: str) -> None:
    """Check that the chapters reproduce their committed outputs."""
    install(session, libraries)
    check(session, "--dist=loadscope", "--nbval", "--nbval-current-env", "index.ipynb", "chapters")


@nox.session(python="3.12")
@nox.parametrize("kernel", KERNELS)
@nox.parametrize("threads", [1, 2])
def blas(session: nox.Session, threads: int, kernel: str) -> None:
    """Run the tests on one of the OpenBLAS kernels listed above, all of which are for x86."""
    install(session, "newest")
    check(session, "tests/module", "impbook", threads=threads, kernel=kernel)
