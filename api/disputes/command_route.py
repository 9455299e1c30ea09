"""A row of the table of commands to disputes."""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import JsonValue

from domain.commands.base import Command
from domain.commands.dispute import ExistingDisputeCommand


class CommandRoute(NamedTuple):
    """A command's route: its path below the dispute, its body, its class, an example, and what else the path names."""

    path: str
    body: type[Command]
    command: type[ExistingDisputeCommand]
    example: Mapping[str, JsonValue]
    subject: str | None = None
