"""Pruning by deleting columns of a QR factorisation: accurate for a matrix of any condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.linalg
from scipy.linalg.lapack import dgeqrf, dorgqr, dtrtrs

from impbook import _arrays
from impbook._arrays import Exponents, Indices, Matrix, Vector
from impbook.elimination.downdating import CONDITION, FARTHEST, Downdating, in_units, inverse
from impbook.elimination.system import Engine, System
from impbook.flow import least_squares

REFINEMENTS = 2  # steps that make a null vector one of what is left
BLOCK = 32  # columns made triangular at a time
SHRUNK = 0.9  # once this share of the features is left, see if the rest is well conditioned
DOUBTFUL = 0.01  # share of the border of rank from which a row left out is more than rounding
DECADE = 0.1  # once the largest entry left is this share of the first, factorise afresh
SPREAD = 24  # units of dependent features farther apart than 2 to this power need more care


@dataclass(frozen=True, eq=False)
class Factor:
    """A·2⁻ᵉ = QR with pivots, columns in the given order; the last column of R is Qᵀb."""

    R: Matrix
    order: Indices
    exponents: Exponents
    rank: int
    negligible: float


def factorise(system: System, A: Matrix, exponents: Exponents) -> Factor:
    """QR factorisation with pivots of A = system.A·2⁻ᵉ, and the rank that its diagonal tells."""
    small = System(A, system.b, system.start, system.features).rotated()
    Q, R, order = scipy.linalg.qr(small.A, mode="economic", pivoting=True)
    negligible = 10 * _arrays.negligible(A.shape) * abs(R[0, 0])
    rank = int(np.count_nonzero(np.abs(R.diagonal()) > negligible))
    return Factor(np.column_stack((R, Q.T @ small.b)), order, exponents, rank, negligible)


def shows_rank(B: Matrix, negligible: float) -> bool:
    """Whether a triangular matrix is as far from being singular as its diagonal says."""
    size = np.abs(B).sum(axis=0).max(initial=0.0)
    return not B.size or bool(_arrays.reciprocal_condition(B) * size > negligible)


def with_triangle(system: System, start_afresh: Callable[[System], Engine]) -> Deletion | None:
    """Deletion, or None where it would not find the rank or lose it to the features' units."""
    factor = factorise(system, *_arrays.balanced(system.A))
    r, e = factor.rank, factor.exponents
    if r < e.size:
        used = e[system.A.any(axis=0)]
        if used.size and np.ptp(used) > SPREAD:
            return None
        factor = factorise(system, system.A, np.zeros_like(e))
    if factor.rank != r or not shows_rank(factor.R[:r, :r], factor.negligible):
        return None
    return Deletion(system, factor, start_afresh)


class Refitting:
    """Trained weights by a decomposition each round, until `start_afresh` finds something faster.

    Parameters
    ----------
    system : System
        What is fitted.
    start_afresh : callable
        The engine, from a System, that goes on.
    """

    def __init__(self, system: System, start_afresh: Callable[[System], Engine]) -> None:
        self._system, self._start_afresh = system.rotated(), start_afresh
        self.features = system.features
        self.w: Vector = least_squares(self._system.A, self._system.b, system.start)

    def remove(self, j: int) -> Engine:
        """The engine that goes on when the feature in position j is pruned."""
        return self._start_afresh(self._system.take(np.delete(np.arange(self.features.size), j)))


class Deletion:
    """Trained weights while a QR factorisation follows the active set.

    Parameters
    ----------
    system : System
        What is fitted.
    factor : Factor
        Of A, columns times powers of 2 if they are independent.
    start_afresh : callable
        The engine, from a System, that goes on where this one would lose accuracy.

    Notes
    -----
    Rotations of the rows, and a permutation of the features, bring [A b] to [B C z], with B upper
    triangular, invertible and as wide as the rank. With Z an orthonormal basis of null(A), the
    trained weights are

        w = u − ZZᵀ(u − start),    u = (B⁻¹z, 0).

    Independent features (no C, no Z) are in units in which their norms are near 1, powers of 2;
    dependent ones in their own, which say what is nearest to the start.

    Without the column of feature j the matrix is triangular up to one entry below the diagonal in
    each column from j on; rotations clear these. What they leave in the last row tells the rank: a
    column of C with an entry there moves into B, and Z loses a column; if there is none, the rank
    has dropped, and the row goes.

    The weights of a round have an error like a refit's in that round: what is promised is a
    multiple of ε times the condition of the features left, not of those at the start. Two things
    could break this, and are mended. A column of Z leaves row c with an error of ε times the
    condition of B before; if the rank drops, it stays in Z, so it is made a null vector anew. And
    rotations leave errors of ε times the largest entry there ever was; what is left out as rank
    drops may be small without being rounding; a column that moves into B may depend on the others
    there. Then, and once no null vector is left, the next round starts afresh.
    """

    def __init__(
        self, system: System, factor: Factor, start_afresh: Callable[[System], Engine]
    ) -> None:
        self._system, self._start_afresh = system, start_afresh
        self._order, self._rank = factor.order, factor.rank
        self._negligible = factor.negligible
        self._exponents = factor.exponents
        r, m = factor.rank, factor.order.size
        self._BCz = np.asfortranarray(factor.R[:r])
        self._Z = scipy.linalg.qr(factor.R[:r, :m].T)[0][:, r:] if r < m else np.empty((m, 0))
        self._size = np.abs(system.A).max(axis=0)
        self._doubtful = self._more_than_rounding(factor.R[r:, :m], self._order)
        self._wait_until = SHRUNK * m
        self._train()

    def _train(self) -> None:
        r, m, e = self._rank, self._order.size, self._exponents[self._order]
        u = np.zeros(m)
        if r:
            u[:r] = dtrtrs(self._BCz[:, :r], self._BCz[:r, m])[0]
        with np.errstate(over="ignore"):
            u = np.ldexp(u, -e)
        if r < m:
            u -= self._Z @ (self._Z.T @ (u - self._system.start[self._order]))
        self._ascending = np.argsort(self._order)
        self.features = self._system.features[self._order[self._ascending]]
        self.w: Vector = u[self._ascending]

    def remove(self, j: int) -> Engine:
        """The engine that goes on when the feature in position j is pruned."""
        dependent = self._rank < self._order.size
        self._delete(int(self._ascending[j]))
        if dependent and not self._still_sure():
            return self._start_afresh(self._system.take(np.sort(self._order)))
        self._train()
        return self._down_dating() or self

    def _still_sure(self) -> bool:
        """Whether a null vector is left, nothing was left out in doubt, and B shows the rank."""
        r, m = self._rank, self._order.size
        shrunk = self._size[self._order].max() < DECADE * self._size.max()
        sure = r < m and not shrunk and not self._doubtful
        return sure and shows_rank(self._BCz[:r, :r], self._negligible)

    def _more_than_rounding(self, rows: Matrix, order: Indices) -> bool:
        """Whether rows left out may count, in units in which all columns are of one size."""
        size = self._size[order] / (self._size.max() or 1.0)
        return bool((np.abs(rows) > DOUBTFUL * self._negligible * size).any())

    def _down_dating(self) -> Engine | None:
        """The faster engine, once what is left is independent and well conditioned."""
        m = self._order.size
        if not self._rank == m <= self._wait_until:
            return None
        self._wait_until = SHRUNK * m
        e = self._exponents[np.sort(self._order)]
        B = self._BCz[:m, :m]
        size = np.abs(B.diagonal())
        if np.ptp(e) > FARTHEST or size.max() >= np.sqrt(CONDITION) * size.min():
            return None  # a bound that costs nothing
        K = inverse(np.array(B.T, order="F"))
        if K is None:
            return None
        K = (np.tril(K) + np.tril(K, -1).T)[np.ix_(self._ascending, self._ascending)]
        return Downdating(self.features, in_units(np.asfortranarray(K), e), self.w)

    def _delete(self, c: int) -> None:
        r, m = self._rank, self._order.size - 1
        H = self._BCz[:r, : m + 1]
        H[:, c:] = self._BCz[:r, c + 1 : m + 2]
        self._turn_null_basis(c)
        self._order, self._Z = np.delete(self._order, c), np.delete(self._Z, c, axis=0)
        if c < r:
            _clear_below_diagonal(H, c)
            last_row = np.abs(H[-1, r - 1 : m])
            if not np.any(last_row > self._negligible):  # the rank drops
                self._rank -= 1
                self._doubtful |= self._more_than_rounding(last_row, self._order[r - 1 :])
                self._refine_null_vector()
                return
            k = r - 1 + int(last_row.argmax())
            for a in (self._order, self._Z, self._BCz.T):
                a[[r - 1, k]] = a[[k, r - 1]]
        self._Z = self._Z[:, 1:]

    def _turn_null_basis(self, c: int) -> None:
        """Turn Z so that its first column alone has an entry in row c."""
        u = self._Z[c].copy()
        if u.any():
            u /= np.abs(u).max()  # may be so small that its square is 0
            u[0] += np.copysign(np.linalg.norm(u), u[0])
            self._Z = self._Z - np.outer(self._Z @ u, u * (2 / (u @ u)))

    def _refine_null_vector(self) -> None:
        """Make the first column of Z a null vector of [B C] again, orthogonal to the others."""
        r, m = self._rank, self._order.size
        if 0 < r < m:
            z, others = self._Z[:, 0], self._Z[:, 1:]
            for _ in range(REFINEMENTS):
                z[:r] -= dtrtrs(self._BCz[:r, :r], self._BCz[:r, :m] @ z)[0]
                z -= others @ (others.T @ z)
                z /= np.linalg.norm(z)


def _clear_below_diagonal(H: Matrix, start: int) -> None:
    """Rotate rows so that H, with one entry below the diagonal in columns from start, has none."""
    last = len(H) - 1
    for i in range(start, last, BLOCK):
        j = min(i + BLOCK, last)
        panel = np.zeros((j + 1 - i, j + 1 - i), order="F")
        panel[:, :-1], tau, *_ = dgeqrf(H[i : j + 1, i:j])
        Q, *_ = dorgqr(panel, tau, overwrite_a=True)
        H[i : j + 1, i:] = Q.T @ H[i : j + 1, i:]
