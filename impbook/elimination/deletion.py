"""Pruning by deleting columns from a QR factorisation, accurate for any condition number."""

from __future__ import annotations

import numpy as np
import scipy.linalg
from scipy.linalg.blas import dger
from scipy.linalg.lapack import dgeqrf, dorgqr, dtrtrs

from impbook import _arrays
from impbook._arrays import Exponents, Indices, Matrix, Vector
from impbook.elimination.downdating import CONDITION, FARTHEST, Downdating, in_units, inverse
from impbook.elimination.system import Engine, GoOn, System, smallest_singular_value

# Each refinement multiplies the error of a null vector by about ε times the condition number, so
# two refinements are enough for condition numbers up to 1e13.
REFINEMENTS = 2
BLOCK = 32  # columns per block of a QR factorisation, as in LAPACK
SHRUNK = 0.9  # test the condition number again once this fraction of the features remains
# In the triangular factor of a matrix whose columns have norm near 1, entries up to this size count
# as rounding errors.
ROUNDING = 0.1 * _arrays.NEGLIGIBLE
# Once every remaining column is 2**SMALLER times smaller than the largest column was at the start,
# the null basis has lost a digit.
SMALLER = 3
SPREAD = 24  # if units differ by a factor of 2**SPREAD, the null basis loses half its digits


def with_triangle(system: System, go_on: GoOn) -> Deletion | None:
    """A `Deletion`, or None if it would be inaccurate.

    It would be inaccurate if the rank is uncertain, or if the features are dependent and their
    units differ by a factor above 2**SPREAD.
    """
    A, e = _arrays.balanced(system.A)
    e = np.where(A.any(axis=0), e, e.min())
    units = np.maximum(e - e.max(), -FARTHEST)
    small = System(np.ldexp(A, units), system.b, system.start, system.features).rotated()
    Q, R, order = scipy.linalg.qr(small.A, mode="economic", pivoting=True)
    R = np.ldexp(R, -units[order])
    left_out = np.maximum.accumulate(np.abs(R).max(axis=1)[::-1])[::-1]
    r = np.count_nonzero(left_out > ROUNDING)
    if not shows_rank(R[:r, :r]) or (r < e.size and np.ptp(e) > SPREAD):
        return None
    triangle = np.asfortranarray(np.column_stack((R[:r], Q[:, :r].T @ small.b)))
    return Deletion(system, triangle, order, e, go_on)


def shows_rank(B: Matrix) -> bool:
    """Whether an r × r triangular matrix with columns of norm near 1 certainly has rank r."""
    return smallest_singular_value(B) > np.sqrt(len(B)) * _arrays.NEGLIGIBLE


class Deletion:
    """Engine that updates a QR factorisation of A as features are pruned.

    Parameters
    ----------
    system : System
        The least-squares problem.
    triangle : ndarray, shape (r, m+1), Fortran order
        The matrix [B C z] defined in the Notes; r is the rank of A, and m is the number of columns
        of A. The array is overwritten.
    order : ndarray of int, shape (m,)
        For each column of [B C], the index of the column of A from which it came.
    exponents : ndarray of int, shape (m,)
        For each column of A, the exponent of the power of 2 by which it was divided.
    go_on : callable
        Maps a System to the engine that takes over when this engine would lose accuracy.

    Notes
    -----
    Scale the columns of A by powers of 2 to norms near 1, permute them, rotate the rows, and drop
    the rows in which A is now 0. This turns [A b] into [B C z], where B is upper triangular and
    invertible, and z is a vector. The size r of B is the rank of A. Let the columns of N be an
    orthonormal basis of null(A), for the unscaled A. Then the trained weights are

        w = u − NNᵀ(u − start),

    where u is the vector (B⁻¹z, 0), converted back to the original order and scale of the features.

    If N has columns, B is chosen by pivoting, which prefers features that are large before scaling.
    Then u is not large, and w loses no digits to cancellation.

    After a column of B is deleted, each later column of B has one entry below the diagonal, and
    rotations clear these entries. The last row is then 0 in the columns of B, and its entries in C
    determine the rank. If a column of C has a non-zero entry in this row, that column moves into B,
    and N loses a column. Otherwise the rank has dropped, and the row is deleted.

    In each round, the error of the weights should be comparable to the error of a refit: a multiple
    of ε times the condition number of the remaining features, not of the features at the start. So
    when the rank drops, the first column of N is cleared of earlier rounding errors, which makes it
    a null vector again. For the sake of accuracy, a new engine takes over in three cases: the
    column that moved into B may depend on the other columns of B; every remaining column is much
    smaller than the largest column was when N was computed; or N has no columns left. For the sake
    of speed, `Downdating` takes over once the remaining features are independent and
    well-conditioned.
    """

    def __init__(
        self, system: System, triangle: Matrix, order: Indices, exponents: Exponents, go_on: GoOn
    ) -> None:
        self._system, self._go_on = system, go_on
        self._triangle, self._order, self._exponents = triangle, order, exponents
        r, m = len(triangle), order.size
        self._null_basis = np.zeros((m, m - r), order="F")
        if r < m:
            Q, _ = scipy.linalg.qr(np.ldexp(triangle[:, :m], self._units()).T)
            self._null_basis[order] = Q[:, r:]
        self._wait_until = SHRUNK * m
        self._train()

    def _units(self) -> Exponents:
        """Exponents in the order of the columns of [B C], shifted so that the largest is 0."""
        e = self._exponents[self._order]
        return e - e.max()

    def _solve(self, z: Vector) -> Vector:
        """B⁻¹z."""
        r = len(z)
        return dtrtrs(self._triangle[:, :r], z)[0] if r else z

    def _train(self) -> None:
        r, m = len(self._triangle), self._order.size
        w = np.zeros(len(self._null_basis))
        w[self._order[:r]] = self._solve(self._triangle[:, m])
        with np.errstate(over="ignore"):
            w = np.ldexp(w, -self._exponents)
        if r < m:
            w -= self._null_basis @ ((w - self._system.start) @ self._null_basis)
        self._left = np.sort(self._order)
        self.features: Indices = self._system.features[self._left]
        self.w: Vector = w[self._left]

    def remove(self, j: int) -> Engine:
        """Prune feature `features[j]`, and return the engine for the next round."""
        dependent = len(self._triangle) < self._order.size
        moved = self._delete(int(self._left[j]))
        if dependent and not self._still_sure(moved):
            return self._go_on(self._system.take(np.sort(self._order)))
        self._train()
        if not len(self._triangle) == self._order.size <= self._wait_until:
            return self
        self._wait_until = SHRUNK * self._order.size
        K = _inverse_in_order(self._triangle[:, :-1], self._order, self._exponents[self._left])
        return self if K is None else Downdating(self.features, K, self.w)

    def _still_sure(self, moved: bool) -> bool:
        """Whether N still has columns and is accurate, and whether B certainly has full rank."""
        r, e = len(self._triangle), self._exponents
        alike = e[self._order].max() >= e.max() - SMALLER
        sure = not moved or shows_rank(self._triangle[:, :r])
        return r < self._order.size and alike and sure

    def _delete(self, j: int) -> bool:
        """Delete column j of A from [B C], and return whether a column of C has moved into B."""
        r, c = len(self._triangle), int(np.flatnonzero(self._order == j)[0])
        self._turn_null_basis(j)
        self._order = np.delete(self._order, c)
        self._triangle = H = np.delete(self._triangle, c, axis=1)
        if c < r:
            _clear_below_diagonal(H, c)
            last_row = np.abs(H[-1, r - 1 : -1])
            size = np.ldexp(last_row * (last_row > ROUNDING), self._units()[r - 1 :])
            if not size.any():  # the rank drops
                self._triangle = np.asfortranarray(H[:-1])
                self._refine_null_vector()
                return False
            k = r - 1 + int(size.argmax())
            for a in (self._order, H.T):
                a[[r - 1, k]] = a[[k, r - 1]]
        self._null_basis = self._null_basis[:, 1:]
        return c < r

    def _turn_null_basis(self, j: int) -> None:
        """Reflect the null basis so that row j is 0 except in column 0; then set row j to 0."""
        N = self._null_basis
        u = N[j].copy()
        if u.any():
            u /= np.abs(u).max()  # because the squares of tiny entries would underflow
            u[0] += np.copysign(np.linalg.norm(u), u[0])
            dger(-2 / (u @ u), N @ u, u, a=N, overwrite_a=True)
            N[j] = 0.0

    def _refine_null_vector(self) -> None:
        """Make column 0 of N a null vector again, orthogonal to the other columns of N."""
        r, m = len(self._triangle), self._order.size
        if 0 < r < m:
            z, others, e = self._null_basis[:, 0], self._null_basis[:, 1:], self._units()
            for _ in range(REFINEMENTS):
                left_over = self._triangle[:, :m] @ np.ldexp(z[self._order], e)
                z[self._order[:r]] -= np.ldexp(self._solve(left_over), -e[:r])
                z -= others @ (z @ others)
                z /= np.linalg.norm(z)


def _inverse_in_order(B: Matrix, order: Indices, exponents: Exponents) -> Matrix | None:
    """(AᵀA)⁻¹ up to a factor, or None if B is ill-conditioned or the units differ too much."""
    size = np.abs(B.diagonal())
    if np.ptp(exponents) > FARTHEST or size.max() >= np.sqrt(CONDITION) * size.min():
        # The condition number of B is at least the ratio of its largest to its smallest |B_ii|.
        return None
    K = inverse(np.array(B.T, order="F"))
    if K is None:
        return None
    ascending = np.argsort(order)
    K = (np.tril(K) + np.tril(K, -1).T)[np.ix_(ascending, ascending)]
    return in_units(np.asfortranarray(K), exponents)


def _clear_below_diagonal(H: Matrix, start: int) -> None:
    """Rotate rows of H to clear the entry below the diagonal in each column from `start` on."""
    last = len(H) - 1
    for i in range(start, last, BLOCK):
        j = min(i + BLOCK, last)
        panel = np.zeros((j + 1 - i, j + 1 - i), order="F")
        panel[:, :-1], tau, *_ = dgeqrf(H[i : j + 1, i:j])
        Q, *_ = dorgqr(panel, tau, overwrite_a=True)
        H[i : j + 1, i:] = Q.T @ H[i : j + 1, i:]
