"""A record cannot be taken back (rule 19)."""

from domain.errors.kinds import Refused
from domain.messages import message


def event_name(topic: str) -> str:
    """Return what an event says, in words: `session recorded` of the topic `dispute.session_recorded.v1`."""
    return topic.split(".")[1].replace("_", " ")


class RestedOn(Refused):
    """A later record rests on this one."""

    def __init__(self, version: int, topic: str, *, retractable: bool = True) -> None:
        """Name the later record by its version in the case and its topic, and say whether it can be taken back."""
        name = event_name(topic)
        super().__init__(
            message(
                "event {version} ({event}) rests on it; take that one back first", version=version, event=name
            )
            if retractable
            else message(
                "event {version} ({event}) rests on it, and is not taken back", version=version, event=name
            )
        )
        self.version = version
        self.topic = topic


class NotRetractable(Refused):
    """The record is not taken back."""


class AlreadyRetracted(Refused):
    """The record was taken back already."""


class NotYourProposal(Refused):
    """Only the one who proposed it takes it back."""
