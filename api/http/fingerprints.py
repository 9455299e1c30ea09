"""What a request means, however it was written: by it a retry is told from another request under the same key.

Not compared: the order of members, blanks between them, 1.0 for 1 where both are read as 1, the offset in which an
instant is written, members that say what is assumed without them, the boundary of a form.
"""

import json
from datetime import UTC, date, datetime
from uuid import UUID

from domain.commands.base import Command


def meaning(command: Command, without: frozenset[str] = frozenset()) -> bytes:
    """Return what a command says, as bytes. `without` names fields that the server made up."""
    named = set(command.model_fields_set) if command.LEFT_OUT_STAYS else set(type(command).model_fields)
    return json.dumps(command.model_dump(include=named - without), default=_plain, sort_keys=True).encode()


def _plain(value: object) -> str:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")
