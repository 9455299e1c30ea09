"""The warning that an open case looks like one just filed."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from api.disputes.schemas.case import TextView, text_view
from domain.messages import message
from projections.case_list.queries import SimilarCase


class SimilarCaseView(BaseModel):
    """An open case that may be the same dispute."""

    kind: Literal["similar_case"] = "similar_case"
    dispute: UUID
    number: str | None
    text: TextView


def similar_case_view(found: SimilarCase) -> SimilarCaseView:
    """Present an open case that looks like one just filed."""
    if found.number is None:
        sentence = message("an open case of the same unit and category has one of these people as a party")
    else:
        sentence = message(
            "{number} is open, of the same unit and category, and has one of these people as a party",
            number=found.number,
        )
    return SimilarCaseView(dispute=found.id, number=found.number, text=text_view(sentence))
