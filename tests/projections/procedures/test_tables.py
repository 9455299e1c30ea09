"""Procedures and calendars in the read model: each fact its row, the same however the rows were made."""

import psycopg

from api.http.services import Services
from application.initial_data import shipped_ladder
from domain.commands.procedure import ApproveProcedure, ProposeProcedure, RejectProcedure
from domain.events.envelope import Actor
from domain.vocabulary import Role
from projections.rebuilding.rebuild import rebuild
from projections.registry import DirectoryProjection, projections
from projections.runtime.runner import catch_up_once
from tests.support.databases import run, services_at
from tests.support.rebuilds import rows_of
from tests.support.world import ADMIN, context, verdict

SECOND = Actor(sub="second", role=Role.ADMIN)
NAME = DirectoryProjection.NAME


async def decided(services: Services) -> None:
    """A first version that was rejected, a second one in force, a third one proposed."""
    ladder = shipped_ladder("block-triage")
    await services.command_handler.handle(ProposeProcedure(ladder=ladder), context(ADMIN))
    await services.command_handler.handle(
        RejectProcedure.model_validate(verdict(procedure="block-triage", version=1)), context(SECOND)
    )
    await services.command_handler.handle(ProposeProcedure(ladder=ladder), context(ADMIN))
    await services.command_handler.handle(
        ApproveProcedure.model_validate(verdict(procedure="block-triage", version=2)), context(SECOND)
    )
    changed = ladder.model_copy(
        update={"tiers": ladder.tiers[1:], "entry": dict.fromkeys(ladder.entry, "street")}
    )
    await services.command_handler.handle(ProposeProcedure(ladder=changed), context(ADMIN))


def test_rows_of_a_rebuild_are_those_that_serve(street_url: str) -> None:
    async def go() -> None:
        async with services_at(street_url) as services:
            await decided(services)
            await catch_up_once(street_url, projections())
            found = await services.procedure_queries.versions("block-triage")
            assert [(item.version, item.state, item.in_force) for item in found] == [
                (3, "proposed", False),
                (2, "published", True),
                (1, "rejected", False),
            ]
            assert found[1].published_at is not None
            assert found[1].decided_at is not None
            assert found[1].published_at > found[1].decided_at  # told of a day in March, recorded now
            assert [
                version.version for version in await services.procedure_queries.versions(everything=False)
            ] == [
                2,
                1,
            ]
        rows = rows_of(street_url, NAME)
        rebuilt = await rebuild(street_url, NAME)
        assert rebuilt.compared is not None
        assert (rebuilt.compared.differences, rows_of(street_url, NAME)) == (0, rows)

    run(go())
    with psycopg.connect(street_url) as connection:
        count = connection.execute("SELECT count(*) FROM calendars").fetchone()
    assert count == (23,)
