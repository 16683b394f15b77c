from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from acquis.accounts.models import Organisation, User
from acquis.certification.awards.models import IssuedDocument, ResultNotice, Signature
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate, SessionJuror
from acquis.certification.frameworks.content import decides_over_blocks
from acquis.certification.grading.models import Deliberation, UnitDecision
from acquis.certification.registrations.files import editions_to
from acquis.certification.registrations.models import HeldBlock, Result
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


def annulled() -> Exists:
    """Of seats: whether what their session decided was annulled since (X-09)."""
    return Exists(
        Result.objects.filter(
            enrolment=OuterRef("enrolment"),
            session_reference=OuterRef("session__reference"),
            annulled_at__isnull=False,
        )
    )


def annulment_of(candidate: SessionCandidate) -> Result | None:
    """The annulled result of this seat, with when and why; None while its decision holds."""
    return Result.objects.filter(
        enrolment=candidate.enrolment_id,
        session_reference=candidate.session.reference,
        annulled_at__isnull=False,
    ).first()


def annulment_of_certificate(document: IssuedDocument) -> Result | None:
    """The annulled result that a certificate in force still attests; None when nothing is to do."""
    if document.candidate is None or not to_revoke().filter(pk=document.pk).exists():
        return None
    return annulment_of(document.candidate)


def certificates_due(session: ExamSession) -> QuerySet[SessionCandidate]:
    """The admitted whose certificate is not written, those apart whose decision was annulled.

    None after a synthesis test: there, the certification jury decides (X-10).
    """
    if session.block and decides_over_blocks(session.version.content):
        return session.candidates.none()
    return (
        session.candidates.filter(~annulled(), deliberation__outcome=Deliberation.Outcome.PASSED)
        .exclude(documents__kind=Kind.CERTIFICATE)
        .order_by("order", "pk")
    )


def to_revoke() -> QuerySet[IssuedDocument]:
    """Certificates in force whose decision was annulled: the certifying body withdraws them."""
    return IssuedDocument.objects.filter(
        Exists(spoilt()),
        kind=Kind.CERTIFICATE,
        state=State.ISSUED,
        corrections__isnull=True,
        revocation__isnull=True,
    ).order_by("pk")


def spoilt() -> QuerySet[Result]:
    """Of documents: the annulled result of what they print."""
    return Result.objects.filter(
        enrolment=OuterRef("candidate__enrolment"),
        session_reference=OuterRef("session__reference"),
        annulled_at__isnull=False,
    )


def livrets_to_correct() -> list[tuple[IssuedDocument, HeldBlock]]:
    """Each livret in force that prints a line withdrawn since it was issued, with that line.

    Those whose minutes are being signed again wait for them.
    """
    withdrawn = HeldBlock.objects.filter(
        candidate=OuterRef("candidate__enrolment__candidate"),
        withdrawn_at__gt=OuterRef("issued_at"),
    )
    livrets = IssuedDocument.objects.filter(
        Exists(withdrawn), kind=Kind.BOOKLET, state=State.ISSUED, corrections__isnull=True
    )
    found = []
    for livret in livrets.select_related("candidate__enrolment", "session__manager").order_by("pk"):
        line = _withdrawn_from(livret)
        minutes = current_pv(livret.session)
        if line is not None and minutes is not None and minutes.state == State.ISSUED:
            found.append((livret, line))
    return found


def _withdrawn_from(livret: IssuedDocument) -> HeldBlock | None:
    """The last line that this livret prints and that was withdrawn since."""
    printed = {(one["held_as"] or one["code"], one["pv"]) for one in livret.data["blocks"]}
    assert livret.candidate is not None  # noqa: S101 – a livret is somebody's
    lines = HeldBlock.objects.filter(
        candidate=livret.candidate.enrolment.candidate_id, withdrawn_at__gt=livret.issued_at
    ).order_by("-withdrawn_at")
    return next((one for one in lines if (one.block, one.pv_reference) in printed), None)


def booklets_due(session: ExamSession) -> QuerySet[SessionCandidate]:
    """Candidates who keep blocks without the whole, and whose livret is not written.

    Those apart whose decision was annulled. Partial successes, and blocks of a titre professionnel taken one by one (X-02, X-13).
    """
    kept = Q(deliberation__outcome=Deliberation.Outcome.PARTIAL)
    if session.block and session.version.framework.kind == "titre_professionnel":
        kept |= Q(deliberation__outcome=Deliberation.Outcome.PASSED)
    units = UnitDecision.objects.filter(
        deliberation__candidate=OuterRef("pk"), kind="block", verdict="acquired"
    ).exclude(code="")
    return (
        session.candidates.filter(kept, Exists(units), ~annulled())
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


def papers_of_blocks(seat: SessionCandidate) -> QuerySet[IssuedDocument]:
    """What a jury that decides over blocks reads of this person, in force, the latest session first.

    The sheets of the exams of this certification, through its editions – « résultats à l’épreuve de
    synthèse » (X-10) – and the livret de certification (X-13).
    """
    editions = editions_to(seat.session.version)
    return (
        IssuedDocument.objects.filter(
            candidate__enrolment__candidate=seat.enrolment.candidate_id,
            session__version__in=[one.pk for one in editions],
            kind__in=[Kind.RESULT_SHEET, Kind.BOOKLET],
            state=State.ISSUED,
        )
        .exclude(session=seat.session_id)
        .exclude(corrections__state=State.ISSUED)
        .select_related("session", "file")
        .order_by("-session__starts_at", "-kind", "pk")
    )


def own_notices(user: User) -> QuerySet[ResultNotice]:
    """What was told to this candidate and still holds."""
    return ResultNotice.objects.filter(
        candidate__enrolment__candidate__user=user, current=True
    ).select_related("document")


def own_results(user: User) -> QuerySet[IssuedDocument]:
    """A candidate's own issued result sheets and certificates, the corrected ones marked so.

    Each bears `annulled_at`: when the decision was annulled, or None.
    """
    return (
        IssuedDocument.objects.filter(
            candidate__enrolment__candidate__user=user,
            state=State.ISSUED,
            kind__in=[Kind.RESULT_SHEET, Kind.CERTIFICATE, Kind.BOOKLET],
        )
        .annotate(annulled_at=Subquery(spoilt().values("annulled_at")[:1]))
        .select_related(
            "session__version__framework",
            "candidate__deliberation",
            "candidate__enrolment__candidate",
            "file",
            "revocation",
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
