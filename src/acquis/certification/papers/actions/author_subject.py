from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import Organisation, User
from acquis.certification.papers import sealing
from acquis.certification.papers.errors import (
    OwnSubjectValidated,
    SubjectNotSubmitted,
    SubjectReferenceTaken,
    SubjectWithdrawn,
)
from acquis.certification.papers.models import Subject
from acquis.kernel import trace


@transaction.atomic
def author_subject(
    *,
    organisation: Organisation,
    cover: Mapping[str, str],
    content: Mapping[str, Any],
    by: User | None,
    at: datetime,
) -> Subject:
    """Seal a new subject in the bank, submitted to the direction.

    `cover` holds reference, kind, framework_code, block, pack and title, which say nothing of the
    content. Raises SubjectReferenceTaken.
    """
    reference = cover["reference"]
    if Subject.objects.filter(organisation=organisation, reference=reference).exists():
        raise SubjectReferenceTaken(reference=reference)
    subject = Subject.objects.create(
        organisation=organisation,
        reference=reference,
        kind=cover["kind"],
        framework_code=cover["framework_code"],
        block=cover.get("block", ""),
        pack=cover["pack"],
        title=cover["title"],
        state=Subject.State.SUBMITTED,
        author=by,
        created_at=at,
        **sealing.sealed(content),
    )
    trace.record("subject.authored", subject, by=by, at=at, sha256=subject.sha256)
    return subject


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

    Raises OwnSubjectValidated, SubjectNotSubmitted or SubjectWithdrawn.
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
