"""`tiaochu …` as a process of its own, forked from one that has the libraries loaded.

Starting Python anew takes longer than most of what is tried. What depends on the environment (the command line's own
modules: they choose the language) is loaded in each process; the README's tests start the installed command itself.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

_ROOT: Final = Path(__file__).parents[2]
_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "api.http.app",
        "api.http.services",
        "projections.registry",
        "store.spreadsheets",
        "uvicorn",
        "typer",
        "rich.table",
    ]
)


def command(
    arguments: Sequence[str], environment: Mapping[str, str], timeout: float = 60
) -> subprocess.CompletedProcess[bytes]:
    """Run the command line to its end; raises TimeoutExpired."""
    with TemporaryDirectory(prefix="tiaochu-command-") as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = _FORKS.Process(target=_run, args=(list(arguments), dict(environment), str(out), str(err)))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(arguments), timeout)
        return subprocess.CompletedProcess(
            list(arguments), process.exitcode, out.read_bytes(), err.read_bytes()
        )


def _run(arguments: list[str], environment: dict[str, str], out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(_ROOT)
    for descriptor, path in ((1, out), (2, err)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.argv = ["tiaochu", *arguments]
    from cli.main import main

    main()
