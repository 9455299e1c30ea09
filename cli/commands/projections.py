"""`tiaochu projections`: the group, `status` and `retry`; `rebuild` stands in `projections_rebuild`."""

import json as jsons
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.bootstrap import with_services
from cli.commands.options import Json
from cli.commands.projections_rebuild import rebuild_model
from cli.database import database
from cli.language import translate
from cli.settings import Settings
from projections import registry
from projections.registry import NAMES
from projections.runtime.retry import retry_parked

projections = typer.Typer(no_args_is_help=True)


@projections.command("status", help=translate("Show how far each read model has followed the log."))
def status(*, json: Json = False) -> None:
    """Show how far each read model has followed the log."""
    settings = Settings()
    with database(settings) as opened:
        opened.must_be_ready()
        lags = with_services(settings, opened.url, lambda services: services.health.lags())
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
        translate("read model"),
        translate("position"),
        translate("events behind"),
        translate("seconds behind"),
        translate("streams parked"),
    )
    for lag in lags:
        table.add_row(lag.name, str(lag.position), str(lag.events), f"{lag.seconds:.1f}", str(lag.parked))
    Console().print(table)


@projections.command("retry", help=translate("Take once more what a read model could not take."))
def retry(
    name: Annotated[
        str | None, typer.Argument(help=translate("Which read model; all when left out."))
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Take parked streams once more.

    Exit 1: a stream is still parked.
    """
    if name is not None and name not in NAMES:
        raise typer.BadParameter(translate("there is no read model {name}", name=name))
    settings = Settings()
    with database(settings) as opened:
        opened.must_be_ready()
        taken, parked = with_services(
            settings,
            opened.url,
            lambda services: retry_parked(opened.url, services.health, name, registry.projections),
        )
    if json:
        print(jsons.dumps({"taken": taken, "parked": [str(item.stream) for item in parked]}))
    else:
        print(translate("{count} streams go on.", count=taken))
        for item in parked:
            print(f"!! {item.projection} {item.stream} {item.position} {item.topic}: {item.error}")
    if parked:
        raise typer.Exit(1)


projections.command(
    "rebuild",
    help=translate("Fill a read model anew beside the one that serves, compare, and put it in its place."),
)(rebuild_model)
