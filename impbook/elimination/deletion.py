"""Pruning by deleting columns of a QR factorisation: accurate for a matrix of any condition."""

from __future__ import annotations

import numpy as np
import scipy.linalg
from scipy.linalg.lapack import dgeqrf, dorgqr, dtrtrs

from impbook import _arrays
from impbook._arrays import Matrix, Vector
from impbook.elimination.downdating import CONDITION, Downdating, inverse
from impbook.elimination.system import Engine, System

REFINEMENTS = 2  # steps that make a null vector one of what is left
BLOCK = 32  # columns made triangular at a time
SHRUNK = 0.9  # once this share of the features is left, see if the rest is well conditioned
DOUBTFUL = 0.01  # share of the border of rank from which a row left out is more than rounding
DECADE = 0.1  # once the largest entry left is this share of the first, factorise afresh


class Deletion:
    """Trained weights while a QR factorisation follows the active set.

    Parameters
    ----------
    system : System
        What is fitted.

    Notes
    -----
    Rotations of the rows, and a permutation of the features, bring [A b] to [B C z], with B upper
    triangular, invertible and as wide as the rank. With Z an orthonormal basis of null(A), the
    trained weights are

        w = u − ZZᵀ(u − start),    u = (B⁻¹z, 0).

    Without the column of feature j the matrix is triangular up to one entry below the diagonal in
    each column from j on; rotations clear these. What they leave in the last row tells the rank: a
    column of C with an entry there moves into B, and Z loses a column; if there is none, the rank
    has dropped, and the row goes.

    The weights of a round have an error like a refit's in that round: what is promised is a
    multiple of ε times the condition of the features left, not of those at the start. Three things
    could break this, and are mended. A column of Z leaves row c with an error of ε times the
    condition of B before; if the rank drops, it stays in Z, so it is made a null vector anew. And
    rotations leave errors of ε times the largest entry there ever was; once that has gone,
    everything is factorised afresh. And a row left out as rank drops may be small without being
    rounding: it is part of the features left, so the next round factorises afresh too.
    """

    def __init__(self, system: System) -> None:
        k, m = system.A.shape
        small = system.rotated()
        Q, R, self._order = scipy.linalg.qr(small.A, mode="economic", pivoting=True)
        self._negligible = 10 * _arrays.negligible((k, m)) * abs(R[0, 0])
        self._rank = r = int(np.count_nonzero(np.abs(R.diagonal()) > self._negligible))
        self._left_out = np.abs(R[r:]).max(initial=0.0)
        self._system = system
        self._BCz = np.asfortranarray(np.column_stack((R, Q.T @ small.b))[:r])
        self._Z = scipy.linalg.qr(R[:r].T)[0][:, r:] if r < m else np.empty((m, 0))
        self._size = np.abs(small.A).max(axis=0)
        self._patience = SHRUNK * m
        self._train()

    def _train(self) -> None:
        r, m = self._rank, self._order.size
        u = np.zeros(m)
        if r:
            u[:r] = dtrtrs(self._BCz[:, :r], self._BCz[:r, m])[0]
        if r < m:
            u -= self._Z @ (self._Z.T @ (u - self._system.start[self._order]))
        self._ascending = np.argsort(self._order)
        self.features = self._system.features[self._order[self._ascending]]
        self.w: Vector = u[self._ascending]

    def remove(self, j: int) -> Engine:
        """The engine that goes on when the feature in position j is pruned."""
        in_doubt = self._left_out > DOUBTFUL * self._negligible
        self._delete(int(self._ascending[j]))
        m = self._order.size
        if in_doubt or self._size[self._order].max() < DECADE * self._size.max():
            return Deletion(self._system.take(np.sort(self._order)))
        self._train()
        if self._rank == m <= self._patience:
            self._patience = SHRUNK * m
            B = self._BCz[:m, :m]
            size = np.abs(B.diagonal())
            tame = size.max() < np.sqrt(CONDITION) * size.min()  # a bound that costs nothing
            K = inverse(np.array(B.T, order="F")) if tame else None
            if K is not None:
                K = (np.tril(K) + np.tril(K, -1).T)[np.ix_(self._ascending, self._ascending)]
                return Downdating(self.features, np.asfortranarray(K), self.w)
        return self

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
                self._left_out = max(self._left_out, last_row.max(initial=0.0))
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
