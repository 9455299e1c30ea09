"""A case that commands are played on in memory, with its recorded history: what `specification` leaves out."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast
from uuid import UUID, uuid5

from domain.aggregates.dispute import Dispute, World, check, decide, find, replay
from domain.commands.dispute import AnyDisputeCommand, ExistingDisputeCommand, FileDispute
from domain.errors import DomainError
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Actor, Fact, Recorded
from domain.events.register import NumberIssued
from domain.procedures.ladder import Ladder
from tests.support.specification import DISPUTE, THREE_TIER, calendar, ladder, street
from tests.support.world import NOW, SUN


class Played:
    """The history of one case, and what came of each command."""

    def __init__(self, rules: Ladder | None = None) -> None:
        self._rules = rules or ladder()
        self.history: list[Recorded[DisputeEvent]] = []

    @property
    def case(self) -> Dispute:
        """The case as it stands."""
        found = replay(self.history)
        assert found is not None
        return found

    def play(self, command: AnyDisputeCommand, by: Actor = SUN) -> tuple[str, ...]:
        """Carry a command out and return the topics of its facts; raises DomainError where it is refused."""
        dispute = replay(self.history)
        world = World(
            now=NOW,
            actor=by,
            procedure=THREE_TIER,
            ladder=self._rules,
            platforms=street(),
            calendar=calendar(),
            history=tuple(self.history),
        )
        if not isinstance(command, FileDispute):
            existing = cast("ExistingDisputeCommand", command)
            assert dispute is not None
            find(existing, dispute)
            check(existing, dispute)
        return self._record(decide(command, dispute, world), by)

    def tries(self, command: AnyDisputeCommand, by: Actor = SUN) -> tuple[str, ...] | DomainError:
        """Carry a command out; return its topics, or why it was refused."""
        try:
            return self.play(command, by)
        except DomainError as error:
            return error

    def _record(self, facts: Sequence[Fact], by: Actor) -> tuple[str, ...]:
        own = [fact for fact in facts if not isinstance(fact.event, NumberIssued)]
        command_id = uuid5(UUID(int=7), str(len(self.history)))
        for fact in own:
            version = len(self.history) + 1
            self.history.append(
                Recorded(
                    stream=DISPUTE,
                    version=version,
                    position=version,
                    recorded_at=NOW + timedelta(seconds=version),
                    actor=by,
                    command_id=command_id,
                    event=cast("DisputeEvent", fact.event),
                    because=fact.because,
                )
            )
        return tuple(fact.event.TOPIC for fact in own)
