"""The event feed: the whole log as CloudEvents, in pages for whoever asks and as a stream for whoever listens."""

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
)
from api.http.content_negotiation import prefers
from api.http.problems import Unauthenticated
from api.http.request_checks import Caller, CheckedRoute, authenticated
from api.http.services import ServicesDependency
from domain.events.envelope import Event, Recorded


class FeedRoute(CheckedRoute):
    """A route whose readers may leave at any time."""

    async def handle(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        """Answer. Where a reader leaves while an event is on its way, the framework closes its pipe before it stops
        whoever fills it, and calls that an error (fastapi discussion 15725); it is none.
        """
        try:
            await super().handle(scope, receive, send)
        except* BrokenResourceError:
            pass


router = APIRouter(prefix="/v1", tags=["event feed"], route_class=FeedRoute)

_BATCH: Final = TypeAdapter(list[CloudEvent])
_BATCH_CONTENT: Final = {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/CloudEvent"}}}


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
    """Read what happened, everywhere, in the order of the log. Analysts read it without the people in it.

    `Accept: application/cloudevents-batch+json` gets the events alone; the following page is then told by `Link`.
    """
    must(caller, Action.READ_FEED)
    page = await services.feed.page(Scope.of(caller), query.after, query.limit, query.wanted)
    with_people = may(caller, Action.SEE_PEOPLE)
    items = [cloud_event(event, with_people=with_people) for event in page.events]
    following = str(page.position) if page.position > query.after else None
    response.headers["Vary"] = "Accept"
    if following:
        told = [("after", following), ("limit", query.limit), *(("type", item) for item in query.types)]
        response.headers["Link"] = f'<{request.url.path}?{urlencode(told)}>; rel="next"'
    if prefers(request.headers.get("accept"), BATCH_MEDIA_TYPE, to="application/json"):
        return Response(_BATCH.dump_json(items), headers=dict(response.headers), media_type=BATCH_MEDIA_TYPE)
    return FeedPage(items=items, next=following)


@dataclass(frozen=True, slots=True)
class _Following:
    """A stream that is open: its events, and where it begins if the reader does not know."""

    events: AsyncIterator[Recorded[Event]]
    begins: int | None
    with_people: bool


async def _following(
    query: Annotated[StreamQuery, Query()],
    request: Request,
    response: Response,
    caller: Caller,
    services: ServicesDependency,
    last_event_id: Annotated[
        int | None,
        Header(ge=0, le=LAST_POSITION, description="the last event that arrived; goes before `after`"),
    ] = None,
) -> AsyncIterator[_Following]:
    """Open a stream, while a refusal can still be answered with a problem, and count it until it is over."""

    def welcome() -> bool:
        try:
            return may(authenticated(request), Action.READ_FEED)
        except Unauthenticated:
            return False

    must(caller, Action.READ_FEED)
    with services.streams.opened():
        told = query.after if last_event_id is None else last_event_id
        position = await services.feed.head() if told is None else told
        response.headers["Cache-Control"] = "no-store"
        yield _Following(
            services.streams.follow(Scope.of(caller), position, query.wanted, welcome),
            position if told is None else None,
            may(caller, Action.SEE_PEOPLE),
        )


@router.get("/stream", response_class=EventSourceResponse)
async def stream(following: Annotated[_Following, Depends(_following)]) -> AsyncIterator[ServerSentEvent]:
    """Listen to what happens, as server-sent events: `id` is the position, `event` the topic, `data` a CloudEvent.

    It goes on after the event named by `Last-Event-ID`, else beyond `after`, else from now on.
    """
    if following.begins is not None:  # so that a reader who is cut off before the first event misses none
        yield ServerSentEvent(id=str(following.begins))
    async for recorded in following.events:
        event = cloud_event(recorded, with_people=following.with_people)
        yield ServerSentEvent(id=event.id, event=event.type, data=event)
