"""An example row for each kind of table. Together they make a street with one case, and they fit the demonstration."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from application.i18n import Language
from application.tables.kinds import COLUMNS_OF, GROUPS, SEATS, TableKind
from application.tables.writing import Written, written

_EXAMPLES: Final[Mapping[TableKind, Mapping[str, object]]] = {
    TableKind.UNITS: {"unit": "dongguang", "title": "东光街道", "kind": "street"},
    TableKind.PLATFORMS: {
        "unit": "dongguang",
        "tier": "street",
        "title": "东光街道调处中心",
        "number_pattern": "（{year}）东光民调字第{n}号",
        "convener": "zhao",
        "panel": (*SEATS[5:9], "owners_committee", "property_manager", "lawyer"),
        "groups": GROUPS,
    },
    TableKind.MEDIATORS: {
        "unit": "dongguang",
        "id": "zhao",
        "name": "赵",
        "kind": "full_time",
        "appointed_on": date(2025, 1, 1),
        "term_ends_on": date(2027, 12, 31),
    },
    TableKind.LEDGER: {
        "number": "（2019）东光民调字第17号",
        "unit": "dongguang",
        "tier": "street",
        "category": "property",
        "difficulty": "general",
        "source": "application",
        "title": "物业费纠纷",
        "facts": "业主以电梯长期失修为由拒交物业费",
        "requests": "补交物业费",
        "amount_fen": 245_050,
        "applicants": ("某物业公司（单位）",),
        "respondents": ("甲", "乙"),
        "people_involved": 3,
        "filed_on": date(2019, 3, 4),
        "accepted_on": date(2019, 3, 5),
        "mediators": ("老张",),
        "sessions": 2,
        "status": "closed",
        "agreement_form": "written",
        "agreed_on": date(2019, 3, 18),
        "obligations": "电梯修复后十日内补交物业费",
        "agreed_fen": 245_050,
        "due_on": date(2019, 4, 10),
        "outcome": "performed",
        "closed_on": date(2019, 4, 8),
    },
}


def example(kind: TableKind, language: Language) -> list[Written]:
    """Return the cells of an example row of a plain table."""
    values = _EXAMPLES[kind]
    return [written(column, values.get(column.name), language) for column in COLUMNS_OF[kind]]
