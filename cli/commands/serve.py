"""`tiaochu serve`."""

import json as jsons
from typing import Annotated

import typer

from cli.commands.options import Json
from cli.language import translate
from cli.settings import Settings
from cli.workers.service import Ready, run_service

Port = Annotated[
    int, typer.Option(min=0, max=65535, help=translate("The port to listen on; 0 for any free one."))
]
Host = Annotated[str, typer.Option(help=translate("The address to listen on."))]
Workers = Annotated[int, typer.Option(min=1, max=64, help=translate("How many API processes."))]
ApiOnly = Annotated[bool, typer.Option("--api-only", help=translate("Leave the worker to another command."))]


def serve(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    workers: Workers = 1,
    *,
    api_only: ApiOnly = False,
    json: Json = False,
) -> None:
    """Serve until SIGTERM or SIGINT.

    Exit 1: the port is taken, the database is not migrated, or the service is not ready within 60 seconds.
    """

    def announce(ready: Ready) -> None:
        address = ready.address
        line = (
            jsons.dumps({"address": address})
            if json
            else translate("Tiaochu serves at {address}", address=address)
        )
        print(line, flush=True)

    run_service(Settings(), (host, port), workers, with_worker=not api_only, when_ready=announce)
