"""Features that networks make: a hidden layer, and the gradients of a linearised network."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks
from impbook._arrays import Matrix


def relu_features(X: ArrayLike, W: ArrayLike, b: ArrayLike) -> Matrix:
    """A layer of rectified units, max(0, XW + b), shape (n, m).

    Parameters
    ----------
    X : array_like, shape (n, d)
        Inputs, or what the layer before made of them.
    W : array_like, shape (d, m)
        Weights, one column a unit.
    b : array_like, shape (m,)
        Biases.

    Returns
    -------
    ndarray, shape (n, m)
        A feature matrix. With trained W and b it is a hidden layer, with random ones it holds
        random features.

    Raises
    ------
    ValueError
        If a shape is wrong or an entry is NaN or infinite.

    Examples
    --------
    >>> relu_features([[1.0, 2.0]], [[1.0, -1.0], [1.0, 0.0]], [0.5, 0.0])
    array([[3.5, 0. ]])
    """
    X, W = _inputs_and_weights(X, W)
    return np.maximum(0.0, X @ W + _checks.vector("b", b, W.shape[1]))


def gradient_features(X: ArrayLike, W: ArrayLike, a: ArrayLike) -> Matrix:
    """Gradients of a small network by its weights: the features of the linearised network.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Inputs.
    W : array_like, shape (d, m)
        Weights of the hidden units at initialisation, one column a unit.
    a : array_like, shape (m,)
        Weights of the output.

    Returns
    -------
    ndarray, shape (n, (d+1)m)
        Row i is the gradient at (W, a) of f(x) = Σ_j a_j·tanh(w_jᵀx) for x = x_i: by W, row after
        row, then by a.

    Raises
    ------
    ValueError
        If a shape is wrong or an entry is NaN or infinite.

    Notes
    -----
    To first order f changes by Φw when the weights change by w. The paper, §1.2, names these
    features; Lee et al. (2019), arXiv:1902.06720, say when first order is enough.

    Examples
    --------
    >>> gradient_features([[0.0, 2.0]], [[1.0], [0.0]], [3.0])
    array([[0., 6., 0.]])
    """
    X, W = _inputs_and_weights(X, W)
    a = _checks.vector("a", a, W.shape[1])
    unit = np.tanh(X @ W)
    by_W = X[:, :, np.newaxis] * (a * (1.0 - unit**2))[:, np.newaxis, :]
    return np.hstack((by_W.reshape(len(X), -1), unit))


def _inputs_and_weights(X: ArrayLike, W: ArrayLike) -> tuple[Matrix, Matrix]:
    X, W = _checks.matrix("X", X), _checks.matrix("W", W)
    if len(W) != X.shape[1]:
        raise ValueError(f"W must have a row for each of the {X.shape[1]} inputs, got {len(W)}")
    return X, W
