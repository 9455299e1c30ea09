"""A procedure is put in force by two people, and a number belongs to one text for ever."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, strategies

from domain.aggregates import procedure as policy
from domain.aggregates.procedure import Procedure
from domain.commands.procedure import ApproveProcedure, ProposeProcedure, PublishProcedure, RejectProcedure
from domain.errors import (
    AlreadyProposed,
    DomainError,
    GoesBackwards,
    NothingProposed,
    OwnProposal,
    UnknownProcedureVersion,
)
from domain.events.envelope import Actor, Event, Fact
from domain.events.procedure import ProcedureEvent, ProcedurePublished
from domain.procedures.ladder import Ladder
from domain.vocabulary import Role
from tests.support.examples import steadily
from tests.support.specification import ladder, moment
from tests.support.world import NOW

ANNA, BERT = Actor(sub="anna", role=Role.ADMIN), Actor(sub="bert", role=Role.ADMIN)


def with_threshold(count: int) -> Ladder:
    """The ladder of the first day, but for the community's threshold."""
    compound, community, street = ladder().tiers
    changed = community.model_copy(update={"failed_sessions": count})
    return ladder().model_copy(update={"tiers": (compound, changed, street)})


@dataclass(frozen=True)
class Story:
    """What became of a procedure so far."""

    state: Procedure | None = None
    topics: tuple[str, ...] = ()
    last: Event | None = None

    def then(self, *facts: Fact) -> "Story":
        state, topics, last = self.state, self.topics, self.last
        for fact in facts:
            assert isinstance(fact.event, ProcedureEvent)
            state, last = policy.evolve(state, fact.event), fact.event
            topics = (*topics, fact.event.TOPIC.split(".")[1])
        return replace(self, state=state, topics=topics, last=last)

    def founded(self, rungs: Ladder) -> "Story":
        return self.then(*policy.decide(PublishProcedure(ladder=rungs), self.state, ANNA, NOW))

    def proposed(self, rungs: Ladder, by: Actor = ANNA) -> "Story":
        command = ProposeProcedure(ladder=rungs)
        return self.then(*policy.decide(command, self.state, by, NOW))

    def approved(self, version: int, by: Actor = BERT, on: str = "2026-11-21") -> "Story":
        command = ApproveProcedure(procedure="three-tier", version=version, occurred_at=moment(on), note=None)
        return self.then(*policy.decide(command, self.state, by, NOW))

    def rejected(self, version: int, by: Actor = BERT, on: str = "2026-11-21") -> "Story":
        command = RejectProcedure(
            procedure="three-tier", version=version, occurred_at=moment(on), note="不同意"
        )
        return self.then(*policy.decide(command, self.state, by, NOW))


FOUNDED = Story().founded(ladder())
PROPOSED = FOUNDED.proposed(with_threshold(4))


def test_a_second_person_puts_a_version_in_force() -> None:
    done = PROPOSED.approved(2)
    assert done.topics == ("published", "proposed", "published")
    assert isinstance(done.last, ProcedurePublished)
    assert done.last.occurred_at == moment("2026-11-21")
    assert done.state is not None
    assert (done.state.in_force.version, done.state.versions[2]) == (2, with_threshold(4))
    assert done.state.versions[1] == ladder()  # what cases are pinned to stays


def test_what_is_proposed_is_not_in_force() -> None:
    assert PROPOSED.state is not None
    assert PROPOSED.state.in_force.version == 1
    new = Story().proposed(ladder()).state
    assert new is not None
    assert dict(new.versions) == {}
    with pytest.raises(ValueError, match="max"):
        assert new.in_force


def test_nobody_decides_on_their_own_proposal() -> None:
    for decide in (PROPOSED.approved, PROPOSED.rejected):
        with pytest.raises(OwnProposal):
            decide(2, by=ANNA)


def test_a_rejected_number_is_not_used_again() -> None:
    done = PROPOSED.rejected(2).proposed(with_threshold(4)).approved(3)
    assert done.state is not None
    assert sorted(done.state.versions) == [1, 3]
    assert done.topics == ("published", "proposed", "rejected", "proposed", "published")


def test_one_proposal_at_a_time() -> None:
    with pytest.raises(AlreadyProposed):
        PROPOSED.proposed(with_threshold(6), by=BERT)


@pytest.mark.parametrize("rungs", [ladder(), with_threshold(4)])
def test_what_is_in_force_or_proposed_is_not_proposed_again(rungs: Ladder) -> None:
    assert PROPOSED.proposed(rungs, by=BERT) == PROPOSED


def test_what_is_in_force_is_not_founded_again() -> None:
    assert FOUNDED.founded(ladder()) == FOUNDED
    again = PROPOSED.founded(with_threshold(4))  # a proposal of the same text keeps its own number
    assert again.state is not None
    assert sorted(again.state.versions) == [1, 3]


def test_what_was_decided_is_not_decided_again() -> None:
    for done in (PROPOSED.approved(2), PROPOSED.rejected(2)):
        for decide in (done.approved, done.rejected):
            with pytest.raises(NothingProposed):
                decide(2)
    with pytest.raises(NothingProposed):
        PROPOSED.approved(1)


@pytest.mark.parametrize("decide", [Story.approved, Story.rejected])
def test_nothing_is_decided_on_before_the_day_it_was_proposed(decide: Callable[..., Story]) -> None:
    assert decide(PROPOSED, 2, on="2026-11-21").last is not None  # earlier that day: the hour does not count
    with pytest.raises(GoesBackwards) as caught:
        decide(PROPOSED, 2, on="2026-11-20")
    assert str(caught.value.detail) == "2026-11-20 lies before 2026-11-21, on which it rests"


def test_a_version_that_never_was_is_not_there() -> None:
    for story, version in ((PROPOSED, 3), (Story(), 1)):
        with pytest.raises(UnknownProcedureVersion):
            story.approved(version)


@given(
    strategies.lists(
        strategies.tuples(
            strategies.sampled_from(("propose", "approve", "reject", "found")),
            strategies.integers(1, 4),
            strategies.sampled_from((ANNA, BERT)),
        ),
        max_size=30,
    )
)
@steadily
def test_in_any_order_a_number_means_one_text_and_two_people(steps: list[tuple[str, int, Actor]]) -> None:
    story, texts, proposers = Story(), dict[int, Ladder](), dict[int, str]()
    for what, number, by in steps:
        try:
            match what:
                case "propose":
                    after = story.proposed(with_threshold(number), by)
                case "found":
                    after = story.founded(with_threshold(number))
                case "approve":
                    after = story.approved(number, by)
                    assert proposers[number] != by.sub
                case _:
                    after = story.rejected(number, by)
        except DomainError:
            continue
        assert after.state is not None
        if proposal := after.state.proposal:
            assert texts.setdefault(proposal.version, proposal.ladder) == proposal.ladder
            proposers.setdefault(proposal.version, by.sub)
        for version, text in after.state.versions.items():
            assert texts.setdefault(version, text) == text
        story = after
