"""A command's times against the clock of the system (rule 13)."""

from datetime import datetime, timedelta
from typing import Final

from domain.commands.base import Command
from domain.errors import TimeInFuture
from domain.messages import message

CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""How far ahead of the system's clock a person's clock may run (rule 13)."""


def check_times(command: Command, now: datetime) -> None:
    """Find a time that lies in the future; raises TimeInFuture."""
    for field, moment in command.moments():
        if moment > now + CLOCK_TOLERANCE:
            raise TimeInFuture(message("what has not happened yet cannot be recorded"), field=field)
