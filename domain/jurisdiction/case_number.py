"""Case numbers, written and read by a platform's pattern (rule 3)."""

import re
from functools import lru_cache


def format_case_number(pattern: str, year: int, n: int) -> str:
    """Return a number as the platform writes it."""
    return pattern.replace("{year}", str(year)).replace("{n}", str(n))


def parse_case_number(pattern: str, number: str) -> tuple[int, int] | None:
    """Return the year and the place of a number that follows the pattern; None where it does not."""
    found = _compiled(pattern).fullmatch(number)
    return (int(found["year"]), int(found["n"])) if found else None


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str]:
    groups = {"{year}": r"(?P<year>\d{4})", "{n}": r"(?P<n>0*[1-9]\d{0,8})"}
    parts = re.split(r"(\{year\}|\{n\})", pattern)
    return re.compile("".join(groups.get(part, re.escape(part)) for part in parts))
