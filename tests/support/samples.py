"""One plainly made-up example of every event, for the golden files."""

from datetime import UTC, date, datetime
from uuid import UUID

from application.initial_data import default_ladder
from domain.events.calendar import CalendarPublished
from domain.events.dispute import (
    Accepted,
    Agent,
    AgreementDrafted,
    AgreementReplaced,
    AgreementRescinded,
    AgreementSigned,
    AgreementTookEffect,
    AppointmentMade,
    AttachmentAdded,
    Attendee,
    Closed,
    ConfirmationDecided,
    ConfirmationRequested,
    CorrectionProposed,
    CorrectionRejected,
    Declined,
    Escalated,
    EscalationEndorsed,
    EscalationProposed,
    EscalationRejected,
    EscalationVoided,
    Filed,
    FollowedUp,
    Imported,
    ImportedAgreement,
    MediatorsReplaced,
    MinutesAmended,
    OpinionGiven,
    Party,
    PartyAdded,
    PartyAmended,
    PartyRefused,
    PoliceReported,
    ProcedureMigrated,
    RemediesNotified,
    Reopened,
    Returned,
    RiskAssessed,
    SessionCorrected,
    SessionRecorded,
    Term,
    TermBreached,
    Terminated,
    TermPerformed,
    TermSupervised,
    TimeExtended,
    Transferred,
    Withdrawn,
)
from domain.events.envelope import Actor, Event, Recorded
from domain.events.mediator import MediatorRegistered
from domain.events.platform import (
    MediatorAppointed,
    MediatorDismissed,
    PlatformEstablished,
    PlatformReorganised,
)
from domain.events.procedure import ProcedureProposed, ProcedurePublished, ProcedureRejected
from domain.events.register import NumberIssued, NumbersCarriedOver
from domain.events.unit import UnitEstablished, UnitRenamed
from domain.procedures.ladder import ProcedureRef
from domain.procedures.rules import Because, Counted
from domain.vocabulary import (
    Category,
    DeclineReason,
    Difficulty,
    Method,
    Outcome,
    Remedy,
    Role,
    Rule,
    SessionOutcome,
    Source,
    Status,
)

CASE = UUID("00000000-0000-4000-8000-000000000001")
_WHEN = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
_DAY = date(2026, 4, 10)
_TERM = Term(debtor="p2", creditor="p1", obligation="样例义务", amount_fen=100, due_on=_DAY)
_PROCEDURE = ProcedureRef(id="three-tier", version=1)
_PLATFORM = {
    "unit": "example.c01",
    "tier": "community",
    "title": "样例社区调解委员会",
    "number_pattern": "（{year}）样例民调字第{n}号",
    "convener": "convener",
    "panel": ("legal_adviser",),
    "groups": ("legal",),
    "occurred_at": _WHEN,
}
_PARTIES = (
    Party(
        id="p1",
        person=UUID("00000000-0000-4000-8000-0000000000a1"),
        role="applicant",
        kind="person",
        name="样例甲",
        phone="10000000000",
        id_number="000000000000000000",
        address="样例路1号",
        agent=Agent(name="样例丙", relation="配偶"),
    ),
    Party(
        id="p2",
        person=UUID("00000000-0000-4000-8000-0000000000a2"),
        role="respondent",
        kind="organisation",
        name="样例公司",
    ),
)
_FILED = Filed(
    category=Category.PROPERTY,
    difficulty=Difficulty.GENERAL,
    source=Source.REFERRAL,
    referred_by="police",
    title="样例纠纷",
    facts="样例事实",
    requests="样例请求",
    amount_fen=360000,
    unit="example.c01.y01",
    co_units=("example.c02",),
    procedure=_PROCEDURE,
    tier="community",
    platform="example.c01",
    parties=_PARTIES,
    people_involved=12,
    occurred_at=_WHEN,
)
EVENTS: tuple[Event, ...] = (
    _FILED,
    Imported(
        filed=_FILED,
        number="2019-17",
        mediators=("样例调解员",),
        accepted_at=_WHEN,
        sessions=3,
        agreement=ImportedAgreement(form="written", terms=(_TERM,), effective_on=_DAY),
        status=Status.CLOSED,
        outcome=Outcome.PERFORMED,
        closed_at=_WHEN,
        occurred_at=_WHEN,
    ),
    Declined(reason=DeclineReason.ELSEWHERE, note="法院已受理", occurred_at=_WHEN),
    Accepted(
        tier="community",
        platform="example.c01",
        number="（2026）样例民调字第1号",
        mediators=("mediator",),
        chosen_by_parties=True,
        occurred_at=_WHEN,
    ),
    Returned(
        from_tier="street", to_tier="community", platform="example.c01", reason="再调一次", occurred_at=_WHEN
    ),
    SessionRecorded(
        number=1,
        tier="community",
        held_at=_WHEN,
        place="样例调解室",
        method=Method.FACE_TO_FACE,
        attendance=(
            Attendee(who="p1", as_="party", present=True),
            Attendee(who="样例律师", as_="panel", seat="legal_adviser", present=False),
        ),
        outcome=SessionOutcome.FAILED,
        minutes="样例笔录",
    ),
    OpinionGiven(group="legal", by="样例专家", opinion="样例意见", occurred_at=_WHEN),
    Escalated(from_tier="community", to_tier="street", platform="example", occurred_at=_WHEN),
    PartyRefused(party="p2", note="不接受调解", occurred_at=_WHEN),
    Withdrawn(party="p1", note=None, occurred_at=_WHEN),
    Terminated(reason="分歧过大", occurred_at=_WHEN),
    RemediesNotified(remedies=tuple(Remedy), occurred_at=_WHEN),
    Closed(outcome=Outcome.AGREED_UNPERFORMED, reason="对方下落不明", occurred_at=_WHEN),
    Transferred(to="样例劳动仲裁委员会", reason="不属受理范围", occurred_at=_WHEN),
    MediatorsReplaced(mediators=("second",), reason="objection", note="样例说明", occurred_at=_WHEN),
    TimeExtended(tier="community", until=_DAY, consents=("p1", "p2"), occurred_at=_WHEN),
    PartyAdded(party=_PARTIES[1], reason="样例理由", occurred_at=_WHEN),
    PartyAmended(party=_PARTIES[0], reason="登记时写错", occurred_at=_WHEN),
    AppointmentMade(at=_WHEN, place="样例调解室", method=Method.ON_SITE, occurred_at=_WHEN),
    MinutesAmended(session=1, minutes="样例笔录", reason="错字", occurred_at=_WHEN),
    CorrectionProposed(
        session=1,
        outcome=SessionOutcome.ADJOURNED,
        held_at=_WHEN,
        attendance=(Attendee(who="p1", as_="party", present=True),),
        minutes="样例笔录",
        reason="当日实为改期",
        proposed_by="mediator",
        occurred_at=_WHEN,
    ),
    SessionCorrected(
        session=1,
        outcome=SessionOutcome.ADJOURNED,
        held_at=None,
        attendance=None,
        minutes=None,
        note="同意更正",
        occurred_at=_WHEN,
    ),
    CorrectionRejected(session=1, note="记录无误", occurred_at=_WHEN),
    EscalationProposed(
        grounds="risk",
        to_tier="street",
        platform="example",
        reason="样例危险",
        proposed_by="mediator",
        occurred_at=_WHEN,
    ),
    EscalationEndorsed(endorsed_by="convener", note="同意", occurred_at=_WHEN),
    EscalationRejected(note="尚无危险", occurred_at=_WHEN),
    ProcedureMigrated(
        procedure=ProcedureRef(id="three-tier", version=2), ground="样例理由", occurred_at=_WHEN
    ),
    EscalationVoided(
        at_version=9, from_tier="street", to_tier="community", platform="example.c01", occurred_at=_WHEN
    ),
    RiskAssessed(level="high", grounds="样例危险", occurred_at=_WHEN),
    PoliceReported(reported_to="样例派出所", facts="样例危险", occurred_at=_WHEN),
    AttachmentAdded(
        attachment=CASE,
        kind="evidence",
        title="样例照片",
        filename="样例.jpg",
        media_type="image/jpeg",
        size=3,
        sha256="ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        occurred_at=_WHEN,
    ),
    AgreementDrafted(
        form="written",
        terms=(_TERM,),
        record="样例记录",
        reached_at=_WHEN,
    ),
    AgreementSigned(unit="example.c01", signed_at=_WHEN),
    AgreementTookEffect(effective_on=_DAY),
    AgreementReplaced(agreement=1, by=2, replaced_on=_DAY),
    AgreementRescinded(agreement=2, consents=("p1", "p2"), reason="样例理由", occurred_at=_WHEN),
    TermPerformed(term=1, performed_on=_DAY, note="样例说明"),
    TermBreached(term=1, found_on=_DAY, note="样例说明"),
    TermSupervised(term=1, note="样例督促", occurred_at=_WHEN),
    ConfirmationRequested(filed_on=_DAY, applicants=("p1", "p2"), court="样例人民法院"),
    ConfirmationDecided(outcome="confirmed", decided_on=_DAY, reference="样例1号"),
    FollowedUp(visited_on=_DAY, performed="partly", satisfied=4, note="样例说明"),
    Reopened(status=Status.ACCEPTED, reason="样例理由", occurred_at=_WHEN),
    UnitEstablished(unit="example.c01", title="样例社区", kind="community", occurred_at=_WHEN),
    UnitRenamed(unit="example.c01", title="样例一社区", kind="community", occurred_at=_WHEN),
    PlatformEstablished.model_validate(_PLATFORM),
    PlatformReorganised.model_validate(_PLATFORM),
    MediatorAppointed(
        unit="example.c01",
        mediator="mediator",
        name="样例调解员",
        kind="full_time",
        appointed_on=date(2025, 1, 1),
        term_ends_on=date(2027, 12, 31),
        occurred_at=_WHEN,
    ),
    MediatorDismissed(unit="example.c01", mediator="mediator", occurred_at=_WHEN),
    MediatorRegistered(mediator="mediator", occurred_at=_WHEN),
    NumberIssued(
        register_of="example.c01",
        year=2026,
        n=1,
        number="（2026）样例民调字第1号",
        dispute=CASE,
        occurred_at=_WHEN,
    ),
    NumbersCarriedOver(register_of="example.c01", year=2026, numbers=(2, 3), occurred_at=_WHEN),
    ProcedurePublished(version=1, ladder=default_ladder(), occurred_at=_WHEN),
    ProcedureProposed(version=2, ladder=default_ladder(), proposed_by="admin", occurred_at=_WHEN),
    ProcedureRejected(procedure="three-tier", version=2, note="样例理由", occurred_at=_WHEN),
    CalendarPublished(
        year=2026,
        days_off=(date(2026, 1, 1),),
        workdays=(date(2026, 5, 9),),
        basis="chinesecalendar",
        occurred_at=_WHEN,
    ),
)
_BECAUSE = Because(
    procedure=_PROCEDURE,
    rule=Rule.FAILED_SESSIONS,
    tier="community",
    threshold=1,
    counted=(Counted(session=1, held_at=_WHEN),),
)


def recorded(event: Event) -> Recorded[Event]:
    """An event in a made-up envelope; a rule's consequence carries its explanation."""
    return Recorded(
        stream=CASE,
        version=1,
        position=1,
        recorded_at=datetime(2026, 3, 2, 1, 5, 0, 123456, tzinfo=UTC),
        actor=Actor(sub="mediator", role=Role.MEDIATOR, unit="example.c01"),
        command_id=UUID("00000000-0000-4000-8000-0000000000c1"),
        event=event,
        because=_BECAUSE if isinstance(event, Escalated) else None,
    )
