"""One measurement in one process: what a process held at most is told from no other's."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

_T = TypeVar("_T")
_STATUS = Path("/proc/self/status")


def peak_gib() -> float:
    """The most memory that this process has held. Where the system tells, without what its parent held."""
    if _STATUS.is_file():
        fields = dict(line.split(":", 1) for line in _STATUS.read_text("utf-8").splitlines() if ":" in line)
        if "VmHWM" in fields:
            return int(fields["VmHWM"].split()[0]) / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform != "darwin" else 2**30)


def in_its_own(function: Callable[..., _T], *arguments: object) -> _T:
    """What the function returns in a new process. Raises what it raises."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=fresh) as pool:
        return pool.submit(function, *arguments).result()
