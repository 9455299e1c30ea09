"""A fault that nobody foresaw: answered as a problem that says nothing about it, and noted once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from fastapi import APIRouter
from structlog.testing import capture_logs

from api.http.app import application
from api.http.services import Services
from cli.bootstrap import utc_now
from identity.keys import local_keys
from identity.tokens import issue
from tests.api.http.test_request_checks import PROBLEM
from tests.support.databases import services_at
from tests.support.world import SUN


def test_what_nobody_foresaw_is_a_problem_that_tells_nothing(empty_url: str, home: Path) -> None:
    def broken() -> None:
        raise RuntimeError("13912345678")

    @asynccontextmanager
    async def provide() -> AsyncIterator[Services]:
        async with services_at(empty_url) as services:
            yield replace(services, clock=broken)

    async def ask() -> httpx.Response:
        app = application(provide, APIRouter())
        framework = app._app._app
        async with framework.router.lifespan_context(framework):
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
                token = issue(local_keys(home / "keys").tokens, SUN, utc_now())
                headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
                return await client.get("/v1/disputes", headers=headers)

    with capture_logs() as logs:
        reply = asyncio.run(ask())
    assert (reply.status_code, reply.headers["content-type"]) == (500, PROBLEM)
    assert reply.json()["type"] == "/problems/failed"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "13912345678" not in reply.text + str(logs)
    assert [log["error"] for log in logs if log["event"] == "failed"] == ["RuntimeError"]
