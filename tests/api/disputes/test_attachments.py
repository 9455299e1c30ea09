"""Files of a case over real HTTP: in and out byte for byte, refused as it should be, never kept for nothing."""

import hashlib
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from starlette.datastructures import FormData, UploadFile

from api.disputes.attachments import _command, _store_and_handle
from api.http.multipart import upload_of
from api.http.services import Services
from application.ports import Unavailable
from domain.errors import UnknownDispute
from domain.events.envelope import Actor
from domain.messages import message
from store.attachments import Attachments
from store.postgres.connections import open_pool
from tests.api.http.test_request_checks import PROBLEM, accepted_case, events_of
from tests.support.databases import run, services_at
from tests.support.served import Served
from tests.support.world import ANALYST, AUDITOR, SUN

LETTER = b"%PDF-1.7 \xe5\x8d\x8f\xe8\xae\xae\x00\x01\x02"
LIMIT = 20 * 1024 * 1024
FIELDS = {"kind": "evidence", "title": "楼道照片", "occurred_at": "2026-03-07T09:00:00+08:00"}


def put(
    served: Served,
    case: object,
    content: bytes = LETTER,
    *,
    by: Actor = SUN,
    name: str = "letter.pdf",
    fields: dict[str, str] = FIELDS,
    query: str = "",
    **headers: str,
) -> httpx.Response:
    """Put a file into a case with a fresh key, whatever the version, unless headers say otherwise; "" leaves one out."""
    given = {"Idempotency-Key": uuid4().hex, "If-Match": "*", "Accept-Language": "en"}
    given |= {"Authorization": f"Bearer {served.token(by)}"}
    given |= {header.replace("_", "-"): value for header, value in headers.items()}
    return served.client.post(
        f"/v1/disputes/{case}/attachments{query}",
        data=fields,
        files={"file": (name, content, "application/pdf")},
        headers={header: value for header, value in given.items() if value},
    )


def put_well(
    served: Served, case: str, content: bytes = LETTER, name: str = "letter.pdf"
) -> dict[str, object]:
    """Put a file into a case, which must work, and return what the case then says of it."""
    reply = put(served, case, content, name=name)
    assert reply.status_code == 200, reply.text
    assert reply.json()["events"] == ["dispute.attachment_added.v1"]
    found: dict[str, object] = served.get(SUN, f"/v1/disputes/{case}").json()["attachments"][-1]
    return found


def take(served: Served, case: object, attachment: object, by: Actor = SUN) -> httpx.Response:
    """Take a file out of a case."""
    return served.get(by, f"/v1/disputes/{case}/attachments/{attachment}")


def kept(served: Served, case: object) -> list[str]:
    """The files that the store keeps for a case."""
    with psycopg.connect(served.url) as connection:
        found = connection.execute(
            "SELECT attachment::text FROM attachments WHERE dispute = %s ORDER BY stored_at", (str(case),)
        )
        return [row[0] for row in found.fetchall()]


@pytest.fixture(scope="module")
def case(served: Served) -> str:
    """A case that only reads, or is refused, so that all tests may share it."""
    return accepted_case(served)


# --- in and out ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (LETTER, "letter.pdf"),
        (os.urandom(5_000_000), "photo.jpg"),
        (b"x", "楼道 照片（一）.jpg"),
        (b"\x89PNG" * 65_536, "exactly-one-piece.png"),
        (b"\x00" * 300_000, "plain"),
    ],
    ids=["small", "5 MB of anything", "a Chinese name", "one whole piece", "no suffix"],
)
def test_a_file_goes_in_and_comes_out_byte_for_byte(served: Served, content: bytes, name: str) -> None:
    case = accepted_case(served)
    listed = put_well(served, case, content, name)
    reply = take(served, case, listed["id"])
    assert (reply.status_code, reply.content) == (200, content)
    assert listed["filename"] == name
    assert listed["size"] == len(content)
    assert listed["sha256"] == hashlib.sha256(content).hexdigest()


def test_its_hash_stands_in_the_event(served: Served) -> None:
    case = accepted_case(served)
    listed = put_well(served, case)
    event = events_of(served, case)[-1]
    assert event["type"] == "dispute.attachment_added.v1"
    assert event["occurred_at"] == "2026-03-07T09:00:00+08:00"
    assert event["data"] == {
        "attachment": listed["id"],
        "kind": "evidence",
        "title": "楼道照片",
        "filename": "letter.pdf",
        "media_type": "application/pdf",
        "size": len(LETTER),
        "sha256": hashlib.sha256(LETTER).hexdigest(),
        "occurred_at": "2026-03-07T09:00:00+08:00",
    }


def test_files_are_listed_in_the_order_in_which_they_came(served: Served) -> None:
    case = accepted_case(served)
    first, second = put_well(served, case, b"one", "a.txt"), put_well(served, case, b"two", "b.txt")
    listed = served.get(SUN, f"/v1/disputes/{case}").json()["attachments"]
    assert listed == [first, second]
    assert kept(served, case) == [first["id"], second["id"]]
    assert [take(served, case, item["id"]).content for item in listed] == [b"one", b"two"]


def test_a_closed_case_takes_papers_too(served: Served) -> None:
    case = accepted_case(served)
    no = {"party": "p2", "occurred_at": "2026-03-08T09:00:00+08:00"}
    assert served.post(SUN, f"/v1/disputes/{case}/refusal", no).json()["status"] == "closed"
    assert put_well(served, case)["filename"] == "letter.pdf"


def test_a_download_is_never_shown_or_kept_by_a_browser(served: Served) -> None:
    case = accepted_case(served)
    listed = put_well(served, case, name="样例 “甲”;乙.pdf")
    headers = take(served, case, listed["id"]).headers
    assert headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote('样例 “甲”;乙.pdf')}"
    assert headers["content-type"] == "application/octet-stream"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["content-length"] == str(len(LETTER))
    assert headers["etag"] == f'"{hashlib.sha256(LETTER).hexdigest()}"'


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("C:\\photos\\door.jpg", "door.jpg"),
        ("../../etc/passwd", "passwd"),
        ("   ", "file"),
        ("字" * 300, "字" * 200),
    ],
)
def test_of_a_name_only_the_name_stays(served: Served, name: str, stays: str) -> None:
    case = accepted_case(served)
    listed = put_well(served, case, name=name)
    assert listed["filename"] == stays
    assert take(served, case, listed["id"]).content == LETTER


def test_auditors_read_and_analysts_do_not(served: Served) -> None:
    case = accepted_case(served)
    listed = put_well(served, case)
    assert take(served, case, listed["id"], by=AUDITOR).content == LETTER
    assert take(served, case, listed["id"], by=ANALYST).status_code == 403
    unsigned = served.client.get(f"/v1/disputes/{case}/attachments/{listed['id']}")
    assert unsigned.status_code == 401


def test_a_file_belongs_to_its_case_alone(served: Served) -> None:
    case, other = accepted_case(served), accepted_case(served)
    listed = put_well(served, case)
    for place, attachment in ((case, uuid4()), (other, listed["id"]), (uuid4(), listed["id"])):
        reply = take(served, place, attachment)
        assert (reply.status_code, reply.headers["content-type"]) == (404, PROBLEM)
    assert take(served, case, "not-an-id").status_code == 404


# --- refused -------------------------------------------------------------------------------------------------


def test_without_a_token_or_a_key_nothing_is_looked_at(served: Served, case: str) -> None:
    assert put(served, case, Authorization="").status_code == 401
    keyless = put(served, case, Idempotency_Key="")
    assert (keyless.status_code, keyless.json()["type"]) == (400, "/problems/key-missing")


def test_what_is_no_form_is_refused(served: Served, case: str) -> None:
    path = f"/v1/disputes/{case}/attachments"
    as_json = served.post(SUN, path, FIELDS)
    assert (as_json.status_code, as_json.json()["type"]) == (400, "/problems/not-multipart")
    headers = {"Authorization": f"Bearer {served.token(SUN)}", "If-Match": "*"}
    for kind in ("multipart/form-data", "multipart/form-data; boundary=b"):
        for content in (b"", b"nonsense", b"--b\r\nnonsense"):
            own = {"Content-Type": kind, "Idempotency-Key": uuid4().hex}
            reply = served.client.post(path, content=content, headers=headers | own)
            assert reply.status_code in {400, 422}, (kind, content, reply.text)
            assert reply.headers["content-type"] == PROBLEM


def test_a_form_without_a_file_is_refused(served: Served, case: str) -> None:
    path = f"/v1/disputes/{case}/attachments"
    headers = {"Authorization": f"Bearer {served.token(SUN)}", "If-Match": "*", "Idempotency-Key": "no-file"}
    without = served.client.post(path, files={item: (None, FIELDS[item]) for item in FIELDS}, headers=headers)
    as_text = served.client.post(
        path,
        files={**{item: (None, FIELDS[item]) for item in FIELDS}, "file": (None, "text")},
        headers=headers,
    )
    for reply in (without, put(served, case, b"")):
        assert reply.status_code == 422
        assert [item["field"] for item in reply.json()["errors"]] == ["file"]
    assert as_text.status_code == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": None}, "kind"),
        ({"title": None}, "title"),
        ({"occurred_at": None}, "occurred_at"),
        ({"kind": "Big Words"}, "kind"),
        ({"title": "  "}, "title"),
        ({"title": "字" * 201}, "title"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": "2026-03-07T09:00:00"}, "occurred_at"),
        ({"occurred_at": "2099-01-01T00:00:00+08:00"}, "occurred_at"),
        ({"price": "1"}, "price"),
    ],
    ids=str,
)
def test_a_field_that_is_missing_or_wrong_is_named(
    served: Served, case: str, change: dict[str, str | None], field: str
) -> None:
    fields = {name: value for name, value in (FIELDS | change).items() if value is not None}
    reply = put(served, case, fields=fields)
    assert reply.status_code == 422, reply.text
    assert [item["field"] for item in reply.json()["errors"]] == [field]
    assert kept(served, case) == []


@pytest.mark.parametrize("text", ["a\x00b", "\x00"])
def test_a_nul_is_no_text(served: Served, case: str, text: str) -> None:
    reply = put(served, case, fields=FIELDS | {"title": text})
    assert (reply.status_code, reply.headers["content-type"]) == (400, PROBLEM)
    assert kept(served, case) == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x7fELF\x02\x01\x01", "photo.jpg"),
        (b"MZ\x90\x00", "photo.jpg"),
        (b"#!/bin/sh\n", "notes.txt"),
        (b"\xca\xfe\xba\xbe", "photo.jpg"),
        (b"plain", "setup.exe"),
        (b"plain", "SETUP.EXE"),
        (b"plain", "run.bat"),
        (b"plain", "page.html"),
        (b"plain", "drawing.svg"),
        (b"plain", "C:\\temp\\photo.jpg.exe"),
        (b"plain", "setup.exe."),
        (b"plain", "setup.exe "),
    ],
)
def test_programs_and_pages_are_not_taken(served: Served, case: str, content: bytes, name: str) -> None:
    english = put(served, case, content, name=name)
    chinese = put(served, case, content, name=name, Accept_Language="zh-CN")
    assert (english.status_code, english.json()["type"]) == (422, "/problems/executable-file")
    assert english.json()["detail"] == "programs and web pages are not taken into a case"
    assert [item["field"] for item in english.json()["errors"]] == ["file"]
    assert chinese.status_code == 422
    assert chinese.headers["content-language"] == "zh-CN"
    assert "program" not in chinese.text
    assert kept(served, case) == []


def a_form(content: bytes) -> tuple[bytes, str]:
    """A form with a file, and its content type."""
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in FIELDS.items()
    ]
    opening = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin.jpg"\r\n\r\n'
    return "".join([*parts, opening]).encode() + content + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"


def in_pieces(content: bytes) -> Iterator[bytes]:
    """A body without a length."""
    for start in range(0, len(content), 100_000):
        yield content[start : start + 100_000]


@pytest.mark.parametrize("size", [LIMIT + 1, LIMIT + 3_000_000], ids=["a byte more", "3 MB more"])
@pytest.mark.parametrize("streamed", [False, True], ids=["with a length", "without"])
def test_more_than_twenty_megabytes_are_too_much(
    served: Served, case: str, size: int, *, streamed: bool
) -> None:
    body, kind = a_form(bytes(size))
    headers = {"Authorization": f"Bearer {served.token(SUN)}", "If-Match": "*", "Accept-Language": "en"}
    reply = served.client.post(
        f"/v1/disputes/{case}/attachments",
        content=in_pieces(body) if streamed else body,
        headers=headers | {"Content-Type": kind, "Idempotency-Key": uuid4().hex},
    )
    assert (reply.status_code, reply.json()["type"]) == (413, "/problems/body-too-large")
    assert str(LIMIT) in reply.json()["detail"]
    assert kept(served, case) == []


def test_exactly_twenty_megabytes_are_taken(served: Served) -> None:
    case = accepted_case(served)
    content = os.urandom(1024) * (LIMIT // 1024)
    listed = put_well(served, case, content)
    assert listed["size"] == LIMIT
    assert take(served, case, listed["id"]).content == content


def test_a_case_that_is_not_there_takes_nothing(served: Served) -> None:
    nowhere = uuid4()
    assert put(served, nowhere).status_code == 404
    assert put(served, "not-an-id").status_code == 404
    assert kept(served, nowhere) == []


def test_only_those_who_handle_cases_put_files_in(served: Served, case: str) -> None:
    for actor in (AUDITOR, ANALYST):
        assert put(served, case, by=actor).status_code == 403
    assert kept(served, case) == []


def test_the_version_that_was_seen_has_to_be_said(served: Served, case: str) -> None:
    assert put(served, case, If_Match="").status_code == 428
    assert put(served, case, If_Match='"1"').status_code == 412
    assert put(served, case, If_Match="1").status_code == 400
    assert kept(served, case) == []


# --- once, or not at all -------------------------------------------------------------------------------------


def test_the_same_key_and_file_again_store_nothing_twice(served: Served) -> None:
    case, key = accepted_case(served), uuid4().hex
    first = put(served, case, Idempotency_Key=key, If_Match='"2"')
    again = put(served, case, Idempotency_Key=key, If_Match='"2"')
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert again.headers["etag"] == '"3"'
    (listed,) = served.get(SUN, f"/v1/disputes/{case}").json()["attachments"]
    assert kept(served, case) == [listed["id"]]
    assert take(served, case, listed["id"]).content == LETTER


def test_twins_at_once_leave_one_file(served: Served) -> None:
    case, key = accepted_case(served), uuid4().hex
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: put(served, case, Idempotency_Key=key), range(8)))
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.text for reply in replies}) == 1
    (listed,) = served.get(SUN, f"/v1/disputes/{case}").json()["attachments"]
    assert kept(served, case) == [listed["id"]]
    assert take(served, case, listed["id"]).content == LETTER


@pytest.mark.parametrize(
    "other",
    [{"content": b"another"}, {"name": "other.pdf"}, {"fields": FIELDS | {"title": "另一张"}}],
    ids=["content", "name", "title"],
)
def test_a_key_belongs_to_one_file(served: Served, other: dict[str, object]) -> None:
    case, key = accepted_case(served), uuid4().hex
    put(served, case, Idempotency_Key=key)
    before = kept(served, case)
    reply = put(served, case, Idempotency_Key=key, **other)
    assert (reply.status_code, reply.json()["type"]) == (422, "/problems/key-reused")
    assert kept(served, case) == before
    assert take(served, case, before[0]).content == LETTER


def test_a_dry_run_says_what_would_happen_and_stores_nothing(served: Served) -> None:
    case = accepted_case(served)
    reply = put(served, case, query="?dry_run=true", If_Match='"2"')
    assert reply.json() == {
        "id": case,
        "version": 3,
        "status": "accepted",
        "tier": "community",
        "events": ["dispute.attachment_added.v1"],
    }
    assert kept(served, case) == []
    assert len(events_of(served, case)) == 2


def test_sweeping_removes_old_files_that_no_case_came_to_hold(served: Served) -> None:
    case = accepted_case(served)
    held = put_well(served, case)["id"]
    old, fresh = uuid4(), uuid4()

    async def sweep() -> int:
        async with open_pool(served.url, 1) as pool:
            return await Attachments(pool).sweep()

    with psycopg.connect(served.url, autocommit=True) as connection:
        for item in (old, fresh):
            connection.execute("INSERT INTO attachments VALUES (%s, %s, %s)", (item, case, uuid4()))
            connection.execute("INSERT INTO attachment_chunks VALUES (%s, 0, 'x')", (item,))
        connection.execute(
            "UPDATE attachments SET stored_at = now() - interval '25 hours' WHERE attachment::text = ANY(%s)",
            ([str(old), held],),
        )
        assert run(sweep()) == 1
        chunks = connection.execute("SELECT count(*) FROM attachment_chunks WHERE attachment = %s", (old,))
        assert chunks.fetchone() == (0,)
    assert set(kept(served, case)) == {str(held), str(fresh)}
    assert take(served, case, held).content == LETTER


def test_a_file_whose_command_may_have_been_carried_out_is_kept(street_url: str) -> None:
    """Where the database does not answer in time nobody knows whether the event stands; the sweep finds out."""
    case, attachment = uuid4(), uuid4()

    @dataclass
    class Asked:
        services: Services
        error: Exception
        command_id: UUID = field(default_factory=uuid4)
        dry_run: bool = False

        def expected(self) -> str:
            return "any"

        async def carry_out(self, *_: object) -> None:
            raise self.error

    async def put_in(error: Exception) -> int:
        file = UploadFile(BytesIO(LETTER), size=len(LETTER), filename="letter.pdf")
        upload = await upload_of(FormData([("file", file)]))
        async with services_at(street_url) as services:
            command = _command(case, FIELDS, upload).model_copy(update={"attachment": attachment})
            with pytest.raises(type(error)):
                await _store_and_handle(command, upload, Asked(services, error))
            return len([piece async for piece in services.attachments.read(attachment, case)])

    assert run(put_in(UnknownDispute(message("there is no such case")))) == 0
    assert run(put_in(Unavailable("too late"))) == 1


# --- memory --------------------------------------------------------------------------------------------------


def api_processes(served: Served) -> list[Path]:
    """The API processes below the supervisor, in /proc."""
    pid = served.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    folders = [Path("/proc") / child for child in children]
    return [folder for folder in folders if b"\0api\0" in (folder / "cmdline").read_bytes()]


def peak_of(process: Path) -> int:
    """The most memory that a process has held, in bytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", (process / "status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024


def test_no_file_is_ever_whole_in_memory(served: Served) -> None:
    """Files of 20 MB go in and out; the most that the API process ever held does not grow by nearly as much."""
    case, content = accepted_case(served), os.urandom(1024) * (LIMIT // 1024)
    (process,) = api_processes(served)
    take(served, case, put_well(served, case, content[: LIMIT // 4])["id"])
    before = peak_of(process)
    for _ in range(3):
        take(served, case, put_well(served, case, content)["id"])
        put(served, case, content, Idempotency_Key="the same")
    with ThreadPoolExecutor(3) as pool:
        replies = list(pool.map(lambda _: put(served, case, content), range(3)))
    assert {reply.status_code for reply in replies} == {200}
    assert peak_of(process) - before < 15_000_000
