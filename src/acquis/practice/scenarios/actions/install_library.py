from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import Organisation, User
from acquis.certification.papers.actions.author_subject import author_subject, validate_subject
from acquis.certification.papers.models import Subject
from acquis.practice.enterprises import packs
from acquis.practice.scenarios import library


@transaction.atomic
def install_library(
    *,
    organisation: Organisation,
    slug: str,
    by: User | None,
    at: datetime,
    validated_by: User | None = None,
    without: Collection[str] = (),
) -> list[Subject]:
    """Seal the subjects that ship with an enterprise in the bank of an organisation.

    Those already there by reference are left alone, so that installing twice adds nothing. With
    `validated_by`, another person than `by`, they can be drawn at once. Each subject leaves its own
    lines in the trace. Those named in `without` stay out. Return the new ones.
    Raises PackInvalid, LibraryInvalid or OwnSubjectValidated; nothing is written then.
    """
    kept = set(
        Subject.objects.filter(organisation=organisation).values_list("reference", flat=True)
    )
    new = []
    for scenario in library.load(packs.load(slug)):
        if scenario.code in kept or scenario.code in without:
            continue
        subject = author_subject(
            organisation=organisation,
            cover={
                "reference": scenario.code,
                "kind": scenario.kind,
                "framework_code": scenario.framework,
                "block": scenario.block,
                "pack": scenario.enterprise,
                "title": scenario.title,
            },
            content=scenario.payload,
            by=by,
            at=at,
        )
        if validated_by is not None:
            subject = validate_subject(subject=subject, by=validated_by, at=at)
        new.append(subject)
    return new
