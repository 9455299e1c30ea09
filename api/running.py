"""What operators and newcomers ask: is it alive, is it ready, how is it doing, what can it do."""

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from prometheus_client import REGISTRY as LOCAL
from prometheus_client.multiprocess import MultiProcessCollector

from api.services import Given
from application.language import preferred

router = APIRouter(include_in_schema=False)

_DOCS: Final = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>Tiaochu API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css"></head>
<body><div id="swagger-ui"></div><script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script></body></html>"""
_START: Final = (
    'SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, layout: "BaseLayout",'
    " presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset]});\n"
)


@router.get("/healthz")
async def alive() -> PlainTextResponse:
    """Say that the process runs."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
async def ready(given: Given) -> PlainTextResponse:
    """Say that commands can be taken: the database answers."""
    await given.health.database_answers()
    return PlainTextResponse("ready\n")


@router.get("/metrics")
async def metrics(request: Request, given: Given) -> Response:
    """Show the measurements of all API processes, and how far the read models and the clock lag."""
    shared = CollectorRegistry()
    if request.app.state.metrics_folder:
        MultiProcessCollector(shared, request.app.state.metrics_folder)  # type: ignore[no-untyped-call]
    lags = CollectorRegistry()
    events = Gauge("tiaochu_projection_lag_events", "Events not yet applied", ["name"], registry=lags)
    seconds = Gauge("tiaochu_projection_lag_seconds", "Age of the oldest of them", ["name"], registry=lags)
    parked = Gauge("tiaochu_projection_parked_streams", "Streams that wait", ["name"], registry=lags)
    for lag in await given.health.lags():
        parked.labels(lag.name).set(lag.parked)
        events.labels(lag.name).set(lag.events)
        seconds.labels(lag.name).set(lag.seconds)
    due = Gauge("tiaochu_time_limits_waiting", "Time limits that may fire and have not", registry=lags)
    due.set(await given.alarms.waiting(given.clock()))
    own = generate_latest(shared if request.app.state.metrics_folder else LOCAL)
    return Response(own + generate_latest(lags), media_type=CONTENT_TYPE_LATEST)


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Show the interface's documentation, from this server alone."""
    return HTMLResponse(_DOCS.format(language=preferred(request.headers.get("accept-language"))))


@router.get("/docs/start.js")
async def start_docs() -> Response:
    """Start the documentation page."""
    return Response(_START, media_type="text/javascript")
