"""The kinds of notices: each says what it is about, and the same as a sentence."""

from typing import Annotated, Literal

from pydantic import Field

from domain.messages import Message, message
from domain.vocabulary import Key, PartyId, PartyRole, PositiveInt, Value


class MissingSeats(Value):
    """Panel seats that were empty at a session; how many were taken, and how many the procedure requires."""

    kind: Literal["seats_missing"] = "seats_missing"
    tier: Key
    seats: tuple[Key, ...]
    taken: int
    need: int

    @property
    def text(self) -> Message:
        """The notice as a sentence."""
        return message(
            "{taken} of the panel's seats were taken at the {tier}, and the procedure expects {need}; missing: {seats}",
            taken=self.taken,
            tier=self.tier,
            need=self.need,
            seats=", ".join(self.seats),
        )


class AbsentSide(Value):
    """A session that ended in agreement, of which the stated attendance lacks a side."""

    kind: Literal["side_absent"] = "side_absent"
    session: PositiveInt
    side: PartyRole

    @property
    def text(self) -> Message:
        """The notice as a sentence."""
        if self.side == "applicant":
            return message(
                "session {number} ended in agreement, and no applicant was there", number=self.session
            )
        return message(
            "session {number} ended in agreement, and no respondent was there", number=self.session
        )


class SimilarSession(Value):
    """A session that began when another one did, with the same people."""

    kind: Literal["similar_session"] = "similar_session"
    session: PositiveInt
    resembles: PositiveInt

    @property
    def text(self) -> Message:
        """The notice as a sentence."""
        return message(
            "session {number} began when session {other} did, with the same people",
            number=self.session,
            other=self.resembles,
        )


class SimilarParty(Value):
    """A party with the identity number of another one, or with its name and telephone."""

    kind: Literal["similar_party"] = "similar_party"
    party: PartyId
    resembles: PartyId

    @property
    def text(self) -> Message:
        """The notice as a sentence."""
        return message(
            "party {party} has the identity number, or the name and telephone, of party {other}",
            party=self.party,
            other=self.resembles,
        )


Notice = Annotated[MissingSeats | AbsentSide | SimilarSession | SimilarParty, Field(discriminator="kind")]
