"""Interactive figures in the built book agree with impbook and work for every reader.

Needs `make book` and chromium, as tests/book/test_site.py does.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np
import pytest
from browsing import BOOK, OpenPage
from playwright.sync_api import Page, expect
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler

from impbook import LeastSquares, gradient_flow, imp
from impbook.concentration import VERSIONS, Setting
from impbook.counterexamples import bias_counterexample, shared_row_design
from impbook.example_2 import (
    critical_alpha,
    first_pruned,
    mean_pull,
    uniform_correlation_path,
)
from impbook.example_3 import sharp_gap_example, sufficient_gap
from impbook.nullspace import nullspace_constant, restricted_nullspace_property

pytestmark = pytest.mark.built

PAGES = {  # the chapter that contains each kind of figure
    "algorithm": "01-algorithm",
    "centre": "03-example-2",
    "gap": "04-example-3",
    "cone": "05-nullspace",
    "coins": "07-theorem-5",
    "sinking": "08-adaptivity",
    "calculator": "10-repairs",
}
SETTINGS = 20

# Move the sliders to given positions, as a reader would; return the settings and the results.
SHAKE = """([kind, settings]) => {
    const figure = document.querySelector(`figure.interactive[data-kind=${kind}]`);
    return settings.map(shares => {
        [...figure.querySelectorAll('input')].forEach((input, i) => {
            if (input.type === 'checkbox') input.checked = shares[i] > .5;
            else input.value = +input.min + (input.max - input.min) * shares[i];
            input.dispatchEvent(new Event('input'));
        });
        return [figure.dataset.values, figure.dataset.numbers].map(JSON.parse);
    });
}"""


def visit(page: Page, kind: str) -> Any:
    page.goto((BOOK / f"chapters/{PAGES[kind]}.html").as_uri())
    figure = page.locator(f"figure.interactive[data-kind={kind}]")
    expect(figure).to_be_visible()
    return figure


def shake(page: Page, kind: str) -> tuple[dict[str, Any], list[Any]]:
    """The data stored in a figure; then pairs of random settings and its results for them."""
    figure = visit(page, kind)
    rng = np.random.default_rng(0)
    # 0 stands for the lowest value of a slider.
    settings = rng.random((SETTINGS, 12)) * (rng.random((SETTINGS, 12)) < 0.7)
    data = json.loads(figure.locator("script").text_content() or "")
    return data, page.evaluate(SHAKE, [kind, settings.tolist()])


def test_algorithm_1_shows_imps_paths(page: Page) -> None:
    raw = load_diabetes(scaled=False)
    diabetes = LeastSquares(
        StandardScaler().fit_transform(raw.data), raw.target - raw.target.mean()
    )
    data, seen = shake(page, "algorithm")
    for setting, found in seen:
        T = data["times"][setting["time"]]
        path = imp(diabetes, q=9, T=np.inf if T is None else T)
        k = setting["k"]
        np.testing.assert_allclose(found["weights"], path.weights[k], rtol=2e-3, atol=1e-6)
        assert found["gone"] == path.pruned[:k].tolist()
        assert found["next"] == (path.pruned[k] if k < 9 else None)


def test_the_signal_sinks_as_under_imp(page: Page) -> None:
    """If nulls with low noise are pruned first, as in IMP, the figure shows the run of `imp`.

    If nulls with high noise are pruned first instead, the signal's weight grows.
    """
    data, seen = shake(page, "sinking")
    eta = data["eta"]
    for setting, found in seen:
        m = setting["m"]
        low = int(m * (1 + eta) / 2 + 0.5)
        Phi = shared_row_design(m, setting["B"])
        # The signal's weight falls by this amount while the low nulls are pruned.
        fall = np.sqrt(setting["B"] * m) * (1 + eta) / 2 * (1 - eta)
        assert found["gamma"] == pytest.approx(setting["share"] * fall)
        assert found["units"] == pytest.approx(
            found["gamma"] ** 2 * np.linalg.eigvalsh(Phi.T @ Phi)[0]
        )
        if setting["high"]:
            grows = np.diff(found["signal"]) > 0
            assert np.array_equal(grows, np.arange(grows.size) < m - low)
            continue
        noise = np.repeat([eta - 1, eta + 1], [low, m - low])
        path = imp(LeastSquares(Phi, np.r_[found["gamma"], noise]), q=m)
        gone = np.flatnonzero(path.pruned == 0)
        assert found["lost"] == (int(gone[0]) if gone.size else None)
        rounds = len(found["signal"])
        np.testing.assert_allclose(found["signal"], path.weights[:rounds, 0], atol=1e-8)
        pruned_next = np.abs(noise[:rounds])
        np.testing.assert_allclose(found["smallest"], pruned_next)


def test_the_gap_is_impbooks_and_the_worst_design_is_trained(page: Page) -> None:
    _, seen = shake(page, "gap")
    for setting, found in seen:
        p, delta, gap = setting["p"], setting["delta"], setting["gap"]
        kappa = sufficient_gap(p, delta)
        assert found["certified"] == (gap > kappa)
        if np.isinf(kappa):
            assert found["kappa"] is None and found["worst"] is None
            continue
        assert found["kappa"] == pytest.approx(kappa)
        if delta * (3 * p - 7) < 1:
            Sigma, a = sharp_gap_example(p, delta, shortfall=0.5)
            a[1] = gap
            assert found["worst"] == pytest.approx(np.linalg.solve(Sigma, a)[:2])


def test_the_null_line_meets_the_cone_exactly_when_imp_prunes_the_signal(page: Page) -> None:
    for setting, found in shake(page, "cone")[1]:
        angle = np.radians(setting["angle"])
        Phi = np.array([[-np.sin(angle), np.cos(angle)]])
        problem = LeastSquares(Phi, Phi[:, 0])
        assert found["weights"] == pytest.approx(gradient_flow(problem, np.inf))
        assert found["pruned"] == imp(problem, q=1).pruned[0]
        assert found["avoids"] == restricted_nullspace_property(Phi, [0]) == bool(found["pruned"])
        assert found["constant"] == pytest.approx(nullspace_constant(Phi, [0]))
        assert Phi @ found["line"] == pytest.approx(0)
        assert found["edges"] == pytest.approx(np.array([[1, 1], [1, -1]]) @ found["line"])


def test_coin_by_coin_the_leak_example_is_as_its_certificate_says(page: Page) -> None:
    """With the small signal, weights equal the certificate's; without it, they equal a refit's."""
    certificate = bias_counterexample()
    outcomes = {outcome.signs: outcome for outcome in certificate.outcomes}
    for setting, found in shake(page, "coins")[1]:
        k, signs = setting["k"], tuple(1 - 2 * setting[f"coin{i}"] for i in range(4))
        assert found["deaths"] == (0 if setting["none"] else len(outcomes))
        if not setting["none"]:
            exact = outcomes[signs]
            np.testing.assert_allclose(
                found["weights"], np.array(exact.weights[k], float), atol=1e-4
            )
            assert found["gone"] == list(exact.pruned[:k])
            assert found["next"] == (exact.pruned[k] if k < 2 else None)
        else:
            y = certificate.design[:, 0] + 0.03 * np.array(signs)
            left = np.setdiff1d(range(4), found["gone"])
            refit = np.linalg.lstsq(certificate.design[:, left], y)[0]
            np.testing.assert_allclose(np.array(found["weights"])[left], refit, atol=1e-4)
            if k < 2:
                assert found["next"] == left[np.argmin(np.abs(refit))]
        assert found["dies"] == (not setting["none"])


def test_the_centre_is_impbooks(page: Page) -> None:
    data, seen = shake(page, "centre")
    for setting, found in seen:
        a, alpha = np.array(data["alignments"][: setting["p"]]), setting["alpha"]
        beta = mean_pull(a.size, alpha)
        order = uniform_correlation_path(a, alpha, q=a.size - 1).pruned
        apart = np.flatnonzero(order != np.argsort(np.abs(a), kind="stable")[:-1])
        assert found == {
            "beta": pytest.approx(beta),
            "mean": pytest.approx(a.mean()),
            "centre": pytest.approx(beta * a.mean()),
            "imp": first_pruned(a[None], alpha)[0],
            "alignment": np.abs(a).argmin(),
            "critical": pytest.approx(critical_alpha(a)),
            "same": apart[0] if apart.size else a.size - 1,
        }
    assert {found["imp"] == found["alignment"] for _, found in seen} == {True, False}


def test_the_calculator_is_impbooks_table(page: Page) -> None:
    _, seen = shake(page, "calculator")
    assert all(any(found[name] for _, found in seen) for name in VERSIONS)
    for values, found in seen:
        delta, small = values.pop("delta"), values.pop("small")
        values["k"] = min(values["k"], values["p"])
        setting = Setting(small_signals=min(small, values["k"]), **values)
        assert found.keys() == VERSIONS.keys()
        for name, version in VERSIONS.items():
            asked = version.samples(setting, delta)
            shown = math.nan if found[name] is None else found[name]
            assert shown == pytest.approx(asked, rel=1e-6, nan_ok=True), (name, values)


@pytest.mark.parametrize("kind", PAGES)
def test_every_slider_moves_by_keyboard_and_says_where_it_is(page: Page, kind: str) -> None:
    figure = visit(page, kind)
    for slider in figure.get_by_role("slider").all():
        before = slider.input_value()
        slider.focus()
        slider.press("ArrowRight" if before != slider.get_attribute("max") else "ArrowLeft")
        assert slider.input_value() != before
        assert slider.get_attribute("aria-valuetext")
    expect(figure.locator("[aria-live=polite]")).not_to_be_empty()
    expect(figure.get_by_role("img")).to_have_attribute("aria-label", re.compile(r"\w+ \w+"))


@pytest.mark.parametrize("kind", PAGES)
def test_an_explorable_fits_a_telephone(page: Page, kind: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    box = visit(page, kind).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("kind", PAGES)
def test_the_still_figure_is_for_paper(page: Page, kind: str) -> None:
    figure = visit(page, kind)
    still = page.locator(".cell_output:has(figure.interactive) img").first
    expect(still).to_be_hidden()
    page.emulate_media(media="print")
    expect(still).to_be_visible()
    expect(figure).to_be_hidden()


@pytest.mark.parametrize("kind", PAGES)
def test_the_still_figure_is_for_readers_without_scripts(open_page: OpenPage, kind: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto((BOOK / f"chapters/{PAGES[kind]}.html").as_uri())
    still = page.locator(".cell_output:has(figure.interactive) img").first
    expect(still).to_be_visible()
    assert len((still.get_attribute("alt") or "").split()) > 5
    expect(page.locator(f"figure.interactive[data-kind={kind}]")).to_be_hidden()
