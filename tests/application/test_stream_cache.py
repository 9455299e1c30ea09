"""What a process keeps of units, platforms and mediators: read again as soon as the log says that something is new."""

from collections.abc import Iterator, Mapping
from uuid import UUID, uuid4

import pytest

from api.http.services import Services
from application.deciders.dispute import DISPUTES, HISTORIES
from application.ports import Loaded
from application.stream_cache import StreamCache, StreamKind, StreamRef, StreamStates
from cli.demo.demonstration import street
from domain.commands.dispute import RecordSession
from domain.commands.platform import DescribePlatform
from domain.errors import MediatorElsewhere, MediatorOutOfTerm
from store.event_log.postgres_event_log import PostgresEventLog
from tests.support.databases import run, services_at
from tests.support.specification import accept, file_dispute
from tests.support.world import ADMIN, SUN, context, session

COMMUNITY = "dongguang.c01"


def described(*, without: str | None = None) -> DescribePlatform:
    """The community's platform as the street describes it, perhaps without one of its mediators."""
    (found,) = (item for item in street()["platforms"] if item["unit"] == COMMUNITY)
    kept = [item for item in found["mediators"] if item["id"] != without]
    return DescribePlatform.model_validate({**found, "mediators": kept, "effective_on": "2026-03-01"})


def sitting(dispute: UUID, outcome: str = "adjourned") -> RecordSession:
    came = [{"who": "sun", "as": "mediator", "present": True}]
    return RecordSession.model_validate(session(dispute=dispute, outcome=outcome, attendance=came))


async def accepted_case(services: Services) -> UUID:
    dispute = uuid4()
    await services.command_handler.handle(file_dispute(dispute=dispute), context(SUN))
    await services.command_handler.handle(accept().model_copy(update={"dispute": dispute}), context(SUN))
    return dispute


def test_a_change_by_one_process_is_known_to_the_next_command_of_another(street_url: str) -> None:
    async def go() -> None:
        async with services_at(street_url) as one, services_at(street_url) as other:
            dispute = await accepted_case(one)
            await one.command_handler.handle(sitting(dispute), context(SUN))
            await other.command_handler.handle(described(without="sun"), context(ADMIN))
            with pytest.raises((MediatorElsewhere, MediatorOutOfTerm)):
                await one.command_handler.handle(sitting(dispute), context(SUN))
            await other.command_handler.handle(described(), context(ADMIN))
            await one.command_handler.handle(sitting(dispute), context(SUN))

    run(go())


def test_while_nothing_changes_a_command_reads_its_case_and_nothing_else(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, asked = PostgresEventLog.load, list[Mapping[UUID, int]]()

    async def noted(
        self: PostgresEventLog, after: Mapping[UUID, int], command_id: UUID | None = None
    ) -> Loaded:
        asked.append(after)
        return await load(self, after, command_id)

    monkeypatch.setattr(PostgresEventLog, "load", noted)

    async def go() -> None:
        async with services_at(street_url) as services:
            dispute = await accepted_case(services)
            await services.command_handler.handle(sitting(dispute), context(SUN))
            asked.clear()
            await services.command_handler.handle(sitting(dispute), context(SUN))
            assert [dict(item) for item in asked if item] == [{dispute: 3}]

    run(go())


def test_a_new_case_or_number_is_no_new_reference(street_url: str) -> None:
    async def go() -> None:
        async with services_at(street_url) as services:
            dispute = uuid4()
            log = services.command_handler._log
            before = (await log.load({dispute: 0})).references
            assert before
            await accepted_case(services)
            assert (await log.load({dispute: 0})).references == before
            await services.command_handler.handle(described(without="li"), context(ADMIN))
            assert ((await log.load({dispute: 0})).references or 0) > before

    run(go())


@pytest.mark.parametrize("first", [DISPUTES, HISTORIES], ids=["state first", "history first"])
def test_a_decision_rests_on_the_older_of_two_foldings_of_one_case(
    street_url: str, first: StreamKind[UUID, object]
) -> None:
    """Its state and its history were read at different times, with a session recorded in between."""

    async def go() -> None:
        async with services_at(street_url) as services:
            dispute = await accepted_case(services)
            states, kinds = StreamStates(StreamCache()), [first]

            def needed() -> Iterator[StreamRef]:
                return iter([kind.ref(dispute) for kind in kinds])

            await states.read(services.command_handler._log, needed)
            await services.command_handler.handle(sitting(dispute), context(SUN))
            kinds.append(HISTORIES if first is DISPUTES else DISPUTES)
            await states.read(services.command_handler._log, needed)
            assert {states.version(kind.ref(dispute)) for kind in kinds} == {2, 3}
            assert states.versions() == {dispute: 2}

    run(go())
