from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import Organisation, User
from acquis.certification.papers import policy, sealing
from acquis.certification.papers.errors import (
    OwnSubjectValidated,
    SubjectNotReplaceable,
    SubjectNotSubmitted,
    SubjectReferenceTaken,
    SubjectWithdrawn,
)
from acquis.certification.papers.models import Attachment, BroughtFile, Subject
from acquis.kernel import trace


@transaction.atomic
def author_subject(
    *,
    organisation: Organisation,
    cover: Mapping[str, str],
    content: Mapping[str, Any],
    sound: bytes | None = None,
    files: Sequence[BroughtFile] = (),
    draft: bool = False,
    by: User | None,
    at: datetime,
) -> Subject:
    """Seal a new subject in the bank, submitted to the direction unless it is a `draft`.

    `cover` holds reference, kind, framework_code, block, pack and title, which say nothing of the
    content; `sound` is the file of a recorded call, `files` those brought to go with it. Raises
    SubjectReferenceTaken, RecordingNotReadable, TooManyAttachments or AttachmentsTooHeavy.
    """
    reference = cover["reference"]
    if Subject.objects.filter(organisation=organisation, reference=reference).exists():
        raise SubjectReferenceTaken(reference=reference)
    pieces = sealing.pieces_brought(files)
    subject = Subject.objects.create(
        organisation=organisation,
        reference=reference,
        family=reference,
        kind=cover["kind"],
        framework_code=cover["framework_code"],
        block=cover.get("block", ""),
        pack=cover["pack"],
        title=cover["title"],
        state=Subject.State.DRAFT if draft else Subject.State.SUBMITTED,
        author=by,
        created_at=at,
        **_columns(content, sound, pieces, by, at),
    )
    _attach(subject, pieces, files)
    trace.record("subject.authored", subject, by=by, at=at, sha256=subject.sha256)
    return subject


@transaction.atomic
def revise_subject(
    *,
    subject: Subject,
    title: str,
    content: Mapping[str, Any],
    sound: bytes | None = None,
    files: Sequence[BroughtFile] = (),
    kept: Collection[int] | None = None,
    by: User,
    at: datetime,
) -> Subject:
    """Seal a new version beside the former, which stays in the draw until the new one is validated.

    Without `sound`, the call of the former is kept; so are its files, or those numbered in `kept`,
    before the new ones. Whoever saw one version has seen the subject. Raises SubjectNotReplaceable,
    SubjectWithdrawn, SubjectDamaged, RecordingNotReadable, TooManyAttachments or AttachmentsTooHeavy.
    """
    former = _lock(subject)
    if Subject.objects.filter(replaces=former).exists():
        raise SubjectNotReplaceable(reference=former.reference)
    number = former.number + 1
    pieces = [*sealing.pieces_of(former, kept), *sealing.pieces_brought(files)]
    columns = _columns(content, sound, pieces, by, at)
    if sound is None and former.recording is not None:
        heard = {"recording_sha256": former.recording_sha256}
        columns = _columns({**content, **heard}, None, pieces, by, at) | heard
        columns |= {"recording": former.recording, "recording_type": former.recording_type}
    made = Subject.objects.create(
        organisation=former.organisation,
        reference=policy.next_reference(former.family, number),
        family=former.family,
        number=number,
        replaces=former,
        kind=former.kind,
        framework_code=former.framework_code,
        block=former.block,
        pack=former.pack,
        title=title,
        state=Subject.State.SUBMITTED,
        author=by,
        created_at=at,
        **columns,
    )
    _attach(made, pieces, files)
    trace.record(
        "subject.revised", made, by=by, at=at, replaces=former.reference, sha256=made.sha256
    )
    return made


# What the form of a written subject says; the rest of its content is not its own.
FORM_KEYS = frozenset(
    {"kind", "code", "framework", "block", "enterprise", "title", "situation"}
    | {"instructions", "documents", "criteria", "notes"}
)


@transaction.atomic
def rewrite_subject(
    *,
    subject: Subject,
    content: Mapping[str, Any],
    files: Sequence[BroughtFile] = (),
    kept: Collection[int] | None = None,
    by: User,
    at: datetime,
) -> Subject:
    """Seal a new version written in the form; what the form does not show stays as it was.

    Raises what `revise_subject` raises, and SubjectDamaged.
    """
    unseen = {key: value for key, value in sealing.unseal(subject).items() if key not in FORM_KEYS}
    return revise_subject(
        subject=subject,
        title=content["title"],
        content={**unseen, **content},
        files=files,
        kept=kept,
        by=by,
        at=at,
    )


def _columns(
    content: Mapping[str, Any],
    sound: bytes | None,
    pieces: Sequence[sealing.Piece],
    by: User | None,
    at: datetime,
) -> dict[str, Any]:
    """The fingerprint of the content binds those of the sound and of each file.

    What a content says of files that did not come with it is left out.
    """
    policy.check_attachments([one.entry["size"] for one in pieces])
    bound = {key: value for key, value in content.items() if key != "attachments"}
    if pieces:
        bound["attachments"] = sealing.numbered(pieces)
    if sound is None:
        return sealing.sealed(bound)
    heard = sealing.sealed_sound(sound, by=by, at=at)
    bound["recording_sha256"] = heard["recording_sha256"]
    return sealing.sealed(bound) | heard


def _attach(
    subject: Subject, pieces: Sequence[sealing.Piece], brought: Sequence[BroughtFile]
) -> None:
    Attachment.objects.bulk_create(
        Attachment(subject=subject, number=rank, file=one.file, sha256=one.entry["sha256"])
        for rank, one in enumerate(pieces, start=1)
    )
    BroughtFile.objects.filter(pk__in=[one.pk for one in brought]).delete()


def _lock(subject: Subject) -> Subject:
    subject = Subject.objects.select_for_update(of=("self",)).get(pk=subject.pk)
    if subject.state == Subject.State.WITHDRAWN:
        raise SubjectWithdrawn(reference=subject.reference)
    return subject


@transaction.atomic
def submit_subject(*, subject: Subject, by: User, at: datetime) -> Subject:
    """Hand a draft to the direction."""
    subject = _lock(subject)
    if subject.state != Subject.State.DRAFT:
        return subject
    subject.state = Subject.State.SUBMITTED
    subject.save(update_fields=["state"])
    trace.record("subject.submitted", subject, by=by, at=at)
    return subject


@transaction.atomic
def validate_subject(*, subject: Subject, by: User, at: datetime) -> Subject:
    """Put a subject in the draw: the direction's act, never its author's (X-09).

    The version it replaces leaves the draw. Raises OwnSubjectValidated, SubjectNotSubmitted or SubjectWithdrawn.
    """
    subject = _lock(subject)
    if subject.state == Subject.State.VALIDATED:
        return subject
    if subject.state != Subject.State.SUBMITTED:
        raise SubjectNotSubmitted(
            reference=subject.reference, state=subject.get_state_display().lower()
        )
    if subject.author_id == by.pk:
        raise OwnSubjectValidated
    subject.state = Subject.State.VALIDATED
    subject.validated_by = by
    subject.validated_at = at
    subject.save(update_fields=["state", "validated_by", "validated_at"])
    trace.record("subject.validated", subject, by=by, at=at, sha256=subject.sha256)
    former = subject.replaces
    if former is not None:
        withdraw_subject(subject=former, by=by, at=at)
    return subject


@transaction.atomic
def withdraw_subject(*, subject: Subject, by: User, at: datetime) -> Subject:
    """Take a subject out of the draw for good; past draws keep it."""
    subject = Subject.objects.select_for_update(of=("self",)).get(pk=subject.pk)
    if subject.state == Subject.State.WITHDRAWN:
        return subject
    subject.state = Subject.State.WITHDRAWN
    subject.save(update_fields=["state"])
    trace.record("subject.withdrawn", subject, by=by, at=at)
    return subject
