"""Laws of long sweeps: killed, resumed or spread over machines, they give the same numbers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from impbook.trials import sweep

POINTS = [(k, seed) for k in (1, 5) for seed in range(15)]
SETTINGS = {"draws": 10}

SLOW = """
import sys, time
from pathlib import Path
import numpy as np
from impbook.trials import sweep

def heads(k, seed):
    time.sleep(0.03)
    return int(np.random.default_rng([k, seed]).binomial(10 * k, 0.5))

points = [(k, seed) for k in (1, 5) for seed in range(15)]
sweep(heads, points, path=Path(sys.argv[1]), settings={"draws": 10})
"""


def heads(k: int, seed: int) -> int:
    return int(np.random.default_rng([k, seed]).binomial(10 * k, 0.5))


def expected() -> list[int]:
    return [heads(*point) for point in POINTS]


def test_killed_and_resumed_equals_uninterrupted(tmp_path: Path) -> None:
    path = tmp_path / "heads.jsonl"
    process = subprocess.Popen([sys.executable, "-c", SLOW, str(path)])
    while not path.exists() or path.read_bytes().count(b"\n") < 6:
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = path.read_bytes().splitlines()
    assert 6 <= len(before) < len(POINTS)
    calls: list[Any] = []

    def counted(*point: int) -> int:
        calls.append(point)
        return heads(*point)

    assert sweep(counted, POINTS, path=path, settings=SETTINGS) == expected()
    assert len(calls) == len(POINTS) + 1 - len(before)
    lines = path.read_text().splitlines()
    assert len(lines) == len(set(lines)) == len(POINTS) + 1


@pytest.mark.parametrize("cut", [1, 7, 20])
def test_a_half_written_last_line_is_computed_again(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "heads.jsonl"
    sweep(heads, POINTS, path=path, settings=SETTINGS)
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    assert sweep(heads, POINTS, path=path, settings=SETTINGS) == expected()
    assert path.read_bytes() == whole


def test_even_half_a_first_line_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "heads.jsonl"
    path.write_bytes(b'{"dra')
    assert sweep(heads, POINTS, path=path, settings=SETTINGS) == expected()


def test_after_an_error_what_was_done_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "inverse.jsonl"
    points = [(2,), (1,), (0,), (4,)]
    with pytest.raises(ZeroDivisionError):
        sweep(lambda x: 1 / x, points, path=path, settings={})
    assert sweep(lambda x: -1.0, points, path=path, settings={}) == [0.5, 1.0, -1.0, -1.0]


def test_a_process_pool_gives_the_serial_answer(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2) as pool:
        options: dict[str, Any] = {"settings": SETTINGS, "executor": pool}
        assert sweep(heads, POINTS, path=tmp_path / "heads.jsonl", **options) == expected()


@pytest.mark.filterwarnings("default")
def test_a_cluster_that_loses_a_worker_gives_the_same_numbers(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="distributed is not installed")
    dask = pytest.importorskip("dask")
    marker, path = tmp_path / "lost", tmp_path / "heads.jsonl"

    def once_deadly(k: int, seed: int) -> int:
        if (k, seed) == (5, 3) and not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return int(np.random.default_rng([k, seed]).binomial(10 * k, 0.5))

    # Workers forked from one process that has imported Dask start in a tenth of the time. And who
    # asks the dead worker for a result shall not knock for half a minute.
    quick = {
        "distributed.worker.multiprocessing-method": "forkserver",
        "distributed.comm.timeouts.connect": "10s",
    }
    with (
        dask.config.set(quick),
        distributed.LocalCluster(
            n_workers=3, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as pool,
    ):
        options: dict[str, Any] = {"path": path, "settings": SETTINGS, "executor": pool}
        try:
            results = sweep(once_deadly, POINTS, **options)
        except TypeError:  # Dask's executor, if a result is lost while it is handed over: go on
            results = sweep(once_deadly, POINTS, **options)
    assert marker.exists()
    assert results == expected()
    assert len(path.read_text().splitlines()) == len(POINTS) + 1


def test_a_file_of_other_settings_or_points_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "heads.jsonl"
    sweep(heads, POINTS, path=path, settings=SETTINGS)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="made with settings"):
        sweep(heads, POINTS, path=path, settings={"draws": 11})
    with pytest.raises(ValueError, match="not asked for"):
        sweep(heads, POINTS[1:], path=path, settings=SETTINGS)
    path.write_bytes(before + before.splitlines(keepends=True)[-1])
    with pytest.raises(ValueError, match="repeated"):
        sweep(heads, POINTS, path=path, settings=SETTINGS)
    foreign = tmp_path / "notes.txt"
    foreign.write_text("no line end")
    with pytest.raises(ValueError, match="that sweep has made"):
        sweep(heads, POINTS, path=foreign, settings=SETTINGS)
    assert foreign.read_text() == "no line end"


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"function": 3}, TypeError, "function must be a function"),
        ({"points": [(1, 2), (1, 2)]}, ValueError, "distinct"),
        ({"points": []}, ValueError, "at least one"),
        ({"points": [3]}, TypeError, "tuples of arguments, got 3"),
        ({"points": [(float("nan"), 1)]}, ValueError, "points must be what JSON can hold"),
        ({"path": 3}, TypeError, "path must be a Path"),
        ({"settings": 3}, TypeError, "settings must be a mapping"),
        ({"settings": {"a": {1, 2}}}, TypeError, "settings must be what JSON can hold"),
        ({"executor": 3}, TypeError, "executor"),
        ({"progress": 1}, TypeError, "progress"),
    ],
)
def test_bad_input(change: dict[str, Any], error: type, message: str, tmp_path: Path) -> None:
    path = tmp_path / "heads.jsonl"
    good = {"function": heads, "points": POINTS, "path": path, "settings": SETTINGS}
    with pytest.raises(error, match=message):
        sweep(**(good | change))
    assert not path.exists()
