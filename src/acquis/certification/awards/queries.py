from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from acquis.accounts.models import Organisation, User
from acquis.certification.awards.models import IssuedDocument, ResultNotice, Signature
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate, SessionJuror
from acquis.certification.grading.models import Deliberation, UnitDecision
from acquis.certification.seals.models import Seal, SealingCertificate

Kind, State = IssuedDocument.Kind, IssuedDocument.State


def documents_of(session: ExamSession) -> QuerySet[IssuedDocument]:
    return (
        IssuedDocument.objects.filter(session=session)
        .select_related("candidate__enrolment__candidate", "corrects", "revocation")
        .prefetch_related("signatures", "corrections")
        .order_by("kind", "candidate__order", "written_at", "pk")
    )


def current_pv(session: ExamSession) -> IssuedDocument | None:
    """The session's minutes: the last ones when they were corrected."""
    return IssuedDocument.objects.filter(session=session, kind=Kind.PV).order_by("-pk").first()


def signatories(session: ExamSession) -> list[SessionJuror]:
    """The jurors who must sign: those who were present."""
    return list(
        session.jurors.filter(present=True)
        .select_related("juror__user")
        .order_by("-function", "pk")
    )


def to_seal(session: ExamSession) -> QuerySet[IssuedDocument]:
    """What is issued and has no sealed copy yet."""
    return (
        IssuedDocument.objects.filter(session=session, state=State.ISSUED)
        .filter(~Exists(Seal.objects.filter(source=OuterRef("file"))))
        .select_related("file", "session")
        .order_by("pk")
    )


def sessions_to_seal(now: datetime) -> QuerySet[ExamSession]:
    """Sessions that issued something since their centre loaded the certificate now in force."""
    loaded = SealingCertificate.objects.filter(
        organisation=OuterRef(OuterRef("organisation")),
        retired_at__isnull=True,
        not_before__lte=now,
        not_after__gt=now,
        loaded_at__lte=OuterRef("issued_at"),
    )
    waiting = IssuedDocument.objects.filter(
        ~Exists(Seal.objects.filter(source=OuterRef("file"))),
        Exists(loaded),
        session=OuterRef("pk"),
        state=State.ISSUED,
    )
    return ExamSession.objects.filter(Exists(waiting)).select_related("manager").order_by("pk")


def booklets_due(session: ExamSession) -> QuerySet[SessionCandidate]:
    """Candidates who keep blocks without the whole, and whose livret is not written.

    Partial successes, and blocks of a titre professionnel taken one by one (X-02, X-13).
    """
    kept = Q(deliberation__outcome=Deliberation.Outcome.PARTIAL)
    if session.block and session.version.framework.kind == "titre_professionnel":
        kept |= Q(deliberation__outcome=Deliberation.Outcome.PASSED)
    units = UnitDecision.objects.filter(
        deliberation__candidate=OuterRef("pk"), kind="block", verdict="acquired"
    ).exclude(code="")
    return (
        session.candidates.filter(kept, Exists(units))
        .exclude(documents__kind=Kind.BOOKLET)
        .order_by("order", "pk")
    )


def sheets_to_tell(session: ExamSession) -> QuerySet[IssuedDocument]:
    """Issued result sheets that hold and were never told to their candidate."""
    return (
        IssuedDocument.objects.filter(
            session=session, kind=Kind.RESULT_SHEET, state=State.ISSUED, candidate__isnull=False
        )
        .exclude(corrections__state=State.ISSUED)
        .exclude(notices__isnull=False)
        .order_by("candidate__order", "pk")
    )


def notices_of(session: ExamSession) -> QuerySet[ResultNotice]:
    """All that was told to the candidates of a session, each candidate's together, oldest first."""
    return (
        ResultNotice.objects.filter(candidate__session=session)
        .select_related(
            "document__file", "candidate__enrolment__candidate", "handed_by", "noted_by"
        )
        .order_by("candidate__order", "candidate", "noted_at", "pk")
    )


def own_notices(user: User) -> QuerySet[ResultNotice]:
    """What was told to this candidate and still holds."""
    return ResultNotice.objects.filter(
        candidate__enrolment__candidate__user=user, current=True
    ).select_related("document")


def own_results(user: User) -> QuerySet[IssuedDocument]:
    """A candidate's own issued result sheets and certificates, the corrected ones marked so."""
    return (
        IssuedDocument.objects.filter(
            candidate__enrolment__candidate__user=user,
            state=State.ISSUED,
            kind__in=[Kind.RESULT_SHEET, Kind.CERTIFICATE, Kind.BOOKLET],
        )
        .select_related(
            "session__version__framework", "candidate__deliberation", "file", "revocation"
        )
        .prefetch_related("corrections", "notices")
        .order_by("-issued_at", "kind")
    )


def certificate_of_code(code: str) -> IssuedDocument | None:
    """The issued certificate that carries this verification code, written as it is printed."""
    return (
        IssuedDocument.objects.filter(
            kind=Kind.CERTIFICATE, state=State.ISSUED, verification_code=code
        )
        .select_related("revocation")
        .first()
    )


def holding(document: IssuedDocument) -> IssuedDocument:
    """The one that holds now: the last issued correction, or the document itself."""
    while True:
        later = document.corrections.filter(state=State.ISSUED).select_related("revocation").first()
        if later is None:
            return document
        document = later


def to_sign(user: User) -> QuerySet[IssuedDocument]:
    """Minutes that wait for this juror's signature."""
    return (
        IssuedDocument.objects.filter(
            kind=Kind.PV,
            state=State.SIGNING,
            session__jurors__juror__user=user,
            session__jurors__present=True,
            corrections__isnull=True,
        )
        .exclude(signatures__signer=user)
        .select_related("session")
        .distinct()
    )


def to_write(user: User, organisation: Organisation) -> QuerySet[ExamSession]:
    """Deliberated sessions that this person manages and whose minutes are not written."""
    return ExamSession.objects.filter(
        ~Exists(IssuedDocument.objects.filter(session=OuterRef("pk"), kind=Kind.PV)),
        organisation=organisation,
        manager=user,
        state=ExamSession.State.DELIBERATED,
    )


def to_countersign(user: User) -> QuerySet[IssuedDocument]:
    """Minutes that every juror has signed and that wait for this manager."""
    signed = Signature.objects.filter(
        document=OuterRef(OuterRef("pk")), signer=OuterRef("juror__user")
    )
    awaited = SessionJuror.objects.filter(
        ~Exists(signed), session=OuterRef("session"), present=True
    )
    return IssuedDocument.objects.filter(
        ~Exists(awaited),
        kind=Kind.PV,
        state=State.SIGNING,
        session__manager=user,
        corrections__isnull=True,
    ).select_related("session")
