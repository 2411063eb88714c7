"""Training by gradient flow, exactly or with an ODE solver, and by gradient descent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import solve_ivp

from impbook import _arrays, _checks
from impbook._arrays import Exponents, Indices, Mask, Matrix, Vector
from impbook.problem import LeastSquares

__all__ = ["converged_loss", "gradient_descent", "gradient_flow", "integrate_flow"]

Gradient = Callable[[Vector], ArrayLike]
Rows = NDArray[np.float64]  # one vector, or a matrix with one vector per row

METHODS = ("LSODA", "RK45", "RK23", "DOP853", "Radau", "BDF")
LARGEST_RATIO = 900  # ratios of units are clipped to [2⁻⁹⁰⁰, 2⁹⁰⁰], within the range of doubles
# A column can join a basis if its component orthogonal to the columns already chosen is longer than
# this fraction of the longest such component. Choosing it instead of the column with the longest
# component costs at most one digit.
INDEPENDENT = 0.1
# If rtol is below 2.22e-14 (100 times machine epsilon), solve_ivp increases it with only a warning.
SMALLEST_RTOL = 2.3e-14


def gradient_flow(
    problem: LeastSquares,
    T: float,
    w0: ArrayLike | None = None,
    *,
    active: ArrayLike | None = None,
) -> Vector:
    """Exact weights after training by gradient flow for time T.

    Parameters
    ----------
    problem : LeastSquares
        Least-squares problem with p features. Φ may have any rank.
    T : float
        Training time in [0, inf], in the units of 1/λ, where λ is an eigenvalue of Σ.
    w0 : array_like, shape (p,), optional
        Weights at the start; 0 if not given. Entries outside `active` are ignored.
    active : array_like of bool, shape (p,), optional
        Mask of the weights to train; all weights if not given.

    Returns
    -------
    ndarray, shape (p,)
        w(T); entries outside `active` are exactly 0.

    Raises
    ------
    ValueError
        If T is negative or NaN, if w0 does not have p finite entries, or if active is not a mask of
        length p.

    See Also
    --------
    integrate_flow : the same flow by an ODE solver, for any loss.

    Notes
    -----
    w(T) = e^{−TΣ}w₀ + Σ⁺(I − e^{−TΣ})Φᵀy/n, with Σ and Φ restricted to the active features. During
    training, the component of the weights in null(Φ) does not change. As T → ∞, the rest tends to
    the least-squares solution of least norm. With the singular value decomposition Φ/√n = USVᵀ,
    each coordinate of Vᵀw obeys its own scalar differential equation. In §2, the paper takes T = ∞
    and assumes that Σ is invertible.

    *Rank.* Let Φ₁ be Φ with each column multiplied by the power of 2 that brings its norm into
    [½, 1). For every T, a singular value of Φ₁ counts as 0 if it is at most 10⁻¹³ times the
    largest. Hence the units of the features do not decide whether the features count as linearly
    dependent. The one exception is a Φ₁ with a singular value between 10⁻¹⁴ and 10⁻¹² times the
    largest; then units or rounding may decide. By contrast, `numpy.linalg.lstsq` determines the
    rank from Φ itself, so the units matter.

    *Accuracy.* If the features are linearly independent, the weights for the columns of Φ₁ have a
    relative error that is a modest multiple of machine epsilon times the condition number of Φ₁. If
    the features are linearly dependent, the fit nearest to w₀ depends on the units of the features.
    In this case, the error relative to the largest weight is a modest multiple of machine epsilon
    times the condition number of Φ itself.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> problem = LeastSquares([[2.0, 0.0], [0.0, 1.0]], [2.0, 3.0])
    >>> gradient_flow(problem, np.inf)
    array([1., 3.])
    >>> gradient_flow(problem, 1.0).round(3)
    array([0.865, 1.18 ])
    """
    problem = _checks.instance("problem", problem, LeastSquares)
    T = _checks.training_time(T)
    w, free = _start(np.zeros(problem.p) if w0 is None else w0, active, problem.p)
    if T == 0 or not free.any():
        return w
    A, root = problem.Phi[:, free], np.sqrt(problem.n)
    if np.isinf(T):
        w[free] = least_squares(*_arrays.normal_range(A, problem.y), w[free])
    else:
        w[free] = flow_solution(A / root, problem.y / root, w[free], T)
    return w


def least_squares(A: Matrix, b: Rows, start: Vector | float = 0.0) -> Rows:
    """The minimiser of ‖Aw − b‖ nearest to the start, for a vector b or for each row of a matrix b.

    If the columns of A are dependent, let B hold columns of A that form a basis of its column
    space, and let N hold the other columns, so that N = BH for some H. Then Aw depends only on
    w_B + H w_N, and w_N is chosen so that w is as near as possible to the start. Entries of H that
    may be rounding errors are set to 0, because they could outweigh all other entries if the
    columns have very different units.
    """
    U, s, Vt, e = _arrays.decomposition(A)
    coordinates = b @ U / s
    w: Rows = np.ldexp(coordinates @ Vt, -e)
    if s.size == e.size:
        return w
    start = np.broadcast_to(start, w.shape)
    if not s.size:
        return start
    B, N = _basic_and_other(Vt, e)
    Q, R = scipy.linalg.qr(Vt[:, B])
    solve = partial(scipy.linalg.solve_triangular, R)
    w_B, G = solve((coordinates @ Q).T).T, solve(Q.T @ Vt[:, N])
    sure = np.where(np.abs(G) > _arrays.NEGLIGIBLE * s[0] / s[-1], G, 0.0)
    H = np.ldexp(sure, np.clip(e[N] - e[B][:, None], -LARGEST_RATIO, LARGEST_RATIO))
    nearest = np.concatenate((np.ldexp(w_B, -e[B]) - start[..., B], start[..., N]), axis=-1)
    w[..., N] = _graded_least_squares(np.vstack((H, np.eye(N.size))), nearest)
    w[..., B] = np.ldexp(w_B - np.ldexp(w[..., N], e[N]) @ G.T, -e[B])
    return w


def _basic_and_other(V: Matrix, e: Exponents) -> tuple[Indices, Indices]:
    """Indices of columns of V that form a basis, and indices of the other columns.

    Columns with a large exponent e are preferred for the basis.
    """
    V, chosen = V.copy(), np.zeros(e.size, dtype=bool)
    for _ in V:
        size = np.where(chosen, 0.0, np.linalg.norm(V, axis=0))
        free = size > INDEPENDENT * size.max()
        j = int(np.argmax(np.where(free, e + np.log2(size, where=free, out=e * 0.0), -np.inf)))
        v = V[:, j] / size[j]
        V -= np.outer(v, v @ V)
        chosen[j] = True
    return np.flatnonzero(chosen), np.flatnonzero(~chosen)


def _graded_least_squares(A: Matrix, b: Rows) -> Rows:
    """Minimise ‖Aw − b‖ by pivoted QR after sorting the rows, whose norms may differ greatly."""
    rows = np.argsort(-np.abs(A).max(axis=1), kind="stable")
    Q, R, order = scipy.linalg.qr(A[rows], mode="economic", pivoting=True)
    w: Rows = np.empty((*b.shape[:-1], order.size))
    w[..., order] = scipy.linalg.solve_triangular(R, (b[..., rows] @ Q).T).T
    return w


def flow_solution(A: Matrix, b: Vector, start: Vector, time: float) -> Vector:
    """Weights reached by the gradient flow of ‖Aw − b‖²/2 after the given time.

    Let A = UC, where U has orthonormal columns and C has full row rank. Let R be the triangular
    factor of a pivoted QR factorisation of C. The norms of the rows of R decrease like the norms of
    the columns of A in the order of the pivots. Therefore `svd` finds even the smallest singular
    values accurately if it is applied to Rᵀ.
    """
    U, s, Vt, e = _arrays.decomposition(A)
    if not s.size:
        return start
    Q, R, order = scipy.linalg.qr(np.ldexp(s[:, None] * Vt, e), mode="economic", pivoting=True)
    V = np.empty((e.size, s.size))
    V[order], s, Wt = scipy.linalg.svd(R.T, full_matrices=False)
    with np.errstate(over="ignore"):  # time·s² may overflow to inf, as it should
        exponent = -(time * s) * s  # multiplied in this order because s² may underflow
    fit = Wt @ (b @ U @ Q) / s
    w: Vector = V @ (np.exp(exponent) * (start @ V) - np.expm1(exponent) * fit)
    return w if s.size == e.size else w + (start - V @ (start @ V))


def integrate_flow(
    gradient: Gradient,
    T: float,
    w0: ArrayLike,
    *,
    active: ArrayLike | None = None,
    rtol: float = 1e-10,
    atol: float = 1e-12,
    method: str = "LSODA",
) -> Vector:
    """Weights after gradient flow for time T on any loss, computed by an ODE solver.

    Parameters
    ----------
    gradient : callable
        The function ∇L, which maps weights of shape (p,) to the gradient of shape (p,).
    T : float
        Training time in [0, 1e100]. Convergence, T = ∞, is beyond the reach of an ODE solver.
    w0 : array_like, shape (p,)
        Weights at the start. Entries outside `active` are ignored.
    active : array_like of bool, shape (p,), optional
        Mask of the weights to train; all weights if not given.
    rtol, atol : float, optional
        Relative and absolute tolerances for each step. rtol must lie between 2.3e-14 and 1, and
        atol must be positive.
    method : {"LSODA", "RK45", "RK23", "DOP853", "Radau", "BDF"}, optional
        Method of `scipy.integrate.solve_ivp`. The default also handles stiff problems.

    Returns
    -------
    ndarray, shape (p,)
        w(T); entries outside `active` are exactly 0.

    Raises
    ------
    TypeError
        If the gradient is not a function, or returns anything other than numbers.
    ValueError
        If T is negative, NaN or above 1e100, if w0 or active has the wrong shape, if rtol is not
        between 2.3e-14 and 1, if atol is not positive, if method is not one of the six above, or if
        the gradient does not return p numbers.
    RuntimeError
        If the solver fails to reach T.

    See Also
    --------
    gradient_flow : the exact flow, for least squares.

    Notes
    -----
    This solves ẇ = −M∇L(w), where M is the diagonal matrix of the mask (Algorithm 1, line 4).

    Examples
    --------
    >>> integrate_flow(lambda w: w**3, 4.0, [1.0]).round(6)  # ẇ = −w³ gives w = 1/√(1 + 2t)
    array([0.333333])
    """
    _checks.function("gradient", gradient)
    if np.isinf(_checks.training_time(T)):
        raise ValueError("T must be finite for an ODE solver, got inf; gradient_flow allows it")
    T = _checks.nonnegative("T", T)
    rtol, atol = _checks.positive("rtol", rtol), _checks.positive("atol", atol)
    if not SMALLEST_RTOL <= rtol < 1:
        raise ValueError(f"rtol must lie between {SMALLEST_RTOL} and 1, got {rtol}")
    _checks.choice("method", method, METHODS)
    w, free = _start(w0, active)
    if T == 0 or not free.any():
        return w

    def velocity(_: float, trained: Vector) -> Vector:
        w[free] = trained
        return -T * _evaluate(gradient, w)[free]

    _evaluate(gradient, w)  # so that any error in gradient is raised here, not inside the solver
    solution = solve_ivp(velocity, (0.0, 1.0), w[free], method=method, rtol=rtol, atol=atol)
    if not solution.success:
        raise RuntimeError(f"the ODE solver stopped before T = {T}: {solution.message}")
    w[free] = solution.y[:, -1]
    return w


def gradient_descent(
    gradient: Gradient,
    w0: ArrayLike,
    *,
    step_size: float,
    steps: int,
    active: ArrayLike | None = None,
) -> Vector:
    """Weights after a given number of steps of gradient descent.

    Parameters
    ----------
    gradient : callable
        The function ∇L, which maps weights of shape (p,) to the gradient of shape (p,).
    w0 : array_like, shape (p,)
        Weights at the start. Entries outside `active` are ignored.
    step_size : float
        Positive step size η. For `LeastSquares.gradient`, it must be below 2/λ_max, where λ_max is
        the largest eigenvalue of Σ restricted to the active features.
    steps : int
        Number of steps, at least 0.
    active : array_like of bool, shape (p,), optional
        Mask of the weights to train; all weights if not given.

    Returns
    -------
    ndarray, shape (p,)
        The last iterate; entries outside `active` are exactly 0.

    Raises
    ------
    ValueError
        If step_size is not positive, if it is at least 2/λ_max for least squares, if steps is
        negative, if w0 or active has the wrong shape, or if the iterates diverge. They count as
        divergent if a weight is not finite, or if the norm of the gradient exceeds
        10⁶·max(1, its norm at the start).

    Notes
    -----
    Each step w ← w − ηM∇L(w) is a step of Euler's method for the flow of Algorithm 1, line 4. The
    last iterate approximates the flow at T = η·steps.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> problem = LeastSquares([[1.0, 0.0], [0.0, 2.0]], [1.0, 4.0])
    >>> gradient_descent(problem.gradient, [0.0, 0.0], step_size=0.5, steps=100).round(6)
    array([1., 2.])
    """
    _checks.function("gradient", gradient)
    eta = _checks.positive("step_size", step_size)
    steps = _checks.count("steps", steps, 0)
    problem = getattr(gradient, "__self__", None)
    w, free = _start(w0, active, problem.p if isinstance(problem, LeastSquares) else None)
    if isinstance(problem, LeastSquares):
        _refuse_divergent_step(problem, eta, free)
    limit = np.inf
    for step in range(steps):
        with np.errstate(over="ignore", invalid="ignore"):
            slope = np.where(free, _evaluate(gradient, w), 0.0)
            w = w - eta * slope
            size = np.linalg.norm(slope)
        if step == 0:
            limit = 1e6 * max(1.0, float(size))
        if size > limit or not np.isfinite(w).all():
            raise ValueError(
                f"step_size = {eta:.4g} makes gradient descent diverge: after {step + 1} steps "
                f"the gradient has norm {size:.3g}; take a smaller step"
            )
    return w


def converged_loss(problem: LeastSquares, active: ArrayLike) -> Any:
    """Loss after training only the active weights to convergence.

    Parameters
    ----------
    problem : LeastSquares
        Least squares with p features.
    active : array_like of bool, shape (p,) or (m, p)
        Mask of the weights that are trained, or a matrix with one such mask per row.

    Returns
    -------
    float, or ndarray of shape (m,)
        For each mask, the minimum of L(w) over all w that are 0 outside the mask.

    Raises
    ------
    ValueError
        If active is neither a mask of length p nor a matrix with such masks as rows.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> problem = LeastSquares(np.eye(2), [3.0, 1.0])
    >>> converged_loss(problem, [[True, True], [True, False]])
    array([0.  , 0.25])
    """
    problem = _checks.instance("problem", problem, LeastSquares)
    masks = _checks.anything("active", active)
    if masks.ndim == 2:
        return np.array([converged_loss(problem, row) for row in masks])
    return problem.loss(gradient_flow(problem, np.inf, active=masks))


def _refuse_divergent_step(problem: LeastSquares, step_size: float, free: Mask) -> None:
    size = float(np.linalg.svd(problem.Phi[:, free], compute_uv=False).max(initial=0.0) ** 2)
    if step_size * size >= 2 * problem.n:
        raise ValueError(
            f"step_size must be below 2/λ_max = {2 * problem.n / size:.4g} for this "
            f"least-squares problem, got {step_size:.4g}: gradient descent would not converge"
        )


def _start(w0: ArrayLike, active: ArrayLike | None, p: int | None = None) -> tuple[Vector, Mask]:
    """The initial weights, set to 0 outside the mask, and the mask."""
    start = _checks.vector("w0", w0, p)
    free = _checks.mask("active", active, start.size)
    return np.where(free, start, 0.0), free


def _evaluate(gradient: Gradient, w: Vector) -> Vector:
    slope = _checks.reals("what gradient returns", gradient(w.copy()))
    if slope.shape != w.shape:
        raise ValueError(
            f"gradient must return shape {w.shape} for weights of that shape, got {slope.shape}"
        )
    if np.isnan(slope).any():
        raise ValueError("gradient must return numbers, got nan")
    return slope
