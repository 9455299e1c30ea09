"""A supervised process: `python -m cli.workers.child SUPERVISOR api FD` or `python -m cli.workers.child SUPERVISOR worker`.

It asks the kernel to end it with its supervisor before it imports anything large, and compares its parent's id with
the one given: otherwise a supervisor killed before that would leave a child that holds the port for ever.
"""

import gc
import sys

from cli.workers.parent_death_signal import end_with_parent


def main(arguments: list[str]) -> None:
    """Run the API process or the worker."""
    gc.disable()  # what is imported stays: looking for garbage meanwhile takes a sixth of a start
    from cli.settings import Settings
    from cli.workers.api_process import run_api
    from cli.workers.logs import log_to_stderr
    from cli.workers.worker_process import run_worker

    gc.enable()
    log_to_stderr()
    settings = Settings()
    if settings.database_url is None:
        raise SystemExit("TIAOCHU_DATABASE_URL is not set; the supervisor sets it")
    if arguments[0] == "api":
        run_api(settings, settings.database_url, int(arguments[1]))
    else:
        run_worker(settings.database_url)


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    main(sys.argv[2:])
