"""`tiaochu worker`."""

from cli.database import database
from cli.settings import Settings
from cli.workers.logs import log_to_stderr
from cli.workers.supervisor import Supervisor


def worker() -> None:
    """Follow the log and fire time limits until SIGTERM or SIGINT.

    Exit 1: the database is not migrated.
    """
    settings = Settings()
    log_to_stderr()
    with database(settings) as opened:
        opened.must_be_ready()
        supervisor = Supervisor(opened, settings)
        supervisor.add("worker", "worker")
        supervisor.run()
