"""The worker process: it follows the log for the read models, fires time limits, and removes unused files."""

import asyncio
import signal
from collections.abc import Callable
from datetime import datetime

from cli.bootstrap import utc_now
from cli.workers.garbage_collection import collect_garbage_rarely
from cli.workers.scheduler import fire_time_limits, remove_unused_attachments
from projections.registry import projections
from projections.runtime.runner import Runner


def run_worker(url: str, clock: Callable[[], datetime] = utc_now) -> None:
    """Work until SIGTERM or SIGINT."""
    collect_garbage_rarely()

    async def run() -> None:
        runner = Runner(url, projections())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, runner.stop)
        periodic = [
            asyncio.create_task(task)
            for task in (remove_unused_attachments(url), fire_time_limits(url, clock))
        ]
        await runner.run()
        for task in periodic:
            task.cancel()

    asyncio.run(run())
