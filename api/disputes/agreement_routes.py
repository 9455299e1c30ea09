"""The rows of the table of commands that are about agreements, their terms and their confirmation by a court."""

from typing import Final

from api.disputes.command_route import CommandRoute
from domain.commands import dispute as commands
from domain.commands.dispute import agreement, confirmation, performance

AGREEMENT_ROUTES: Final = (
    CommandRoute(
        "agreement",
        agreement.Agreement,
        commands.ReachAgreement,
        {
            "form": "written",
            "reached_at": "2026-03-20T15:00:00+08:00",
            "terms": [
                {"debtor": "p2", "creditor": "p1", "obligation": "清理楼道内的旧家具", "due_on": "2026-03-31"}
            ],
        },
    ),
    CommandRoute(
        "agreement/signatures",
        agreement.Signature,
        commands.SignAgreement,
        {"by": "p1", "signed_at": "2026-03-20T15:10:00+08:00"},
    ),
    CommandRoute(
        "agreement/change",
        agreement.AgreementChange,
        commands.ChangeAgreement,
        {
            "form": "written",
            "reached_at": "2026-03-28T15:00:00+08:00",
            "terms": [
                {
                    "debtor": "p2",
                    "creditor": "p1",
                    "obligation": "清理楼道内的旧家具",
                    "due_on": "2026-04-10",
                },
                {"debtor": "p2", "creditor": "p1", "obligation": "今后不在楼道堆放物品"},
            ],
            "reason": "搬运公司改期，并约定今后不再堆放",
        },
    ),
    CommandRoute(
        "agreement/rescission",
        agreement.Rescission,
        commands.RescindAgreement,
        {
            "consents": ["p1", "p2"],
            "reason": "双方同意解除，另行协商",
            "occurred_at": "2026-03-30T10:00:00+08:00",
        },
    ),
    CommandRoute(
        "agreement/terms/{term}/performance",
        performance.Performance,
        commands.PerformTerm,
        {"performed_on": "2026-04-05", "note": "迟延履行"},
        "term",
    ),
    CommandRoute(
        "agreement/terms/{term}/breach",
        performance.Breach,
        commands.BreachTerm,
        {"found_on": "2026-04-01", "note": "到期未清理"},
        "term",
    ),
    CommandRoute(
        "agreement/terms/{term}/supervision",
        performance.Supervision,
        commands.SuperviseTerm,
        {"occurred_at": "2026-04-02T10:00:00+08:00", "note": "上门督促"},
        "term",
    ),
    CommandRoute(
        "judicial-confirmation",
        confirmation.Application,
        commands.RequestConfirmation,
        {"filed_on": "2026-04-02", "applicants": ["p1", "p2"], "court": "锦江区人民法院"},
    ),
    CommandRoute(
        "judicial-confirmation/decision",
        confirmation.CourtDecision,
        commands.DecideConfirmation,
        {"outcome": "confirmed", "decided_on": "2026-04-03", "reference": "调确字示例1号"},
    ),
)
