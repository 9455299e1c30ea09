"""Many at once: fifty writers on one case, one command sent fifty times; through two API processes."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from tests.faults.crowd import accepted_case, at_once, crowd, filing, session
from tests.faults.journal import Answer, Verdict
from tests.faults.stage import Means, Played, on_stage, slowest, unlike

_WRITERS: Final = 50
_LOST: Final = frozenset({409, 412})


def fifty_writers(means: Means) -> Played:
    """17: all with the version that they saw; then all with whatever version there is."""
    with on_stage(means, "fault-17", apis=2) as stage, ExitStack() as stack:
        senders = crowd(stage, stack, _WRITERS)
        complaints, most, rounds = [], 0, means.times(20)
        for number in range(rounds):
            case, version = accepted_case(senders[0], f"17-{number}")
            for item in (f'"{version}"', "*"):
                commands = [session(case, f"17-{number}-{item[0]}-{w}", item) for w in range(_WRITERS)]
                answers = at_once(senders, commands)
                won = sum(answer.verdict is Verdict.OK for answer in answers)
                most = max(most, won if item != "*" else 0)
                complaints += _strange(answers, won, alone=item != "*")
        complaints += unlike(stage.clients.witnessed)
        beyond = {"most_winners_of_a_version": most, "slowest_answer": slowest(stage.clients.witnessed)}
        return stage.closed(rounds * 2, beyond, complaints)


def _strange(answers: Sequence[Answer], won: int, *, alone: bool) -> list[str]:
    """Complain where nobody won or too many did, and of losers who were told something else than that they lost."""
    found = [] if won == 1 or (won > 1 and not alone) else [f"{won} writers won"]
    others = {answer.status for answer in answers if answer.verdict is not Verdict.OK} - _LOST
    return found + ([f"losers were told {sorted(map(str, others))}"] if others else [])


def one_key_fifty_times(means: Means) -> Played:
    """18: each of the fifty is told the same, or that it is still being done."""
    with on_stage(means, "fault-18", apis=2) as stage, ExitStack() as stack:
        senders = crowd(stage, stack, _WRITERS)
        complaints, rounds = [], means.times(20)
        for number in range(rounds):
            filed = filing(f"18-{number}")
            answers = at_once(senders, [filed] * _WRITERS)
            replies = {json.dumps(answer.body) for answer in answers if answer.verdict is Verdict.OK}
            if len(replies) != 1:
                complaints.append(f"fifty requests of one key got {len(replies)} different replies")
            if refused := sum(answer.verdict is Verdict.REJECTED for answer in answers):
                complaints.append(f"{refused} of fifty requests of one key were refused")
        complaints += unlike(stage.clients.witnessed)
        filings = stage.sql("SELECT count(*) FROM commands WHERE reply->'events' @> '[\"dispute.filed.v1\"]'")
        effects = filings[0][0]
        if effects != rounds:
            complaints.append(f"{effects} filings of {rounds} keys")
        return stage.closed(rounds, {"effects": effects}, complaints)
