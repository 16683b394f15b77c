"""Files in the form of a written subject: brought, checked, kept while the form comes back.

A browser forgets the files of a form that is shown again. Each is therefore sealed as it comes, and
the form names those it holds; nothing that was chosen has to be chosen twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation
from acquis.accounts.requests import person
from acquis.certification.papers import policy, presentation, sealing
from acquis.certification.papers.actions.bring_file import bring_file
from acquis.certification.papers.errors import AttachmentGone, AttachmentTooLarge
from acquis.certification.papers.models import BroughtFile, Subject
from acquis.certification.papers.written_forms import WrittenForm
from acquis.kernel.errors import DomainRefusal

FIELDS = {"attachments": policy.FOR_CANDIDATE, "jury_attachments": policy.FOR_JURY}


@dataclass(frozen=True, slots=True)
class Held:
    """The files that the form holds: new ones, and which of the former version stay."""

    brought: Sequence[BroughtFile] = ()
    former: Sequence[sealing.Piece] = ()
    kept: frozenset[int] = frozenset()

    def pieces(self) -> list[sealing.Piece]:
        """All of them in the order in which they will be sealed."""
        stay = [one for one in self.former if one.entry["number"] in self.kept]
        return [*stay, *sealing.pieces_brought(self.brought)]

    def rows(self, *, named: bool = True) -> list[dict[str, Any]]:
        """A box each, ticked when the file goes with the subject.

        Names are content: without `named`, those of the former version are their numbers.
        """
        former = [
            {
                "field": "kept",
                "value": entry["number"],
                "ticked": entry["number"] in self.kept,
                **entry,
                "name": entry["name"] if named else _("Pièce %s") % entry["number"],
            }
            for entry in presentation.attachments(one.entry for one in self.former)
        ]
        new = zip(self.brought, sealing.pieces_brought(self.brought), strict=True)
        return [
            *former,
            *(
                {"field": "brought", "value": row.pk, "ticked": True, **entry}
                for row, piece in new
                for entry in presentation.attachments([piece.entry])
            ),
        ]


def at_first(former: Subject | None = None) -> Held:
    """What the form holds before anything is sent: all the files of the former version."""
    pieces = sealing.pieces_of(former) if former else []
    return Held(former=pieces, kept=frozenset(one.entry["number"] for one in pieces))


def received(
    request: HttpRequest,
    form: WrittenForm,
    organisation: Organisation,
    former: Subject | None = None,
) -> Held:
    """The files of a sent form; what is wrong with one is an error at its field."""
    form.full_clean()
    held = Held(
        brought=[*_named(request, form, organisation), *_new(request, form, organisation)],
        former=sealing.pieces_of(former) if former else [],
        kept=frozenset(_numbers(request, "kept")),
    )
    try:
        policy.check_attachments([one.entry["size"] for one in held.pieces()])
    except DomainRefusal as refusal:
        form.add_error("attachments", str(refusal))
    return held


def _named(
    request: HttpRequest, form: WrittenForm, organisation: Organisation
) -> list[BroughtFile]:
    """Those that the form held already; nobody names those of another."""
    asked = _numbers(request, "brought")
    found = list(
        BroughtFile.objects.filter(
            pk__in=asked, owner=person(request), organisation=organisation
        ).select_related("file")
    )
    if len(found) < len(asked):
        form.add_error("attachments", str(AttachmentGone()))
    return found


def _new(request: HttpRequest, form: WrittenForm, organisation: Organisation) -> list[BroughtFile]:
    made = []
    for field, reader in FIELDS.items():
        for upload in request.FILES.getlist(field)[: policy.MOST_ATTACHMENTS + 1]:
            try:
                if (upload.size or 0) > policy.LONGEST_ATTACHMENT:
                    limit = policy.LONGEST_ATTACHMENT // 1024 // 1024
                    raise AttachmentTooLarge(name=upload.name, limit=limit)
                made.append(
                    bring_file(
                        organisation=organisation,
                        name=upload.name or _("pièce"),
                        content=upload.read(),
                        reader=reader,
                        by=person(request),
                        at=timezone.now(),
                    )
                )
            except DomainRefusal as refusal:
                form.add_error(field, str(refusal))
    return made


def _numbers(request: HttpRequest, field: str) -> set[int]:
    said = request.POST.getlist(field)
    return {int(one) for one in said if one.isascii() and one.isdecimal() and len(one) < 12}
