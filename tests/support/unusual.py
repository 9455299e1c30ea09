"""Bodies of commands as unusual as commands accept: the longest texts, odd characters, the largest amounts, far days."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

from domain.vocabulary import Category, Difficulty, Method, SessionOutcome, limits

Body = dict[str, object]
_ODD = st.sampled_from(
    [
        *"=+-@;；\\'\"\t\r\n,\0\x01\x1f\x7f\x85\u200b\u200e\u2028\ufeff\uffff\ue000é…·",
        "\r\n",
        "😀",
        "𠮷",
        "ﷺ",
        "#N/A",
        "_x0041_",
        "（单位）",
        "</script>",
        "{n}",
        "%s",
        "=1+1",
    ]
)
_UNIT: Final = "dongguang.c01.y01"


def texts(longest: int) -> st.SearchStrategy[str]:
    """Any text: short, of odd characters, or as long as a command accepts."""
    short = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=min(20, longest))
    odd = st.lists(_ODD, min_size=1, max_size=5).map("".join)
    full = st.sampled_from(["纠", "😀", "=", ";", "\x01", "a"]).map(lambda one: one * longest)
    return st.one_of(short, odd, full)


SHORT: Final = texts(limits.SHORT_TEXT)
LONG: Final = texts(limits.LONG_TEXT)
AMOUNTS: Final = (
    st.none() | st.sampled_from([0, 1, 10**15 - 1, limits.AMOUNT_FEN]) | st.integers(0, limits.AMOUNT_FEN)
)
COUNTS: Final = st.none() | st.sampled_from([1, limits.WHOLE_NUMBER])
LATE_DAYS: Final = st.sampled_from(["2026-04-30", "2026-11-01", "2096-02-29", "2100-12-31"])
OFFSETS: Final = st.sampled_from(["+08:00", "Z", "-12:00", "+14:00"])


def moments(day: int) -> st.SearchStrategy[str]:
    """A moment of the day with this number, counted from the first of March 2026, in any offset."""
    month, of_month = divmod(day, 28)
    return OFFSETS.map(lambda offset: f"2026-{3 + month:02}-{1 + of_month:02}T12:00:00.123456{offset}")


def bodies(**fields: object) -> st.SearchStrategy[Body]:
    """A body of these fields, each drawn where it is a strategy; one that is drawn as None is left out."""
    drawn = {
        name: field if isinstance(field, st.SearchStrategy) else st.just(field)
        for name, field in fields.items()
    }
    return st.fixed_dictionaries(drawn).map(
        lambda body: {name.rstrip("_"): value for name, value in body.items() if value is not None}
    )


AGENTS: Final = bodies(name=SHORT, relation=SHORT)


_SIDES: Final = st.sampled_from(["applicant", "respondent"])


def parties(role: st.SearchStrategy[str] = _SIDES) -> st.SearchStrategy[Body]:
    """A party."""
    return bodies(
        role=role,
        kind=st.sampled_from(["person", "organisation"]),
        name=SHORT,
        phone=st.none() | texts(limits.PHONE_NUMBER),
        id_number=st.none() | texts(limits.PHONE_NUMBER),
        address=st.none() | SHORT,
        agent=st.none() | AGENTS,
    )


def many_parties() -> st.SearchStrategy[list[Body]]:
    """Two parties or a few, now and then as many as one filing may name, and those of one side only."""
    few = st.lists(parties(), min_size=2, max_size=4)
    one_side = st.lists(parties(st.just("respondent")), min_size=2, max_size=2)
    crowd = parties().map(lambda one: [one] * limits.PARTIES)
    return st.one_of(few, one_side, crowd)


def filings() -> st.SearchStrategy[Body]:
    """A filing."""
    return bodies(
        category=st.sampled_from(Category),
        difficulty=st.none() | st.sampled_from(Difficulty),
        source=st.sampled_from(["application", "initiative", "referral"]),
        referred_by=SHORT,
        title=SHORT,
        facts=LONG,
        requests=st.none() | LONG,
        amount_fen=AMOUNTS,
        unit=st.just(_UNIT),
        parties=many_parties(),
        people_involved=COUNTS,
        co_units=st.sampled_from([None, ["dongguang.c02.y01"], ["dongguang.c02", "dongguang.c02.y01"]]),
        occurred_at=moments(1),
    )


def _attendance() -> st.SearchStrategy[list[Body]]:
    known = st.sampled_from(
        [{"who": "p1", "as": "party", "present": True}, {"who": "sun", "as": "mediator", "present": True}]
    )
    other = bodies(
        who=SHORT,
        as_=st.sampled_from(["panel", "invitee"]),
        seat=st.none() | st.just("lawyer"),
        present=st.booleans(),
    )
    return st.lists(known | other, max_size=3, unique_by=lambda item: str(item["who"]))


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


ACCEPT: Final = Step(
    "acceptance",
    lambda day: bodies(
        mediators=st.sampled_from([["sun"], ["sun", "li"], ["zhao"], ["wu"]]),
        chosen_by_parties=st.booleans(),
        occurred_at=moments(day),
    ),
)
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
    ACCEPT,
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
    Step("refusal", lambda day: bodies(party="p1", note=LONG, occurred_at=moments(day))),
    Step("withdrawal", lambda day: bodies(party="p1", note=LONG, occurred_at=moments(day))),
    Step("termination", _reasoned()),
    Step("transfer", _reasoned(to=SHORT)),
    Step("closure", _reasoned()),
    Step(
        "follow-ups", lambda day: bodies(visited_on=_on_the_day(day), performed="all", satisfied=5, note=LONG)
    ),
    Step("reopening", _reasoned()),
    Step("return", _reasoned()),
)
"""Commands to a case that was filed; most are refused unless the case stands as they need."""
