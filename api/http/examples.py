"""One example body per command. The documentation shows them; a test sends them, as the lives of cases."""

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from api.disputes.command_routes import ROUTES

Body = dict[str, JsonValue]

FILING: Final[Body] = {
    "category": "neighbour",
    "difficulty": "general",
    "source": "application",
    "title": "楼道堆物",
    "facts": "楼道里堆放旧家具，妨碍通行",
    "requests": "清理楼道",
    "unit": "dongguang.c01.y01",
    "parties": [
        {"role": "applicant", "kind": "person", "name": "甲", "phone": "13800000001"},
        {"role": "respondent", "kind": "person", "name": "乙"},
    ],
    "occurred_at": "2026-03-02T09:00:00+08:00",
}
UNIT: Final[Body] = {"title": "四号院", "kind": "compound", "parent": "dongguang.c02"}
PLATFORM: Final[Body] = {
    "tier": "compound",
    "title": "四号院调解小组",
    "convener": "feng",
    "mediators": [
        {
            "id": "feng",
            "name": "冯",
            "kind": "part_time",
            "appointed_on": "2025-01-01",
            "term_ends_on": "2027-12-31",
        }
    ],
}
SIMULATION: Final[Body] = {
    "procedure": "three-tier",
    "changes": {"tiers": {"community": {"failed_sessions": 4}}},
    "from": "2026-01-01",
    "to": "2026-12-31",
    "unit": "dongguang",
}
MIGRATION: Final[Body] = {"from": 1, "to": 2, "dry_run": True}
LADDER: Final[Body] = {
    "id": "two-tier",
    "title": {"zh": "两级调处", "en": "Two-tier mediation"},
    "entry": {"simple": "community", "general": "community", "complex": "street", "major": "street"},
    "tiers": [
        {
            "name": "community",
            "failed_sessions": 3,
            "accept_within": {"working_days": 2},
            "mediate_within": {"months": 1},
            "on_expiry": {"accept": "mark", "mediate": "escalate"},
            "panel": ["legal_adviser", "community_police"],
            "quorum": 1,
        },
        {
            "name": "street",
            "failed_sessions": 5,
            "accept_within": {"working_days": 3},
            "mediate_within": {"months": 1},
        },
    ],
    "bypass": {"grounds": ["risk", "complexity"], "approvals": 2},
    "follow_up_within": {"days": 30},
}
CALENDAR: Final[Body] = {
    "days_off": ["2027-01-01"],
    "workdays": ["2027-02-20"],
    "basis": "样例：放假安排通知",
    "announced_on": "2026-11-05",
}
VERDICT: Final[Body] = {"occurred_at": "2026-03-02T10:00:00+08:00", "note": "经集体议事"}
BY_PATH: Final[Mapping[str, Body]] = {
    "/v1/disputes": FILING,
    **{f"/v1/disputes/{{dispute}}/{route.path}": dict(route.example) for route in ROUTES},
    "/v1/units/{unit}": UNIT,
    "/v1/platforms/{unit}": PLATFORM,
    "/v1/simulations": SIMULATION,
    "/v1/procedures/{procedure}/migrations": MIGRATION,
    "/v1/procedures/{procedure}": LADDER,
    "/v1/procedures/{procedure}/versions/{version}/approval": VERDICT,
    "/v1/procedures/{procedure}/versions/{version}/rejection": VERDICT,
    "/v1/calendars/{year}": CALENDAR,
    "/v1/calendars/{year}/approval": VERDICT,
    "/v1/calendars/{year}/rejection": VERDICT,
    "/v1/calendars/{year}/withdrawal": {"occurred_at": "2026-03-02T10:00:00+08:00"},
}
