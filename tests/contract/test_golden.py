"""What was released stays readable, and stays what it was."""

import json
from typing import Annotated, ClassVar, Literal

import pytest
from eventsourcing.persistence import Notification
from pydantic import Field, JsonValue, create_model

from domain.events.dispute import Closed, Withdrawn
from domain.events.envelope import Event
from domain.vocabulary import Moment, PositiveInt, ShortText
from store.event_log.codec import MAPPER, LogMapper, UndecodableEventError
from store.event_log.topics import TOPICS, Payload, Topics, UnknownTopicError
from tests.contract.golden import FOLDER, SAMPLES, golden, resolved, shape, without_additions
from tests.support.samples import CASE, recorded

FILES = sorted(FOLDER.glob("*.json"))


def read(topic: str) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = json.loads((FOLDER / f"{topic}.json").read_text(encoding="utf-8"))
    return found


def stored_state(event: Event) -> bytes:
    return MAPPER.to_stored_event(recorded(event)).state


def test_every_topic_has_its_golden_file() -> None:
    assert {path.stem for path in FILES} == set(TOPICS.released)
    assert set(SAMPLES) == set(TOPICS.current)


@pytest.mark.parametrize("topic", sorted(TOPICS.released))
def test_a_golden_event_is_read_and_written_as_it_was(topic: str) -> None:
    state = json.dumps(read(topic)["state"], ensure_ascii=False, separators=(",", ":")).encode()
    found = MAPPER.to_domain_event(Notification(CASE, 1, topic, state, 1))
    if topic in TOPICS.current:
        assert found == recorded(SAMPLES[topic])
        assert MAPPER.to_stored_event(found).state == state


def released(topic: str) -> Event:
    """What a golden file means to this version of the program."""
    payload = read(topic)["state"]["data"]
    return TOPICS.event(topic, payload)


def test_a_closing_of_version_2_is_one_of_version_1_with_a_reason() -> None:
    second = released("dispute.closed.v2")
    assert second == SAMPLES["dispute.closed.v1"].model_copy(
        update={"outcome": "agreed_unperformed", "reason": second.reason}
    )
    assert second.reason


def test_a_procedure_of_version_1_had_committees_everywhere_but_in_compounds() -> None:
    first, now = released("procedure.published.v1"), SAMPLES["procedure.published.v3"]
    assert first == now
    assert [tier.committee for tier in first.ladder.tiers] == [False, True, True]


@pytest.mark.parametrize("topic", sorted(TOPICS.current))
def test_a_released_payload_keeps_its_shape(topic: str) -> None:
    now, then = resolved(shape(TOPICS.current[topic])), resolved(read(topic)["shape"])
    assert without_additions(now, then) == then, "a changed payload needs a new topic version"


@pytest.mark.parametrize(
    "changed",
    [
        create_model("Closed", __base__=Closed, ground=(str, ...)),
        create_model("Closed", __base__=Closed, outcome=(str, ...)),
        create_model("Closed", __base__=Event, occurred_at=(Moment, ...)),
        create_model("Closed", __base__=Closed, outcome=(Annotated[str, Field(max_length=3)], ...)),
    ],
    ids=["required field added", "type widened", "field removed", "constraint added"],
)
def test_a_changed_shape_is_noticed(changed: type[Event]) -> None:
    then = resolved(read("dispute.closed.v1")["shape"])
    assert without_additions(resolved(shape(changed)), then) != then


def test_an_optional_field_or_a_further_word_may_join() -> None:
    then = resolved(shape(create_model("Before", __base__=Event, how=(Literal["a", "b"], ...))))
    joined = create_model(
        "Before", __base__=Event, how=(Literal["a", "b", "c"], ...), note=(str | None, None)
    )
    fewer = create_model("Before", __base__=Event, how=(Literal["a", "c"], ...))
    assert without_additions(resolved(shape(joined)), then) == then
    assert without_additions(resolved(shape(fewer)), then) != then


def test_a_golden_file_says_all_there_is() -> None:
    for topic, event in SAMPLES.items():
        kept, written = read(topic), json.loads(golden(event))
        assert kept["state"] == written["state"]
        then = resolved(kept["shape"])
        assert without_additions(resolved(written["shape"]), then) == then


class Third(Event):
    """The third version of an event that exists only here."""

    TOPIC: ClassVar[str] = "sample.made.v3"

    whole: ShortText
    count: PositiveInt
    occurred_at: Moment


def _second(first: Payload) -> Payload:
    return {"whole": f"{first['one']} {first['two']}", "occurred_at": first["occurred_at"]}


def _third(second: Payload) -> Payload:
    return {**second, "count": 1}


OLD = Topics(
    [Third], {"sample.made.v1": ("sample.made.v2", _second), "sample.made.v2": ("sample.made.v3", _third)}
)
WHEN = "2026-03-02T09:00:00+08:00"


def test_an_old_event_becomes_the_newest_step_by_step() -> None:
    first = OLD.event("sample.made.v1", {"one": "a", "two": "b", "occurred_at": WHEN})
    second = OLD.event("sample.made.v2", {"whole": "a b", "occurred_at": WHEN})
    assert first == second == Third.model_validate({"whole": "a b", "count": 1, "occurred_at": WHEN})
    assert OLD.released == {"sample.made.v1", "sample.made.v2", "sample.made.v3"}


def test_what_upcasting_brings_is_validated() -> None:
    with pytest.raises(ValueError, match="whole"):
        OLD.event("sample.made.v2", {"whole": "", "occurred_at": WHEN})
    with pytest.raises(UnknownTopicError):
        OLD.event("sample.made.v9", {})


def test_the_bytes_of_an_old_event_are_decoded_into_the_newest() -> None:
    """With what only its bytes show: the chain runs before validation, and what it breaks has its place named."""
    now = Third.model_validate({"whole": "a b", "count": 1, "occurred_at": WHEN})
    mapper, state = LogMapper(topics=OLD), stored_state(now)
    first = state.replace(b'"whole":"a b","count":1', b'"one":"a","two":"b"')
    assert first != state
    for topic, stored in (("sample.made.v3", state), ("sample.made.v1", first)):
        assert mapper.to_domain_event(Notification(CASE, 1, topic, stored, 1)) == recorded(now)
    for topic, stored in (("sample.made.v9", state), ("sample.made.v1", state), ("sample.made.v3", first)):
        with pytest.raises(UndecodableEventError, match=topic):
            mapper.to_domain_event(Notification(CASE, 1, topic, stored, 1))


def test_two_events_cannot_claim_one_topic() -> None:
    twin = type("Twin", (Withdrawn,), {"__module__": __name__})
    with pytest.raises(ValueError, match="claim the topic"):
        Topics([Withdrawn, twin])


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        stored_state(SAMPLES["dispute.closed.v1"]).replace(b'"failed"', b'"won"'),
        stored_state(SAMPLES["dispute.closed.v1"]).replace(b'"data":{', b'"data":{"fee":1,'),
    ],
    ids=["empty", "no text", "no object", "no envelope", "unknown word", "unknown field"],
)
def test_damaged_bytes_are_named_with_their_place(state: bytes) -> None:
    with pytest.raises(UndecodableEventError, match=f"event 7 of stream {CASE}"):
        MAPPER.to_domain_event(Notification(CASE, 7, "dispute.closed.v1", state, 1))
