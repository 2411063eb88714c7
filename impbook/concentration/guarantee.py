"""The features that a theorem protects at a given noise level and number of samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks
from impbook._arrays import Matrix, Vector
from impbook.concentration.setting import Formula, Setting, setting_of
from impbook.concentration.versions import VERSIONS


@dataclass(frozen=True)
class Guarantee:
    """The features of a data set that each version of Theorem 5 protects from being pruned.

    Attributes
    ----------
    kept : dict
        For each version that protects some features, the names of these features. With probability
        at least 1 − δ, none of them is pruned.
    times : dict
        For each other version whose hypotheses hold, the number of rows that it requires, divided
        by the number of rows of Phi. With the required number of rows, the version would protect at
        least the features of largest absolute weight. Most versions protect either all features of
        non-zero weight or none of them; with that number of rows, they would protect them all.
    lambda_min : float
        Smallest non-zero eigenvalue of Σ.
    """

    kept: dict[str, tuple[str, ...]]
    times: dict[str, float]
    lambda_min: float

    def __str__(self) -> str:
        """List the protected features; if there are none, name the version that comes closest."""
        if self.kept:
            lines = []
            for names in dict.fromkeys(self.kept.values()):
                versions = ", ".join(
                    version for version in self.kept if self.kept[version] == names
                )
                lines.append(f"{', '.join(names)} cannot be lost:\n  {versions}")
            return "\n".join(lines)
        why = f"no theorem applies: λ_min = {self.lambda_min:.3g}"
        if not self.times:
            return f"{why}, and no hypothesis holds"
        nearest = min(self.times, key=self.times.__getitem__)
        return f"{why}, {self.times[nearest]:.3g} times too few rows ({nearest})"


def guarantee(
    Phi: ArrayLike,
    w: ArrayLike,
    *,
    sigma: float,
    delta: float = 0.05,
    names: Sequence[str] | None = None,
) -> Guarantee:
    """Features that each version of Theorem 5 protects, if the fitted model is taken as the truth.

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Feature matrix, centred if the model has an intercept.
    w : array_like, shape (p,)
        Weights of the model, not all 0; they are taken as the signal s.
    sigma : float
        Square root σ of the noise's variance proxy, at least 0, in the units of y.
    delta : float, optional
        Allowed probability of failure, in (0, 1).
    names : sequence of str, optional
        Names of the features; by default their indices, numbered from 0.

    Returns
    -------
    Guarantee
        When printed, it lists the protected features. If there are none, it says by what factor the
        number of rows is too small.

    Raises
    ------
    ValueError
        If w or names does not have p entries, if sigma is negative, if delta is not in (0, 1), or
        if Phi or w is 0.

    Notes
    -----
    For each version, γ is chosen as the smallest non-zero |w_i| for which the version requires at
    most n samples. Then, with probability at least 1 − δ, no feature with |w_i| ≥ γ is lost in
    q = p − k pruning steps, where k is the number of non-zero weights. Most versions require
    |s_i| ≥ γ for all signals, so for them γ can only be the smallest non-zero |w_i|. The version
    "printed" is omitted because its sample size is not always enough. The version "one-shot"
    covers only the case in which the q smallest weights of the first fit are pruned all at once.

    Examples
    --------
    >>> Phi = np.sqrt(400) * np.eye(400, 4)
    >>> print(guarantee(Phi, [0, 3.0, 0.2, 0], sigma=1.0, names=["a", "b", "c", "d"]))
    b cannot be lost:
      one-shot, incoherent
    >>> print(guarantee(Phi, [0, 0.1, 0.1, 0], sigma=1.0))
    no theorem applies: λ_min = 1, 5.24 times too few rows (reflection)
    """
    Phi = _checks.matrix("Phi", Phi)
    n, p = Phi.shape
    w = _checks.vector("w", w, p)
    sigma = _checks.nonnegative("sigma", sigma)
    delta = _checks.probability("delta", delta)
    labels = _checks.anything("names", range(p) if names is None else names).astype(str)
    if labels.shape != (p,):
        raise ValueError(f"names must be a list of {p} names, got shape {labels.shape}")
    if not w.any():
        raise ValueError("w must have a non-zero entry: without a signal nothing can be lost")
    sizes = np.unique(np.abs(w[w != 0]))
    setting = _setting(Phi, w, sizes, sigma)
    settings = [
        replace(setting, gamma=float(size), small_signals=int((np.abs(w[w != 0]) < size).sum()))
        for size in sizes
    ]
    kept, times = {}, {}
    for name, version in VERSIONS.items():
        required = np.array([_required(version.samples, here, delta) for here in settings]) / n
        enough, numbers = sizes[required <= 1], required[~np.isnan(required)]
        if name != "printed" and enough.size:
            kept[name] = tuple(labels[np.abs(w) >= enough[0]].tolist())
        elif name != "printed" and numbers.size:
            times[name] = float(numbers[-1])
    return Guarantee(kept, times, float(setting.need("lambda_min")))


def _setting(Phi: Matrix, w: Vector, sizes: Vector, sigma: float) -> Setting:
    """Setting of Φ and w, without λ_* and M if computing them means searching too many sets."""
    try:
        return setting_of(Phi, w, gamma=sizes[0], sigma=sigma)
    except ValueError:
        # This γ exceeds all weights, so `setting_of` leaves out λ_* and M.
        return setting_of(Phi, w, gamma=2 * sizes[-1], sigma=sigma)


def _required(samples: Formula, setting: Setting, delta: float) -> float:
    try:
        return samples(setting, delta)
    except ValueError:  # the version needs λ_* or M, which the setting lacks
        return np.nan
