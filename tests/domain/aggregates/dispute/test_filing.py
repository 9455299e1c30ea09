"""Filing: at which tier and platform a dispute starts, and who its parties are."""

from uuid import UUID, uuid5

import pytest
from pydantic import BaseModel

from domain.errors import (
    AlreadyFiled,
    DuplicateParty,
    NoPlatform,
    NotAwaitingAcceptance,
    TierNotOpen,
    UnknownDispute,
    UnknownTier,
)
from domain.events.dispute import Filed
from domain.events.envelope import Actor
from domain.vocabulary import Role, Source, Status
from tests.support.specification import (
    DISPUTE,
    NUMBER,
    THREE_TIER,
    When,
    accept,
    accepted,
    closed,
    decline,
    declined,
    escalated,
    failed,
    file_dispute,
    filed,
    given,
    moment,
    street_without,
    told_of_remedies,
)
from tests.support.world import LI, SUN, WU, ZHAO, ZHOU

APPLICANT = {"role": "applicant", "kind": "person", "name": "甲"}
RESPONDENT = {"role": "respondent", "kind": "person", "name": "乙"}
ZHENG = Actor(sub="zheng", role=Role.MEDIATOR, unit="dongguang.c01.y02")


def start(when: When) -> tuple[str, str]:
    """At which tier and platform a case was filed."""
    (event,) = when.events
    assert isinstance(event, Filed)
    return event.tier, event.platform


@pytest.mark.parametrize(
    ("difficulty", "expected"),
    [
        ("simple", ("compound", "dongguang.c01.y01")),
        ("general", ("community", "dongguang.c01")),
        (None, ("community", "dongguang.c01")),
        ("complex", ("street", "dongguang")),
        ("major", ("street", "dongguang")),
    ],
)
def test_difficulty_decides_where_a_case_starts(difficulty: str | None, expected: tuple[str, str]) -> None:
    assert start(given().when(file_dispute(difficulty=difficulty))) == expected


def stated(party: BaseModel) -> dict[str, object]:
    """What is known of a party, without what nobody stated."""
    return party.model_dump(exclude={"id", "person"}, exclude_defaults=True)


def test_what_was_entered_is_what_is_filed() -> None:
    command = file_dispute(
        difficulty="complex",
        source="referral",
        referred_by="court",
        requests="清理楼道",
        amount_fen=120_000,
        people_involved=3,
        co_units=("dongguang.c02.y01",),
        parties=[
            APPLICANT
            | {
                "phone": "13800000000",
                "id_number": "510100",
                "address": "一号院",
                "agent": {"name": "丙", "relation": "儿子"},
            },
            RESPONDENT | {"kind": "organisation"},
        ],
    )
    (event,) = given().when(command).events
    assert isinstance(event, Filed)
    entered = command.model_dump(exclude={"dispute", "tier", "procedure", "parties"})
    assert event.model_dump(include=set(entered)) == entered
    assert event.procedure == THREE_TIER
    entered_parties = [stated(party) for party in command.parties]
    assert [stated(party) for party in event.parties] == entered_parties


def test_a_filed_case_waits_for_its_platform() -> None:
    case = given().when(file_dispute(difficulty=None)).case
    assert (case.status, case.version, case.awaits_acceptance) == (Status.FILED, 1, True)
    assert (case.platforms, case.waiting_since) == (("dongguang.c01",), moment("2026-03-02"))
    assert (case.number, case.outcome, case.refused_by, case.mediators) == (None, None, None, ())


# --- naming a tier -------------------------------------------------------------------------------------------


def test_the_usual_tier_may_be_named_by_anybody() -> None:
    assert start(given().when(file_dispute(tier="community"), by=ZHOU)) == ("community", "dongguang.c01")


@pytest.mark.parametrize("tier", ["community", "street"])
def test_a_referral_may_start_higher(tier: str) -> None:
    asked = file_dispute(difficulty="simple", tier=tier, source="referral", referred_by="hotline")
    assert start(given().when(asked, by=WU))[0] == tier


@pytest.mark.parametrize("source", [item for item in Source if item is not Source.REFERRAL])
def test_nobody_else_may_start_higher(source: Source) -> None:
    asked = file_dispute(tier="street", source=source)
    given().when(asked, by=SUN).then_refused(TierNotOpen, saying="starts at the community")


@pytest.mark.parametrize(("actor", "tier"), [(SUN, "community"), (LI, "community"), (ZHAO, "street")])
def test_one_of_the_higher_tiers_own_people_may_start_there(actor: Actor, tier: str) -> None:
    assert start(given().when(file_dispute(difficulty="simple", tier=tier), by=actor))[0] == tier


@pytest.mark.parametrize(("actor", "tier"), [(ZHOU, "community"), (SUN, "street"), (ZHAO, "community")])
def test_people_of_another_platform_may_not_start_there(actor: Actor, tier: str) -> None:
    given().when(file_dispute(difficulty="simple", tier=tier), by=actor).then_refused(TierNotOpen)


@pytest.mark.parametrize(("difficulty", "tier"), [("general", "compound"), ("major", "community")])
@pytest.mark.parametrize("source", ["application", "referral"])
def test_nobody_may_start_lower(difficulty: str, tier: str, source: str) -> None:
    by = "police" if source == "referral" else None
    asked = file_dispute(difficulty=difficulty, tier=tier, source=source, referred_by=by)
    given().when(asked, by=WU).then_refused(TierNotOpen, saying="not below")


def test_a_tier_that_the_ladder_lacks_is_a_mistake() -> None:
    given().when(file_dispute(tier="city")).then_refused(UnknownTier, field="tier", saying="city")


# --- the platform --------------------------------------------------------------------------------------------


def test_the_platform_is_the_nearest_of_the_tier() -> None:
    asked = file_dispute(unit="dongguang.c01.y02", difficulty="simple")
    assert start(given().when(asked)) == ("compound", "dongguang.c01.y02")


def test_a_building_belongs_to_the_platform_above_it() -> None:
    asked = file_dispute(unit="dongguang.c01.y01.b03", difficulty="simple")
    assert start(given().when(asked)) == ("compound", "dongguang.c01.y01")


def test_a_tier_without_a_platform_is_skipped() -> None:
    map_ = street_without("dongguang.c01.y01")
    assert start(given().on(map_).when(file_dispute(difficulty="simple"))) == ("community", "dongguang.c01")


def test_naming_the_tier_where_a_case_would_start_anyway_is_not_starting_higher() -> None:
    map_ = street_without("dongguang.c01.y01")
    asked = file_dispute(difficulty="simple", tier="community")
    assert start(given().on(map_).when(asked, by=WU)) == ("community", "dongguang.c01")
    higher = file_dispute(difficulty="simple", tier="street")
    given().on(map_).when(higher, by=WU).then_refused(TierNotOpen, saying="starts at the community")


def test_several_tiers_without_a_platform_are_skipped() -> None:
    map_ = street_without("dongguang.c01.y01", "dongguang.c01")
    assert start(given().on(map_).when(file_dispute(difficulty="simple"))) == ("street", "dongguang")


def test_a_lower_tiers_platform_does_not_stand_in_for_a_higher_one() -> None:
    map_ = street_without("dongguang")
    given().on(map_).when(file_dispute(difficulty="major")).then_refused(
        NoPlatform, saying="dongguang.c01.y01"
    )


def test_a_unit_whose_name_only_begins_alike_is_no_ancestor() -> None:
    given().when(file_dispute(unit="dongguangxi.c01")).then_refused(NoPlatform)


# --- the parties ---------------------------------------------------------------------------------------------


def parties(*given_parties: dict[str, object]) -> list[tuple[str, UUID]]:
    """The ids and persons that the parties of a new case get."""
    (event,) = given().when(file_dispute(parties=list(given_parties))).events
    assert isinstance(event, Filed)
    return [(party.id, party.person) for party in event.parties]


def test_parties_without_an_id_are_called_by_their_place() -> None:
    assert [party for party, _ in parties(APPLICANT, RESPONDENT | {"id": "shop"}, RESPONDENT)] == [
        "p1",
        "shop",
        "p3",
    ]


def test_two_parties_with_one_id_are_a_mistake() -> None:
    twice = file_dispute(parties=[APPLICANT | {"id": "a"}, RESPONDENT | {"id": "a"}])
    given().when(twice).then_refused(DuplicateParty, field="parties.1.id")


def test_an_id_may_not_be_one_that_another_party_gets_by_its_place() -> None:
    clash = file_dispute(parties=[APPLICANT | {"id": "p2"}, RESPONDENT])
    given().when(clash).then_refused(DuplicateParty, field="parties.1.id")


def test_a_person_is_the_one_given_or_a_new_one() -> None:
    shared = UUID(int=7)
    assert parties(APPLICANT | {"person": shared}, RESPONDENT) == [
        ("p1", shared),
        ("p2", uuid5(DISPUTE, "p2")),
    ]


# --- filing twice, and turning away --------------------------------------------------------------------------


def test_a_case_is_filed_once() -> None:
    given(filed()).when(file_dispute()).then_refused(AlreadyFiled)


def test_nothing_can_be_asked_of_a_case_that_was_not_filed() -> None:
    given().when(accept()).then_refused(UnknownDispute)


def test_declining_tells_the_parties_where_to_turn() -> None:
    at = "2026-03-03"
    given(filed()).when(decline(at)).then(declined(at), told_of_remedies(at), closed("declined", at))


def test_a_case_can_be_declined_on_the_day_of_filing_but_not_before() -> None:
    assert given(filed()).when(decline("2026-03-02 00:00")).case.outcome == "declined"
    assert given(filed()).when(decline("2026-03-01 23:59")).refusal is not None


@pytest.mark.parametrize(
    "history",
    [
        (filed(), accepted()),
        (filed(), accepted(), *failed(5), escalated()),
    ],
)
def test_an_accepted_case_can_no_longer_be_declined(history: tuple[Filed, ...]) -> None:
    given(*history).when(decline("2026-03-25")).then_refused(NotAwaitingAcceptance)


def test_an_accepted_case_keeps_its_number_out_of_the_filing() -> None:
    assert given(filed(), accepted()).case.number == NUMBER
