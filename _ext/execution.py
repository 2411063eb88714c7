"""How chapters run while the book is built: side by side, and with every line whole.

- One after the other they take minutes. Sphinx reads pages side by side if asked to, which Jupyter
  Book has no option for, and if every extension allows it. Two that Jupyter Book loads say nothing;
  both may: sphinx_multitoc_numbering numbers pages after all are read, sphinx_jupyterbook_latex
  works for LaTeX only. On macOS, where a process with threads must not fork, pages wait their turn.
- A long loop's prints arrive in pieces. Put together by MyST-NB (`nb_merge_streams`), each piece
  ends a line, even one cut off in the middle; the client that runs the cells joins them as they
  are.
"""

from __future__ import annotations

import os
import sys
from functools import partial

from myst_nb.core.execute import direct
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

SILENT = ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex")


def deal_out(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Allow readers side by side, and give each of them some of the long chapters."""
    for name in SILENT:
        if name in app.extensions:
            app.extensions[name].parallel_read_safe = True
    docnames[:] = [name for i in range(app.parallel) for name in docnames[i :: app.parallel]]


def setup(app: Sphinx) -> dict[str, bool]:
    """Ask for two readers a core: no core idles while one reader still has a chapter to run."""
    if sys.platform == "linux":
        app.parallel = 2 * len(os.sched_getaffinity(0))
    app.connect("env-before-read-docs", deal_out)
    direct.single_nb_execution = partial(direct.single_nb_execution, coalesce_streams=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
