"""Count the correct digits of `imp` for chapter 18 (takes one second).

    python chapters/data/digits.py

writes two files. For each condition number of Φ, chapters/data/digits.csv lists the relative error
of the chapter's two updates and that of `imp`. In both cases, the weights at the end of a path are
compared with a new fit on the remaining features. For each of NIST's certified data sets in
tests/module/nist, chapters/data/digits_nist.csv lists how many digits of the least accurate weight
are correct, for `imp` and two other solvers. The results are stored because their last digits
depend on the processor.
"""

import csv
from pathlib import Path

import numpy as np
from sklearn.linear_model import LinearRegression

from impbook import LeastSquares, imp, orthonormal_design

HERE = Path(__file__).parent
NIST = HERE.parents[1] / "tests" / "module" / "nist"
CONDITIONS = np.geomspace(1, 1e8, 17)


def two_updates(Phi, y, pruned):
    """The weights from the chapter's two updates, without the engine's safeguards."""
    K = np.linalg.inv(Phi.T @ Phi)
    w = K @ Phi.T @ y
    for j in pruned:
        w = w - K[:, j] * w[j] / K[j, j]
        K = K - np.outer(K[:, j], K[j]) / K[j, j]
    return w


def distances():
    """One row per condition number, with the error of the two updates and that of `imp`."""
    U, V = (
        orthonormal_design(80, 40, rng=1),
        orthonormal_design(40, 40, rng=2),
    )
    for condition in CONDITIONS:
        Phi = U * np.geomspace(1, 1 / condition, 40) @ V.T
        noise = np.random.default_rng(3).standard_normal(80)
        y = Phi @ np.ones(40) + 0.1 * noise
        path = imp(LeastSquares(Phi, y), q=20)
        left = path.active[-1]
        refit = np.linalg.lstsq(Phi[:, left], y)[0]
        yield (
            condition,
            *(
                np.linalg.norm(w[left] - refit) / np.linalg.norm(refit)
                for w in (two_updates(Phi, y, path.pruned), path.output)
            ),
        )


def nist_problem(name, p):
    """Φ and y; the columns of Φ are powers of x or, for Longley, ones and the predictors."""
    table = np.loadtxt(NIST / f"{name}.csv", delimiter=",", skiprows=1)
    y, x = table[:, 0], table[:, 1:]
    if name == "longley":
        return np.column_stack((np.ones(len(y)), x)), y
    powers = [1] if p == 1 else range(p)
    return np.column_stack([x[:, 0] ** i for i in powers]), y


def nist_digits():
    """One row per data set: name, shape, and the correct digits of imp, lstsq and scikit-learn."""
    for line in (NIST / "certified.csv").read_text().splitlines():
        name, *certified = line.split(",")
        certified = np.array(certified, dtype=float)
        Phi, y = nist_problem(name, certified.size)
        linear = LinearRegression(fit_intercept=False).fit(Phi, y)
        fits = (
            imp(LeastSquares(Phi, y), q=0).output,
            np.linalg.lstsq(Phi, y)[0],
            linear.coef_,
        )
        error = [np.abs(w / certified - 1).max() for w in fits]
        yield (
            name,
            *Phi.shape,
            *(-np.log10(np.clip(e, 1e-15, 1)) for e in error),
        )


def write(name, header, rows):
    with (HERE / name).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)


def main():
    rows = ((f"{x:.3g}" for x in row) for row in distances())
    write("digits.csv", ("condition", "two updates", "imp"), rows)
    rows = (
        (*row[:3], *(f"{abs(x):.1f}" for x in row[3:]))
        for row in nist_digits()
    )
    header = ("data", "n", "p", "imp", "lstsq", "scikit-learn")
    write("digits_nist.csv", header, rows)


if __name__ == "__main__":
    main()
