"""Every fact of a dispute, stage by stage. This list is the whole of it."""

from domain.events.dispute.acceptance import Accepted, Returned
from domain.events.dispute.aftercare import FollowedUp, Reopened
from domain.events.dispute.agreement import (
    AgreementDrafted,
    AgreementReplaced,
    AgreementRescinded,
    AgreementSigned,
    AgreementTookEffect,
    Term,
)
from domain.events.dispute.confirmation import ConfirmationDecided, ConfirmationRequested
from domain.events.dispute.corrections import CorrectionProposed, CorrectionRejected, SessionCorrected
from domain.events.dispute.ending import (
    Closed,
    DuplicateFound,
    PartyRefused,
    RemediesNotified,
    Terminated,
    Transferred,
    Withdrawn,
)
from domain.events.dispute.escalation import (
    Escalated,
    EscalationEndorsed,
    EscalationProposed,
    EscalationRejected,
    EscalationVoided,
)
from domain.events.dispute.filing import Agent, Declined, Filed, Party
from domain.events.dispute.handling import MediatorsReplaced, TimeExtended
from domain.events.dispute.imported import Imported, ImportedAgreement
from domain.events.dispute.parties import PartyAdded, PartyAmended, PartyLeft
from domain.events.dispute.performance import TermBreached, TermPerformed, TermSupervised
from domain.events.dispute.procedure import ProcedureMigrated
from domain.events.dispute.records import AttachmentAdded, OpinionGiven, PoliceReported, RiskAssessed
from domain.events.dispute.sessions import AppointmentMade, Attendee, MinutesAmended, SessionRecorded

OpeningEvent = Filed | Imported
"""The facts with which a dispute's history may begin."""
DisputeEvent = (
    OpeningEvent
    | Declined
    | Accepted
    | Returned
    | MediatorsReplaced
    | TimeExtended
    | PartyAdded
    | PartyAmended
    | PartyLeft
    | AppointmentMade
    | SessionRecorded
    | MinutesAmended
    | CorrectionProposed
    | SessionCorrected
    | CorrectionRejected
    | EscalationProposed
    | EscalationEndorsed
    | EscalationRejected
    | Escalated
    | EscalationVoided
    | RiskAssessed
    | PoliceReported
    | OpinionGiven
    | AttachmentAdded
    | AgreementDrafted
    | AgreementSigned
    | AgreementTookEffect
    | AgreementReplaced
    | AgreementRescinded
    | TermPerformed
    | TermBreached
    | TermSupervised
    | ConfirmationRequested
    | ConfirmationDecided
    | PartyRefused
    | Withdrawn
    | Terminated
    | Transferred
    | RemediesNotified
    | Closed
    | DuplicateFound
    | FollowedUp
    | Reopened
    | ProcedureMigrated
)

__all__ = [
    "Accepted",
    "Agent",
    "AgreementDrafted",
    "AgreementReplaced",
    "AgreementRescinded",
    "AgreementSigned",
    "AgreementTookEffect",
    "AppointmentMade",
    "AttachmentAdded",
    "Attendee",
    "Closed",
    "ConfirmationDecided",
    "ConfirmationRequested",
    "CorrectionProposed",
    "CorrectionRejected",
    "Declined",
    "DisputeEvent",
    "DuplicateFound",
    "Escalated",
    "EscalationEndorsed",
    "EscalationProposed",
    "EscalationRejected",
    "EscalationVoided",
    "Filed",
    "FollowedUp",
    "Imported",
    "ImportedAgreement",
    "MediatorsReplaced",
    "MinutesAmended",
    "OpeningEvent",
    "OpinionGiven",
    "Party",
    "PartyAdded",
    "PartyAmended",
    "PartyLeft",
    "PartyRefused",
    "PoliceReported",
    "ProcedureMigrated",
    "RemediesNotified",
    "Reopened",
    "Returned",
    "RiskAssessed",
    "SessionCorrected",
    "SessionRecorded",
    "Term",
    "TermBreached",
    "TermPerformed",
    "TermSupervised",
    "Terminated",
    "TimeExtended",
    "Transferred",
    "Withdrawn",
]
