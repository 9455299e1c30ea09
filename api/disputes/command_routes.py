"""The table of commands to disputes: one row a command, with the example that its documentation shows."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field, TypeAdapter

from api.disputes.agreement_routes import AGREEMENT_ROUTES
from api.disputes.appointment_routes import APPOINTMENT_ROUTES
from api.disputes.command_route import CommandRoute
from api.disputes.record_routes import RECORD_ROUTES
from domain.commands import dispute as commands
from domain.commands.base import Verdict
from domain.commands.dispute import (
    acceptance,
    aftercare,
    ending,
    escalation,
    filing,
    handling,
    parties,
    records,
    retractions,
    sessions,
)
from domain.vocabulary import PartyId

SUBJECTS: Final[Mapping[str, TypeAdapter[int] | TypeAdapter[str]]] = {
    "session": TypeAdapter(Annotated[int, Field(ge=1, le=2**31 - 1, description="the session's number")]),
    "term": TypeAdapter(Annotated[int, Field(ge=1, le=2**31 - 1, description="the term's place, from 1")]),
    "appointment": TypeAdapter(
        Annotated[int, Field(ge=1, le=2**31 - 1, description="the appointment's number")]
    ),
    "version": TypeAdapter(
        Annotated[int, Field(ge=1, le=2**31 - 1, description="the version of the event in the case")]
    ),
    "party": TypeAdapter(Annotated[PartyId, Field(description="the party's id")]),
}
"""What a path may name in addition to the dispute."""


ROUTES: Final = (
    *RECORD_ROUTES,
    CommandRoute(
        "acceptance",
        acceptance.Acceptance,
        commands.AcceptDispute,
        {"mediators": ["sun"], "occurred_at": "2026-03-03T09:00:00+08:00"},
    ),
    CommandRoute(
        "decline",
        filing.DeclineDetails,
        commands.DeclineDispute,
        {"reason": "elsewhere", "note": "法院已受理同一纠纷", "occurred_at": "2026-03-03T09:00:00+08:00"},
    ),
    CommandRoute(
        "return",
        acceptance.ReturnDetails,
        commands.ReturnDispute,
        {"reason": "社区可再调一次", "occurred_at": "2026-03-25T09:00:00+08:00"},
    ),
    CommandRoute(
        "mediators",
        handling.Replacement,
        commands.ReplaceMediators,
        {
            "mediators": ["sun", "li"],
            "reason": "workload",
            "note": "增派一名调解员",
            "occurred_at": "2026-03-04T09:00:00+08:00",
        },
    ),
    CommandRoute(
        "parties",
        parties.Addition,
        commands.AddParty,
        {
            "role": "respondent",
            "kind": "person",
            "name": "丙",
            "reason": "共同居住人",
            "occurred_at": "2026-03-05T09:00:00+08:00",
        },
    ),
    CommandRoute(
        "parties/{party}",
        parties.Amendment,
        commands.AmendParty,
        {
            "name": "乙二",
            "phone": "13800000002",
            "reason": "登记时写错",
            "occurred_at": "2026-03-05T10:00:00+08:00",
        },
        "party",
    ),
    *APPOINTMENT_ROUTES,
    CommandRoute(
        "sessions",
        sessions.SessionDetails,
        commands.RecordSession,
        {
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
    ),
    CommandRoute(
        "escalation",
        escalation.BypassDetails,
        commands.ProposeEscalation,
        {
            "grounds": "risk",
            "to": "street",
            "reason": "一方扬言动手",
            "occurred_at": "2026-03-08T09:00:00+08:00",
        },
    ),
    CommandRoute(
        "escalation/withdrawal",
        retractions.ProposalWithdrawal,
        commands.WithdrawEscalation,
        {"occurred_at": "2026-03-08T10:00:00+08:00"},
    ),
    CommandRoute(
        "escalation/approval",
        Verdict,
        commands.ApproveEscalation,
        {"occurred_at": "2026-03-08T10:00:00+08:00"},
    ),
    CommandRoute(
        "escalation/rejection",
        Verdict,
        commands.RejectEscalation,
        {"occurred_at": "2026-03-08T10:00:00+08:00", "note": "尚可在社区调解"},
    ),
    CommandRoute(
        "extension",
        handling.Extension,
        commands.ExtendTime,
        {"until": "2026-05-15", "consents": ["p1", "p2"], "occurred_at": "2026-03-09T09:00:00+08:00"},
    ),
    CommandRoute(
        "risk",
        records.Assessment,
        commands.AssessRisk,
        {"level": "medium", "grounds": "言语激烈", "occurred_at": "2026-03-08T09:00:00+08:00"},
    ),
    CommandRoute(
        "police-report",
        records.PoliceReport,
        commands.ReportToPolice,
        {"reported_to": "东光派出所", "facts": "一方扬言动手", "occurred_at": "2026-03-08T09:05:00+08:00"},
    ),
    CommandRoute(
        "opinions",
        records.Opinion,
        commands.GiveOpinion,
        {
            "group": "legal",
            "by": "法律咨询组",
            "opinion": "共用部位不得堆放私人物品",
            "occurred_at": "2026-03-07T10:00:00+08:00",
        },
    ),
    *AGREEMENT_ROUTES,
    CommandRoute(
        "refusal",
        ending.PartyStatement,
        commands.RefuseMediation,
        {"party": "p2", "note": "明确表示不接受调解", "occurred_at": "2026-03-26T09:00:00+08:00"},
    ),
    CommandRoute(
        "withdrawal",
        ending.Withdrawal,
        commands.WithdrawDispute,
        {"party": "p1", "note": "已自行和解", "occurred_at": "2026-03-26T09:00:00+08:00"},
    ),
    CommandRoute(
        "termination",
        ending.Termination,
        commands.TerminateMediation,
        {"reason": "双方分歧过大，无继续调解的可能", "occurred_at": "2026-03-26T09:00:00+08:00"},
    ),
    CommandRoute(
        "transfer",
        ending.Handover,
        commands.TransferDispute,
        {"to": "劳动人事争议仲裁委员会", "reason": "属劳动争议", "occurred_at": "2026-03-26T09:00:00+08:00"},
    ),
    CommandRoute(
        "closure",
        ending.Closure,
        commands.CloseUnperformed,
        {"reason": "义务人下落不明", "occurred_at": "2026-04-20T09:00:00+08:00"},
    ),
    CommandRoute(
        "follow-ups",
        aftercare.Visit,
        commands.FollowUp,
        {"visited_on": "2026-04-20", "performed": "yes", "satisfied": 5, "note": "双方满意"},
    ),
    CommandRoute(
        "reopening",
        aftercare.Resumption,
        commands.ReopenDispute,
        {"reason": "杂物再次堆放", "occurred_at": "2026-05-06T09:00:00+08:00"},
    ),
)
