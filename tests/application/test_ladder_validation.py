"""A ladder's document is checked whole: everything that is wrong at once, each with its field and its line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path as File
from typing import cast

import pytest
from hypothesis import given, strategies
from jsonschema import Draft202012Validator

from application.i18n import render
from application.initial_data import shipped_ladder, shipped_ladders, shipped_text
from application.ladder_schema import ladder_schema
from application.ladder_validation import checked_ladder, read_ladder
from application.structured_text.document import Document
from application.structured_text.json_text import read_json
from application.structured_text.yaml_text import read_yaml
from domain.aggregates.procedure import evolve
from domain.errors import LadderFlawed
from domain.errors.documents import Path
from domain.events.procedure import ProcedureProposed, ProcedurePublished
from domain.procedures.ladder import Ladder
from domain.vocabulary import Difficulty
from store.event_log.codec import MAPPER
from tests.support.examples import steadily
from tests.support.samples import recorded
from tests.support.world import NOW

Json = dict[str, object]
SHIPPED = [ladder.id for ladder in shipped_ladders()]


def _errors(schema: object, document: object) -> list[str]:
    """What the standard's own validator says of a document, once the schema itself is found to be one."""
    Draft202012Validator.check_schema(schema)
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)]


def flaws(document: Document, called: str | None = None) -> list[tuple[int | None, str, str]]:
    """What is wrong with a document: line, field, sentence."""
    found = refusal(document, called)
    if found is None:
        return []
    assert str(found.detail) == f"{len(found.flaws)} errors"
    for flaw in found.flaws:
        assert render(flaw.detail, "zh") != render(flaw.detail, "en")
    return [(flaw.line, flaw.field, str(flaw.detail)) for flaw in found.flaws]


def refusal(document: Document, called: str | None = None) -> LadderFlawed | None:
    try:
        checked_ladder(document, called)
    except LadderFlawed as error:
        return error
    return None


def described(called: str) -> Json:
    """A ladder that ships, as plain data, without what it leaves out."""
    return cast("Json", shipped_ladder(called).model_dump(mode="json", exclude_unset=True))


# --- what is right -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("called", SHIPPED)
def test_every_ladder_that_ships_is_right_in_every_spelling(called: str) -> None:
    ladder = shipped_ladder(called)
    told, whole = described(called), ladder.model_dump(mode="json")
    for text in (
        shipped_text(f"{called}.yaml"),
        json.dumps(told),
        json.dumps(whole),
        json.dumps(told, indent="\t"),
    ):
        assert checked_ladder(read_ladder(text), called) == ladder


def test_ladders_that_ship_show_what_a_ladder_can_say() -> None:
    ladders = {ladder.id: ladder for ladder in shipped_ladders()}
    assert set(ladders) == {"three-tier", "neighbour-first", "block-triage", "labour-two-tier"}
    tiers = [tier for ladder in ladders.values() for tier in ladder.tiers]
    assert {tier.on_expiry_of("mediate") for tier in tiers} == {"mark", "escalate", "terminate"}
    assert any(tier.failed_sessions is None for tier in tiers)
    assert any(tier.missing_seats == "refuse" for tier in tiers)
    assert any(ladder.entry_by_category for ladder in ladders.values())
    assert any(len(ladder.follow_up_plan) > 1 for ladder in ladders.values())
    for ladder in ladders.values():
        assert all(tier.title or ladder.id == "three-tier" for tier in ladder.tiers)


# --- what is wrong -----------------------------------------------------------------------------------------------

EVERYTHING = """\
id: wrong
title: {zh: 错, en: Wrong}
entry: {simple: compound, general: community, complex: street, major: street}
tiers:
  - name: attic
    failed_sessions: 3
    accept_within: {working_days: 1}
    mediate_within: {months: 1}
  - name: compound
    failed_sessions: 0
    accept_within: {working_days: -1}
    mediate_within: {months: 1}
  - name: community
    failed_sessions: 5
    accept_within: {working_days: 2}
    mediate_within: {months: 1}
    panel: [legal_adviser, pope]
  - name: community
    failed_sessions: 5
    accept_within: {working_days: 2}
    mediate_within: {months: 1}
  - name: street
    failed_sessions: 5
    accept_within: {working_days: 3}
    mediate_within: {months: 1}
follow_up_within: {days: 30}
"""
ALL = [
    (5, "tiers.0", "no case can ever come to the attic"),
    (10, "tiers.1.failed_sessions", "must be at least 1"),
    (11, "tiers.1.accept_within.working_days", "must be at least 1"),
    (17, "tiers.2.panel.1", "nobody knows the seat pope; a seat of your own stands under seats"),
    (18, "tiers.3.name", "another tier is called community already"),
]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert flaws(read_ladder(EVERYTHING)) == ALL


def test_the_same_is_told_of_json() -> None:
    value = read_yaml(EVERYTHING).value
    text = json.dumps(value, indent="\t", ensure_ascii=False)
    found = flaws(read_ladder(text))
    assert sorted((field, detail) for _, field, detail in found) == sorted((f, d) for _, f, d in ALL)
    lines = text.splitlines()
    for (line, _, _), sign in zip(
        found, ("{", "failed_sessions", "working_days", "pope", "name"), strict=True
    ):
        assert sign in lines[(line or 0) - 1]


def tiers(ladder: Json) -> list[Json]:
    return cast("list[Json]", ladder["tiers"])


def last(ladder: Json) -> int:
    return len(tiers(ladder)) - 1


Change = Callable[[Json], Path]
"""Changes one thing about a ladder and says where the checker has to find it."""


def _set(*path: str | int, to: object, found: Path | None = None) -> Change:
    def change(ladder: Json) -> Path:
        part: object = ladder
        *way, name = (last(ladder) if item == "last" else item for item in path)
        for item in way:
            part = part.setdefault(item, {}) if isinstance(part, dict) else cast("list[object]", part)[item]  # type: ignore[index]
        cast("Json", part)[name] = to  # type: ignore[index]
        return tuple(last(ladder) if item == "last" else item for item in (found or path))

    return change


def two_of_a_name(ladder: Json) -> Path:
    tiers(ladder)[1]["name"] = tiers(ladder)[0]["name"]
    ladder["entry"] = dict.fromkeys(cast("Json", ladder["entry"]), tiers(ladder)[0]["name"])
    ladder.pop("entry_by_category", None)
    return ("tiers", 1, "name")


def below_every_entry(ladder: Json) -> Path:
    tiers(ladder).insert(0, {**tiers(ladder)[0], "name": "attic"})
    return ("tiers", 0)


def above_a_dead_end(ladder: Json) -> Path:
    top = tiers(ladder)[-1]
    top.pop("failed_sessions", None)
    top["on_expiry"] = "mark"
    for tier in tiers(ladder):
        tier.pop("lift_at", None)
    tiers(ladder).append({**top, "name": "city"})
    ladder["bypass"] = {"grounds": []}
    return ("tiers", last(ladder))


def without_difficulty(ladder: Json) -> Path:
    del cast("Json", ladder["entry"])["complex"]
    return ("entry", "complex")


def large_quorum(ladder: Json) -> Path:
    tiers(ladder)[-1]["quorum"] = len(cast("list[str]", tiers(ladder)[-1]["panel"])) + 1
    return ("tiers", last(ladder), "quorum")


def no_panel(ladder: Json) -> Path:
    tiers(ladder)[-1].update(panel=[], quorum=1)
    return ("tiers", last(ladder), "quorum")


def refused_without_panel(ladder: Json) -> Path:
    tiers(ladder)[-1].update(panel=[], quorum=None, missing_seats="refuse")
    return ("tiers", last(ladder), "missing_seats")


def lift_without_ground(ladder: Json) -> Path:
    for tier in tiers(ladder):
        tier.pop("lift_at", None)
    tiers(ladder)[0]["lift_at"] = {"risk": "high"}
    ladder["bypass"] = {"grounds": ["complexity"]}
    return ("tiers", 0, "lift_at")


MUTATIONS: dict[str, Change] = {
    "two tiers of one name": two_of_a_name,
    "entry to a tier that is not there": _set("entry", "major", to="moon"),
    "entry by category to a tier that is not there": _set("entry_by_category", "medical", to={"major": "moon"}, found=("entry_by_category", "medical", "major")),
    "a difficulty left out": without_difficulty,
    "a tier below every entry": below_every_entry,
    "a tier above a dead end": above_a_dead_end,
    "an unknown seat": _set("tiers", "last", "panel", 0, to="pope"),
    "a seat twice": _set("tiers", "last", "panel", to=["lawyer", "lawyer", "trade_union"], found=("tiers", "last", "panel", 1)),
    "a quorum larger than the panel": large_quorum,
    "a quorum without a panel": no_panel,
    "refusing without a panel": refused_without_panel,
    "one person alone": _set("bypass", "approvals", to=1),
    "nobody at all": _set("bypass", "approvals", to=0),
    "escalation at the last tier": _set("tiers", "last", "on_expiry", to="escalate"),
    "escalation of one clock at the last tier": _set("tiers", "last", "on_expiry", to={"mediate": "escalate"}, found=("tiers", "last", "on_expiry", "mediate")),
    "escalation of the other": _set("tiers", "last", "on_expiry", to={"accept": "escalate"}, found=("tiers", "last", "on_expiry", "accept")),
    "an end that is none": _set("tiers", 0, "on_expiry", to="explode"),
    "a clock that is none": _set("tiers", 0, "on_expiry", to={"visit": "mark"}, found=("tiers", 0, "on_expiry", "visit")),
    "a lift at the last tier": _set("tiers", "last", "lift_at", to={"risk": "high"}),
    "a lift on a ground that is not known": lift_without_ground,
    "a lift from nothing": _set("tiers", 0, "lift_at", to={}),
    "a threshold of 0": _set("tiers", 0, "failed_sessions", to=0),
    "a time limit of -1": _set("tiers", 0, "accept_within", to={"working_days": -1}, found=("tiers", 0, "accept_within", "working_days")),
    "a time limit beyond the calendar": _set("tiers", 0, "mediate_within", to={"months": 10**6}, found=("tiers", 0, "mediate_within", "months")),
    "a time limit in weeks": _set("tiers", 0, "mediate_within", to={"weeks": 2}),
    "a time limit in two measures": _set("tiers", 0, "mediate_within", to={"days": 2, "months": 1}),
    "a time limit of nothing": _set("tiers", 0, "accept_within", to=None),
    "visits that are none": _set("follow_up_within", to=[{"days": 7}, {"days": 0}], found=("follow_up_within", 1, "days")),
    "half a visit": _set("follow_up_within", to=[{"days": 1.5}], found=("follow_up_within", 0, "days")),
    "a truth for a number": _set("tiers", 0, "accept_within", to={"days": True}, found=("tiers", 0, "accept_within", "days")),
    "a field that is none": _set("tiers", 0, "fee", to=100),
    "a category that is none": _set("entry_by_category", "dogs", to={}),
    "a name that is none": _set("id", to="No Name"),
    "no title": _set("title", to={"zh": "题"}, found=("title", "en")),
    "a NUL": _set("title", "zh", to="a\0b"),
    "half a sign": _set("title", "zh", to="\ud800"),
    "a title in two lines": _set("title", "en", to="Two\nlines"),
    "a tier's title that rings": _set("tiers", 0, "title", to={"zh": "社\a区", "en": "Community"}, found=("tiers", 0, "title", "zh")),
    "a seat's title that shows nothing": _set("seats", "elder", to={"zh": "\u200b", "en": "Elder"}, found=("seats", "elder", "zh")),
    "no tiers": _set("tiers", to=[]),
    "tiers that are none": _set("tiers", to=3),
}  # fmt: skip


@pytest.mark.parametrize("called", SHIPPED)
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_one_wrong_thing_in_a_ladder_that_ships_is_found_where_it_is(called: str, mutation: str) -> None:
    ladder = described(called)
    if not isinstance(ladder["tiers"], list):
        raise TypeError
    field = ".".join(map(str, MUTATIONS[mutation](ladder)))
    text = json.dumps(ladder, indent=1)
    found = [flaw for flaw in flaws(read_json(text)) if flaw[1] == field]
    assert len(found) == 1, flaws(read_json(text))
    if mutation not in {"no tiers", "tiers that are none"}:
        assert len(flaws(read_json(text))) == 1 or "name" in mutation
    line = text.splitlines()[(found[0][0] or 0) - 1].strip()
    name = field.rpartition(".")[2]
    if mutation in {"a difficulty left out", "no title"}:
        assert line.startswith(f'"{field.partition(".")[0]}"')  # the nearest part that is there
    elif name.isdigit():
        assert line.startswith(("{", '"'))
    else:
        assert line.startswith(f'"{name}"')


@pytest.mark.parametrize("read", [read_json, read_yaml])
def test_a_key_that_stands_twice_is_found(read: Callable[[str], Document]) -> None:
    text = json.dumps(described("three-tier"), indent=1)
    lines = text.splitlines()
    place = next(place for place, line in enumerate(lines) if "failed_sessions" in line)
    lines.insert(place, '   "failed_sessions": 9,')
    found = flaws(read("\n".join(lines)))
    assert found == [(place + 2, "tiers.0.failed_sessions", "this key stands twice")]


def test_the_id_is_that_of_the_address() -> None:
    document = read_json(json.dumps(described("three-tier")))
    assert flaws(document, "three-tier") == []
    assert flaws(document, "other") == [(1, "id", "is not the id in the address, other")]


def test_names_that_people_gave_stay_as_they_typed_them() -> None:
    """A tier called `compound` is looked for in the text by that name, not by its Chinese word."""
    text = EVERYTHING.replace("name: attic", "name: compound").replace("major: street", "major: gate")
    text = text.replace("[legal_adviser, pope]", "[mediator, mediator]")
    found = refusal(read_ladder(text))
    assert found is not None
    said = {flaw.field: render(flaw.detail, "zh") for flaw in found.flaws}
    assert "compound" in said["tiers.1.name"]
    assert "community" in said["tiers.3.name"]
    assert "gate" in said["entry.major"]
    assert "mediator" in said["tiers.2.panel.1"]
    unreached = refusal(read_ladder(EVERYTHING.replace("simple: compound", "simple: street")))
    assert unreached is not None
    assert "compound" in {flaw.field: render(flaw.detail, "zh") for flaw in unreached.flaws}["tiers.1"]


# --- what is no document -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "detail"),
    [
        ("", 1, "the text is empty"),
        ("# nothing\n", 1, "the text is empty"),
        ("a: [1\nb: 2", 2, "cannot be read as YAML"),
        ("\n{", 2, "the text is not JSON"),
        ('{"a": 1}\n}', 2, "the text is not JSON"),
        ('{"a": 01]', 1, "the text is not JSON"),
        ('{"a": ' + "9" * 5000 + "}", 1, "the text is not JSON"),
        ("[" * 100_000, 1, "cannot be read as YAML"),
        ('{"a":' * 100_000, 1, "the text is not JSON"),
        ("- " * 100_000, 1, "cannot be read as YAML"),
        ("a: !!python/name:os.system x", 1, "cannot be read as YAML"),
        ("a: &a [*a]", 1, "has more than 2000 parts, aliases counted each time"),
        ("a: !!binary eA==", 1, "cannot be read as YAML"),
        ("[" + "0," * 2_100 + "0]", 1, "has more than 2000 parts, aliases counted each time"),
        ('{"a": [' + "0," * 2_100 + "0]}", 1, "has more than 2000 parts, aliases counted each time"),
        ("- 0\n" * 200_000, 1, "has more than 2000 parts, aliases counted each time"),
        ("<<: 3", 1, "cannot be read as YAML"),
        ("a: *b", 1, "cannot be read as YAML"),
        ("a: 1\n? [b, c]\n: 2", 2, "the name of a field must be text"),
        ("a:\n  {b: 1}: 2", 2, "the name of a field must be text"),
        ("a: &x\n  ? {b: 1}\n  : 2\nc:\n  <<: *x", 2, "the name of a field must be text"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_document_is_refused_with_its_line(text: str, line: int, detail: str) -> None:
    with pytest.raises(LadderFlawed) as caught:
        read_ladder(text)
    (flaw,) = caught.value.flaws
    assert (flaw.line, flaw.field, str(flaw.detail)) == (line, "", detail)


@pytest.mark.parametrize("text", ["null", "3", "text", "[]", "- 1", "true"])
def test_what_is_no_ladder_at_all_is_said_so(text: str) -> None:
    assert flaws(read_ladder(text)) == [(1, "", "must be an object")]


def test_anchors_and_merges_are_understood() -> None:
    text = shipped_text("three-tier.yaml").replace("{working_days: 2}", "&two {working_days: 2}")
    text = text.replace("{working_days: 3}", "{<<: *two}")
    ladder = checked_ladder(read_yaml(text))
    assert ladder.tiers[1].accept_within == ladder.tiers[2].accept_within


def _texts() -> strategies.SearchStrategy[object]:
    leaves = (
        strategies.none()
        | strategies.booleans()
        | strategies.integers()
        | strategies.floats(allow_nan=False, allow_infinity=False)
        | strategies.text(alphabet=strategies.characters(exclude_characters="\0", exclude_categories=("Cs",)))
    )
    return strategies.recursive(
        leaves,
        lambda inner: (
            strategies.lists(inner) | strategies.dictionaries(strategies.text("abc", min_size=1), inner)
        ),
    )


@given(_texts(), strategies.sampled_from([None, 1, "\t"]), strategies.booleans())
@steadily
def test_json_is_read_as_the_standard_library_reads_it(
    value: object, indent: int | str | None, escaped: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=escaped)
    assert read_json(text).value == json.loads(text)
    document = Document.unpacked(read_json(text).packed())
    assert (document.value, document.lines) == (json.loads(text), read_json(text).lines)


# --- what is accepted can be published and folded ------------------------------------------------------------------


@strategies.composite
def documents(draw: strategies.DrawFn) -> Json:
    """Ladders of all sorts, right and wrong."""
    names = draw(strategies.lists(strategies.sampled_from(("a", "b", "c", "d")), min_size=1, max_size=4))
    unit = strategies.sampled_from(("working_days", "days", "months"))
    limit = strategies.builds(lambda u, n: {u: n}, unit, strategies.integers(0, 130))
    end = strategies.sampled_from(("mark", "escalate", "terminate"))
    expiry = end | strategies.fixed_dictionaries({}, optional={"accept": end, "mediate": end})
    tier = strategies.fixed_dictionaries(
        {"accept_within": limit, "mediate_within": limit},
        optional={
            "failed_sessions": strategies.integers(0, 5) | strategies.none(),
            "on_expiry": expiry,
            "panel": strategies.lists(strategies.sampled_from(("lawyer", "trade_union", "own")), max_size=3),
            "quorum": strategies.integers(1, 3),
            "missing_seats": strategies.sampled_from(("warn", "refuse")),
            "lift_at": strategies.fixed_dictionaries({}, optional={"risk": strategies.just("high"), "headcount": strategies.integers(1, 20)}),
        },
    )  # fmt: skip
    entry = {item.value: draw(strategies.sampled_from(names)) for item in Difficulty}
    return {
        "id": "drawn",
        "title": {"zh": "例", "en": "Drawn"},
        "entry": entry,
        "tiers": [{"name": name, **draw(tier)} for name in names],
        "seats": draw(strategies.just({}) | strategies.just({"own": {"zh": "自设", "en": "own"}})),
        "bypass": draw(
            strategies.fixed_dictionaries(
                {},
                optional={
                    "grounds": strategies.lists(strategies.sampled_from(("risk", "complexity"))),
                    "approvals": strategies.integers(0, 4),
                },
            )
        ),
        "follow_up_within": draw(limit | strategies.lists(limit, max_size=2)),
    }


@given(documents())
@steadily
def test_a_ladder_that_is_accepted_can_be_published_and_folded(document: Json) -> None:
    text = json.dumps(document)
    if refused := refusal(read_json(text)):
        assert all(flaw.line == 1 and flaw.field for flaw in refused.flaws)
        return
    ladder = checked_ladder(read_json(text))
    assert _errors(ladder_schema(), document) == []
    for event in (
        ProcedurePublished(version=1, ladder=ladder, occurred_at=NOW),
        ProcedureProposed(version=1, ladder=ladder, proposed_by="admin", occurred_at=NOW),
    ):
        stored = MAPPER.to_stored_event(recorded(event))
        read = MAPPER.to_domain_event(stored)
        assert read.event == event
        evolve(None, event)
    assert checked_ladder(read_json(json.dumps(ladder.model_dump(mode="json")))) == ladder


# --- the schema --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("called", SHIPPED)
def test_every_ladder_that_ships_keeps_to_the_schema(called: str) -> None:
    schema = ladder_schema()
    assert _errors(schema, described(called)) == []
    assert _errors(schema, shipped_ladder(called).model_dump(mode="json")) == []


_MEANT = {
    "two tiers of one name",
    "entry to a tier that is not there",
    "entry by category to a tier that is not there",
    "a tier below every entry",
    "a tier above a dead end",
    "an unknown seat",
    "a quorum larger than the panel",
    "a quorum without a panel",
    "refusing without a panel",
    "escalation at the last tier",
    "escalation of one clock at the last tier",
    "escalation of the other",
    "a lift at the last tier",
    "a lift on a ground that is not known",
    "a lift from nothing",
    "a NUL",
    "half a sign",
    "a title in two lines",
    "a tier's title that rings",
    "a seat's title that shows nothing",
}
"""What fields mean together no schema can say."""


@pytest.mark.parametrize("mutation", sorted(MUTATIONS.keys() - _MEANT))
def test_the_schema_refuses_what_a_schema_can_refuse(mutation: str) -> None:
    ladder = described("neighbour-first")
    MUTATIONS[mutation](ladder)
    assert _errors(ladder_schema(), ladder) != []


def test_the_schema_tells_what_fields_mean() -> None:
    assert list(_silent(ladder_schema())) == []


def _silent(schema: Json, path: str = "") -> Iterator[str]:
    """Fields without a word about them."""
    parts = {"": schema, **cast("dict[str, Json]", schema["$defs"])}
    for part, model in parts.items():
        for name, field in cast("dict[str, Json]", model.get("properties", {})).items():
            if "description" not in field and "$ref" not in field:
                yield f"{part}.{name}"


def test_the_schema_is_that_of_the_reference() -> None:
    page = File(__file__).parents[2] / "docs/reference/ladder.schema.json"
    assert json.loads(page.read_text(encoding="utf-8")) == ladder_schema()


def test_what_is_read_from_history_is_not_checked_again() -> None:
    """What was published before a check came is read for ever."""
    ladder = described("three-tier")
    ladder["bypass"] = {"approvals": 1}
    tiers(ladder)[-1]["on_expiry"] = "escalate"
    assert Ladder.model_validate(ladder).bypass.approvals == 1
    assert len(flaws(read_json(json.dumps(ladder)))) == 2


@pytest.mark.parametrize(("unit", "most"), [("working_days", 2500), ("days", 3650), ("months", 120)])
def test_ten_years_are_not_too_long(unit: str, most: int) -> None:
    ladder = described("three-tier")
    for count, wrong in ((most, []), (most + 1, [f"must be at most {most}"])):
        tiers(ladder)[0]["mediate_within"] = {unit: count}
        assert [detail for _, _, detail in flaws(read_json(json.dumps(ladder)))] == wrong
