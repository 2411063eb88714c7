import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from problems import problems, seeds

from impbook import LeastSquares, alignment_order, gradient_descent, imp, orthonormal_design


@given(st.integers(1, 8), st.integers(0, 6), st.sampled_from([0.01, 1.0, np.inf]), seeds)
def test_orthonormal_features_make_imp_the_alignment_heuristic(p, more, T, seed):
    rng = np.random.default_rng(seed)
    problem = LeastSquares(orthonormal_design(p + more, p, rng=rng), rng.standard_normal(p + more))
    assert np.array_equal(imp(problem, p - 1, T=T).pruned, alignment_order(problem, p - 1).pruned)


@given(st.integers(1, 8), st.integers(0, 6), seeds)
def test_orthonormal_features_make_the_weights_the_alignments_over_n(p, more, seed):
    rng = np.random.default_rng(seed)
    n = p + more
    problem = LeastSquares(orthonormal_design(n, p, rng=rng), rng.standard_normal(n))
    path = imp(problem, p - 1)
    assert np.allclose(n * path.weights, np.where(path.active, problem.alignment, 0))


@given(problems())
def test_alignment_prunes_the_smallest_alignment_left(problem):
    left = list(range(problem.p))
    for feature in alignment_order(problem, problem.p - 1).pruned:
        sizes = [abs(problem.Phi[:, j] @ problem.y) for j in left]
        assert abs(problem.Phi[:, feature] @ problem.y) <= min(sizes) + 1e-12
        left.remove(feature)


@given(problems())
def test_one_step_of_gradient_descent_from_zero_is_the_alignment(problem):
    step_size = 1 / np.linalg.norm(problem.Sigma, 2)
    w = gradient_descent(problem.gradient, np.zeros(problem.p), step_size=step_size, steps=1)
    assert np.allclose(w * problem.n / step_size, problem.alignment)


@given(problems(full_rank=True), st.data())
def test_what_is_left_of_an_invertible_covariance_is_invertible(problem, data):
    left = data.draw(st.sets(st.integers(0, problem.p - 1), min_size=1).map(sorted))
    part = problem.Sigma[np.ix_(left, left)]
    assert np.allclose(
        part @ np.linalg.solve(part, np.eye(len(left))), np.eye(len(left)), atol=1e-6
    )


@given(problems(), st.data())
def test_conditions_on_the_covariance_pass_to_the_features_left(problem, data):
    left = data.draw(st.sets(st.integers(0, problem.p - 1), min_size=1).map(sorted))
    Sigma, part = problem.Sigma, LeastSquares(problem.Phi[:, left], problem.y).Sigma
    assert np.allclose(part, Sigma[np.ix_(left, left)])
    between = [abs(Sigma[i, j]) for i in left for j in left if i != j]
    assert max(between, default=0) <= np.abs(Sigma - np.diag(np.diag(Sigma))).max() + 1e-12
    tolerance = 1e-9 * np.linalg.norm(Sigma, 2)
    assert np.linalg.eigvalsh(part)[0] >= np.linalg.eigvalsh(Sigma)[0] - tolerance
    assert np.allclose(problem.alignment[left], problem.Phi[:, left].T @ problem.y)
