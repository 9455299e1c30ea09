"""The filing of a generated case, and its acceptance or refusal by a platform."""

from typing import Final
from uuid import UUID, uuid5

from cli.demo import texts
from cli.demo.case_plan import CaseBuilder
from cli.demo.texts import Matter
from domain.commands.dispute import AcceptDispute, DeclineDispute, FileDispute
from domain.events.envelope import Actor
from domain.vocabulary import Category, Difficulty, Role, Source

REPEAT_PARTIES: Final = 60
"""People who are parties to more than one case."""
ORGANISED: Final = frozenset({Category.PROPERTY, Category.BUSINESS, Category.CONSUMER, Category.MEDICAL})
_FIRMS: Final = 12
_PEOPLE: Final = UUID("5d0f6a5e-2f6c-5b1e-9d0a-6b0b5c1d7a11")


def file(
    case: CaseBuilder,
    number: int,
    matter: Matter,
    unit: str,
    difficulty: Difficulty,
    *,
    category: Category = Category.PROPERTY,
    source: Source = Source.APPLICATION,
    co_units: tuple[str, ...] = (),
) -> None:
    """File the case at the platform where it starts."""
    rng = case.rng
    case.do(
        _intake_actor(case, unit, difficulty),
        FileDispute,
        category=category,
        difficulty=difficulty,
        source=source,
        referred_by=rng.one_of(texts.REFERRERS) if source is Source.REFERRAL else None,
        title=matter.title,
        facts=matter.facts,
        requests=matter.requests,
        amount_fen=rng.between(3, 400) * 10_000 if matter.paid else None,
        unit=unit,
        co_units=co_units,
        parties=_parties(case, number, category),
        people_involved=rng.between(2, 9) if rng.likely(0.2) else None,
        occurred_at=case.at,
    )


def accept(case: CaseBuilder) -> None:
    """Have the platform where the case waits accept it, with one or two mediators."""
    case.wait(*case.rng.weighted({(0, 1): 0.62, (1, 2): 0.3, (4, 9): 0.08}))
    people = case.street.mediators(case.state.platform)
    chosen = case.rng.some_of(people, 1 + case.rng.likely(0.35))
    if case.state.filed.co_units and case.state.tier != "compound":
        world = case.street.world(case.convener, case.at)
        joint = world.co_platforms(case.state.filed.co_units, case.state.tier)
        chosen += [item.about.convener for item in joint if item.about.convener not in chosen]
    case.do(
        case.convener,
        AcceptDispute,
        mediators=chosen,
        chosen_by_parties=case.rng.likely(0.15),
        occurred_at=case.at,
    )


def decline(case: CaseBuilder) -> None:
    """Decline the case, with the reason."""
    case.wait(0, 2)
    reason, note = case.rng.one_of(tuple(texts.DECLINED.items()))
    case.do(case.convener, DeclineDispute, reason=reason, note=note, occurred_at=case.at)


def _intake_actor(case: CaseBuilder, unit: str, difficulty: Difficulty) -> Actor:
    """Return who records the filing: a mediator of the platform where it starts."""
    ladder = case.street.ladder
    tier = ladder.entry_tier(difficulty)
    anyone = Actor(sub="desk", role=Role.SYSTEM)
    found = case.street.world(anyone, case.at).first_platform(unit, (tier, *ladder.above(tier)))
    platform = found[1].unit if found else unit
    return case.street.mediator(platform, case.rng.one_of(case.street.mediators(platform)))


def _parties(case: CaseBuilder, number: int, category: Category) -> list[dict[str, object]]:
    firm = category in ORGANISED and case.rng.likely(0.7)
    respondent = _firm(case) if firm else _person(case, "乙", number)
    sides = [_person(case, "甲", number), respondent]
    if firm and category is Category.PROPERTY and case.rng.likely(0.4):
        sides.reverse()  # the firm asks the owner to pay
    given: list[dict[str, object]] = [
        {"role": role, **side} for role, side in zip(("applicant", "respondent"), sides, strict=True)
    ]
    if case.rng.likely(0.06):
        given.append({"role": "respondent", **_person(case, "丙", number)})
    return given


def _firm(case: CaseBuilder) -> dict[str, object]:
    return {"kind": "organisation", "name": f"示例企业·{case.rng.between(1, _FIRMS):02}"}


def _person(case: CaseBuilder, letter: str, number: int) -> dict[str, object]:
    """A person of this case alone, or now and then a repeat party."""
    if case.rng.likely(0.06):
        return _repeat_party(case.rng.between(1, REPEAT_PARTIES), letter)
    phone = {"phone": f"1000000{number % 10_000:04}"} if case.rng.likely(0.3) else {}
    return {"kind": "person", "name": f"{letter}·{number:04}", **phone}


def _repeat_party(number: int, letter: str) -> dict[str, object]:
    name = f"{letter}·常{number:02}"
    return {"kind": "person", "name": name, "person": uuid5(_PEOPLE, name)}
