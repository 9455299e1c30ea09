"""What processes cost: their CPU time and their memory, with all that descend from them (Linux)."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")


def family(process: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [process]
    for item in found:
        for children in Path(f"/proc/{item}/task").glob("*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:
                continue
    return found


def cpu_seconds(processes: Iterable[int]) -> float:
    """Return the CPU time that processes have used so far, with that of children they have waited for."""
    return sum(map(_used, processes))


def resident_kib(process: int) -> int:
    """Return what a process holds in memory."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def _used(process: int) -> float:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return 0.0
    fields = stat.rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / _TICKS
