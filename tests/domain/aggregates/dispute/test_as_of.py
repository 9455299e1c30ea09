"""How a case stood on a past day, by what is known now: late records, corrections, voided moves (rule 13)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from domain.aggregates.dispute import Dispute, replay
from domain.aggregates.dispute.as_of import as_of, in_effect_on
from domain.aggregates.dispute.voiding import has_lost_basis
from domain.commands.dispute import (
    AnyDisputeCommand,
    ApproveCorrection,
    ApproveEscalation,
    CorrectSession,
    ProposeEscalation,
    RejectCorrection,
    ReopenDispute,
)
from domain.events.dispute import (
    AgreementDrafted,
    AgreementSigned,
    AgreementTookEffect,
    CorrectionProposed,
    CorrectionRejected,
    DisputeEvent,
    EscalationVoided,
    MediatorsReplaced,
    MinutesAmended,
    PartyAmended,
    ProcedureMigrated,
    Reopened,
    SessionCorrected,
    SessionRecorded,
    Term,
    TermPerformed,
)
from domain.events.envelope import Actor, Fact
from domain.procedures.ladder import ProcedureRef
from domain.procedures.rules import Because
from domain.vocabulary import Rule, Status, day_of
from tests.domain.aggregates.dispute.test_agreement_changes import CHANGED
from tests.support.examples import examples
from tests.support.specification import (
    DISPUTE,
    NUMBER,
    PLATFORMS,
    Given,
    Happened,
    accept,
    accepted,
    because,
    closed,
    escalated,
    failed,
    file_dispute,
    filed,
    given,
    hold,
    moment,
    refuse,
    refused,
    returned,
    sat,
    send_back,
    terminate,
    withdrawn,
)
from tests.support.world import LI, SUN, ZHAO

ACCEPTED = (filed(), accepted())
FIVE = failed(5)
"""Five failures, on the fourth to the eighth of March."""
MOVED = Fact(escalated(at="2026-03-08"), because(Rule.FAILED_SESSIONS, "community", 5, *FIVE))
ESCALATED = (*ACCEPTED, *FIVE, MOVED)


@dataclass(frozen=True)
class Entry:
    """A fact at its place in the history."""

    version: int
    event: DisputeEvent
    because: Because | None
    recorded_at: datetime | None = None


def history(*happened: Happened) -> tuple[Entry, ...]:
    """What happened, in the order in which it was recorded."""
    return tuple(
        Entry(place, item.event, item.because) for place, item in enumerate(given(*happened).facts, start=1)
    )


def on(day: int, *happened: Happened) -> Dispute:
    """The case at the end of a day of March, which must be there."""
    found = as_of(history(*happened), date(2026, 3, day))
    assert found is not None
    return found


def failures(day: int, *happened: Happened) -> int:
    """How many failures at the community counted at the end of a day of March."""
    return on(day, *happened).failures_at("community")


def corrected(session: int, at: str, **changes: object) -> SessionCorrected:
    """A session was corrected; what is not named stayed."""
    left = dict.fromkeys(("outcome", "held_at", "attendance", "minutes", "note"))
    body = left | changes | {"session": session, "occurred_at": moment(at)}
    return SessionCorrected.model_validate(body)


def proposed(session: int, at: str, **changes: object) -> CorrectionProposed:
    """Somebody said that a session was recorded wrongly."""
    left = dict.fromkeys(("outcome", "held_at", "attendance", "minutes"))
    body = left | changes | {"session": session, "occurred_at": moment(at)}
    return CorrectionProposed.model_validate(body | {"reason": "记错", "proposed_by": "sun"})


def voided(at: str, at_version: int = 8) -> EscalationVoided:
    """A correction took the escalation away."""
    return EscalationVoided(
        at_version=at_version,
        from_tier="street",
        to_tier="community",
        platform=PLATFORMS["community"],
        occurred_at=moment(at),
    )


def reopened(at: str, status: Status = Status.ACCEPTED) -> Reopened:
    """The case was taken up again."""
    return Reopened(status=status, reason="再起", occurred_at=moment(at))


# --- each day of a life --------------------------------------------------------------------------------------


def test_before_it_was_filed_there_was_no_case() -> None:
    assert as_of(history(*ESCALATED), date(2026, 3, 1)) is None
    assert as_of((), date(2026, 3, 1)) is None
    assert as_of(history(*ESCALATED), date.min) is None


@pytest.mark.parametrize(
    ("day", "status", "tier", "count"),
    [
        (2, "filed", "community", 0),
        (3, "accepted", "community", 0),
        (4, "accepted", "community", 1),
        (7, "accepted", "community", 4),
        (8, "escalated", "street", 5),
        (9, "escalated", "street", 5),
        (10, "accepted", "street", 5),
        (11, "accepted", "street", 5),
        (12, "closed", "street", 5),
        (13, "closed", "street", 5),
        (14, "accepted", "street", 5),
        (31, "accepted", "street", 5),
    ],
)
def test_a_case_stood_each_day_as_it_had_got_by_its_end(day: int, status: str, tier: str, count: int) -> None:
    life = (
        *ESCALATED,
        accepted("street", "zhao", at="2026-03-10", number=None),
        refused(at="2026-03-12"),
        closed("refused", at="2026-03-12"),
        reopened("2026-03-14"),
    )
    found = on(day, *life)
    assert (found.status, found.tier, found.failures_at("community")) == (status, tier, count)
    assert found.outcome == ("refused" if status == "closed" else None)
    assert found.number == (NUMBER if day > 2 else None)
    assert (
        found.mediators
        == {
            "filed": (),
            "escalated": (),
            "accepted": ("sun", "li") if tier == "community" else ("zhao",),
            "closed": ("zhao",),
        }[status]
    )


def test_days_are_those_of_shanghai() -> None:
    late = filed("2026-03-02 23:59"), accepted(at="2026-03-03 00:00")
    assert on(2, *late).status is Status.FILED
    utc = filed().model_copy(update={"occurred_at": datetime.fromisoformat("2026-03-01T16:00:00+00:00")})
    assert as_of(history(utc), date(2026, 3, 1)) is None
    assert on(2, utc).status is Status.FILED


def test_the_version_is_that_of_the_last_fact_in_effect() -> None:
    late = (*ACCEPTED, sat(1, at="2026-03-10"), sat(2, at="2026-03-05"))
    assert [on(day, *late).version for day in (2, 3, 4, 5, 9, 10)] == [1, 2, 2, 4, 4, 4]


def test_the_escalation_keeps_the_version_at_which_it_was_recorded() -> None:
    late = (*ACCEPTED, *failed(4), sat(5, at="2026-03-20"), replace_day(MOVED, "2026-03-08"))
    (escalation,) = on(9, *late).escalations
    assert (escalation.at_version, on(9, *late).failures_at("community")) == (8, 4)


def replace_day(fact: Fact, day: str) -> Fact:
    """The same fact on another day."""
    return replace(fact, event=fact.event.model_copy(update={"occurred_at": moment(day)}))


# --- late records --------------------------------------------------------------------------------------------


def test_a_session_recorded_late_counts_from_the_day_on_which_it_was_held() -> None:
    late = (*ACCEPTED, sat(1, at="2026-03-12"), sat(2, at="2026-03-06"), sat(3, at="2026-03-09"))
    assert [failures(day, *late) for day in (5, 6, 8, 9, 11, 12)] == [0, 1, 1, 2, 2, 3]
    assert [session.counted.number for session in on(9, *late).sessions] == [2, 3]


def test_who_mediated_follows_the_day_of_the_change() -> None:
    change = MediatorsReplaced(
        mediators=("li",), reason="absence", note=None, occurred_at=moment("2026-03-05")
    )
    late = (*ACCEPTED, sat(1, at="2026-03-12"), change)
    assert [on(day, *late).mediators for day in (4, 5)] == [("sun", "li"), ("li",)]


def test_a_party_amended_was_another_before() -> None:
    party = filed().parties[0].model_copy(update={"name": "丙"})
    late = (*ACCEPTED, PartyAmended(party=party, reason="改名", occurred_at=moment("2026-03-05")))
    assert [on(day, *late).parties[0].name for day in (4, 5)] == ["甲", "丙"]


def test_an_agreement_binds_from_its_day() -> None:
    term = Term(debtor="p2", creditor="p1", obligation="清理", due_on=date(2026, 4, 1))
    drafted = AgreementDrafted(
        form="written", terms=(term,), record=None, reached_at=moment("2026-03-04 15:00")
    )
    signed = [AgreementSigned(party=item, signed_at=moment("2026-03-06")) for item in ("p1", "p2")]
    life = (
        *ACCEPTED,
        sat(1, "agreed"),
        drafted,
        *signed,
        AgreementTookEffect(effective_on=date(2026, 3, 6)),
    )
    assert on(3, *life).agreement is None
    drafted_only, agreed = on(5, *life), on(6, *life)
    assert drafted_only.agreement is not None
    assert (drafted_only.status, drafted_only.agreement.signatures) == ("accepted", ())
    assert agreed.agreement is not None
    assert (agreed.status, agreed.agreement.effective_on) == ("agreed", date(2026, 3, 6))


# --- corrections take the day of what they correct -----------------------------------------------------------


def test_a_corrected_outcome_was_so_from_the_day_of_the_session() -> None:
    wrong = (*ACCEPTED, *failed(2), corrected(1, "2026-03-20", outcome="adjourned"))
    assert [failures(day, *wrong) for day in (3, 4, 5, 20)] == [0, 0, 1, 1]
    (session,) = on(4, *wrong).sessions
    assert (session.counted.outcome, session.corrected) == ("adjourned", True)


def test_an_outcome_corrected_twice_was_what_the_last_one_says() -> None:
    twice = (
        *ACCEPTED,
        *failed(1),
        corrected(1, "2026-03-20", outcome="adjourned"),
        corrected(1, "2026-03-22", outcome="agreed"),
    )
    assert on(4, *twice).sessions[0].counted.outcome == "agreed"


@pytest.mark.parametrize(
    ("moves", "since"),
    [
        (["2026-03-12"], 12),
        (["2026-03-03"], 3),
        (["2026-03-12", "2026-03-07"], 7),
        (["2026-03-07", "2026-03-12"], 12),
    ],
)
def test_a_session_is_there_from_the_day_on_which_it_was_really_held(moves: list[str], since: int) -> None:
    corrections = [corrected(1, f"2026-03-2{place}", held_at=moment(day)) for place, day in enumerate(moves)]
    wrong = (*ACCEPTED, sat(1, at="2026-03-05"), *corrections)
    assert [len(on(day, *wrong).sessions) for day in range(3, 32)] == [day >= since for day in range(3, 32)]
    assert on(31, *wrong).sessions[0].counted.held_at == moment(moves[-1])


def test_a_session_is_corrected_by_its_number_and_no_other() -> None:
    wrong = (*ACCEPTED, *failed(3), corrected(2, "2026-03-20", held_at=moment("2026-03-15")))
    assert [session.counted.number for session in on(6, *wrong).sessions] == [1, 3]
    assert [session.counted.number for session in on(15, *wrong).sessions] == [1, 2, 3]


def test_a_proposal_waits_from_its_own_day_until_it_was_decided() -> None:
    waiting = (*ACCEPTED, *failed(1), proposed(1, "2026-03-10", outcome="adjourned"))
    assert [list(on(day, *waiting).proposals) for day in (4, 9, 10)] == [[], [], [1]]
    assert failures(10, *waiting) == 1
    rejected = CorrectionRejected(session=1, note=None, occurred_at=moment("2026-03-12"))
    assert [list(on(day, *waiting, rejected).proposals) for day in (9, 11, 12)] == [[], [1], []]
    approved = corrected(1, "2026-03-12", outcome="adjourned")
    assert [list(on(day, *waiting, approved).proposals) for day in (9, 11, 12)] == [[], [], []]


def test_amended_minutes_belong_to_their_session() -> None:
    amended = MinutesAmended(session=1, minutes="新", reason="错字", occurred_at=moment("2026-03-20"))
    entries = history(*ACCEPTED, *failed(1), amended)
    assert [item.version for item in in_effect_on(entries, date(2026, 3, 4))] == [1, 2, 3, 4]
    assert [item.version for item in in_effect_on(entries, date(2026, 3, 3))] == [1, 2]


def test_what_corrects_a_session_that_is_not_there_keeps_its_own_day() -> None:
    entries = history(*ACCEPTED, corrected(7, "2026-03-20", outcome="failed"), voided("2026-03-21"))
    assert [len(tuple(in_effect_on(entries, date(2026, 3, day)))) for day in (19, 20, 21)] == [2, 3, 4]


# --- moves that were voided, or stand ------------------------------------------------------------------------


def test_a_voided_escalation_never_was() -> None:
    life = (*ESCALATED, corrected(3, "2026-03-16", outcome="adjourned"), voided("2026-03-16"))
    for day in (8, 9, 15, 16, 31):
        found = on(day, *life)
        assert (found.status, found.tier, found.platform) == ("accepted", "community", "dongguang.c01")
        assert found.mediators == ("sun", "li")
        assert found.failures_at("community") == 4
        assert [escalation.voided for escalation in found.escalations] == [True]
    assert (on(7, *life).escalations, failures(7, *life)) == ((), 3)


def test_it_never_was_either_where_the_tier_above_had_accepted() -> None:
    life = (
        *ESCALATED,
        accepted("street", "zhao", at="2026-03-10", number=None),
        corrected(3, "2026-03-16", outcome="adjourned"),
        voided("2026-03-16"),
    )
    assert {(on(day, *life).status, on(day, *life).tier) for day in (8, 9, 10, 15, 16)} == {
        ("accepted", "community")
    }
    assert on(10, *life).mediators == ("sun", "li")


def test_only_the_voided_move_never_was() -> None:
    life = (
        *ESCALATED,
        returned(at="2026-03-10"),
        sat(6, at="2026-03-11"),
        Fact(escalated(at="2026-03-11"), because(Rule.FAILED_SESSIONS, "community", 5, *FIVE)),
        corrected(6, "2026-03-16", outcome="no_show"),
        voided("2026-03-16", at_version=11),
    )
    stood = [(on(day, *life).status, on(day, *life).tier) for day in (8, 10, 11, 16)]
    assert stood == [
        ("escalated", "street"),
        ("accepted", "community"),
        ("accepted", "community"),
        ("accepted", "community"),
    ]


def test_a_move_that_stands_on_a_corrected_basis_was_made_all_the_same() -> None:
    life = (
        *ESCALATED,
        accepted("street", "zhao", at="2026-03-10", number=None),
        sat(6, "failed", "street", at="2026-03-11"),
        corrected(3, "2026-03-16", outcome="adjourned"),
    )
    found = on(8, *life)
    assert (found.status, found.tier, found.failures_at("community")) == ("escalated", "street", 4)
    (escalation,) = found.escalations
    assert not escalation.voided
    assert has_lost_basis(found, escalation.because)


# --- taken up again ------------------------------------------------------------------------------------------


def test_sessions_count_anew_from_the_day_on_which_it_was_taken_up_again() -> None:
    life = (
        *ACCEPTED,
        *failed(3),
        withdrawn(at="2026-03-09"),
        closed("withdrawn", at="2026-03-09"),
        reopened("2026-03-12"),
        sat(4, at="2026-03-13"),
    )
    assert [failures(day, *life) for day in (6, 9, 11, 12, 13)] == [3, 3, 3, 0, 1]
    assert [on(day, *life).status.value for day in (8, 9, 11, 12)] == [
        "accepted",
        "closed",
        "closed",
        "accepted",
    ]


def test_a_case_reopened_while_it_waits_waits_again() -> None:
    life = (
        *ESCALATED,
        withdrawn(at="2026-03-09"),
        closed("withdrawn", at="2026-03-09"),
        reopened("2026-03-12", Status.ESCALATED),
    )
    assert [on(day, *life).status.value for day in (8, 9, 12)] == ["escalated", "closed", "escalated"]


# --- any history ---------------------------------------------------------------------------------------------

DAYS = st.integers(1, 28).map(lambda day: f"2026-03-{day:02d}")
OUTCOMES = st.sampled_from(["agreed", "failed", "adjourned", "no_show"])
NUMBERS, TIERS = st.integers(1, 12), st.sampled_from(list(PLATFORMS))
FACTS: st.SearchStrategy[DisputeEvent] = st.one_of(
    st.builds(lambda tier, at: accepted(tier, at=at), TIERS, DAYS),
    st.builds(lambda start, end, at: returned(start, end, at=at), TIERS, TIERS, DAYS),
    st.builds(lambda start, end, at: escalated(start, end, at=at), TIERS, TIERS, DAYS),
    st.builds(
        lambda number, outcome, at: sat(number, outcome, at=at),
        NUMBERS,
        OUTCOMES,
        DAYS,
    ),
    st.builds(lambda number, at, outcome: corrected(number, at, outcome=outcome), NUMBERS, DAYS, OUTCOMES),
    st.builds(lambda number, at, day: corrected(number, at, held_at=moment(day)), NUMBERS, DAYS, DAYS),
    st.builds(lambda number, at: proposed(number, at, outcome="agreed"), NUMBERS, DAYS),
    st.builds(voided, DAYS, NUMBERS),
    st.builds(withdrawn, st.just("p1"), DAYS),
    st.builds(closed, st.sampled_from(["failed", "withdrawn"]), DAYS),
    st.builds(reopened, DAYS),
)


@generated(st.lists(FACTS, max_size=25), DAYS, st.integers(0, 29))
@examples(80, more=7)
def test_whatever_was_recorded_it_folds_on_every_day(facts: list[DisputeEvent], begun: str, day: int) -> None:
    entries = history(filed(begun), *facts)
    found = as_of(entries, date(2026, 2, 28) + timedelta(days=day))
    assert (found is None) == (date(2026, 2, 28) + timedelta(days=day) < date.fromisoformat(begun))
    assert as_of(entries, date(2026, 3, 28)) == replay(entries)


MONDAY = moment("2026-03-02")


@dataclass
class Life:
    """A case that is asked for things, one after the other, as its days go by; what is refused does not happen."""

    so_far: Given
    day: int = 0

    def ask(self, command: AnyDisputeCommand, by: Actor = SUN) -> None:
        """Ask for something."""
        asked = self.so_far.when(command, by)
        if asked.refusal is None:
            self.so_far = asked.after

    def on(self, back: int = 0) -> str:
        """A day, so many before the present one."""
        return (MONDAY + timedelta(days=max(self.day - back, 0))).date().isoformat()

    def correct(self, session: int, change: dict[str, object], by: Actor, *, approve: bool) -> None:
        """Propose a correction, and decide on it."""
        about = {"dispute": DISPUTE, "session": session, "occurred_at": moment(self.on())}
        self.ask(CorrectSession.model_validate(about | change | {"reason": "记错"}))
        verdict = ApproveCorrection if approve else RejectCorrection
        self.ask(verdict.model_validate(about), by)


def _go_on(life: Life, days: int, *_: object) -> None:
    life.day += days


def _accept(life: Life, _: int, back: int, *__: object) -> None:
    life.ask(accept(at=life.on(back)))
    life.ask(accept("zhao", at=life.on(back)), ZHAO)


def _sit(life: Life, times: int, back: int, outcome: str) -> None:
    for _ in range(1 + times % 3):
        life.ask(hold(outcome, at=life.on(back)))


def _climb(life: Life, number: int, back: int, _: str) -> None:
    """As far as failures carry it; then often one of them was none, or it is sent back."""
    _accept(life, 0, 0)
    for item in reversed(range(5)):
        life.day += 1
        life.ask(hold("failed", at=life.on(back if item == number else 0)))
    if number < 5:
        life.correct(1 + number, {"outcome": "no_show"}, (LI, ZHAO)[back % 2], approve=True)
    else:
        _return(life, 0, 0, "")


def _correct_outcome(life: Life, number: int, back: int, outcome: str) -> None:
    life.correct(1 + number, {"outcome": outcome}, (LI, ZHAO)[back % 2], approve=back != 3)


def _correct_day(life: Life, number: int, back: int, _: str) -> None:
    life.correct(1 + number, {"held_at": moment(life.on(2 * back))}, (LI, ZHAO)[back % 2], approve=True)


def _lift(life: Life, _: int, back: int, *__: object) -> None:
    at = moment(life.on())
    life.ask(ProposeEscalation(dispute=DISPUTE, grounds="risk", reason="危险", occurred_at=at))
    life.ask(ApproveEscalation(dispute=DISPUTE, occurred_at=at), ZHAO)


def _end(life: Life, way: int, back: int, _: str) -> None:
    life.ask((refuse if way % 2 else terminate)(at=life.on(back)))


def _reopen(life: Life, _: int, back: int, __: str) -> None:
    life.ask(ReopenDispute(dispute=DISPUTE, reason="再起", occurred_at=moment(life.on(back))))


def _return(life: Life, _: int, back: int, __: str) -> None:
    life.ask(send_back(at=life.on(back)), ZHAO)


Step = Callable[[Life, int, int, str], None]
STEPS: Final[list[Step]] = [
    _go_on,
    _climb,
    _accept,
    _sit,
    _sit,
    _sit,
    _correct_outcome,
    _correct_outcome,
    _correct_day,
    _lift,
    _end,
    _reopen,
    _return,
]
OUTCOMES: Final = ["failed", "failed", "failed", "no_show", "agreed"]
LIVES = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 6), st.integers(0, 4), st.sampled_from(OUTCOMES)),
    min_size=8,
    max_size=20,
)


def lived(steps: list[tuple[Step, int, int, str]]) -> tuple[Entry, ...]:
    """The history of a case of which these things were asked."""
    life = Life(given().when(file_dispute(occurred_at=MONDAY)).after)
    for step, number, back, outcome in steps:
        life.day += 1
        step(life, number, back, outcome)
    return history(*life.so_far.history)


def days_of(entries: tuple[Entry, ...]) -> list[date]:
    """Every day of a history, and the days around it."""
    days = [day_of(entry.event.happened_at) for entry in entries]
    return [min(days) + timedelta(days=item) for item in range(-1, (max(days) - min(days)).days + 2)]


@generated(LIVES)
@examples(40, more=6)
def test_once_all_days_are_past_a_case_stands_as_it_stands(steps: list[tuple[Step, int, int, str]]) -> None:
    entries = lived(steps)
    before, *_, last = days_of(entries)
    now = replay(entries)
    assert as_of(entries, last) == as_of(entries, date.max) == now
    assert as_of(entries, before) is None


@generated(LIVES)
@examples(40, more=6)
def test_on_every_day_exactly_the_sessions_held_by_then_count_as_they_really_went(
    steps: list[tuple[Step, int, int, str]],
) -> None:
    """Kept with a pencil: for each session its last known day and outcome."""
    entries = lived(steps)
    known: dict[int, tuple[date, str]] = {}
    for entry in entries:
        if isinstance(entry.event, SessionRecorded):
            known[entry.event.number] = (day_of(entry.event.held_at), entry.event.outcome)
        if isinstance(entry.event, SessionCorrected):
            day, outcome = known[entry.event.session]
            held_at = entry.event.held_at
            known[entry.event.session] = (day_of(held_at) if held_at else day, entry.event.outcome or outcome)
    for day in days_of(entries)[1:]:
        found = as_of(entries, day)
        assert found is not None
        seen = {
            session.counted.number: (day_of(session.counted.held_at), session.counted.outcome.value)
            for session in found.sessions
        }
        assert seen == {number: item for number, item in known.items() if item[0] <= day}


@generated(LIVES)
@examples(40, more=6)
def test_without_corrections_a_day_is_what_had_happened_by_its_end(
    steps: list[tuple[Step, int, int, str]],
) -> None:
    corrections = {_climb, _correct_outcome, _correct_day}
    entries = lived([step for step in steps if step[0] not in corrections])
    for day in days_of(entries):
        found = as_of(entries, day)
        then = replay(entry for entry in entries if day_of(entry.event.happened_at) <= day)
        assert (found is None) == (then is None)
        if found and then:
            assert replace(found, version=0, escalations=()) == replace(then, version=0, escalations=())


def test_the_generated_lives_know_corrections_voided_moves_and_reopenings() -> None:
    """Else the properties above would say little.

    Drawn from a seed of its own: what Hypothesis draws depends on the modules that other tests have loaded.
    """
    chance = Random(20260302)
    met = set[str]()
    for _ in range(80):
        steps = [
            (chance.choice(STEPS), chance.randint(0, 6), chance.randint(0, 4), chance.choice(OUTCOMES))
            for _ in range(chance.randint(8, 20))
        ]
        met.update(item.event.TOPIC for item in lived(steps))
    expected = {
        "session_corrected",
        "correction_rejected",
        "escalation_voided",
        "escalated",
        "reopened",
        "closed",
        "returned",
    }
    assert expected <= {item.split(".")[1] for item in met}


def test_what_was_decided_under_a_later_version_is_told_under_it() -> None:
    """Moved in April; a session of March is entered afterwards and moves the case by the new version's rules."""
    moved = ProcedureMigrated(
        procedure=ProcedureRef(id="three-tier", version=2), ground=None, occurred_at=moment("2026-04-10")
    )
    late = sat(1, at="2026-03-20 14:00")
    entries = history(filed(), accepted(), moved, late, Fact(escalated(at="2026-03-20 14:00")))
    for day, version in ((date(2026, 3, 19), 1), (date(2026, 3, 20), 2), (date(2026, 4, 10), 2)):
        found = as_of(entries, day)
        assert found is not None
        assert found.procedure.version == version


def test_each_agreement_stood_as_it_did_on_its_day() -> None:
    """What was performed of the changed agreement, before it was in effect, is not taken for the first one's."""
    before = TermPerformed(term=1, performed_on=date(2026, 4, 2), note=None, agreement=2)
    life = (*CHANGED, before)

    def standing(text: str) -> list[tuple[str, str]]:
        state = as_of(history(*life), date.fromisoformat(text))
        assert state is not None
        return [(item.status, item.obligations[0].state) for item in state.agreements]

    assert standing("2026-03-20") == [("in_effect", "due")]
    assert standing("2026-04-01") == [("in_effect", "due"), ("drafted", "due")]
    assert standing("2026-04-02") == [("in_effect", "due"), ("drafted", "performed")]
    assert standing("2026-04-03") == [("replaced", "due"), ("performed", "performed")]
