"""Long sweeps over many points: on any executor, each result kept as soon as it is there."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, TextIO

from impbook import _checks
from impbook.trials.replicates import _bar, _bar_wanted, _results


def sweep(
    function: Callable[..., Any],
    points: Iterable[Sequence[Any]],
    *,
    path: Path,
    settings: Mapping[str, Any],
    executor: Executor | None = None,
    progress: bool | None = None,
) -> list[Any]:
    """Results of a function at many points, kept in a file from which a killed run goes on.

    Parameters
    ----------
    function : callable
        ``function(*point)`` returns something that JSON can hold. It must depend on the point
        alone, so a point of a random experiment contains its seed.
    points : iterable of sequences
        Distinct tuples of numbers and strings: the arguments of each call.
    path : pathlib.Path
        File of the results, made if it is not there: one line of JSON for the settings, then one
        for each point that is done.
    settings : mapping
        Whatever else the results depend on, in a form that JSON can hold. A file made with other
        settings is refused.
    executor : concurrent.futures.Executor, optional
        Where the points are computed; in this thread if not given.
    progress : bool, optional
        Whether to show a progress bar, as for `estimate_probability`.

    Returns
    -------
    list
        One result for each point, in the order of the points: the same for every executor, and
        however often the run was killed and started again.

    Raises
    ------
    TypeError
        If an argument has a wrong type, a result is None, or JSON cannot hold a point, a result or
        the settings.
    ValueError
        If points repeat, or the file holds other settings, other points, or no results at all.

    Notes
    -----
    Only the calling process writes. A line reaches the disk before the next is begun, so a kill
    loses what was being computed and nothing else; a last line without its end is cut off. An
    executor that loses a worker and computes a point again, as Dask does, still gives one line.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for powers in ([(2, 3)], [(2, 3), (3, 2)]):  # the second call computes 3² only
    ...         print(sweep(pow, powers, path=Path(folder, "powers"), settings={}))
    [8]
    [8, 9]
    """
    _checks.function("function", function)
    path = _checks.instance("path", path, Path)
    if not isinstance(settings, Mapping):
        raise TypeError(f"settings must be a mapping, got {settings!r}")
    progress = _bar_wanted(executor, progress)
    arguments = _by_key(points)
    header = _json("settings", dict(settings))
    done = _read(path, header, arguments)
    missing = {key: point for key, point in arguments.items() if key not in done}
    if missing:
        with path.open("a", encoding="utf-8") as file, _bar(len(missing), progress) as bar:
            if file.tell() == 0:
                _append(file, header)
            for key, result in _results(executor, function, missing):
                if result is None:
                    raise TypeError("function must return a result, got None: is a return missing?")
                text = _json("what function returns", result)
                _append(file, f'{{"point": {key}, "result": {text}}}')
                done[key] = json.loads(text)
                bar(1)
    return [done[key] for key in arguments]


def _by_key(points: Any) -> dict[str, Sequence[Any]]:
    """Points by the JSON that stands for them in the file."""
    _checks.plain("points", points)
    if isinstance(points, (str, bytes, Mapping)) or not isinstance(points, Iterable):
        raise TypeError(f"points must hold tuples of arguments, got {points!r}")
    arguments: dict[str, Sequence[Any]] = {}
    for point in points:
        if not isinstance(point, (tuple, list)):
            raise TypeError(f"points must hold tuples of arguments, got {point!r}")
        key = _json("points", list(point))
        if key in arguments:
            raise ValueError(f"points must be distinct, got {key} twice")
        arguments[key] = point
    if not arguments:
        raise ValueError("points must hold at least one point, got none")
    return arguments


def _json(name: str, value: Any) -> str:
    try:
        return json.dumps(value, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name} must be what JSON can hold, got {value!r}") from None


def _append(file: TextIO, line: str) -> None:
    file.write(line + "\n")
    file.flush()
    os.fsync(file.fileno())


def _read(path: Path, header: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Results that the file holds; what a kill left of a last line is cut off."""
    if not path.exists():
        return {}
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    lines = whole.decode("utf-8").splitlines()
    if lines and lines[0] != header:
        raise ValueError(f"path is a file made with settings {lines[0]}, not {header}: {path}")
    if not lines and not header.encode().startswith(content):
        raise ValueError(f"path must be a file that sweep has made, got {path}")
    done: dict[str, Any] = {}
    for line in lines[1:]:
        entry = json.loads(line)
        key = _json("points", entry["point"])
        if key not in arguments or key in done:
            raise ValueError(f"path holds a point that is repeated or not asked for: {key}, {path}")
        done[key] = entry["result"]
    if len(whole) < len(content):
        os.truncate(path, len(whole))
    return done
