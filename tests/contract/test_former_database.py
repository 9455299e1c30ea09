"""A database that the program of version 4c8df0f filled is migrated, and every reader says what it said before.

`former/rows.jsonl.gz` holds stored events of that program's demonstration street, and of cases of every other kind that
it let in (numbers given twice, texts that show nothing, two applications to a court); `former/answers.jsonl.gz` what it
answered about them. Members that joined later are no difference; what was changed on purpose is said below.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import psycopg
import pytest
from pydantic import JsonValue

from store.postgres import migrator
from store.postgres.migrator import migrate, migrations
from tests.support.postgres import home_of_run
from tests.support.served import Served, serving_forked
from tests.support.world import ANALYST, AUDITOR

FOLDER = Path(__file__).parent / "former"
LAST_MIGRATION = 8
"""The newest migration of the former program."""
Difference = tuple[str, JsonValue, JsonValue]


def lines(name: str) -> list[JsonValue]:
    with gzip.open(FOLDER / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def fill(url: str) -> int:
    """Put the stored events where they were; return the position of the last."""
    rows = [cast("list[JsonValue]", line) for line in lines("rows")]
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        command = (
            "COPY stored_events (notification_id, originator_id, originator_version, topic, state) FROM STDIN"
        )
        with cursor.copy(command) as copy:
            for position, stream, version, topic, state in rows:
                text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
                copy.write_row((position, stream, version, topic, text.encode()))
        last = int(str(rows[-1][0]))
        cursor.execute(
            "INSERT INTO commands (command_id, fingerprint, position, recorded_at, reply)"
            " VALUES (gen_random_uuid(), '', %s, now(), '{}')",
            (last,),
        )
    return last


@pytest.fixture(scope="module")
def answered(worker_id: str, postgres: None) -> Iterator[Callable[[str], JsonValue]]:
    """Ask today's program about the former one's database."""
    from tests.support import databases

    name = databases.create_numbered(f"former_{worker_id}", "template0")
    url = databases.url_of(name)
    former = tuple(item for item in migrations() if item.number <= LAST_MIGRATION)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrator, "migrations", lambda: former)
        migrate(url)
    last = fill(url)
    assert len(migrate(url)) == len(migrations()) - LAST_MIGRATION
    with serving_forked(url, home_of_run()) as served:
        yield lambda path: ask(served, path, last)


def ask(served: Served, path: str, position: int) -> JsonValue:
    fresh = f"&min_position={position}" if "?" in path else ""
    reader = ANALYST if path.startswith("/v1/indicators") else AUDITOR
    for _ in range(30):
        reply = served.get(reader, path + fresh, Accept_Language="en")
        if reply.status_code != 503:
            break
    assert reply.status_code == 200, f"{path}: {reply.text[:300]}"
    return cast("JsonValue", reply.json())


def differences(then: JsonValue, now: JsonValue, path: str = "") -> Iterator[Difference]:
    """Yield what is not as it was; members that joined are none."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name, value in then.items():
            if name in now or value is not None:
                yield from differences(value, now.get(name), f"{path}.{name}")
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for place, (one, other) in enumerate(zip(then, now, strict=True)):
            yield from differences(one, other, f"{path}.{place}")
    elif then != now:
        yield path, then, now


def is_meant(difference: Difference) -> bool:
    """Say whether a difference was made on purpose."""
    path, then, now = difference
    match path.rpartition(".")[2]:
        case "type":  # a closing with its reason is one topic again
            return (then, now) == ("dispute.closed.v2", "dispute.closed.v1")
        case "overdue":  # depends on today; and an application to a court is a right (rule 10)
            return True
        case (
            "en" | "zh"
        ):  # explanations say more: what voided a move, who approved it, that a limit only marks
            return str(now).startswith(str(then).removesuffix("。"))
        case "agreement":  # what was performed stays when a case is taken up again (rule 9)
            return then is None and isinstance(now, dict) and now["state"] == "performed"
    return False


def by_id(answer: JsonValue, path: str) -> JsonValue:
    """The rows of a list by what names them: the order of lists was changed, and co-units find joint cases (rule 16)."""
    if "?" not in path:
        return answer
    items = cast("list[dict[str, JsonValue]]", cast("dict[str, JsonValue]", answer)["items"])
    names = ("id", "number", "title") if "indicators" not in path else ("key", "group", "tier")
    return {str([item.get(name) for name in names]): item for item in items}


def test_every_reader_says_what_the_former_program_said(answered: Callable[[str], JsonValue]) -> None:
    wrong = []
    for line in lines("answers"):
        path, then = cast("tuple[str, JsonValue]", line)
        found = differences(by_id(then, path), by_id(answered(path), path))
        wrong += [(path, item) for item in found if not is_meant(item)]
    assert not wrong, f"{len(wrong)} differences, such as {wrong[:3]}"


def test_a_lost_fact_would_be_noticed() -> None:
    then: JsonValue = {"status": "closed", "sessions": [{"number": 1}], "note": None}
    assert list(differences(then, {"status": "closed", "sessions": [{"number": 1, "new": 1}]})) == []
    assert list(differences(then, {"status": "filed", "sessions": []})) == [
        (".status", "closed", "filed"),
        (".sessions", [{"number": 1}], []),
    ]
