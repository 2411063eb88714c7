"""Figures that move, in the built book: by keyboard, and with impbook's own numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator
from test_site import BOOK, browser  # noqa: F401, a fixture

from impbook import alignment_path, imp
from impbook.concentration import VERSIONS, Setting
from impbook.counterexamples import adaptivity_bound, adaptivity_run
from impbook.examples import mean_pull, sufficient_gap, uniform_correlation_path

PAGES = {
    "algorithm": "01-algorithm",
    "sliding-target": "03-example-2",
    "certified": "04-example-3",
    "sinking-signal": "08-adaptivity",
    "calculator": "10-repairs",
}
SETTINGS = 50


def numbers(kind: str, values: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """What impbook says at these values of the sliders."""
    if kind == "certified":
        needed = sufficient_gap(values["p"], values["delta"])
        return {
            "needed": needed if np.isfinite(needed) else None,
            "certified": bool(values["gap"] > needed),
        }
    if kind == "sinking-signal":
        m, beta = values["m"], values["share"] / np.sqrt(values["m"])
        ratio = adaptivity_bound(m, beta, data["delta"]).ratio
        run = adaptivity_run(
            m, beta, ratio, own_sign=values["coin"], agreeing=int(values["agreeing"] * m + 0.5)
        )
        return {"ratio": ratio, "lost": run.lost}
    if kind == "sliding-target":
        return sliding(np.array(data["alignments"][str(values["p"])]), values["alpha"])
    if kind == "calculator":
        return asked(values)
    t, k = data["times"].index(values["T"]), values["k"]
    order = data["pruned"][t]
    return {"next": order[k] if k < len(order) else None, "weights": data["weights"][t][k]}


def sliding(a: np.ndarray, alpha: float) -> dict[str, Any]:
    p = a.size
    path = uniform_correlation_path(a, alpha, p - 1).pruned
    aligned = np.argsort(np.abs(a), kind="stable")[: p - 1]
    apart = np.flatnonzero(path != aligned)
    beta = mean_pull(p, alpha)
    return {
        "beta": beta,
        "target": beta * a.mean(),
        "first": int(path[0]),
        "aligned": int(aligned[0]),
        "leaves": int(apart[0]) if apart.size else None,
    }


def asked(values: dict[str, Any]) -> dict[str, Any]:
    setting = Setting(
        values["p"],
        k=min(values["k"], values["p"]),
        gamma=values["gamma"],
        lambda_min=values["lambda"],
        leakage=values["mu"],
        inverse_norm=values["M"],
        coherence=values["coherence"],
    )
    n = {name: row.samples(setting, values["delta"]) for name, row in VERSIONS.items()}
    proved = [v for v in n if VERSIONS[v].iterative and v != "printed" and np.isfinite(n[v])]
    return {name: None if np.isnan(x) else x for name, x in n.items()} | {
        "best": min(proved, key=n.__getitem__)
    }


@pytest.fixture
def explorable(browser: Browser) -> Callable[[str], Locator]:  # noqa: F811
    context = browser.new_context(offline=True)

    def opened(kind: str) -> Locator:
        page = context.new_page()
        page.goto((BOOK / f"chapters/{PAGES[kind]}.html").as_uri())
        return page.locator(f".explorable[data-kind={kind}]")

    yield opened
    context.close()


def told(element: Locator) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values of the sliders, and the numbers that are shown."""
    return tuple(
        json.loads(element.get_attribute(f"data-{name}") or "") for name in ("values", "numbers")
    )


@pytest.mark.parametrize("kind", PAGES)
def test_the_numbers_are_those_of_impbook(explorable, kind):
    element, rng = explorable(kind), np.random.default_rng(0)
    data = json.loads(element.locator("script").text_content())
    for _ in range(SETTINGS):
        for slider in element.locator("input").all():
            place = int(rng.integers(int(slider.get_attribute("max")) + 1))
            slider.evaluate(
                "(e, x) => { e.value = x; e.dispatchEvent(new Event('input', {bubbles: true})); }",
                place,
            )
        values, shown = told(element)
        expected = numbers(kind, values, data)
        assert shown.keys() == expected.keys()
        for name, value in expected.items():
            close = pytest.approx(value, rel=1e-6) if isinstance(value, float) else value
            assert shown[name] == close, (values, name)


@pytest.mark.parametrize("kind", PAGES)
def test_arrow_keys_move_it_and_what_is_said_changes(explorable, kind):
    element = explorable(kind)
    assert element.is_visible()
    slider = element.locator("input").first
    before, said = told(element), element.locator("output").inner_html()
    slider.focus()
    for key in ("ArrowLeft", "ArrowRight", "ArrowRight"):
        slider.press(key)
    slider.press("Home")
    assert told(element)[0] != before[0]
    assert element.locator("output").inner_html() != said
    assert slider.get_attribute("aria-valuetext")


@pytest.mark.parametrize("kind", PAGES)
def test_without_scripts_and_on_paper_it_is_not_there(browser, kind):  # noqa: F811
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto((BOOK / f"chapters/{PAGES[kind]}.html").as_uri())
    assert page.locator(".explorable").is_hidden()
    assert page.locator("main img").count() > 0  # the still figures
    context.close()


def test_the_weights_shown_are_those_of_the_run(explorable):
    element = explorable("algorithm")
    data = json.loads(element.locator("script").text_content())
    from sklearn.datasets import load_diabetes
    from sklearn.preprocessing import StandardScaler

    from impbook import LeastSquares

    table = load_diabetes(scaled=False)
    problem = LeastSquares(
        StandardScaler().fit_transform(table.data), table.target - table.target.mean()
    )
    assert data["times"][-1] == "∞"
    run = imp(problem, problem.p - 1)
    assert data["pruned"][-1] == run.pruned.tolist()
    np.testing.assert_allclose(data["weights"][-1], run.weights, rtol=1e-3)
    assert run.pruned.tolist() != alignment_path(problem, problem.p - 1).pruned.tolist()
