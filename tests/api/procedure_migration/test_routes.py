"""Moving open disputes to another version over HTTP: planned, refused without a ground, carried out, told in the history."""

import asyncio
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from application.command_handler import Clock, CommandHandler
from application.context import Context
from application.initial_data import default_ladder
from application.ports import EventLog, Reply, Unavailable
from application.procedure_migration.migrations import MigrationPlan, MigrationRequest, ProcedureMigrations
from application.stream_cache import StreamCache
from domain.commands.dispute import AnyDisputeCommand
from domain.commands.procedure import PublishProcedure
from domain.events.envelope import Actor
from domain.procedures.durations import Days
from domain.procedures.ladder import Ladder
from store.event_log.command_log import PostgresCommandLog
from store.event_log.postgres_event_log import LOG_CONNECTIONS, PostgresEventLog
from store.postgres.connections import open_pool
from tests.support.databases import run, services_at
from tests.support.served import Served
from tests.support.world import ADMIN, ANALYST, SUN, ZHOU, acceptance, context, filing, session

FOUR = {"failed_sessions": 4, "mediate_within": Days(days=10)}


@dataclass
class Reform:
    """A procedure whose community is to change."""

    served: Served
    name: str

    def publish(self, **community: object) -> None:
        """Put a further version in force."""
        tiers = tuple(
            tier.model_copy(update=community if tier.name == "community" else {})
            for tier in default_ladder().tiers
        )
        run(published(self.served.url, default_ladder().model_copy(update={"id": self.name, "tiers": tiers})))

    def case(self, failures: int, *, accepted: bool = True) -> str:
        """A case under the version in force, with so many failed sessions."""
        made: str = self.served.post(SUN, "/v1/disputes", filing(procedure=self.name)).json()["id"]
        if accepted:
            reply = self.served.post(SUN, f"/v1/disputes/{made}/acceptance", acceptance())
            assert reply.status_code == 200
        for _ in range(failures):
            assert self.served.post(SUN, f"/v1/disputes/{made}/sessions", session()).status_code == 200
        return made

    def move(self, key: str | None = None, **body: object) -> httpx.Response:
        """Ask to move what is open from the first version to the second."""
        path = f"/v1/procedures/{self.name}/migrations"
        headers = {"Idempotency_Key": key} if key else {}
        return self.served.post(ADMIN, path, {"from": 1, "to": 2, **body}, **headers)

    def migrated(self, case: str, by: Actor = SUN) -> int:
        """How often a case was moved."""
        events = self.served.get(by, f"/v1/disputes/{case}/events").json()["items"]
        return [event["type"] for event in events].count("dispute.procedure_migrated.v1")


async def published(url: str, ladder: Ladder) -> None:
    async with services_at(url) as services:
        await services.command_handler.handle(PublishProcedure(ladder=ladder), context(ADMIN))


class Cut(CommandHandler):
    """Handles so many commands, and then none any more."""

    def __init__(self, log: EventLog, references: StreamCache, clock: Clock, *, left: int) -> None:
        super().__init__(log, references, clock)
        self.left = left
        self.turn = asyncio.Lock()

    async def handle(self, command: AnyDisputeCommand, context: Context) -> Reply:
        """Handle one more, or none."""
        async with self.turn:
            self.left -= 1
            if self.left < 0:
                raise Unavailable("cut")
            return await super().handle(command, context)


async def cut(url: str, move: MigrationRequest, asked: Context, after: int) -> None:
    """Carry out so much of a move."""
    async with services_at(url) as services, open_pool(url, LOG_CONNECTIONS) as pool:
        log, references = PostgresEventLog(pool, services.clock), StreamCache()
        engine = Cut(log, references, services.clock, left=after)
        outcomes = PostgresCommandLog(pool)
        migrations = ProcedureMigrations(
            log, references, engine, services.open_disputes, outcomes, services.clock
        )
        with pytest.raises(Unavailable):
            await migrations.carry_out(move, asked)


async def carried_out(url: str, move: MigrationRequest, asked: Context) -> MigrationPlan:
    """Carry a move out."""
    async with services_at(url) as services:
        return await services.migrations.carry_out(move, asked)


@pytest.fixture
def reform(served: Served) -> Reform:
    """A procedure of its own with one version."""
    found = Reform(served, f"p{uuid4().hex[:10]}")
    found.publish()
    return found


def test_a_dry_run_lists_what_would_change_for_whom_and_moves_nothing(reform: Reform) -> None:
    fresh, tried, waiting = reform.case(0), reform.case(3), reform.case(0, accepted=False)
    reform.publish(**FOUR)
    reply = reform.move(dry_run=True)
    assert reply.status_code == 200, reply.text
    plan = reply.json()
    assert (plan["disputes"], plan["unchanged"], plan["against"], plan["blocked"]) == (3, 0, 2, 0)
    assert (plan["migrated"], plan["left"], plan["dry_run"], plan["complete"]) == (None, None, True, True)
    items = {item["dispute"]: item for item in plan["items"]}
    assert list(items) == [fresh, tried, waiting]
    assert items[tried]["count"] == {"have": 3, "need_before": 5, "need_after": 4}
    assert items[tried]["deadlines"] == [{"kind": "mediate", "before": "2026-04-03", "after": "2026-03-13"}]
    zh = [item["zh"] for item in items[tried]["against"]]
    assert zh[0] == "按原规则举行的3次未成调解，将以4次而非5次计算"
    assert len(zh) == 2
    assert items[waiting]["against"] == []
    for case in items:
        assert reform.served.get(SUN, f"/v1/disputes/{case}").json()["procedure"]["version"] == 1


def test_what_turns_against_a_party_wants_a_ground_and_then_stands_in_each_history(reform: Reform) -> None:
    tried, fresh = reform.case(3), reform.case(0, accepted=False)
    reform.publish(**FOUR)
    refused = reform.move()
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/retroactive-disadvantage")
    done = reform.move(ground="街道党工委会议决定").json()
    assert (done["migrated"], done["left"], done["against"]) == (2, [], 1)
    for case in (tried, fresh):
        assert reform.served.get(SUN, f"/v1/disputes/{case}").json()["procedure"] == {
            "id": reform.name,
            "version": 2,
        }
        last = reform.served.get(SUN, f"/v1/disputes/{case}/events").json()["items"][-1]
        assert (last["type"], last["actor"]["sub"]) == ("dispute.procedure_migrated.v1", "admin")
        assert last["data"]["ground"] == "街道党工委会议决定"
    reply = reform.served.post(SUN, f"/v1/disputes/{tried}/sessions", session()).json()
    assert (reply["status"], reply["tier"]) == ("escalated", "street")
    why = reform.served.get(SUN, f"/v1/disputes/{tried}/why").json()["decisions"][0]
    assert (why["threshold"], why["procedure"]["version"]) == (4, 2)
    assert reform.move().json()["disputes"] == 0


def test_until_it_is_moved_a_case_stays_on_its_version(reform: Reform) -> None:
    case = reform.case(4)
    reform.publish(**FOUR)
    later = reform.case(4)
    assert reform.served.get(SUN, f"/v1/disputes/{case}").json()["status"] == "accepted"
    assert reform.served.get(SUN, f"/v1/disputes/{later}").json()["status"] == "escalated"


def test_a_unit_may_go_first_and_the_same_key_goes_on(reform: Reform) -> None:
    case = reform.case(0, accepted=False)
    reform.publish(failed_sessions=6)
    assert reform.move(unit="dongguang.c02").json()["disputes"] == 0
    first = reform.move(unit="dongguang.c01")
    assert (first.json()["migrated"], first.json()["against"]) == (1, 0)
    events = reform.served.get(SUN, f"/v1/disputes/{case}/events").json()["items"]
    assert [event["type"] for event in events].count("dispute.procedure_migrated.v1") == 1


def test_the_same_key_gives_the_same_reply_again(reform: Reform) -> None:
    tried, closed, waiting = reform.case(3), reform.case(0), reform.case(0, accepted=False)
    reform.publish(**FOUR)
    key = uuid4().hex
    first = reform.move(ground="街道党工委会议决定", key=key)
    assert (first.status_code, first.json()["migrated"], first.json()["against"]) == (200, 3, 2)
    assert [item["dispute"] for item in first.json()["items"]] == [tried, closed, waiting]
    reform.served.post(SUN, f"/v1/disputes/{tried}/sessions", session())
    body = {"reason": "当事人失联", "occurred_at": "2026-03-20T10:00:00+08:00"}
    assert reform.served.post(SUN, f"/v1/disputes/{closed}/termination", body).status_code == 200
    again = reform.move(ground="街道党工委会议决定", key=key)
    assert (again.status_code, again.json()) == (200, first.json())
    assert reform.migrated(tried) == 1


def test_what_is_filed_after_a_request_began_is_none_of_its(reform: Reform) -> None:
    reform.publish(failed_sessions=6)
    back = {"from": 2, "to": 1, "key": uuid4().hex}
    first = reform.case(0, accepted=False)
    done = reform.move(**back)
    late = reform.case(0, accepted=False)
    assert reform.move(**back).json() == done.json()
    assert (reform.migrated(first), reform.migrated(late)) == (1, 0)


def test_a_key_of_another_request_moves_nothing(reform: Reform) -> None:
    first = reform.case(0, accepted=False)
    other = reform.served.post(ZHOU, "/v1/disputes", filing(procedure=reform.name, unit="dongguang.c02"))
    reform.publish(failed_sessions=6)
    key = uuid4().hex
    assert reform.move(unit="dongguang.c01", key=key).json()["migrated"] == 1
    for body in ({}, {"unit": "dongguang.c02"}, {"unit": "dongguang.c01", "ground": "另"}):
        reused = reform.move(key=key, **body)
        assert (reused.status_code, reused.json()["type"]) == (422, "/problems/key-reused")
    assert (reform.migrated(first), reform.migrated(other.json()["id"], ZHOU)) == (1, 0)


def test_a_move_that_was_cut_goes_on_and_tells_of_all_that_it_moved(reform: Reform) -> None:
    cases = [reform.case(3, accepted=True), *(reform.case(0, accepted=False) for _ in range(4))]
    reform.publish(**FOUR)
    move = MigrationRequest(procedure=reform.name, from_version=1, to_version=2, ground="街道党工委会议决定")
    asked = context(ADMIN)
    run(cut(reform.served.url, move, asked, after=2))
    assert sum(reform.migrated(case) for case in cases) == 2
    late = reform.case(0)  # under the version in force, which is the second one
    plans = [run(carried_out(reform.served.url, move, asked)) for _ in range(2)]
    for plan in plans:
        assert (plan.disputes, plan.migrated, plan.against, plan.left) == (5, 5, 1, [])
        assert [str(item.id) for item in plan.affected] == cases
    assert [reform.migrated(case) for case in (*cases, late)] == [1, 1, 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"from": 1, "to": 9}, 422, "to"),
        ({"from": 7, "to": 1}, 422, "from"),
        ({"from": 0, "to": 1}, 422, "from"),
        ({"from": 1, "to": 1}, 422, "to"),
        ({"from": 1, "to": 2, "ground": ""}, 422, "ground"),
        ({"from": 1, "to": 2, "whim": True}, 422, "whim"),
        ({"from": 1, "to": 2, "unit": "dongguang.moon"}, 422, "unit"),
        ({"from": 1, "to": 2, "unit": "dongguang.moon", "dry_run": True}, 422, "unit"),
    ],
)
def test_bad_moves_are_refused(reform: Reform, body: dict[str, object], status: int, field: str) -> None:
    reform.publish(failed_sessions=6)
    reply = reform.served.post(ADMIN, f"/v1/procedures/{reform.name}/migrations", body)
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (status, field)


def test_only_who_looks_after_reference_data_moves_disputes(reform: Reform) -> None:
    reform.publish(failed_sessions=6)
    path = f"/v1/procedures/{reform.name}/migrations"
    for actor in (SUN, ANALYST):
        assert reform.served.post(actor, path, {"from": 1, "to": 2, "dry_run": True}).status_code == 403
        assert reform.served.post(actor, path, {"from": 1, "to": 2}).status_code == 403
        assert reform.served.post(actor, path, {"from": 1, "to": 9}).status_code == 422
        assert reform.served.post(actor, path, {"from": 1, "to": 2, "unit": "moon"}).status_code == 422
    assert reform.served.client.post(path, json={"from": 1, "to": 2}).status_code == 401
