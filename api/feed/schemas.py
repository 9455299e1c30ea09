"""Recorded events in the feed and in the stream, and as CloudEvents 1.0.

An event of the feed has the members of a CloudEvent, and `because` as a case's history has it. A CloudEvent may hold no
object there: it has the same as JSON text.

Names of attributes hold only a-z and 0-9. All values are text except `streamversion`: an Integer of CloudEvents has
32 bits, and a position may need more.
"""

from datetime import UTC, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from domain.events.dispute import DisputeEvent
from domain.events.envelope import Event, Recorded
from domain.events.platform import PlatformEvent
from domain.events.procedure import ProcedureProposed, ProcedurePublished, ProcedureRejected
from domain.events.unit import UnitEvent
from domain.messages import message
from domain.procedures.rules import Because
from domain.vocabulary import Role
from store.event_log.codec import payload
from store.event_log.feed import FeedFilter, UnknownTopicFilterError
from store.privacy.redaction import impersonal

BATCH_MEDIA_TYPE: Final = "application/cloudevents-batch+json"
_WITHOUT_ADDRESS: Final = "/streams"


def _absent(value: object) -> bool:
    return value is None


class _LogEvent(BaseModel):
    """An event of the log; members that do not apply are left out."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, Field(description="the position; the same event never has another")]
    source: Annotated[
        str, Field(description="what it happened to", json_schema_extra={"format": "uri-reference"})
    ]
    type: Annotated[str, Field(description="the topic")]
    subject: Annotated[UUID | None, Field(description="the stream", exclude_if=_absent)]
    time: Annotated[str, Field(description="when it was recorded", json_schema_extra={"format": "date-time"})]
    datacontenttype: Literal["application/json"] = "application/json"
    position: Annotated[str, Field(description="its place in the log; a number, but longer than 32 bits")]
    streamversion: Annotated[int, Field(description="its place in the stream, from 1")]
    occurredat: Annotated[
        str, Field(description="when it happened, as people said", json_schema_extra={"format": "date-time"})
    ]
    commandid: UUID
    actorsub: Annotated[str | None, Field(description="who did it", exclude_if=_absent)]
    actorrole: Role
    actorunit: Annotated[str | None, Field(exclude_if=_absent)]
    data: dict[str, JsonValue]


class FeedEvent(_LogEvent):
    """An event of the feed."""

    because: Annotated[
        Because | None, Field(description="the rule that caused it with what it counted", exclude_if=_absent)
    ]


class CloudEvent(_LogEvent):
    """An event of the log, as a CloudEvent."""

    because: Annotated[
        str | None,
        Field(description="the rule that caused it with what it counted, as JSON", exclude_if=_absent),
    ]


def cloud_event(event: FeedEvent) -> CloudEvent:
    """Return an event of the feed as a CloudEvent."""
    because = event.because.model_dump_json() if event.because else None
    return CloudEvent.model_validate({**dict(event), "because": because})


def feed_event(recorded: Recorded[Event], *, with_people: bool) -> FeedEvent:
    """Present an event; without people, it has no personal data, no actor, and no stream id that identifies one."""
    source = _source(recorded.event, recorded.stream)
    # the id of a stream without an address may be derived from a person's name, and could be guessed from it
    if source is None:
        source = f"{_WITHOUT_ADDRESS}/{recorded.stream}" if with_people else _WITHOUT_ADDRESS
    return FeedEvent(
        id=str(recorded.position),
        source=source,
        type=recorded.topic,
        subject=recorded.stream if with_people or source != _WITHOUT_ADDRESS else None,
        time=_utc(recorded.recorded_at),
        position=str(recorded.position),
        streamversion=recorded.version,
        occurredat=recorded.event.happened_at.isoformat(),
        commandid=recorded.command_id,
        actorsub=recorded.actor.sub if with_people else None,
        actorrole=recorded.actor.role,
        actorunit=recorded.actor.unit,
        because=recorded.because,
        data=payload(recorded.event) if with_people else impersonal(recorded.event),
    )


def _source(event: Event, stream: UUID) -> str | None:
    """Return the address of the event's subject; None where its stream has none."""
    if isinstance(event, UnitEvent):
        return f"/v1/units/{event.unit}"
    if isinstance(event, PlatformEvent):
        return f"/v1/platforms/{event.unit}"
    if isinstance(event, ProcedureRejected):
        return f"/v1/procedures/{event.procedure}"
    if isinstance(event, ProcedureProposed | ProcedurePublished):
        return f"/v1/procedures/{event.ladder.id}"
    return f"/v1/disputes/{stream}" if isinstance(event, DisputeEvent) else None


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _valid_topics(names: list[str]) -> list[str]:
    try:
        FeedFilter.of(names)
    except UnknownTopicFilterError:
        detail = message("must be a topic, or the beginning of one up to a dot, such as dispute.")
        raise ValueError(detail) from None
    return names


LAST_POSITION: Final = 2**62


class TopicFilter(BaseModel):
    """Which topics are read."""

    model_config = ConfigDict(extra="forbid")

    types: Annotated[
        list[str],
        AfterValidator(_valid_topics),
        Field(
            alias="type",
            max_length=100,
            description="topics, or beginnings of topics up to a dot, such as `dispute.`; all when left out",
        ),
    ] = []

    @property
    def filter(self) -> FeedFilter | None:
        """The filter for the log; None where all topics are read."""
        return FeedFilter.of(self.types)


class FeedQuery(TopicFilter):
    """A page of the feed."""

    after: Annotated[int, Field(ge=0, le=LAST_POSITION, description="`next` of the page before")] = 0
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class StreamQuery(TopicFilter):
    """Where a stream begins."""

    after: Annotated[
        int | None,
        Field(ge=0, le=LAST_POSITION, description="begin beyond this position; from now on when left out"),
    ] = None


class FeedPage(BaseModel):
    """A page of the feed."""

    items: list[FeedEvent]
    next: Annotated[
        str | None,
        Field(
            description="the `after` of the following page, also where this one is empty because it has no event"
            " of these topics; null when the log does not reach further yet: ask again later with the same `after`"
        ),
    ]
