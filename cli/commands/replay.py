"""`replay`, `doctor`, `projections status`, `projections retry`."""

import json as jsons
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Table

from api.disputes.schemas.case import case_view
from api.disputes.schemas.explanation import explanation_view
from api.disputes.schemas.history import event_view
from api.http.services import Services
from application.case_reader import CaseSnapshot, PointInTime
from application.i18n import render
from cli.bootstrap import utc_now, with_services
from cli.commands.doctor import examine
from cli.database import database
from cli.language import LANGUAGE, say, told
from cli.settings import Settings
from domain import vocabulary
from domain.messages import message
from domain.procedures.explanations import why
from projections import registry
from projections.registry import NAMES
from projections.runtime.retry import retry_parked

projections = typer.Typer(no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help=told("Write JSON."))]


def _moment(text: str) -> datetime:
    try:
        return TypeAdapter(vocabulary.Moment).validate_python(text)
    except ValidationError as error:
        raise typer.BadParameter(
            told("must be a date and time with its offset, such as 2026-03-02T09:00:00+08:00")
        ) from error


def replay(
    dispute: Annotated[UUID, typer.Argument(help=told("The case's id."))],
    version: Annotated[int | None, typer.Option(min=1, help=told("The case after so many events."))] = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(
            parser=_moment,
            help=told("What was recorded until then, such as 2026-05-01T12:00:00+08:00."),
        ),
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Show a case and its history."""
    settings = Settings()

    async def opened(services: Services) -> CaseSnapshot:
        return await services.case_reader.read(dispute, utc_now(), PointInTime(version, known_at))

    with database(settings) as found:
        found.must_be_ready()
        file = with_services(settings, found.url, opened)
    print(_as_json(file)) if json else _show(file)


def doctor(*, json: Json = False) -> None:
    """Check everything the product needs; exit 1 where something is wrong."""
    findings = examine(Settings())
    if json:
        print(
            jsons.dumps(
                [{"check": finding.name, "ok": finding.ok, "detail": finding.detail} for finding in findings]
            )
        )
    else:
        for finding in findings:
            print(f"{'ok ' if finding.ok else '!! '} {told(finding.name)}: {finding.detail}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@projections.command("status", help=told("Show how far each read model has followed the log."))
def status(*, json: Json = False) -> None:
    """Show how far each read model has followed the log."""
    settings = Settings()
    with database(settings) as found:
        found.must_be_ready()
        lags = with_services(settings, found.url, lambda services: services.health.lags())
    if json:
        shown = [
            {
                "name": lag.name,
                "position": lag.position,
                "events": lag.events,
                "seconds": lag.seconds,
                "parked": lag.parked,
            }
            for lag in lags
        ]
        print(jsons.dumps(shown))
        return
    table = Table(
        told("read model"),
        told("position"),
        told("events behind"),
        told("seconds behind"),
        told("streams parked"),
    )
    for lag in lags:
        table.add_row(lag.name, str(lag.position), str(lag.events), f"{lag.seconds:.1f}", str(lag.parked))
    Console().print(table)


@projections.command("retry", help=told("Take once more what a read model could not take."))
def retry(
    name: Annotated[str | None, typer.Argument(help=told("Which read model; all when left out."))] = None,
    *,
    json: Json = False,
) -> None:
    """Take parked streams once more; exit 1 where one is still parked."""
    if name is not None and name not in NAMES:
        raise typer.BadParameter(say("there is no read model {name}", name=name))
    settings = Settings()
    with database(settings) as found:
        found.must_be_ready()
        taken, waiting = with_services(
            settings,
            found.url,
            lambda services: retry_parked(found.url, services.health, name, registry.projections),
        )
    if json:
        print(jsons.dumps({"taken": taken, "parked": [str(item.stream) for item in waiting]}))
    else:
        print(say("{count} streams go on.", count=taken))
        for item in waiting:
            print(f"!! {item.projection} {item.stream} {item.position} {item.topic}: {item.error}")
    if waiting:
        raise typer.Exit(1)


def _as_json(file: CaseSnapshot) -> str:
    return jsons.dumps(
        {
            "case": case_view(file).model_dump(mode="json", by_alias=True),
            "events": [event_view(recorded).model_dump(mode="json") for recorded in file.history],
            "why": explanation_view(file).model_dump(mode="json"),
        },
        ensure_ascii=False,
    )


def _show(file: CaseSnapshot) -> None:
    dispute = file.dispute
    number = dispute.number or told("no number yet")
    titles = file.ladder.titles
    standing = message(
        "{number}: {status} at the {tier}, version {version}",
        number=number,
        status=dispute.status,
        tier=dispute.tier,
        version=dispute.version,
    )
    print(render(standing, LANGUAGE, titles))
    for recorded in file.history:
        moment = recorded.event.happened_at.isoformat(timespec="minutes")
        print(f"{recorded.version:>4}  {moment}  {recorded.topic}  {recorded.actor.sub}")
        if recorded.because:
            print(f"      {render(why(recorded.because), LANGUAGE, titles)}")
    for missing in file.pending_moves:
        print(say("not yet: {what}", what="") + render(missing.text, LANGUAGE, titles))
