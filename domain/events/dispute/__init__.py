"""Every fact of a dispute, stage by stage. `DisputeEvent` lists them all."""
# ruff: noqa: F403, F405 - each stage says itself what it has

from domain.events.dispute.acceptance import *
from domain.events.dispute.aftercare import *
from domain.events.dispute.agreement import *
from domain.events.dispute.appointments import *
from domain.events.dispute.confirmation import *
from domain.events.dispute.corrections import *
from domain.events.dispute.ending import *
from domain.events.dispute.escalation import *
from domain.events.dispute.filing import *
from domain.events.dispute.handling import *
from domain.events.dispute.imported import *
from domain.events.dispute.parties import *
from domain.events.dispute.performance import *
from domain.events.dispute.procedure import *
from domain.events.dispute.records import *
from domain.events.dispute.retractions import *
from domain.events.dispute.sessions import *

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
    | AppointmentMoved
    | AppointmentCancelled
    | SessionRecorded
    | MinutesAmended
    | CorrectionProposed
    | SessionCorrected
    | CorrectionRejected
    | RetractionProposed
    | FactRetracted
    | RetractionRejected
    | ProposalWithdrawn
    | ClosureVoided
    | AgreementEffectVoided
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
    | DuplicateVoided
    | FollowedUp
    | Reopened
    | ProcedureMigrated
)
