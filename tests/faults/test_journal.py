"""What clients may conclude, how they write it down, and under which id the server records it."""

from dataclasses import replace
from pathlib import Path

import pytest

from api.http.request_checks import _uuid
from tests.faults.journal import Answer, Command, Journal, Verdict, read_journal
from tests.faults.stored import command_id

_ROUTE = "/v1/disputes"


def test_a_key_is_recorded_under_the_id_that_the_product_gives_it() -> None:
    secret = b"for tests alone"
    name = "sun\nPOST\n/v1/disputes/{dispute}/sessions\nkey-1"
    assert command_id(secret, "sun", "/v1/disputes/{dispute}/sessions", "key-1") == _uuid(secret, name)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Answer(200), Verdict.OK),
        (Answer(201), Verdict.OK),
        (Answer(409, {"type": "/problems/not-accepted"}), Verdict.REJECTED),
        (Answer(412), Verdict.REJECTED),
        (Answer(409, {"type": "/problems/in-progress"}), Verdict.UNKNOWN),
        (Answer(429), Verdict.UNKNOWN),
        (Answer(500), Verdict.UNKNOWN),
        (Answer(503), Verdict.UNKNOWN),
        (Answer(None), Verdict.UNKNOWN),
    ],
)
def test_what_a_client_may_conclude_from_an_answer(answer: Answer, verdict: Verdict) -> None:
    assert answer.verdict is verdict


def test_the_journal_tells_what_was_sent_and_what_came_back(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    command = Command("k", "sun", _ROUTE, _ROUTE, None, "楼\u2028道".encode())
    with Journal(path) as journal:
        journal.sending(command)
        journal.answered(command, Answer(None))
        journal.sending(command)
        journal.answered(command, Answer(201, {"id": "楼\u2028道"}))
        journal.sending(replace(command, key="open"))
    known, still_open = read_journal(path)
    assert (known.verdict, known.was_unknown, known.sent) == (Verdict.OK, True, 2)
    assert known.answers[-1].body == {"id": "楼\u2028道"}
    assert (still_open.verdict, still_open.was_unknown) == (Verdict.UNKNOWN, True)
