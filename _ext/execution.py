"""Run chapters in parallel while the book is built, and keep printed lines whole.

- If the chapters run one after the other, they take minutes. Sphinx can read pages in parallel, but
  Jupyter Book has no option for it, and every extension must declare that it allows this.
  sphinx_multitoc_numbering does not declare it, but is safe: it numbers the pages after all of them
  have been read. On macOS, where a process with threads must not fork, the pages are read one at a
  time.
- The output of a long loop arrives in pieces. MyST-NB (`nb_merge_streams`) would start a new line
  after each piece. Instead, nbclient, which runs the cells, joins the pieces unchanged.
"""

from __future__ import annotations

import os
import sys
from functools import partial

from myst_nb.core.execute import direct
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def deal_out(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Allow parallel reading, and spread the long chapters over the processes."""
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True
    docnames[:] = [name for i in range(app.parallel) for name in docnames[i :: app.parallel]]


def setup(app: Sphinx) -> dict[str, bool]:
    """Use two processes per core, so that no core idles while the last chapters run."""
    if sys.platform == "linux":
        app.parallel = 2 * len(os.sched_getaffinity(0))
    app.connect("env-before-read-docs", deal_out)
    direct.single_nb_execution = partial(direct.single_nb_execution, coalesce_streams=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
