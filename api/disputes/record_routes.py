"""Commands that put a record right: rows of the table, each with the example that its documentation shows."""

from typing import Final

from api.disputes.command_route import CommandRoute
from domain.commands import dispute as commands
from domain.commands.base import Verdict
from domain.commands.dispute import corrections, retractions

RECORD_ROUTES: Final = (
    CommandRoute(
        "sessions/{session}/correction",
        corrections.Correction,
        commands.CorrectSession,
        {"outcome": "adjourned", "reason": "当日实为改期", "occurred_at": "2026-03-07T09:00:00+08:00"},
        "session",
    ),
    CommandRoute(
        "sessions/{session}/correction/approval",
        Verdict,
        commands.ApproveCorrection,
        {"occurred_at": "2026-03-07T10:00:00+08:00", "note": "属实"},
        "session",
    ),
    CommandRoute(
        "sessions/{session}/correction/rejection",
        Verdict,
        commands.RejectCorrection,
        {"occurred_at": "2026-03-07T10:00:00+08:00", "note": "原记录无误"},
        "session",
    ),
    CommandRoute(
        "sessions/{session}/correction/withdrawal",
        retractions.ProposalWithdrawal,
        commands.WithdrawCorrection,
        {"occurred_at": "2026-03-07T10:00:00+08:00"},
        "session",
    ),
    CommandRoute(
        "events/{version}/retraction",
        retractions.Retraction,
        commands.ProposeRetraction,
        {"reason": "同一次调解录入两次", "occurred_at": "2026-03-07T09:00:00+08:00"},
        "version",
    ),
    CommandRoute(
        "events/{version}/retraction/approval",
        Verdict,
        commands.ApproveRetraction,
        {"occurred_at": "2026-03-07T10:00:00+08:00", "note": "属实"},
        "version",
    ),
    CommandRoute(
        "events/{version}/retraction/rejection",
        Verdict,
        commands.RejectRetraction,
        {"occurred_at": "2026-03-07T10:00:00+08:00", "note": "确有其事"},
        "version",
    ),
    CommandRoute(
        "events/{version}/retraction/withdrawal",
        retractions.ProposalWithdrawal,
        commands.WithdrawRetraction,
        {"occurred_at": "2026-03-07T10:00:00+08:00"},
        "version",
    ),
)
