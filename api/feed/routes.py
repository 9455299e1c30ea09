"""The event feed: the whole log as CloudEvents, in pages and as a stream of server-sent events."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from anyio import BrokenResourceError
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import TypeAdapter
from starlette.types import Receive, Send
from starlette.types import Scope as ASGIScope

from access.decision import Action, may, must
from access.scope import Scope
from api.feed.schemas import (
    BATCH_MEDIA_TYPE,
    LAST_POSITION,
    CloudEvent,
    FeedPage,
    FeedQuery,
    StreamQuery,
    cloud_event,
    feed_event,
)
from api.http.content_negotiation import prefers
from api.http.problems import Unauthenticated
from api.http.query_params import must_be_in_the_log
from api.http.request_checks import Caller, CheckedRoute, authenticated
from api.http.services import ServicesDependency
from domain.events.envelope import Event, Recorded


class FeedRoute(CheckedRoute):
    """A route whose clients may disconnect at any time."""

    async def handle(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Where a client disconnects while an event is sent, the framework closes its channel before it stops the
        generator that writes to it, and raises BrokenResourceError (fastapi discussion 15725). It is ignored.
        """
        try:
            await super().handle(scope, receive, send)
        except* BrokenResourceError:
            pass


router = APIRouter(prefix="/v1", tags=["event feed"], route_class=FeedRoute)

_BATCH: Final = TypeAdapter(list[CloudEvent])
_EVENT_SCHEMA: Final = CloudEvent.model_json_schema(
    mode="serialization", ref_template="#/components/schemas/{model}"
)
_BATCH_CONTENT: Final = {
    "schema": {
        "type": "array",
        "items": {name: value for name, value in _EVENT_SCHEMA.items() if name != "$defs"},
    }
}


@router.get(
    "/feed", response_model=FeedPage, responses={200: {"content": {BATCH_MEDIA_TYPE: _BATCH_CONTENT}}}
)
async def read_feed(
    query: Annotated[FeedQuery, Query()],
    request: Request,
    response: Response,
    caller: Caller,
    services: ServicesDependency,
) -> FeedPage | Response:
    """Read all recorded events in the order of the log. Analysts get them without people.

    `Accept: application/cloudevents-batch+json` returns the events alone, as CloudEvents, and the following page stands in
    `Link`.
    """
    must(caller, Action.READ_FEED)
    must_be_in_the_log(query.after, await services.feed.head())
    page = await services.feed.page(Scope.of(caller), query.after, query.limit, query.filter)
    with_people = may(caller, Action.SEE_PEOPLE)
    items = [feed_event(event, with_people=with_people) for event in page.events]
    following = str(page.position) if page.position > query.after else None
    response.headers["Vary"] = "Accept"
    if following:
        parameters = [("after", following), ("limit", query.limit), *(("type", item) for item in query.types)]
        response.headers["Link"] = f'<{request.url.path}?{urlencode(parameters)}>; rel="next"'
    if prefers(request.headers.get("accept"), BATCH_MEDIA_TYPE, to="application/json"):
        return Response(
            _BATCH.dump_json(list(map(cloud_event, items))),
            headers=dict(response.headers),
            media_type=BATCH_MEDIA_TYPE,
        )
    return FeedPage(items=items, next=following)


@dataclass(frozen=True, slots=True)
class _OpenStream:
    """An open stream: its events, and the position where it begins if the client did not name one."""

    events: AsyncIterator[Recorded[Event]]
    begins: int | None
    with_people: bool


async def _open_stream(
    query: Annotated[StreamQuery, Query()],
    request: Request,
    response: Response,
    caller: Caller,
    services: ServicesDependency,
    last_event_id: Annotated[
        int | None,
        Header(ge=0, le=LAST_POSITION, description="the last event that arrived; goes before `after`"),
    ] = None,
) -> AsyncIterator[_OpenStream]:
    """Open a stream before the reply begins, so that a refusal is a problem; count it as open until it ends."""

    def authorised() -> bool:
        try:
            return may(authenticated(request), Action.READ_FEED)
        except Unauthenticated:
            return False

    must(caller, Action.READ_FEED)
    with services.streams.opened():
        requested = query.after if last_event_id is None else last_event_id
        head = await services.feed.head()
        position = head if requested is None else requested
        must_be_in_the_log(position, head)
        response.headers["Cache-Control"] = "no-store"
        yield _OpenStream(
            services.streams.follow(Scope.of(caller), position, query.filter, authorised),
            position if requested is None else None,
            may(caller, Action.SEE_PEOPLE),
        )


@router.get("/stream", response_class=EventSourceResponse)
async def stream(opened: Annotated[_OpenStream, Depends(_open_stream)]) -> AsyncIterator[ServerSentEvent]:
    """Stream events as they are recorded, as server-sent events: `id` is the position, `event` the topic, `data` an event of the feed.

    It begins after the event named by `Last-Event-ID`, else after `after`, else after the latest event.
    """
    if (
        opened.begins is not None
    ):  # a client that is cut off before the first event resumes here and misses none
        yield ServerSentEvent(id=str(opened.begins))
    async for recorded in opened.events:
        event = feed_event(recorded, with_people=opened.with_people)
        yield ServerSentEvent(id=event.id, event=event.type, data=event)
