"""Filings as unusual as commands accept: the longest texts, odd characters, the largest amounts, far days."""

from typing import Final

from hypothesis import strategies as st

from domain.vocabulary import Category, Difficulty, limits
from domain.vocabulary.folding import is_invisible

Body = dict[str, object]
_ODD: Final = st.sampled_from(
    [
        *"=+-@;；\\'\",\u200b\u200e\u2028\ufeff\uffff\ue000é…·",
        "😀",
        "𠮷",
        "ﷺ",
        "#N/A",
        "_x0041_",
        "（单位）",
        "</script>",
        "{n}",
        "%s",
        "=1+1",
    ]
)
_UNIT: Final = "dongguang.c01.y01"
_BREAKS: Final = st.sampled_from(["\t", "\n", "\r\n"])


def texts(longest: int, odd: st.SearchStrategy[str] = _ODD) -> st.SearchStrategy[str]:
    """Any text that commands accept: short, of odd characters, or as long as may be; never one that shows nothing."""
    short = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)
    strange = st.lists(odd, min_size=1, max_size=3).map("".join)
    full = st.sampled_from(["纠", "😀", "=", ";", "ﷺ", "a"]).map(lambda one: one * longest)
    return st.one_of(short, strange, full).map(lambda text: text[1:] + "字" if is_invisible(text) else text)


SHORT: Final = texts(limits.SHORT_TEXT)
LONG: Final = texts(limits.LONG_TEXT, _ODD | _BREAKS)
AMOUNTS: Final = (
    st.none() | st.sampled_from([0, 1, 10**15 - 1, limits.AMOUNT_FEN]) | st.integers(0, limits.AMOUNT_FEN)
)
COUNTS: Final = st.none() | st.sampled_from([1, limits.WHOLE_NUMBER])
LATE_DAYS: Final = st.sampled_from(["2026-04-30", "2026-11-01", "2096-02-29", "2100-12-31"])
OFFSETS: Final = st.sampled_from(["+08:00", "Z", "-12:00", "+14:00"])


def moments(day: int) -> st.SearchStrategy[str]:
    """A moment of the day with this number, counted from the first of March 2026, in any offset."""
    month, of_month = divmod(day, 28)
    return OFFSETS.map(lambda offset: f"2026-{3 + month:02}-{1 + of_month:02}T12:00:00.123456{offset}")


def bodies(**fields: object) -> st.SearchStrategy[Body]:
    """A body of these fields, each drawn where it is a strategy; one that is drawn as None is left out."""
    drawn = {
        name: field if isinstance(field, st.SearchStrategy) else st.just(field)
        for name, field in fields.items()
    }
    return st.fixed_dictionaries(drawn).map(
        lambda body: {name.rstrip("_"): value for name, value in body.items() if value is not None}
    )


NUMBERS: Final = texts(limits.PHONE_NUMBER)
AGENTS: Final = bodies(
    name=SHORT,
    relation=SHORT,
    phone=st.none() | NUMBERS,
    authority=st.sampled_from([None, "general", "special", "guardian"]),
)
_GUARDIANS: Final = bodies(name=SHORT, relation=SHORT, authority="guardian")
_SIDES: Final = st.sampled_from(["applicant", "respondent"])


def parties(role: st.SearchStrategy[str] = _SIDES) -> st.SearchStrategy[Body]:
    """A party; now and then a minor."""
    grown = _party(role, minor=None, agent=st.none() | AGENTS)
    return st.one_of(grown, grown, _party(role, minor=True, agent=_GUARDIANS))


def _party(role: st.SearchStrategy[str], **more: object) -> st.SearchStrategy[Body]:
    return bodies(
        role=role,
        kind=st.sampled_from(["person", "organisation"]),
        name=SHORT,
        phone=st.none() | NUMBERS,
        id_number=st.none() | NUMBERS,
        address=st.none() | SHORT,
        sex=st.none() | SHORT,
        ethnicity=st.none() | SHORT,
        born_on=st.sampled_from([None, "1880-01-01", "2026-02-28"]),
        occupation=st.none() | SHORT,
        **more,
    )


def many_parties() -> st.SearchStrategy[list[Body]]:
    """Two parties or a few, now and then as many as one filing may name, and those of one side only."""
    few = st.lists(parties(), min_size=2, max_size=4)
    one_side = st.lists(parties(st.just("respondent")), min_size=2, max_size=2)
    crowd = parties().map(lambda one: [one] * limits.PARTIES)
    return st.integers(1, 20).flatmap(lambda n: crowd if n == 20 else one_side if n > 16 else few)


def filings() -> st.SearchStrategy[Body]:
    """A filing, whose body names who referred it where somebody did."""
    return st.one_of(
        _filing(source=st.sampled_from(["application", "initiative"])),
        _filing(source="referral", referred_by=SHORT),
    )


def _filing(**more: object) -> st.SearchStrategy[Body]:
    return bodies(
        **more,
        category=st.sampled_from(Category),
        difficulty=st.none() | st.sampled_from(Difficulty),
        title=SHORT,
        facts=LONG,
        requests=st.none() | LONG,
        amount_fen=AMOUNTS,
        unit=st.just(_UNIT),
        parties=many_parties(),
        people_involved=COUNTS,
        co_units=st.sampled_from([None, ["dongguang.c02.y01"], ["dongguang.c02", "dongguang.c02.y01"]]),
        occurred_at=moments(1),
    )
