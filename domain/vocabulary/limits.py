"""Every limit of what a command accepts (rule 26).

Commands take their limits from here. Readers set none of their own: what a command accepted, each of them can hold.
A sum of several amounts may be more than one command allows.
"""

from typing import Final

SHORT_TEXT: Final = 200
"""Characters of a name, a title, a place."""
LONG_TEXT: Final = 20_000
"""Characters of facts, minutes, a reason."""
PHONE_NUMBER: Final = 40
"""Characters of a telephone or identity number."""
UNIT_ID: Final = 200
"""Characters of a unit's dotted id."""
AMOUNT_FEN: Final = 10**15
"""Fen of one amount."""
WHOLE_NUMBER: Final = 2**31 - 1
"""The largest count, version or place."""
PARTIES: Final = 200
"""Parties that a filing names."""
CASE_PARTIES: Final = 1000
"""Parties that a case has with those who joined later; as many may consent, apply to a court, or be called."""
ATTENDANCE: Final = 1200
"""People called to one session."""
MEDIATORS: Final = 20
"""Mediators assigned to a case at once."""
CO_UNITS: Final = 20
"""Units that a joint case concerns in addition to its own."""
TERMS: Final = 100
"""Terms of an agreement."""
IMPORTED_SESSIONS: Final = 1000
"""Sessions that an imported case may have had."""
PLATFORM_MEDIATORS: Final = 2000
"""Mediators of a platform."""
CALENDAR_DAYS: Final = 366
"""Days of a year that a calendar may list."""
FIRST_YEAR: Final = 1949
"""The first year of a day or moment that a command names."""
LAST_YEAR: Final = 2100
"""The last year of a day or moment that a command names."""
EXTENSION_YEARS: Final = 2
"""Years by which the time to mediate may be extended at once."""
FIRST_BIRTH_YEAR: Final = 1880
"""The first year in which a person was born of whom a command speaks."""
