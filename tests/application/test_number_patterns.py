"""After an upgrade: patterns that platforms had before they were kept by register are assigned, once (rule 25)."""

import psycopg
import pytest

from api.http.services import Services
from cli.bootstrap import put_initial_data
from domain.commands.platform import DescribePlatform
from domain.errors import PatternTaken
from projections.registry import projections
from projections.runtime.runner import catch_up_once
from tests.support.databases import run, services_at
from tests.support.world import ADMIN, context

ASSIGNED = "SELECT count(*) FROM stored_events WHERE topic = 'numbering.pattern_assigned.v1'"


def assigned_in(url: str) -> int:
    """How many patterns are assigned."""
    with psycopg.connect(url) as connection:
        found = connection.execute(ASSIGNED).fetchone()
    assert found is not None
    return int(found[0])


def test_patterns_from_before_are_assigned_once(street_url: str) -> None:
    before = assigned_in(street_url)
    assert before >= 3
    with psycopg.connect(street_url) as connection:
        connection.execute(
            "ALTER TABLE stored_events DISABLE TRIGGER ALL"
        )  # as if they had never been recorded
        connection.execute("DELETE FROM stored_events WHERE topic = 'numbering.pattern_assigned.v1'")

    async def work(services: Services) -> None:
        await catch_up_once(street_url, projections())
        await put_initial_data(services)
        await put_initial_data(services)
        fields = {
            "unit": "dongguang.c02",
            "tier": "community",
            "title": "二社",
            "convener": "zhou",
            "mediators": (),
        }
        pattern = "({year}) 东光民调字第{n}号"
        command = DescribePlatform.model_validate({**fields, "number_pattern": pattern})
        with pytest.raises(PatternTaken, match="dongguang"):
            await services.command_handler.handle(command, context(ADMIN))

    async def go() -> None:
        async with services_at(street_url) as services:
            await work(services)

    run(go())
    assert assigned_in(street_url) == before
