"""What people type for one text: other widths, capitals, dots, dashes and brackets, and signs that nobody sees."""

from typing import Final

from hypothesis import strategies as st

_DOTS: Final = ("\u00b7", "\u2022", "\u2027", "\u30fb", "")
_DASHES: Final = ("-", "\u2013", "\u2014", "\u2212", "\uff0d")
_OPENING: Final = ("(", "\uff08", "[", "\u3014", "\u3010")
_CLOSING: Final = (")", "\uff09", "]", "\u3015", "\u3011")
_UNSEEN: Final = ("", "", "", " ", "\u3000", "\u200b", "\u2060", "\ufeff")
_SIGNS: Final = "孙东光民第号asX019_.-()-()\u00b7\u00b7"

texts: Final = st.text(st.sampled_from(_SIGNS), min_size=6, max_size=20)
"""Names and numbers, each sign as `respelt` knows others for it."""


def bare(text: str) -> str:
    """Return what is left of one of these texts without what two spellings may differ in."""
    return text.replace("\u00b7", "").lower()


def longer(text: str) -> st.SearchStrategy[str]:
    """Draw the text with one more sign: another text, unless `bare` leaves nothing of that sign."""
    places = st.integers(0, len(text))
    return st.builds(lambda at, sign: text[:at] + sign + text[at:], places, st.sampled_from(_SIGNS))


def respelt(text: str) -> st.SearchStrategy[str]:
    """Draw another spelling of a text."""
    signs = [st.sampled_from(_alike(sign)) for sign in text]
    unseen = [st.sampled_from(_UNSEEN) for _ in signs]
    return st.tuples(*signs, *unseen).map(lambda drawn: _mixed(drawn, len(signs)))


def _mixed(drawn: tuple[str, ...], count: int) -> str:
    return "".join(sign + unseen for sign, unseen in zip(drawn[:count], drawn[count:], strict=True))


def _alike(sign: str) -> tuple[str, ...]:
    for signs in (_DOTS, _DASHES, _OPENING, _CLOSING):
        if sign in signs:
            return signs
    if sign.isascii() and sign.isalnum():
        return tuple(
            item for case in dict.fromkeys((sign.lower(), sign.upper())) for item in (case, _wide(case))
        )
    return (sign,)


def _wide(sign: str) -> str:
    return chr(ord(sign) + 0xFEE0)
