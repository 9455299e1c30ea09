"""Shell commands of a Markdown page, run as they stand there against a served database."""

import os
import re
import subprocess
from pathlib import Path
from typing import Final

from tests.support.served import Served

ROOT: Final = Path(__file__).parents[2]
_BLOCK: Final = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def shell_blocks(page: str) -> list[str]:
    """The contents of a page's `sh` blocks, in order."""
    return _BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))


def run_script(script: str, served: Served, scratch: Path, timeout: float) -> str:
    """Run a script in the repository's folder; return its output and errors, fail on a non-zero exit."""
    done = subprocess.run(
        ["bash", "-c", f"set -euo pipefail\n{script}"],
        cwd=ROOT,
        env={
            **os.environ,
            "TIAOCHU": served.address,
            "TIAOCHU_VAR": os.fspath(served.home),
            "TIAOCHU_DATABASE_URL": served.url,
            "LC_ALL": "C.UTF-8",
            "TMPDIR": os.fspath(scratch),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
