"""The open cases of mediators, of which a change of a platform warns."""

import asyncio

from domain.commands.dispute import AcceptDispute
from projections.case_list.queries import OpenDisputeQueries
from projections.registry import projections
from projections.runtime.runner import catch_up_once
from tests.projections.case_list.test_due_days import some_case
from tests.support.databases import run, services_at
from tests.support.world import SUN, acceptance, context


def test_a_case_that_was_just_accepted_is_among_them(street_url: str) -> None:
    async def ask() -> None:
        async with services_at(street_url) as services:
            case = await some_case(services, "2026-03-02T09:00:00+08:00")
            accept = AcceptDispute.model_validate({"dispute": case, **acceptance(mediators=["li"])})
            await services.command_handler.handle(accept, context(SUN))
            asked = asyncio.create_task(
                OpenDisputeQueries(services.case_list._pool).of_mediators(["li", "sun"])
            )
            await asyncio.sleep(0.05)
            await catch_up_once(street_url, projections())
            assert await asked == [("li", case)]

    run(ask())
