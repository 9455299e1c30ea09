"""The fault matrix: which faults there are, playing them one after the other, and the table that comes of it."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from tests.faults.journal import Verdict
from tests.faults.rows import commits, crashes, order, projectors, races, readers, waits
from tests.faults.stage import Means, Played

_SHOWN: Final = 10
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Fault:
    """A row: what is injected, what is promised beyond the ledger, and who plays it."""

    name: str
    injected: str
    promised: str
    play: Callable[[Means], Played]


_FAULTS: Final = (
    Fault("1", "SIGKILL to API and supervisor at random ms", "restart within the limit", crashes.api_killed),
    Fault(
        "2", "SIGKILL between commit and reply", "a retry gives the stored reply", commits.killed_after_commit
    ),
    Fault("3", "SIGSTOP of an API process", "no late double effect", waits.frozen),
    Fault("4", "SIGTERM under load", "no accepted request fails", crashes.stopped_in_order),
    Fault("5", "PostgreSQL stopped at once", "503, recovers by itself", crashes.database_crashed),
    Fault("6", "kill -9 of a backend", "503, recovers by itself", crashes.backend_killed),
    Fault("7", "pg_terminate_backend in a loop", "the pool heals", crashes.connections_terminated),
    Fault("8", "connection cut before COMMIT", "success, never a conflict", commits.cut_before_commit),
    Fault("9", "connection cut after COMMIT", "success, never a conflict", commits.cut_after_commit),
    Fault("15", "all connections wait for a locked table", "fast 503", waits.pool_exhausted),
    Fault("16", "write lock held; queue full", "fast 503", waits.lock_held),
    Fault("17", "50 writers on one case", "one wins each version, others 409/412", races.fifty_writers),
    Fault("18", "one Idempotency-Key 50 times at once", "one effect", races.one_key_fifty_times),
    Fault(
        "20", "SIGKILL of the projector in mid-batch", "taken over within 2 s", projectors.killed_in_mid_batch
    ),
    Fault("21", "two projectors", "one active", projectors.two_projectors),
    Fault("22", "rows that cannot be decoded", "parked, others go on, alarm", projectors.poison),
    Fault("23", "LISTEN connections cut", "caught up within 2 s", projectors.lost_notify),
    Fault("order", "10,000 commits that dawdle", "no follower skips an event", order.out_of_order),
    Fault(
        "unusual",
        "10,000 cases as unusual as commands accept",
        "every reader shows them in every format",
        readers.unusual_cases,
    ),
)
FAULTS: Final[Mapping[str, Fault]] = {fault.name: fault for fault in _FAULTS}


def play(fault: Fault, means: Means) -> Row:
    """Play one fault and return its row; what breaks the playing itself is not good either."""
    means.tell(f"fault {fault.name}: {fault.injected}")
    began = time.monotonic()
    try:
        row = _row(fault, fault.play(means))
    except Exception as error:  # noqa: BLE001 - the other rows are still to be played
        row = {**_about(fault), "good": False, "complaints": [f"broke off: {error!r}"]}
    row["seconds"] = round(time.monotonic() - began, 1)
    means.tell(f"fault {fault.name}: {'good' if row['good'] else 'NOT GOOD'} after {row['seconds']} s")
    return row


def play_all(names: Sequence[str], means: Means, minutes: float) -> list[Row]:
    """Play faults one after the other; those for which no time is left are not good."""
    give_up, rows = time.monotonic() + 60 * minutes, []
    for name in names:
        if time.monotonic() < give_up:
            rows.append(play(FAULTS[name], means))
        else:
            complaint = f"not played: {minutes:g} minutes are over"
            rows.append({**_about(FAULTS[name]), "good": False, "complaints": [complaint]})
    return rows


def _about(fault: Fault) -> Row:
    return {"fault": fault.name, "injected": fault.injected, "promised": fault.promised}


def _row(fault: Fault, played: Played) -> Row:
    verdicts = [item.verdict for item in played.known]
    kinds = [finding.kind for finding in played.findings]
    return _about(fault) | {
        "times": played.times,
        "acknowledged": verdicts.count(Verdict.OK),
        "rejected": verdicts.count(Verdict.REJECTED),
        "unknown": sum(item.was_unknown for item in played.known),
        "lost": kinds.count("lost"),
        "doubled": kinds.count("doubled"),
        "wrong": kinds.count("wrong"),
        "beyond": dict(played.beyond),
        "good": played.good,
        "complaints": list(played.complaints),
        "by_check": dict(Counter(finding.check for finding in played.findings)),
        "findings": [asdict(finding) for finding in played.findings[:_SHOWN]],
    }
