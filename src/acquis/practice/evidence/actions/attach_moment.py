"""A juror sets a moment beside a criterion, takes it back, puts it back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.sittings.models import Sitting
from acquis.kernel import idempotency, trace
from acquis.practice.evidence import policy
from acquis.practice.evidence.errors import NothingSaid, PassageImpossible, UnknownPlace
from acquis.practice.evidence.models import AttachedMoment
from acquis.practice.evidence.places import Place, place_at
from acquis.practice.evidence.queries import line_of, refuse_when_fixed

MOST_WORDS = 5_000  # characters
NOWHERE = Place("", "", "", "", None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a juror sets beside a criterion.

    `ref` is the anchor of a place in the candidate's file, or empty for something seen and heard: the
    words are then required and `occurred_at` says when. `passage` is from and to in whole seconds of a
    recording. The same `key` attaches once.
    """

    ref: str
    words: str = ""
    occurred_at: datetime | None = None
    passage: tuple[int, int] | None = None
    key: str = ""


@transaction.atomic
def attach_moment(
    *, sitting: Sitting, criterion: str, wanted: Wanted, by: User, at: datetime
) -> int:
    """Keep a moment beside a criterion, with what stands there copied; returns its primary key.

    The trace holds the words sealed: its readers stay blind. Raises EvidenceFixed, UnknownLine,
    UnknownPlace, NothingSaid or PassageImpossible; nothing is written then.
    """
    refuse_when_fixed(sitting.candidate)
    line_of(sitting.candidate, criterion)
    words = wanted.words.strip()[:MOST_WORDS]
    place = place_at(sitting, by, wanted.ref) if wanted.ref else NOWHERE
    if place is None:
        raise UnknownPlace
    if not wanted.ref and not words:
        raise NothingSaid
    passage = wanted.passage
    if passage is not None and not policy.passage_is_possible(*passage, place.seconds):
        raise PassageImpossible
    passage = passage or place.passage

    def keep() -> tuple[int, int]:
        row = AttachedMoment.objects.create(
            candidate=sitting.candidate,
            author=by,
            criterion=criterion,
            ref=wanted.ref,
            label=place.label[:200],
            excerpt="" if place.passage else place.excerpt,  # what was heard stays where it lies
            occurred_at=place.at or wanted.occurred_at,
            from_second=passage[0] if passage else None,
            to_second=passage[1] if passage else None,
            words=words,
            attached_at=at,
        )
        sealed: dict[str, object] = {
            "criterion": criterion,
            "ref": wanted.ref,
            "passage": passage,
            "words": words,
        }
        _told("evidence.attached", row, by=by, at=at, personal=sealed)
        return 200, row.pk

    if not wanted.key:
        return keep()[1]
    scope = f"evidence:{sitting.candidate_id}:{by.pk}"
    request = [criterion, wanted.ref, list(passage or ()), words]
    return int(idempotency.once(scope, wanted.key, request=request, at=at, perform=keep)[1])


@transaction.atomic
def withdraw_moment(*, moment: AttachedMoment, by: User, at: datetime) -> None:
    """Take one's own moment back; it is kept, aside. Taken back already, nothing changes."""
    _move(moment, withdrawn_at=at, verb="evidence.moment_withdrawn", by=by, at=at)


@transaction.atomic
def put_back_moment(*, moment: AttachedMoment, by: User, at: datetime) -> None:
    """Set one's own moment beside its criterion again. There already, nothing changes."""
    _move(moment, withdrawn_at=None, verb="evidence.moment_put_back", by=by, at=at)


def _move(
    moment: AttachedMoment, *, withdrawn_at: datetime | None, verb: str, by: User, at: datetime
) -> None:
    row = AttachedMoment.objects.select_for_update(of=("self",)).get(pk=moment.pk)
    refuse_when_fixed(row.candidate)
    if bool(row.withdrawn_at) == bool(withdrawn_at):
        return
    row.withdrawn_at = withdrawn_at
    row.save(update_fields=["withdrawn_at"])
    _told(verb, row, by=by, at=at)


def _told(
    verb: str,
    row: AttachedMoment,
    *,
    by: User,
    at: datetime,
    personal: dict[str, object] | None = None,
) -> None:
    trace.record(verb, row.candidate, by=by, at=at, personal=personal, moment=row.pk)
