"""Every command to a dispute as a route: its path, what its body is, what of it the path says, which command it makes."""

from collections.abc import Mapping
from typing import Annotated, Final, NamedTuple

from pydantic import Field, TypeAdapter

from domain.commands import dispute as commands
from domain.commands.base import Command, Verdict
from domain.commands.dispute import (
    ExistingDisputeCommand,
    acceptance,
    aftercare,
    agreement,
    confirmation,
    corrections,
    ending,
    escalation,
    filing,
    handling,
    parties,
    performance,
    records,
    sessions,
)
from domain.vocabulary import PartyId

_SESSION = Annotated[int, Field(ge=1, le=2**31 - 1, description="the session's number")]
_TERM = Annotated[int, Field(ge=1, le=2**31 - 1, description="the term's place, from 1")]
_PARTY = Annotated[PartyId, Field(description="the party's id")]
KINDS: Final[Mapping[str, object]] = {"session": _SESSION, "term": _TERM, "party": _PARTY}
"""What a path may say beside the dispute, and of which kind that is."""
SUBJECTS: Final[Mapping[str, TypeAdapter[int] | TypeAdapter[str]]] = {
    "session": TypeAdapter(_SESSION),
    "term": TypeAdapter(_TERM),
    "party": TypeAdapter(_PARTY),
}


class Route(NamedTuple):
    """A route below a dispute."""

    path: str
    body: type[Command]
    command: type[ExistingDisputeCommand]
    subject: str | None = None


ROUTES: Final = (
    Route("acceptance", acceptance.Acceptance, commands.AcceptDispute),
    Route("decline", filing.DeclineDetails, commands.DeclineDispute),
    Route("return", acceptance.ReturnDetails, commands.ReturnDispute),
    Route("mediators", handling.Replacement, commands.ReplaceMediators),
    Route("parties", parties.Addition, commands.AddParty),
    Route("parties/{party}", parties.Amendment, commands.AmendParty, "party"),
    Route("appointments", sessions.AppointmentDetails, commands.MakeAppointment),
    Route("sessions", sessions.SessionDetails, commands.RecordSession),
    Route("sessions/{session}/correction", corrections.Correction, commands.CorrectSession, "session"),
    Route("sessions/{session}/correction/approval", Verdict, commands.ApproveCorrection, "session"),
    Route("sessions/{session}/correction/rejection", Verdict, commands.RejectCorrection, "session"),
    Route("escalation", escalation.Bypass, commands.ProposeEscalation),
    Route("escalation/approval", Verdict, commands.ApproveEscalation),
    Route("escalation/rejection", Verdict, commands.RejectEscalation),
    Route("extension", handling.Extension, commands.ExtendTime),
    Route("risk", records.Assessment, commands.AssessRisk),
    Route("police-report", records.Report, commands.ReportToPolice),
    Route("opinions", records.Opinion, commands.GiveOpinion),
    Route("agreement", agreement.Agreement, commands.ReachAgreement),
    Route("agreement/signatures", agreement.Signature, commands.SignAgreement),
    Route("agreement/terms/{term}/performance", performance.Performance, commands.PerformTerm, "term"),
    Route("agreement/terms/{term}/breach", performance.Breach, commands.BreachTerm, "term"),
    Route("agreement/terms/{term}/supervision", performance.Supervision, commands.SuperviseTerm, "term"),
    Route("judicial-confirmation", confirmation.Application, commands.RequestConfirmation),
    Route("judicial-confirmation/decision", confirmation.CourtDecision, commands.DecideConfirmation),
    Route("refusal", ending.PartyStatement, commands.RefuseMediation),
    Route("withdrawal", ending.PartyStatement, commands.WithdrawDispute),
    Route("termination", ending.Termination, commands.TerminateMediation),
    Route("transfer", ending.Handover, commands.TransferDispute),
    Route("closure", ending.Closure, commands.CloseUnperformed),
    Route("follow-ups", aftercare.Visit, commands.FollowUp),
    Route("reopening", aftercare.Resumption, commands.ReopenDispute),
)
