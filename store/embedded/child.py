"""The start of a PostgreSQL child process: it drops root's rights, asks for a signal when its parent ends, and then
executes the program.

This file is run as a script by a bare interpreter, rather than as a function between fork and exec, because the
parent may have threads by then. It therefore imports nothing of ours.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def child_command(uid: int, gid: int, command: Sequence[str]) -> list[str]:
    """Build the command line that runs `command` as `uid` and `gid`, ended by SIGINT when this process dies.

    To PostgreSQL SIGINT means a fast shutdown: sessions are cut, what is committed is kept.
    """
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(uid), str(gid), *command]


def _become(parent: int, uid: int, gid: int, command: Sequence[str]) -> None:
    os.umask(0o077)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if os.geteuid() != uid:
        os.setgroups([gid])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # After setuid, which forgets the wish; before exec, which keeps it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent was gone before the server could start")
    os.execv(command[0], list(command))  # noqa: S606 - started without a shell


if __name__ == "__main__":
    _become(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
