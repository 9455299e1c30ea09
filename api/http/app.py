"""The HTTP application."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from pydantic import JsonValue
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Lifespan

from api.appointments import routes as appointments
from api.disputes import attachments, filing
from api.disputes import queries as dispute_reading
from api.disputes.commands import DisputeCommands
from api.feed import routes as feed
from api.http.middleware import RequestMiddleware
from api.http.openapi import described
from api.http.problem_pages import router as problem_pages
from api.http.problems import Problem, answer
from api.http.services import Services
from api.imports import routes as imports
from api.indicators import routes as figures
from api.ledger import routes as ledger
from api.operations import routes as running
from api.procedure_migration import routes as migrations
from api.procedures import routes as procedures
from api.reads import routes as reads
from api.reference_data import calendar_routes as calendars
from api.reference_data import routes as reference
from api.simulations import routes as simulations
from application.ports import Unavailable
from domain.errors import DomainError

_ROUTERS: Final = (
    filing.router,
    attachments.router,
    dispute_reading.router,
    appointments.router,
    figures.router,
    ledger.router,
    reads.router,
    reference.router,
    calendars.router,
    migrations.router,
    procedures.router,
    feed.router,
    imports.router,
    simulations.router,
    running.router,
    problem_pages,
)
_HANDLED_ERRORS: Final = (DomainError, Problem, RequestValidationError, HTTPException, Unavailable, Exception)


def openapi_document() -> dict[str, JsonValue]:
    """Return the interface's OpenAPI document."""
    return described(_framework())


def application(
    provide: Callable[[], AbstractAsyncContextManager[Services]],
    pages: APIRouter,
    metrics_folder: str | None = None,
) -> ASGIApp:
    """Build the application, with the console's pages.

    `provide` opens the services when the application starts and closes them when it stops.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with provide() as services:
            app.state.services = services
            yield

    app = _framework(lifespan)
    app.include_router(pages)
    app.state.metrics_folder = metrics_folder
    for error in _HANDLED_ERRORS:
        app.add_exception_handler(error, answer)
    app.mount("/docs/assets", StaticFiles(directory=_documentation_assets()), name="docs-assets")
    return RequestMiddleware(DisputeCommands(app))


def _framework(lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    app = FastAPI(
        title="Tiaochu 调处",
        summary="Mediation that escalates, with its reasons and its whole history",
        version=version("tiaochu"),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        strict_content_type=False,
        redirect_slashes=False,
    )
    for router in _ROUTERS:
        app.include_router(router)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]  # how FastAPI wants it replaced
    return app


def _documentation_assets() -> Path:
    found = find_spec("fastapi_offline")
    if found is None or found.origin is None:
        raise RuntimeError("fastapi-offline is not installed")
    return Path(found.origin).parent / "static"
