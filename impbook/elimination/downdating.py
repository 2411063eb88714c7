"""Pruning by downdating: one inverse, then one elimination step for each pruned feature."""

from __future__ import annotations

import numpy as np
import scipy.linalg
from scipy.linalg.blas import dgemv, dsymv, dsyrk, dtrmv
from scipy.linalg.lapack import dpotrf, dpotri

from impbook import _arrays
from impbook._arrays import Exponents, Indices, Matrix, Vector
from impbook.elimination.system import (
    Engine,
    GoOn,
    System,
    largest_eigenvalue,
    probe,
    smallest_singular_value,
)

CONDITION = 1e3  # largest λ_max/λ_min of ΦᵀΦ at which forming ΦᵀΦ costs at most 3 digits
# Units may differ by a factor of up to 2**FARTHEST. K contains the squares of such factors, which
# must not overflow.
FARTHEST = 450
BLOCK = 64  # pruning steps per matrix product, enough for the product to run at full speed

# Copy K to a smaller matrix once less than this fraction of its rows is in use. The exact value
# matters little: for 2,000 features, the run times for values from 0.5 to 0.9 differ by at most 5%.
# A run without any copying takes 10% longer.
CROWDED = 0.8

# The next three constants are round numbers, chosen by trial on the random problems that
# tests/module/random_problems.py draws. That test allows errors of up to 500 times the bound from
# perturbation theory. With the values below, the largest error on 20,000 of these problems, all
# with n < p and T = ∞, is 79 times the bound.

# Start a new engine if the pivot, a diagonal entry of the projector onto null(Φ), is at most this.
# Dividing by a larger pivot costs at most one digit. With 0.05 instead of 0.1, the largest error
# rises to 2,000 times the bound from perturbation theory. LEVERAGE must exceed 1/GROWTH², because
# otherwise a new engine could be replaced at once by yet another.
LEVERAGE = 0.1
# The largest |entry| of the probe (see `NullDowndating`) is 1 at first. Start a new engine once
# this entry exceeds GROWTH times the square root of the pivot. GROWTH = 4 and GROWTH = 5 lead to
# the same largest error. With GROWTH = 10, the largest error rises to 249 times the bound from
# perturbation theory. On problem 2187036, which is not among the 20,000, the error is then 592
# times the bound.
GROWTH = 5.0
# Start a new engine once the largest weight is below this fraction of the largest weight in earlier
# rounds: the weights have then become smaller, but their errors have not. With 0.1 instead of 0.5,
# six weights are wrong in a million random problems.
FALLEN = 0.5


class Downdating:
    """Engine that updates K = (AᵀA)⁻¹ as features are pruned.

    Parameters
    ----------
    features : ndarray of int, shape (m,)
        The remaining features, in ascending order.
    K : ndarray, shape (m, m), Fortran order
        (AᵀA)⁻¹ up to a factor. Only the lower triangle is used. The array is overwritten.
    w : ndarray, shape (m,)
        Trained weights. The array is overwritten: the weight of a pruned feature becomes inf, so
        that it is never the smallest.

    Notes
    -----
    Pruning feature j is an elimination step with pivot K_jj:

        w ← w − K_{:j} w_j/K_jj,    K ← K − K_{:j} K_{j:}/K_jj.

    Together, these steps are a blocked Cholesky factorisation of K with pivots chosen by |w|. The
    matrix V collects the columns v = K_{:j}/√K_jj of 64 pruning steps. During these steps the
    array K stays as it is, and each step works out only the column K_{:j} that it needs, from the
    array and V. Then one matrix product updates the whole array: K ← K − VVᵀ.
    """

    def __init__(self, features: Indices, K: Matrix, w: Vector) -> None:
        self.features, self._K, self.w = features, K, w
        self._V, self._waiting = np.empty((w.size, BLOCK), order="F"), 0

    def remove(self, j: int) -> Engine:
        """Prune feature `features[j]`, and return the engine for the next round."""
        V, i = self._V, self._waiting
        column: Vector = V[:, i]  # a view of V that will hold the current column j of K
        column[:j], column[j:] = self._K[j, :j], self._K[j:, j]
        if i:
            dgemv(-1.0, V[:, :i], V[j, :i], beta=1.0, y=column, overwrite_y=True)
        return self._eliminate(j, column)

    def _eliminate(self, j: int, v: Vector) -> Engine:
        v /= np.sqrt(v[j])
        self.w -= v * (self.w[j] / v[j])
        self.w[j] = np.inf
        self._waiting += 1
        if self._waiting == BLOCK:
            self._close_block()
        return self

    def _close_block(self) -> None:
        dsyrk(-1.0, self._V, beta=1.0, c=self._K, lower=True, overwrite_c=True)
        self._waiting = 0
        left = np.flatnonzero(np.isfinite(self.w))
        if left.size < CROWDED * self.w.size:
            self._sweep_out_all_but(left)

    def _sweep_out_all_but(self, left: Indices) -> None:
        self.features, self.w = self.features[left], self.w[left]
        self._K = self._K.T.take(left, axis=0).take(left, axis=1).T
        self._V = np.empty((left.size, BLOCK), order="F")


class NullDowndating(Downdating):
    """Downdating for dependent features, where K is the orthogonal projector onto null(A).

    Parameters
    ----------
    system : System
        The least-squares problem.
    K, w
        The projector and the trained weights. Only the lower triangle of K is used. Both arrays are
        overwritten, as in `Downdating`.
    go_on : callable
        Maps a System to the engine that takes over when this engine would lose accuracy.

    Notes
    -----
    The growth of errors cannot be bounded in advance, because the nullspace shrinks with every
    pruned feature and is {0} in the end. So a random vector, the probe, undergoes the same steps as
    w and shows by what factor an initial error has grown. The steps act on K from the left and from
    the right, so an error in K has grown by the square of this factor. When such an error
    enters w, it is divided by the pivot. If the square of the factor, divided by the pivot, is too
    large, a new engine takes over.

    There are two more reasons for a new engine. First, a large start can make the weights large. As
    pruning shrinks the nullspace, the start has less effect and the weights become smaller, but
    their errors do not. Second, once the nullspace is {0}, the fit no longer depends on the units
    of the features, but the errors carried over from earlier rounds still do.
    """

    def __init__(self, system: System, K: Matrix, w: Vector, go_on: GoOn) -> None:
        super().__init__(system.features, K, w)
        self._system, self._go_on = system, go_on
        v = probe(w.size)
        self._probe = v / np.abs(v).max()
        self._largest = float(np.abs(w).max())
        self._nullity = w.size - len(system.A)

    def _eliminate(self, j: int, v: Vector) -> Engine:
        if v[j] <= LEVERAGE or np.abs(self._probe).max() > GROWTH * np.sqrt(v[j]):
            return self._afresh().remove(int(np.isfinite(self.w[:j]).sum()))
        self._nullity -= 1
        self._probe -= v * (self._probe[j] / v[j])
        self._probe[j] = 0.0
        super()._eliminate(j, v)
        size = float(np.abs(self.w).max(where=np.isfinite(self.w), initial=0.0))
        self._largest = max(self._largest, size)
        return self if self._nullity and size >= FALLEN * self._largest else self._afresh()

    def _afresh(self) -> Engine:
        left = self.features[np.isfinite(self.w)]
        return self._go_on(self._system.take(self._system.features.searchsorted(left)))

    def _sweep_out_all_but(self, left: Indices) -> None:
        super()._sweep_out_all_but(left)
        self._probe = self._probe[left]


def with_inverse(system: System) -> Downdating | None:
    """A `Downdating` with K = (AᵀA)⁻¹, or None if K would be inaccurate or could overflow.

    Notes
    -----
    Scaling the features by powers of 2 does not change the relative rounding errors of elimination
    steps, so only the factorisation needs columns of norm near 1.
    """
    A, e = _arrays.balanced(system.A)
    if np.ptp(e) > FARTHEST:
        return None
    A, b = np.ascontiguousarray(A), system.b
    gram = dsyrk(1.0, A.T, lower=True)
    factor, failed = dpotrf(gram, lower=True, clean=False, overwrite_a=True)
    K = None if failed else inverse(factor)
    if K is None:
        return None
    w = dsymv(1.0, K, dgemv(1.0, A.T, b), lower=True)
    with np.errstate(over="ignore"):  # `imp` reports weights that overflow
        w = np.ldexp(w, -e)
    return Downdating(system.features, in_units(K, e), w)


def in_units(K: Matrix, e: Exponents) -> Matrix:
    """Turn K for features divided by 2^e into K for the original features, up to a factor.

    The array K is overwritten.
    """
    e = e - e.max()
    return np.ldexp(np.ldexp(K, -e, out=K), -e[:, None], out=K)


def with_null_projector(system: System, go_on: GoOn) -> NullDowndating | None:
    """A `NullDowndating`, or None if the rank is uncertain or a pivot could be too small.

    Notes
    -----
    If A has full row rank and Aᵀ = QR, the trained weights are QR⁻ᵀb + (I − QQᵀ)·start. The first
    term is the solution of least norm. The result is None if A does not clearly have full row rank,
    or if a diagonal entry of K = I − QQᵀ is at most `LEVERAGE`.
    """
    Q, R = scipy.linalg.qr(system.A.T, mode="economic")
    K = dsyrk(-1.0, Q, beta=1.0, c=np.eye(len(Q), order="F"), lower=True, overwrite_c=True)
    if smallest_singular_value(R) <= 1e-10 * np.linalg.norm(R) or K.diagonal().min() <= LEVERAGE:
        return None
    least_norm = scipy.linalg.solve_triangular(R, system.b, trans="T")
    w = system.start + Q @ (least_norm - Q.T @ system.start)
    return NullDowndating(system, K, w, go_on)


def inverse(factor: Matrix) -> Matrix | None:
    """Lower triangle of (LLᵀ)⁻¹, or None if LLᵀ is ill-conditioned. The factor L is overwritten."""
    with np.errstate(all="ignore"):
        largest = largest_eigenvalue(
            lambda v: dtrmv(factor, dtrmv(factor, v, lower=True, trans=True), lower=True),
            len(factor),
        )
        K, _ = dpotri(factor, lower=True, overwrite_c=True)
        inverse_smallest = largest_eigenvalue(lambda v: dsymv(1.0, K, v, lower=True), len(K))
    return K if largest * inverse_smallest < CONDITION else None
