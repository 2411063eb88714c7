"""Training a model: exact gradient flow, an ODE solver for any loss, gradient descent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike
from scipy.integrate import solve_ivp

from impbook import _arrays, _checks
from impbook._arrays import Exponents, Indices, Mask, Matrix, Vector
from impbook.problem import LeastSquares

__all__ = ["converged_loss", "gradient_descent", "gradient_flow", "integrate_flow"]

Gradient = Callable[[Vector], ArrayLike]

METHODS = ("LSODA", "RK45", "RK23", "DOP853", "Radau", "BDF")
FARTHEST = 900  # no units are farther apart than 2 to this power: squares stay doubles
INDEPENDENT = 0.1  # a basic column may be this much less independent than the most independent
SMALLEST_RTOL = 100 * float(np.finfo(float).eps)  # solve_ivp takes no less


def gradient_flow(
    problem: LeastSquares,
    T: float,
    w0: ArrayLike | None = None,
    *,
    active: ArrayLike | None = None,
) -> Vector:
    """Weights after training by gradient flow for time T, exactly.

    Parameters
    ----------
    problem : LeastSquares
        Least squares with p features, of any rank.
    T : float
        Training time in [0, inf], in units of 1/λ with λ an eigenvalue of Σ.
    w0 : array_like, shape (p,), optional
        Start; 0 if not given. Entries outside `active` are ignored.
    active : array_like of bool, shape (p,), optional
        Mask of the weights that train; all of them if not given.

    Returns
    -------
    ndarray, shape (p,)
        w(T); entries outside `active` are exactly 0.

    Raises
    ------
    ValueError
        If T is negative or NaN, w0 has not p finite entries, or active is not a mask of length p.

    See Also
    --------
    integrate_flow : the same flow by an ODE solver, for any loss.

    Notes
    -----
    w(T) = e^{−TΣ}w₀ + Σ⁺(I − e^{−TΣ})Φᵀy/n, with Σ and Φ restricted to the active features: the
    part of w₀ in null(Φ) stays where it is, the rest relaxes to least squares. In the singular
    value decomposition Φ/√n = USVᵀ each coordinate of Vᵀw obeys a scalar equation of its own;
    singular values below max(n, p)·ε·max(S) count as 0. At T = ∞ these are the singular values
    of Φ with columns of norm 1 (up to a factor of 2, so that nothing is rounded), and which
    features are independent does not depend on their units; `numpy.linalg.lstsq` takes the columns
    as they are. The paper, §2, uses T = ∞ with Σ invertible.

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
        negligible = _arrays.negligible(A.shape)
        w[free] = flow_solution(A / root, problem.y / root, w[free], T, negligible)
    return w


def least_squares(A: Matrix, b: Vector, start: Vector) -> Vector:
    """The minimiser of ‖Aw − b‖ nearest to the start; rank is decided on columns of norm 1.

    Where columns are dependent, r independent ones are basic, Aw only depends on w_B + H w_N, and
    w_N is what brings w nearest to the start. An entry of H that may be rounding is 0: in units far
    apart it would outweigh all others.
    """
    A, e = _arrays.balanced(A)
    U, s, Vt = scipy.linalg.svd(A, full_matrices=False)
    negligible = _arrays.negligible(A.shape)
    r = int(np.count_nonzero(s > negligible * s[0]))
    coordinates = U[:, :r].T @ b / s[:r]
    w: Vector = np.ldexp(Vt[:r].T @ coordinates, -e)
    if r == e.size:
        return w
    if r == 0:
        return start
    order = _basic_first(Vt[:r], e)
    Q, R = scipy.linalg.qr(Vt[:r, order])
    w_B, G = np.split(
        scipy.linalg.solve_triangular(R[:, :r], np.column_stack((Q.T @ coordinates, R[:, r:]))),
        [1],
        axis=1,
    )
    B, N = order[:r], order[r:]
    sure = np.where(np.abs(G) > negligible * s[0] / s[r - 1], G, 0.0)
    H = np.ldexp(sure, np.clip(e[N] - e[B][:, None], -FARTHEST, FARTHEST))
    w[N] = _graded_least_squares(
        np.vstack((H, np.eye(N.size))), np.r_[np.ldexp(w_B[:, 0], -e[B]) - start[B], start[N]]
    )
    w[B] = np.ldexp(w_B[:, 0] - G @ np.ldexp(w[N], e[N]), -e[B])
    return w


def _basic_first(V: Matrix, e: Exponents) -> Indices:
    """The columns of V, r independent ones of its r rows first: the largest in their own units."""
    V, chosen = V.copy(), np.zeros(e.size, dtype=bool)
    for _ in V:
        size = np.where(chosen, 0.0, np.linalg.norm(V, axis=0))
        free = size > INDEPENDENT * size.max()
        j = int(np.argmax(np.where(free, e + np.log2(size, where=free, out=e * 0.0), -np.inf)))
        v = V[:, j] / size[j]
        V -= np.outer(v, v @ V)
        chosen[j] = True
    order: Indices = np.argsort(~chosen, kind="stable")
    return order


def _graded_least_squares(A: Matrix, b: Vector) -> Vector:
    """Least squares for rows of sizes far apart: large rows first, columns pivoted."""
    rows = np.argsort(-np.abs(A).max(axis=1), kind="stable")
    Q, R, order = scipy.linalg.qr(A[rows], mode="economic", pivoting=True)
    w: Vector = np.empty(order.size)
    w[order] = scipy.linalg.solve_triangular(R, Q.T @ b[rows])
    return w


def flow_solution(A: Matrix, b: Vector, start: Vector, time: float, negligible: float) -> Vector:
    """Where the flow of ‖Aw − b‖²/2 is after some time; small singular values count as 0."""
    U, s, Vt = scipy.linalg.svd(A, full_matrices=False)
    kept = s > negligible * s[0]
    s, U, Vt = s[kept], U[:, kept], Vt[kept]
    with np.errstate(over="ignore"):  # time·s² may overflow to inf, which is what is meant
        progress = -np.expm1(-(time * s) * s)  # s² may underflow
    w: Vector = start + Vt.T @ (progress * (U.T @ b / s - Vt @ start))
    return w


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
    """Weights after training by gradient flow for time T, by an ODE solver, for any loss.

    Parameters
    ----------
    gradient : callable
        ∇L, from weights of shape (p,) to a gradient of shape (p,).
    T : float
        Training time in [0, 1e100]. Convergence, T = ∞, is out of an ODE solver's reach.
    w0 : array_like, shape (p,)
        Start. Entries outside `active` are ignored.
    active : array_like of bool, shape (p,), optional
        Mask of the weights that train; all of them if not given.
    rtol, atol : float, optional
        Relative and absolute tolerance of each step; positive, rtol between 2.3e-14 and 1.
    method : {"LSODA", "RK45", "RK23", "DOP853", "Radau", "BDF"}, optional
        As for `scipy.integrate.solve_ivp`; the default deals with stiff problems too.

    Returns
    -------
    ndarray, shape (p,)
        w(T); entries outside `active` are exactly 0.

    Raises
    ------
    TypeError
        If the gradient is not a function, or returns something else than numbers.
    ValueError
        If T is negative, NaN or beyond 1e100, w0 or active has a wrong shape, a tolerance or the
        method is out of range, or the gradient returns something else than p numbers.
    RuntimeError
        If the solver gives up.

    See Also
    --------
    gradient_flow : exact, for least squares.

    Notes
    -----
    Solves ẇ = −M∇L(w) with M the diagonal matrix of the mask (Algorithm 1, line 4), in units of T
    for the time.

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
        raise ValueError(f"rtol must lie between {SMALLEST_RTOL:.2g} and 1, got {rtol}")
    _checks.choice("method", method, METHODS)
    w, free = _start(w0, active)
    if T == 0 or not free.any():
        return w

    def velocity(_: float, trained: Vector) -> Vector:
        w[free] = trained
        return -T * _evaluate(gradient, w)[free]

    _evaluate(gradient, w)  # an error in it should not come out of the solver
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
    """Weights after a number of steps of gradient descent.

    Parameters
    ----------
    gradient : callable
        ∇L, from weights of shape (p,) to a gradient of shape (p,).
    w0 : array_like, shape (p,)
        Start. Entries outside `active` are ignored.
    step_size : float
        Positive step size η. For `LeastSquares.gradient` it must be below 2/λ_max, with λ_max the
        largest eigenvalue of Σ on the active features.
    steps : int
        Number of steps, at least 0.
    active : array_like of bool, shape (p,), optional
        Mask of the weights that train; all of them if not given.

    Returns
    -------
    ndarray, shape (p,)
        The last iterate; entries outside `active` are exactly 0.

    Raises
    ------
    ValueError
        If an argument is out of range, if the step size is 2/λ_max or more for least squares, or
        if the iterates diverge: a weight that is not finite, or a gradient whose norm passes
        10⁶·max(1, norm at the start).

    Notes
    -----
    w ← w − ηM∇L(w): Euler's method for the flow of Algorithm 1, line 4, at time T = η·steps.

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
    """Loss left when only the active weights train, to convergence.

    Parameters
    ----------
    problem : LeastSquares
        Least squares with p features.
    active : array_like of bool, shape (p,) or (m, p)
        Mask of the weights that train, or one such mask a row.

    Returns
    -------
    float, or ndarray of shape (m,)
        min L(w) over the weights that are 0 outside the mask.

    Raises
    ------
    ValueError
        If active is not made of masks of length p.

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
    """The weights to start from, 0 outside the mask, and the mask."""
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
