"""A child never outlives its supervisor, not even one that is killed before the child has begun."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_SUPERVISOR = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-m", "cli.workers.child", str(os.getpid()), "worker"])
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_child_of_somebody_else_ends_at_once() -> None:
    command = [sys.executable, "-m", "cli.workers.child", "1", "worker"]
    done = subprocess.run(command, cwd=_ROOT, check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "the supervisor was gone" in done.stderr


@pytest.mark.parametrize("milliseconds", [0, 5, 10, 20, 40, 400])
def test_a_child_ends_with_its_supervisor(milliseconds: int) -> None:
    environment = os.environ | {"TIAOCHU_DATABASE_URL": "postgresql:///nowhere?host=/nonexistent"}
    supervisor = subprocess.Popen(
        [sys.executable, "-c", _SUPERVISOR], cwd=_ROOT, env=environment, stdout=subprocess.PIPE
    )
    assert supervisor.stdout is not None
    child = int(supervisor.stdout.readline())
    time.sleep(milliseconds / 1000)
    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    assert _ends(child, 10), "the child is still there"


def _ends(pid: int, patience: float) -> bool:
    give_up = time.monotonic() + patience
    while _runs(pid):
        if time.monotonic() > give_up:
            os.kill(pid, signal.SIGKILL)
            return False
        time.sleep(0.02)
    return True


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
