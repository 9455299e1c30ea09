"""One spelling of a text, for identity and search (rule 24). Texts are kept as people typed them."""

import re
from functools import lru_cache
from typing import Final
from unicodedata import category, normalize

_DOTS: Final = "\u00b7\u2022\u2027\u2219\u22c5\u30fb"
"""The dots inside a transcribed name; people type one for another, or none."""
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b"
_OPENING: Final = "[{\u27e8\u3008\u300a\u300c\u300e\u3010\u3014\u3016\u3018\u301a"
_CLOSING: Final = "]}\u27e9\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u3019\u301b"
_BLANK: Final = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Signs that leave no mark, although Unicode counts them among letters, marks or symbols."""
_ONE_FOR_MANY: Final = str.maketrans(
    {
        **dict.fromkeys(_DOTS + _BLANK),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_OPENING, "("),
        **dict.fromkeys(_CLOSING, ")"),
    }
)
_PRINTABLE_INVISIBLE: Final = re.compile("[ \ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""What Python calls printable although nobody sees it: a blank, and signs that choose a variant."""
_NOT_OF_NUMBERS: Final = str.maketrans(dict.fromkeys("-()"))


@lru_cache(maxsize=4_096)
def folded(text: str) -> str:
    """Return the text as it is compared: without capitals, blanks, invisible signs and dots, with one sort of bracket and dash.

    Two texts that fold alike are one name, one number, one subject. Folding a folded text changes nothing.
    """
    alike = normalize("NFKC", normalize("NFKC", text).casefold()).translate(_ONE_FOR_MANY)
    if alike.isprintable() and not _PRINTABLE_INVISIBLE.search(alike):  # nearly every text
        return normalize("NFKC", alike)
    return normalize("NFKC", "".join(sign for sign in alike if not _is_invisible(sign)))


def folded_number(text: str) -> str:
    """Return a telephone or identity number as it is compared: folded, and without dashes and brackets."""
    return folded(text).translate(_NOT_OF_NUMBERS)


def is_same_subject(one: str, other: str) -> bool:
    """Say whether two ids name one person: a second pair of eyes is not the first one in capitals (rules 7, 24)."""
    return one == other or folded(one) == folded(other)


def is_invisible(text: str) -> bool:
    """Say whether a text shows nothing to whoever reads it; such a text is empty."""
    return all(sign in _BLANK or _is_invisible(sign) for sign in text)


def _is_invisible(sign: str) -> bool:
    return (
        category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
        or "\ufe00" <= sign <= "\ufe0f"
        or "\U000e0100" <= sign <= "\U000e01ef"
    )
