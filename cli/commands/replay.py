"""`tiaochu replay`."""

import json as jsons
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import typer
from pydantic import TypeAdapter, ValidationError

from access.scope import ALL_CASES
from api.disputes.schemas.case import case_view
from api.disputes.schemas.explanation import explanation_view
from api.disputes.schemas.history import event_view
from api.http.services import Services
from application.case_reader import CaseSnapshot, PointInTime
from application.i18n import render, word
from cli.bootstrap import utc_now, with_services
from cli.commands.options import Json
from cli.database import database
from cli.language import LANGUAGE, translate
from cli.settings import Settings
from domain import vocabulary
from domain.errors import UnknownDispute
from domain.events.dispute import Declined, DisputeEvent, MediatorsReplaced, SessionCorrected, SessionRecorded
from domain.messages import Message, message
from domain.procedures.explanations import why
from domain.vocabulary.precision import end_of_written_unit


def _moment(text: str) -> datetime:
    """Read a time of recording: all of the second or the millisecond that it names is included."""
    try:
        return end_of_written_unit(text, TypeAdapter(vocabulary.Moment).validate_python(text))
    except ValidationError as error:
        raise typer.BadParameter(
            translate("must be a date and time with its offset, such as 2026-03-02T09:00:00+08:00")
        ) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(translate("must be a date, such as 2026-03-02")) from error


def replay(
    case: Annotated[str, typer.Argument(help=translate("The case's id or number."))],
    version: Annotated[
        int | None, typer.Option(min=1, help=translate("The case after so many events."))
    ] = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(
            parser=_moment,
            help=translate("What was recorded until then, such as 2026-05-01T12:00:00+08:00."),
        ),
    ] = None,
    as_of: Annotated[
        date | None,
        typer.Option(parser=_day, help=translate("As it stood at the end of that day, such as 2026-05-01.")),
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Show a case and its history.

    Exit 1: there is no such case, or not at that version, time or day.
    """
    settings, moment = Settings(), PointInTime(version, known_at, as_of)

    async def open_case(services: Services) -> CaseSnapshot:
        return await services.case_reader.read(
            ALL_CASES, await _identified(case, services), utc_now(), moment
        )

    with database(settings) as opened:
        opened.must_be_ready()
        found = with_services(settings, opened.url, open_case)
    print(_as_json(found)) if json else _show(found)


async def _identified(case: str, services: Services) -> UUID:
    """Return the id of a case that is named by its id or by its number; raises UnknownDispute."""
    try:
        return UUID(case)
    except ValueError:
        found = await services.case_list.numbered(case)
    if found is None:
        raise UnknownDispute(message("there is no such case"))
    return found


def _as_json(case: CaseSnapshot) -> str:
    return jsons.dumps(
        {
            "case": case_view(case).model_dump(mode="json", by_alias=True),
            "events": [
                event_view(recorded, case.dispute.retracted).model_dump(mode="json")
                for recorded in case.history
            ],
            "why": explanation_view(case).model_dump(mode="json"),
        },
        ensure_ascii=False,
    )


def _show(case: CaseSnapshot) -> None:
    dispute = case.dispute
    number = dispute.number or translate("no number yet")
    titles = case.ladder.titles
    heading = message(
        "{number}: {status} at the {tier}, version {version}",
        number=number,
        status=dispute.status,
        tier=dispute.tier,
        version=dispute.version,
    )
    print(render(heading, LANGUAGE, titles))
    for recorded in case.history:
        moment = recorded.event.happened_at.isoformat(timespec="minutes")
        mark = f"  ({translate('taken back')})" if recorded.version in dispute.retracted else ""
        print(f"{recorded.version:>4}  {moment}  {recorded.topic}  {recorded.actor.sub}{mark}")
        for line in _details(recorded.event):
            print(f"      {render(line, LANGUAGE, titles)}")
        if recorded.because:
            print(f"      {render(why(recorded.because), LANGUAGE, titles)}")
    for move in case.pending_moves:
        print(translate("not yet: {what}", what="") + render(move.text, LANGUAGE, titles))


def _details(event: DisputeEvent) -> Iterator[Message]:
    """Yield what came of a session, and the reason that somebody gave for an event."""
    if isinstance(event, SessionRecorded):
        yield message("session {number}: {outcome}", number=event.number, outcome=event.outcome)
    if isinstance(event, SessionCorrected) and event.outcome is not None:
        yield message("session {number} counts as: {outcome}", number=event.session, outcome=event.outcome)
    reason = dict(event).get("reason")
    if isinstance(reason, str) and reason:
        listed = isinstance(event, Declined | MediatorsReplaced)
        yield message("reason: {reason}", reason=word(reason, LANGUAGE) if listed else reason)
