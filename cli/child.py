"""How a supervised child begins: `python -m cli.child SUPERVISOR api FD` or `python -m cli.child SUPERVISOR worker`.

It ties itself to its supervisor before anything large is imported, and compares the number of its parent with the one
that it was told: a supervisor that was killed before the tie was made would otherwise leave a child that holds the
port for ever.
"""

import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def end_with_parent(parent: int) -> None:
    """Have the kernel end this process when its parent is gone (Linux); end now where it is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the supervisor was gone before its child could start")


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    from cli.process import main

    main(sys.argv[2:])
