"""What iterative magnitude pruning is compared with: the alignment heuristic."""

from __future__ import annotations

import numpy as np

from impbook import _checks
from impbook.problem import LeastSquares
from impbook.pruning import PruningOrder


def alignment_path(problem: LeastSquares, q: int) -> PruningOrder:
    """Pruning by the alignment heuristic: the smallest \\|φ_jᵀy\\| goes first.

    Parameters
    ----------
    problem : LeastSquares
        Least squares with p features.
    q : int
        Number of prunings, 0 <= q < p.

    Returns
    -------
    PruningOrder

    Raises
    ------
    ValueError
        If q is out of range.

    Notes
    -----
    The paper, §2. Nothing is ever retrained, so the whole order is one sort of the alignments;
    ties go to the lowest index.

    Examples
    --------
    >>> alignment_path(LeastSquares(np.eye(3), [3.0, -1.0, 2.0]), q=2).pruned
    array([1, 2])
    """
    q = _checks.pruned_count(q, problem.p)
    return PruningOrder(np.argsort(np.abs(problem.alignment), kind="stable")[:q], problem.p)
