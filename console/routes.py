"""All pages of the console, and the files that they load."""

from fastapi import APIRouter, Response

from console.pages.procedures import view as procedures
from console.pages.welcome import view as welcome
from console.templates import FOLDER

router = APIRouter(include_in_schema=False)
router.include_router(welcome.router)
router.include_router(procedures.router)


@router.get("/style.css")
async def read_style() -> Response:
    """Return the style sheet of the pages."""
    return Response((FOLDER / "static/style.css").read_text(encoding="utf-8"), media_type="text/css")
