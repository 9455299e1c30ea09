"""How a made-up case goes: taken or turned away, sitting after sitting, up the ladder, settled or not, looked at again."""

from collections.abc import Callable
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from cli.demo import agreements as agreeing
from cli.demo import distributions as mix
from cli.demo import incidents as turns
from cli.demo import intake
from cli.demo import sessions as sittings
from cli.demo import texts as words
from cli.demo.case_plan import Case, Life
from cli.demo.seeded_random import Chance
from cli.demo.street import Street
from cli.demo.texts import Matter
from domain.commands.dispute import ReopenDispute
from domain.vocabulary import Difficulty, Outcome, SessionOutcome, Status

_DISPUTES: Final = UUID("7b0d8e7c-52a4-5c8f-9a58-0d4b5c6e2f10")
_MOST_SITTINGS: Final = 16
_REOPENABLE: Final = frozenset({Outcome.PERFORMED, Outcome.WITHDRAWN, Outcome.REFUSED, Outcome.FAILED})


class Turn(NamedTuple):
    """Something that may happen between two sittings: what, in how many of a thousand times, and when it can."""

    take: Callable[[Case], None]
    weight: float
    possible: Callable[[Case], bool]


def _always(_: Case) -> bool:
    return True


def _sat(case: Case) -> bool:
    return bool(case.state.sessions)


def _sat_twice(case: Case) -> bool:
    return len(case.state.sessions) > 1


def _below_the_top(case: Case) -> bool:
    return bool(case.street.ladder.above(case.state.tier))


def _at_the_top(case: Case) -> bool:
    return not _below_the_top(case)


def _bypass(case: Case) -> None:
    turns.lift(case, "complexity", approved=case.chance.likely(0.7))


_TURNS: Final = (
    Turn(turns.withdraw, 12, _always),
    Turn(turns.refuse, 14, _always),
    Turn(turns.terminate, 25, _sat_twice),
    Turn(turns.transfer, 8, _always),
    Turn(turns.threaten, 6, _always),
    Turn(turns.worry, 12, _always),
    Turn(_bypass, 14, _below_the_top),
    Turn(turns.replace, 22, _always),
    Turn(turns.extend, 400, _sat),
    Turn(turns.join, 10, _always),
    Turn(turns.advise, 15, _below_the_top),
    Turn(turns.advise, 300, _at_the_top),
    Turn(turns.doubt, 25, _sat),
    Turn(sittings.reword, 15, _sat),
)


def lived(street: Street, seed: int, number: int) -> Life:
    """Return the life of the generated case of that number; it does not depend on how many there are."""
    chance = Chance(f"{seed}/{number}")
    case = Case(uuid5(_DISPUTES, f"{seed}/{number}"), street, chance, mix.filed_at(street, chance))
    matter, temper = _file(case, number), chance.weighted(mix.TEMPERS)
    if _taken(case):
        _go_on(case, matter, temper)
    if case.is_in(Status.CLOSED):
        _look_back(case, matter)
    return case.life()


def _file(case: Case, number: int) -> Matter:
    chance = case.chance
    category = chance.weighted(mix.CATEGORIES)
    matter = chance.one_of(words.MATTERS[category])
    unit = mix.where(chance)
    joint = chance.likely(0.03)
    difficulty = Difficulty.GENERAL if joint else chance.weighted(mix.DIFFICULTIES)
    intake.file(
        case,
        number,
        matter,
        unit,
        difficulty,
        category=category,
        source=chance.weighted(mix.SOURCES),
        co_units=(mix.elsewhere(unit, chance),) if joint else (),
    )
    return matter


def _taken(case: Case) -> bool:
    """Whether the platform takes the case; some are turned away, some taken back, and some just lie there."""
    fate = case.chance.weighted({"taken": 920, "declined": 28, "withdrawn": 12, "refused": 15, "lying": 14})
    if fate == "taken":
        intake.accept(case)
    elif fate == "declined":
        intake.decline(case)
    elif fate == "withdrawn":
        turns.withdraw(case)
    elif fate == "refused":
        turns.refuse(case)
    return case.is_in(Status.ACCEPTED)


def _go_on(case: Case, matter: Matter, temper: mix.Temper) -> None:
    """One sitting after the other, until something ends it or nobody sees to the case any more."""
    while case.is_in(Status.ACCEPTED) and len(case.state.sessions) < _MOST_SITTINGS:
        if case.chance.likely(0.013):
            return
        _turn(case)
        if case.is_in(Status.ACCEPTED):
            outcome = case.chance.weighted(mix.SITTINGS[temper])
            sittings.hold(case, outcome)
            if outcome is SessionOutcome.AGREED and case.chance.likely(0.96):
                _settle(case, matter)
                return
        if case.is_in(Status.ESCALATED):
            _go_up(case)


def _turn(case: Case) -> None:
    fall = case.chance.random() * 1000
    for turn in _TURNS:
        if turn.possible(case):
            fall -= turn.weight
            if fall < 0:
                turn.take(case)
                return


def _go_up(case: Case) -> None:
    """The tier above takes the case, or sends it back; or it turns out that it should not have come at all."""
    by_count = bool(case.state.escalations[-1].because and case.state.escalations[-1].because.counted)
    fate = case.chance.weighted({"taken": 84, "void": 6 * by_count, "returned": 7, "refused": 2, "lying": 2})
    if fate == "taken":
        intake.accept(case)
    elif fate == "void":
        turns.void(case)
    elif fate == "returned":
        turns.send_back(case)
    elif fate == "refused":
        turns.refuse(case)


def _settle(case: Case, matter: Matter) -> None:
    chance = case.chance
    form: agreeing.Form = chance.weighted({"written": 55, "oral": 45})
    if form == "written" and chance.likely(0.03):
        agreeing.draft(case, matter)
        return
    agreeing.agree(case, matter, form, terms=1 + chance.likely(0.25))
    if form == "written" and chance.likely(0.12):
        agreeing.confirm(case)
    agreeing.perform(case, chance.weighted(_FATES))


def _look_back(case: Case, matter: Matter) -> None:
    """After the end: somebody visits the parties, and now and then it all begins again."""
    settled = case.state.outcome in {Outcome.PERFORMED, Outcome.AGREED_UNPERFORMED}
    if case.chance.likely(0.93 if settled else 0.1):
        agreeing.visit(case)
    if case.state.outcome in _REOPENABLE and case.chance.likely(0.03):
        case.wait(10, 40)
        case.do(case.convener, ReopenDispute, reason="争议再起，当事人申请继续调解", occurred_at=case.at)
        if case.state.awaits_acceptance:
            intake.accept(case)
        _go_on(case, matter, "yielding")


_FATES: Final[dict[agreeing.Fate, float]] = {"kept": 79, "late": 9, "broken": 6, "unknown": 3}
