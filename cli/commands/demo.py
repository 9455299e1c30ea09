"""`tiaochu demo`."""

from typing import Annotated

import typer

from cli.bootstrap import utc_now
from cli.commands.options import Json
from cli.commands.serve import Host, Port, Workers
from cli.demo.demonstration import Demonstration
from cli.language import translate
from cli.settings import Settings
from cli.workers.service import Ready, run_service
from identity.keys import local_keys
from identity.tokens import issue

Disputes = Annotated[
    int,
    typer.Option(min=0, max=100_000, help=translate("How many generated cases the street has in 2026.")),
]
Seed = Annotated[
    int,
    typer.Option(min=0, help=translate("Which generated cases: the same number gives the same ones.")),
]


def demo(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    workers: Workers = 1,
    disputes: Disputes = 2000,
    seed: Seed = 1,
    *,
    json: Json = False,
) -> None:
    """Serve the demonstration street until SIGTERM or SIGINT.

    Exit 1: the port is taken, the service is not ready within 60 seconds, or a generated case was refused.
    """
    settings = Settings(database_url=None, owner_database_url=None)
    key = local_keys(settings.keys).tokens
    demonstration = Demonstration(lambda actor: issue(key, actor, utc_now()), disputes, seed, json)

    def show(ready: Ready) -> None:
        demonstration.show(ready.address, ready.url, ready.stopping)

    run_service(settings, (host, port), workers, with_worker=True, when_ready=show)
    if demonstration.failed:
        raise typer.Exit(1)
