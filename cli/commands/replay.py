"""`tiaochu replay`."""

import json as jsons
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from pydantic import TypeAdapter, ValidationError

from api.disputes.schemas.case import case_view
from api.disputes.schemas.explanation import explanation_view
from api.disputes.schemas.history import event_view
from api.http.services import Services
from application.case_reader import CaseSnapshot, PointInTime
from application.i18n import render
from cli.bootstrap import utc_now, with_services
from cli.commands.options import Json
from cli.database import database
from cli.language import LANGUAGE, translate
from cli.settings import Settings
from domain import vocabulary
from domain.messages import message
from domain.procedures.explanations import why


def _moment(text: str) -> datetime:
    try:
        return TypeAdapter(vocabulary.Moment).validate_python(text)
    except ValidationError as error:
        raise typer.BadParameter(
            translate("must be a date and time with its offset, such as 2026-03-02T09:00:00+08:00")
        ) from error


def replay(
    dispute: Annotated[UUID, typer.Argument(help=translate("The case's id."))],
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
    *,
    json: Json = False,
) -> None:
    """Show a case and its history.

    Exit 1: there is no such case, or not at that version or time.
    """
    settings = Settings()

    async def open_case(services: Services) -> CaseSnapshot:
        return await services.case_reader.read(dispute, utc_now(), PointInTime(version, known_at))

    with database(settings) as opened:
        opened.must_be_ready()
        case = with_services(settings, opened.url, open_case)
    print(_as_json(case)) if json else _show(case)


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
        print(f"{recorded.version:>4}  {moment}  {recorded.topic}  {recorded.actor.sub}")
        if recorded.because:
            print(f"      {render(why(recorded.because), LANGUAGE, titles)}")
    for move in case.pending_moves:
        print(translate("not yet: {what}", what="") + render(move.text, LANGUAGE, titles))
