"""The page at the root: where someone lands who opens the address in a browser."""

from importlib import resources

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from application.i18n import LANGUAGES, preferred
from console.pages.procedures import view as procedures

router = APIRouter(include_in_schema=False)
router.include_router(procedures.router)


@router.get("/")
async def welcome(request: Request) -> HTMLResponse:
    """Welcome whoever opens the address, in their language."""
    language = preferred(request.headers.get("accept-language"))
    page = resources.files("console").joinpath(f"pages/welcome.{language}.html")
    return HTMLResponse(page.read_text(encoding="utf-8"), headers={"Content-Language": LANGUAGES[language]})


@router.get("/style.css")
async def style() -> Response:
    """Return the pages' style."""
    sheet = resources.files("console").joinpath("static/style.css")
    return Response(sheet.read_text(encoding="utf-8"), media_type="text/css")
