"""The page at `/`: where someone lands who opens the address in a browser."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from application.i18n import preferred
from console.templates import Page, page_response

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomePage(Page):
    """What the product is, and where to find its procedures and its interface. It has no facts of its own."""

    TEMPLATE: ClassVar = "pages/welcome/welcome.html"


@router.get("/")
async def welcome(request: Request) -> HTMLResponse:
    """Show the start page in the reader's language."""
    return page_response(WelcomePage(language=preferred(request.headers.get("accept-language"))))
