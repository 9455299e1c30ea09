"""Liveness, readiness, metrics, and the documentation of the interface."""

from collections.abc import Iterable, Sequence
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client import REGISTRY as LOCAL
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from api.http.services import ServicesDependency
from application.i18n import preferred
from projections.runtime.read_model import Lag

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
async def ready(services: ServicesDependency) -> PlainTextResponse:
    """Say that commands can be taken: the database answers."""
    await services.health.database_answers()
    return PlainTextResponse("ready\n")


@router.get("/metrics")
async def metrics(request: Request, services: ServicesDependency) -> Response:
    """Show the measurements of all API processes, and how far the read models and the clock lag."""
    shared = CollectorRegistry()
    if request.app.state.metrics_folder:
        MultiProcessCollector(shared, request.app.state.metrics_folder)  # type: ignore[no-untyped-call]
    measured = CollectorRegistry()
    measured.register(
        _DatabaseCollector(
            _lags(await services.health.lags(), await services.due_time_limits.waiting(services.clock()))
        )
    )
    own = generate_latest(shared if request.app.state.metrics_folder else LOCAL)
    return Response(own + generate_latest(measured), media_type=CONTENT_TYPE_LATEST)


class _DatabaseCollector(Collector):
    """Metrics read from the database for one reply; a Gauge would also be written to the processes' shared files."""

    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Return the metrics."""
        return self._families


def _lags(lags: Iterable[Lag], waiting: int) -> list[Metric]:
    events = GaugeMetricFamily("tiaochu_projection_lag_events", "Events not yet applied", labels=["name"])
    seconds = GaugeMetricFamily(
        "tiaochu_projection_lag_seconds", "Age of the oldest of them", labels=["name"]
    )
    parked = GaugeMetricFamily("tiaochu_projection_parked_streams", "Streams that wait", labels=["name"])
    for lag in lags:
        parked.add_metric([lag.name], lag.parked)
        events.add_metric([lag.name], lag.events)
        seconds.add_metric([lag.name], lag.seconds)
    text = "Time limits that may fire and have not"
    return [events, seconds, parked, GaugeMetricFamily("tiaochu_time_limits_waiting", text, waiting)]


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Show the interface's documentation, from this server alone."""
    return HTMLResponse(_DOCS.format(language=preferred(request.headers.get("accept-language"))))


@router.get("/docs/start.js")
async def start_docs() -> Response:
    """Start the documentation page."""
    return Response(_START, media_type="text/javascript")
