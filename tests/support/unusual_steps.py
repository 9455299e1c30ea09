"""Commands to a case as unusual as commands accept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

from domain.vocabulary import Method, SessionOutcome, limits
from tests.support.unusual import (
    AMOUNTS,
    LATE_DAYS,
    LONG,
    SHORT,
    Body,
    bodies,
    moments,
    parties,
)


def _attendance() -> st.SearchStrategy[list[Body]]:
    known = st.sampled_from(
        [{"who": "p1", "as": "party", "present": True}, {"who": "p2", "as": "party", "present": False}]
    )
    agent = bodies(who=SHORT, as_="agent", for_=st.sampled_from(["p1", "p2"]), present=st.booleans())
    other = bodies(
        who=SHORT,
        as_=st.sampled_from(["panel", "invitee"]),
        seat=st.none() | st.just("lawyer"),
        present=st.booleans(),
    )
    return st.lists(known | agent | other, max_size=3, unique_by=lambda item: str(item["who"]))


def _terms() -> st.SearchStrategy[list[Body]]:
    sides = st.sampled_from([("p1", "p2"), ("p2", "p1")])
    one = sides.flatmap(
        lambda side: bodies(
            debtor=side[0],
            creditor=side[1],
            obligation=LONG,
            amount_fen=AMOUNTS,
            due_on=st.none() | LATE_DAYS,
        )
    )
    return st.lists(one, min_size=1, max_size=3) | one.map(lambda term: [term] * limits.TERMS)


@dataclass(frozen=True)
class Step:
    """A command to a case: below which path, and its body on a day."""

    path: str
    body: Callable[[int], st.SearchStrategy[Body]]


def _session(outcome: object) -> Callable[[int], st.SearchStrategy[Body]]:
    return lambda day: bodies(
        held_at=moments(day),
        place=st.none() | SHORT,
        method=st.sampled_from(Method),
        attendance=_attendance(),
        outcome=outcome,
        minutes=LONG,
    )


def _reasoned(**more: object) -> Callable[[int], st.SearchStrategy[Body]]:
    return lambda day: bodies(reason=LONG, occurred_at=moments(day), **more)


def _on_the_day(day: int) -> str:
    month, of_month = divmod(day, 28)
    return f"2026-{3 + month:02}-{1 + of_month:02}"


def _accept(*mediators: str) -> Step:
    return Step(
        "acceptance",
        lambda day: bodies(mediators=[*mediators], chosen_by_parties=st.booleans(), occurred_at=moments(day)),
    )


ACCEPT: Final = {"compound": _accept("wu"), "community": _accept("sun", "li"), "street": _accept("zhao")}
"""The acceptance at each tier."""
AGREE: Final = (
    Step("sessions", _session("agreed")),
    Step(
        "agreement",
        lambda day: bodies(
            form=st.sampled_from(["oral", "written"]), terms=_terms(), reached_at=moments(day), record=LONG
        ),
    ),
)
STEPS: Final = (
    *ACCEPT.values(),
    Step("sessions", _session(st.sampled_from(SessionOutcome))),
    Step("sessions/1/correction", _reasoned(outcome=st.sampled_from(SessionOutcome), minutes=LONG)),
    Step("sessions/1/correction", lambda day: bodies(minutes=LONG, reason=LONG, occurred_at=moments(day))),
    Step("sessions/1/correction/approval", lambda day: bodies(note=LONG, occurred_at=moments(day))),
    Step("escalation", _reasoned(grounds=st.sampled_from(["risk", "complexity"]))),
    Step("escalation/approval", lambda day: bodies(note=LONG, occurred_at=moments(day))),
    Step("parties", lambda day: parties()),
    Step("parties/p1", lambda day: bodies(name=SHORT, address=SHORT, reason=LONG, occurred_at=moments(day))),
    Step(
        "appointments", lambda day: bodies(at=moments(day + 200), place=SHORT, method=st.sampled_from(Method))
    ),
    Step(
        "appointments/1/move",
        lambda day: bodies(at=moments(day + 201), place=SHORT, reason=LONG, occurred_at=moments(day)),
    ),
    Step("appointments/1/cancellation", _reasoned()),
    Step(
        "mediators",
        lambda day: bodies(mediators=["li"], reason="objection", note=LONG, occurred_at=moments(day)),
    ),
    Step("extension", lambda day: bodies(until=LATE_DAYS, consents=["p1", "p2"], occurred_at=moments(day))),
    Step(
        "risk",
        lambda day: bodies(level=st.sampled_from(["low", "high"]), grounds=LONG, occurred_at=moments(day)),
    ),
    Step("police-report", lambda day: bodies(reported_to=SHORT, facts=LONG, occurred_at=moments(day))),
    Step("opinions", lambda day: bodies(by=SHORT, opinion=LONG, group="legal", occurred_at=moments(day))),
    Step(
        "agreement/signatures",
        lambda day: bodies(by=st.sampled_from(["p1", "p2", "mediator"]), signed_at=moments(day)),
    ),
    Step("agreement/terms/1/performance", lambda day: bodies(performed_on=_on_the_day(day), note=LONG)),
    Step(
        "agreement/terms/1/performance",
        lambda day: bodies(
            performed_on=_on_the_day(day), amount_fen=st.sampled_from([1, limits.AMOUNT_FEN]), note=LONG
        ),
    ),
    Step(
        "agreement/change",
        lambda day: bodies(
            form=st.sampled_from(["oral", "written"]),
            terms=_terms(),
            reached_at=moments(day),
            record=LONG,
            reason=LONG,
        ),
    ),
    Step("agreement/rescission", _reasoned(consents=st.sampled_from([["p1", "p2"], ["p1"]]))),
    Step("agreement/terms/1/breach", lambda day: bodies(found_on=_on_the_day(day), note=LONG)),
    Step("agreement/terms/1/supervision", lambda day: bodies(note=LONG, occurred_at=moments(day))),
    Step(
        "judicial-confirmation",
        lambda day: bodies(filed_on=_on_the_day(day), applicants=["p1", "p2"], court=SHORT),
    ),
    Step(
        "judicial-confirmation/decision",
        lambda day: bodies(outcome="confirmed", decided_on=_on_the_day(day), reference=SHORT),
    ),
    *(
        Step(
            path,
            lambda day, scope=scope: bodies(
                party=st.sampled_from(["p1", "p2", "p3"]), scope=scope, note=LONG, occurred_at=moments(day)
            ),
        )
        for path in ("refusal", "withdrawal")
        for scope in ("case", "self")
    ),
    Step("withdrawal", lambda day: bodies(party="p1", settled=True, note=LONG, occurred_at=moments(day))),
    Step("termination", _reasoned()),
    Step("transfer", _reasoned(to=SHORT)),
    Step("closure", _reasoned()),
    Step(
        "follow-ups",
        lambda day: bodies(
            visited_on=_on_the_day(day),
            performed=st.sampled_from(["yes", "partly", "no"]),
            satisfied=5,
            note=LONG,
        ),
    ),
    Step("reopening", _reasoned()),
    Step("return", _reasoned()),
    *(Step(f"events/{version}/retraction", _reasoned()) for version in range(2, 8)),
    *(
        Step(f"events/{version}/retraction/approval", lambda day: bodies(note=LONG, occurred_at=moments(day)))
        for version in range(2, 8)
    ),
)
"""Commands to a case that was filed; most are refused unless the case stands as they need."""


def lives(tier: str) -> st.SearchStrategy[list[Step]]:
    """Usually accepted at the tier where it was filed, often agreed, then whatever people may try."""
    begun = st.sampled_from([(), *[(ACCEPT[tier],)] * 4])
    agreed = st.sampled_from([(), AGREE])
    tried = st.lists(st.sampled_from(STEPS), max_size=8)
    return st.tuples(begun, agreed, tried).map(lambda parts: [*parts[0], *parts[1], *parts[2]])
