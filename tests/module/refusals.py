"""Call every public function of impbook with every bad value, one argument at a time.

    python tests/module/refusals.py

This script prints the number of calls and the faults. The public functions are found automatically,
and `valid_calls` has one valid call of each. A call passes if it raises a TypeError or a ValueError
that names the argument, or if `ACCEPTED` lists the value with a reason. Warnings, other errors, NaN
answers and calls that run too long are faults.
"""

from __future__ import annotations

import functools
import inspect
import pkgutil
import re
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import scipy.sparse
from valid_calls import CALLS

import impbook

# Modules not called: scikit-learn checks the input of `selection`; users never call `elimination`.
APART = {"selection", "elimination"}
SECONDS = 2.0  # limit on the processor time of a call; a valid one takes milliseconds

# Bad values that are accepted. Each entry names the function, the argument or both (joined by a
# dot), then the labels of the values, and then the reason.
ACCEPTED: list[tuple[str, set[str], str]] = [
    ("T", {"inf"}, "training to convergence"),
    ("rng", {"10⁴⁰⁰", "[]"}, "seeds, as for NumPy"),
    ("certify", {"10⁴⁰⁰", "10⁴⁰⁰ inside"}, "exact arithmetic has no largest integer"),
    ("exact_imp", {"10⁴⁰⁰ inside"}, "exact arithmetic has no largest integer"),
    ("bias_counterexample.sigma", {"10⁴⁰⁰"}, "exact arithmetic has no largest integer"),
    ("hard_threshold.z", {"True"}, "one entry, and True counts as 1 in data"),
    ("hard_threshold.z", {"one dimension more", "one entry fewer"}, "any shape will do"),
    ("converged_loss.active", {"one dimension more"}, "several masks, one a row"),
    ("S", {"one entry fewer"}, "a smaller set"),
    ("a", {"one entry fewer"}, "alignments of fewer features"),
    ("gradient_descent.w0", {"one entry fewer"}, "fewer weights, for this gradient"),
    ("Setting.coherence", {"inf"}, "features that are not normalised"),
    ("algorithm_1.w_init", {"one entry fewer"}, "fewer weights, for this trainer"),
]
# Functions whose callers have already checked the arguments.
INTERNAL = {"flow_solution"}


@dataclass(frozen=True)
class Case:
    """One call with one bad value, and its outcome."""

    function: str
    argument: str
    value: str
    outcome: str  # refused, accepted, extreme or fault
    message: str


def public_callables() -> dict[str, Callable[..., Any]]:
    """Public functions and methods, and the classes that users construct, by name."""
    found: dict[str, Callable[..., Any]] = {}
    files = [file.name for file in pkgutil.iter_modules(impbook.__path__)]
    modules = [import_module(f"impbook.{f}") for f in files if f[0] != "_" and f not in APART]
    for module in [impbook, *modules]:
        names = getattr(module, "__all__", None)
        for name, x in vars(module).items():
            if name[0] == "_" or (
                name not in names if names else getattr(x, "__module__", "") != module.__name__
            ):
                continue
            if inspect.isclass(x):
                found |= {f"{name}.{n}": m for n, m in vars(x).items() if _is_function(n, m)}
            if _is_function(name, x) or (inspect.isclass(x) and not _is_record(x)):
                found[name] = x
    return {name: x for name, x in found.items() if name not in INTERNAL}


def _is_function(name: str, x: Any) -> bool:
    return name[0] != "_" and inspect.isfunction(x)


def _is_record(x: Any) -> bool:
    """Whether a class only holds results: a dataclass whose constructor checks nothing."""
    dataclass_options = getattr(x, "__dataclass_params__", None)
    return bool(dataclass_options) and dataclass_options.init and not hasattr(x, "__post_init__")


def bad_values(valid: Any) -> dict[str, Any]:
    """Bad values to put in place of a valid one, by label."""
    bad: dict[str, Any] = {
        "None": None,
        "NaN": np.nan,
        "inf": np.inf,
        "−inf": -np.inf,
        "'x'": "x",
        "True": True,
        "1j": 1j,
        "object()": object(),
        "10⁴⁰⁰": 10**400,
        "−10⁴⁰⁰": -(10**400),
        "[]": [],
        "{}": {},
        "[[1], [1, 2]]": [[1], [1, 2]],
        "masked number": np.ma.masked,
        "masked array": np.ma.MaskedArray(valid if _is_array(valid) else [1.0], mask=False),
        "sparse array": scipy.sparse.csr_array(np.atleast_2d(valid if _is_array(valid) else 1.0)),
    }
    if isinstance(valid, bool):
        del bad["True"]
        bad |= {"1": 1, "'False'": "False"}
    elif callable(valid):
        junk = {"None": None, "'x'": "x", "NaN": np.nan, "1j": 1j, "seven numbers": np.ones(7)}
        junk |= {"a masked array": np.ma.MaskedArray([1.0], mask=True)}
        bad |= {f"returns {label}": _returning(value) for label, value in junk.items()}
    elif _is_array(valid):
        bad |= _bad_arrays(np.asarray(valid))
    return bad


def _bad_arrays(valid: Any) -> dict[str, Any]:
    kind = valid.dtype if valid.dtype.kind == "b" else np.float64
    inside = {"NaN": np.nan, "inf": np.inf, "1j": 1j, "'x'": "x", "None": None, "10⁴⁰⁰": 10**400}
    arrays: dict[str, Any] = {
        "one dimension more": valid.astype(kind)[None],
        "no rows": valid[:0],
    }
    for label, value in inside.items():
        entries = valid.astype(object)
        entries.flat[0] = value
        arrays[f"{label} inside"] = entries.tolist()
    return arrays


def shorter(call: dict[str, Any], argument: str) -> dict[str, Any]:
    """A vector without its last entry, or a matrix without its last column.

    A matrix is shortened only if another array must have one entry per column of the matrix.
    """
    if not _is_array(call[argument]):
        return {}
    valid = np.asarray(call[argument])
    if valid.ndim == 1:
        return {"one entry fewer": call[argument][:-1]}
    others = [np.asarray(x) for name, x in call.items() if name != argument and _is_array(x)]
    matters = any(x.shape == valid.shape[-1:] for x in others)
    return {"one column fewer": valid[:, :-1].tolist()} if matters else {}


def extreme_values(valid: Any) -> dict[str, Any]:
    """Very small and very large values, which a function may handle or refuse."""
    if isinstance(valid, float):
        return {"1e-300": 1e-300, "1e300": 1e300}
    if isinstance(valid, np.ndarray) and valid.dtype.kind == "f":
        return {"· 1e-300": valid * 1e-300, "· 1e300": valid * 1e300}
    return {}


def _is_array(value: Any) -> bool:
    return isinstance(value, (np.ndarray, list))


def _returning(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


def cases_of(name: str, function: Callable[..., Any]) -> Iterator[Case]:
    """Every case of one function."""
    valid = CALLS[name]
    signature = inspect.signature(function)
    for argument in valid:
        if argument == "self":
            continue
        # `is None` would fail while the book is built: autodoc replaces each default by an object
        # whose repr is the text of the default.
        optional = repr(signature.parameters[argument].default) == "None"
        bad = bad_values(valid[argument]) | shorter(valid, argument)
        for label, value in bad.items():
            if not (optional and value is None):
                call = functools.partial(function, **(valid | {argument: value}))
                yield judged(name, argument, label, call)
        for label, value in extreme_values(valid[argument]).items():
            call = functools.partial(function, **(valid | {argument: value}))
            yield judged(name, argument, label, call, extreme=True)


def judged(
    name: str, argument: str, label: str, call: Callable[[], Any], extreme: bool = False
) -> Case:
    """Run one call, and classify its outcome."""
    case = functools.partial(Case, name, argument, label)
    try:
        with _limited(), warnings.catch_warnings():
            warnings.simplefilter("error")
            answer = call()
    except (TypeError, ValueError) as error:
        message = f"{type(error).__name__}: {error}"
        # If two arrays disagree, the message may name either of them.
        names = CALLS[name] if "fewer" in label else [argument]
        named = any(re.search(rf"\b{word}\b.*\bmust\b", message, re.DOTALL) for word in names)
        return case("refused" if named or extreme else "fault", message)
    except Exception as error:
        return case("fault", f"{type(error).__name__}: {error}")
    if _has_nan(answer):
        return case("fault", "answers NaN")
    if extreme:
        return case("extreme", "")
    return case("accepted" if reason(name, argument, label) else "fault", "accepted")


def reason(name: str, argument: str, label: str) -> str | None:
    """The reason why a bad value is accepted, or None if it should be refused."""
    for where, labels, why in ACCEPTED:
        if where in (name, argument, f"{name}.{argument}") and label in labels:
            return why
    return None


def _has_nan(answer: Any) -> bool:
    """Whether a number, an array or some field of a record contains NaN."""
    held = vars(answer).values() if hasattr(answer, "__dict__") else [answer]
    return any(_is_nan(value) for value in held if value is not None)


def _is_nan(value: Any) -> bool:
    try:
        return bool(np.isnan(np.asarray(value, dtype=np.float64)).any())
    except (TypeError, ValueError, OverflowError):
        return False


@contextmanager
def _limited() -> Iterator[None]:
    """Stop a call that takes too much processor time; time on the clock does not count."""

    def stop(*_: Any) -> None:
        raise RuntimeError(f"did not end within {SECONDS} seconds")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@functools.cache
def all_cases() -> list[Case]:
    """All cases of all functions."""
    known = {name: x for name, x in public_callables().items() if name in CALLS}
    return [case for name, function in known.items() for case in cases_of(name, function)]


def faults() -> list[Case]:
    """Cases whose outcome is a fault."""
    return [case for case in all_cases() if case.outcome == "fault"]


def summary() -> str:
    """A sentence with the number of calls for each outcome."""
    count = Counter(case.outcome for case in all_cases())
    return (
        f"{len(all_cases())} calls of {len({case.function for case in all_cases()})} functions: "
        f"{count['refused']} are refused by an error that names the argument, {count['extreme']} "
        f"with numbers far from 1 are answered, and {count['accepted']} bad values are let "
        "through for the reasons in `ACCEPTED`."
    )


if __name__ == "__main__":
    print(summary())
    for fault in faults():
        print(fault, file=sys.stderr)
    sys.exit(bool(faults()))
