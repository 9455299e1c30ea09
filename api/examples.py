"""One example body per command. The documentation shows them; a test sends them, in this order, as one case's life."""

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

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
COMMANDS: Final[Mapping[str, Body]] = {
    "acceptance": {"mediators": ["sun"], "occurred_at": "2026-03-03T09:00:00+08:00"},
    "sessions": {
        "held_at": "2026-03-06T14:00:00+08:00",
        "place": "社区调解室",
        "method": "face_to_face",
        "attendance": [
            {"who": "p1", "as": "party", "present": True},
            {"who": "p2", "as": "party", "present": True},
            {"who": "sun", "as": "mediator", "present": True},
            {"who": "王律师", "as": "panel", "seat": "legal_adviser", "present": True},
        ],
        "outcome": "failed",
        "minutes": "双方对清理期限未达成一致",
    },
    "opinions": {
        "group": "legal",
        "by": "法律咨询组",
        "opinion": "共用部位不得堆放私人物品",
        "occurred_at": "2026-03-07T10:00:00+08:00",
    },
    "return": {"reason": "社区可再调一次", "occurred_at": "2026-03-25T09:00:00+08:00"},
    "withdrawal": {"party": "p1", "note": "已自行和解", "occurred_at": "2026-03-26T09:00:00+08:00"},
    "refusal": {"party": "p2", "note": "明确表示不接受调解", "occurred_at": "2026-03-26T09:00:00+08:00"},
    "termination": {"reason": "双方分歧过大，无继续调解的可能", "occurred_at": "2026-03-26T09:00:00+08:00"},
    "decline": {
        "reason": "elsewhere",
        "note": "法院已受理同一纠纷",
        "occurred_at": "2026-03-03T09:00:00+08:00",
    },
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
BY_PATH: Final[Mapping[str, Body]] = {
    "/v1/disputes": FILING,
    **{f"/v1/disputes/{{dispute}}/{path}": body for path, body in COMMANDS.items()},
    "/v1/units/{unit}": UNIT,
    "/v1/platforms/{unit}": PLATFORM,
}
