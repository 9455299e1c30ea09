"""Who asks, under which command id, and what they say they saw."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from domain.aggregates.dispute import Dispute
from domain.errors import Stale, Unconditional
from domain.events.envelope import Actor
from domain.messages import message

Expected = Literal["any"] | frozenset[int] | None
"""The versions that the caller accepts: any, some, or None where the caller did not say."""
Permit = Callable[[Dispute | None], None]
"""Raises where the actor may not do this to the dispute; None stands for one that is being filed, or for no dispute."""


def _anyone(_: Dispute | None) -> None:
    """Let everybody through: for jobs of the system itself."""


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of a command.

    `permit` raises where the actor may not do this to the dispute; it is called once the dispute is known, and
    with None for one that is being filed.
    """

    actor: Actor
    command_id: UUID
    fingerprint: bytes = b""
    expected: Expected = "any"
    dry_run: bool = False
    permit: Permit = _anyone

    def must_expect(self, version: int) -> None:
        """Refuse where the caller saw another version, or did not say which; raises Stale, Unconditional."""
        if self.expected is None:
            raise Unconditional(message("say which version you saw, or that any will do"))
        if self.expected != "any" and version not in self.expected:
            raise Stale(message("it is at version {version} now", version=version))
