import asyncio

import httpx
import pytest
from fastapi import FastAPI

from console.routes import router


def get(path: str, **headers: str) -> httpx.Response:
    """Ask the console alone: these pages need no service."""
    app = FastAPI()
    app.include_router(router)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://console") as client:
            return await client.get(
                path, headers={name.replace("_", "-"): text for name, text in headers.items()}
            )

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("accept_language", "tag", "heading"),
    [("en", "en", "Tiaochu 调处"), ("zh-CN", "zh-CN", "调处"), ("fr", "zh-CN", "调处")],
)
def test_the_start_page_is_in_the_reader_s_language(accept_language: str, tag: str, heading: str) -> None:
    reply = get("/", Accept_Language=accept_language)
    assert reply.headers["content-language"] == tag
    assert reply.headers["vary"] == "Accept-Language"
    assert f'<html lang="{tag}">' in reply.text
    assert f"<h1>{heading}</h1>" in reply.text
    assert ("The procedures in force" in reply.text) is (tag == "en")
    assert ("现行调处程序" in reply.text) is (tag != "en")


def test_the_style_is_sent_as_a_style_sheet() -> None:
    reply = get("/style.css")
    assert reply.headers["content-type"] == "text/css; charset=utf-8"
    assert "font:" in reply.text
