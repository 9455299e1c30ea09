"""One example body per command. The documentation shows them; a test sends them, as the lives of cases."""

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
    "mediators": {
        "mediators": ["sun", "li"],
        "reason": "workload",
        "note": "增派一名调解员",
        "occurred_at": "2026-03-04T09:00:00+08:00",
    },
    "parties": {
        "role": "respondent",
        "kind": "person",
        "name": "丙",
        "reason": "共同居住人",
        "occurred_at": "2026-03-05T09:00:00+08:00",
    },
    "parties/{party}": {
        "name": "乙二",
        "phone": "13800000002",
        "reason": "登记时写错",
        "occurred_at": "2026-03-05T10:00:00+08:00",
    },
    "appointments": {"at": "2026-03-06T14:00:00+08:00", "place": "社区调解室", "method": "face_to_face"},
    "sessions/{session}/correction": {
        "outcome": "adjourned",
        "reason": "当日实为改期",
        "occurred_at": "2026-03-07T09:00:00+08:00",
    },
    "sessions/{session}/correction/approval": {"occurred_at": "2026-03-07T10:00:00+08:00", "note": "属实"},
    "sessions/{session}/correction/rejection": {
        "occurred_at": "2026-03-07T10:00:00+08:00",
        "note": "原记录无误",
    },
    "escalation": {
        "grounds": "risk",
        "to": "street",
        "reason": "一方扬言动手",
        "occurred_at": "2026-03-08T09:00:00+08:00",
    },
    "escalation/approval": {"occurred_at": "2026-03-08T10:00:00+08:00"},
    "escalation/rejection": {"occurred_at": "2026-03-08T10:00:00+08:00", "note": "尚可在社区调解"},
    "extension": {
        "until": "2026-05-15",
        "consents": ["p1", "p2"],
        "occurred_at": "2026-03-09T09:00:00+08:00",
    },
    "risk": {"level": "medium", "grounds": "言语激烈", "occurred_at": "2026-03-08T09:00:00+08:00"},
    "police-report": {
        "reported_to": "东光派出所",
        "facts": "一方扬言动手",
        "occurred_at": "2026-03-08T09:05:00+08:00",
    },
    "agreement": {
        "form": "written",
        "reached_at": "2026-03-20T15:00:00+08:00",
        "terms": [
            {"debtor": "p2", "creditor": "p1", "obligation": "清理楼道内的旧家具", "due_on": "2026-03-31"}
        ],
    },
    "agreement/signatures": {"by": "p1", "signed_at": "2026-03-20T15:10:00+08:00"},
    "agreement/terms/{term}/performance": {"performed_on": "2026-04-05", "note": "迟延履行"},
    "agreement/terms/{term}/breach": {"found_on": "2026-04-01", "note": "到期未清理"},
    "agreement/terms/{term}/supervision": {"occurred_at": "2026-04-02T10:00:00+08:00", "note": "上门督促"},
    "judicial-confirmation": {
        "filed_on": "2026-04-02",
        "applicants": ["p1", "p2"],
        "court": "锦江区人民法院",
    },
    "judicial-confirmation/decision": {
        "outcome": "confirmed",
        "decided_on": "2026-04-03",
        "reference": "调确字示例1号",
    },
    "transfer": {
        "to": "劳动人事争议仲裁委员会",
        "reason": "属劳动争议",
        "occurred_at": "2026-03-26T09:00:00+08:00",
    },
    "closure": {"reason": "义务人下落不明", "occurred_at": "2026-04-20T09:00:00+08:00"},
    "follow-ups": {"visited_on": "2026-04-20", "performed": "yes", "satisfied": 5, "note": "双方满意"},
    "reopening": {"reason": "杂物再次堆放", "occurred_at": "2026-05-06T09:00:00+08:00"},
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
}
VERDICT: Final[Body] = {"occurred_at": "2026-03-02T10:00:00+08:00", "note": "经集体议事"}
BY_PATH: Final[Mapping[str, Body]] = {
    "/v1/disputes": FILING,
    **{f"/v1/disputes/{{dispute}}/{path}": body for path, body in COMMANDS.items()},
    "/v1/units/{unit}": UNIT,
    "/v1/platforms/{unit}": PLATFORM,
    "/v1/simulations": SIMULATION,
    "/v1/procedures/{procedure}/migrations": MIGRATION,
    "/v1/procedures/{procedure}": LADDER,
    "/v1/procedures/{procedure}/versions/{version}/approval": VERDICT,
    "/v1/procedures/{procedure}/versions/{version}/rejection": VERDICT,
    "/v1/calendars/{year}": CALENDAR,
}
