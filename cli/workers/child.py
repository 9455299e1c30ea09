"""How a supervised child begins: `python -m cli.workers.child SUPERVISOR api FD` or `python -m cli.workers.child SUPERVISOR worker`.

It ties itself to its supervisor before anything large is imported, and compares the number of its parent with the one
that it was told: a supervisor that was killed before the tie was made would otherwise leave a child that holds the
port for ever.
"""

import sys

from cli.workers.parent_death_signal import end_with_parent

if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    from cli.workers.api_process import main

    main(sys.argv[2:])
