"""Times that a client wrote with fewer digits than the log keeps."""

import re
from datetime import datetime, timedelta
from typing import Final

_WRITTEN: Final = re.compile(r"\d\d:\d\d(?P<seconds>:\d\d(?:[.,](?P<fraction>\d{1,6}))?)?")


def end_of_written_unit(text: str, moment: datetime) -> datetime:
    """Return the last microsecond of the smallest unit that `text` writes: of its millisecond, second or minute.

    The log keeps microseconds. A client that cuts a time of recording to milliseconds still means what was recorded
    then.
    """
    written = _WRITTEN.search(text)
    if written is None:
        return moment
    if written["seconds"] is None:
        unit = timedelta(minutes=1)
    else:
        unit = timedelta(microseconds=10 ** (6 - len(written["fraction"] or "")))
    return moment + unit - timedelta(microseconds=1)
