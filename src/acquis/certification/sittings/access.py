"""The only ways to an exam from outside: one's own, one's jury's, one's organisation's."""

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.sittings.errors import DeviceNotAuthorised
from acquis.certification.sittings.models import DeviceClaim, HelpCall, Phase, Sitting
from acquis.kernel.standing import Standing

# As a juror, one sees the exams of the sessions one sits in, and no other.
JUROR_VERBS = frozenset({Verb.SITTING_PLAY, Verb.GRID_MARK, Verb.JURY_DELIBERATE, Verb.PV_SIGN})


def _sittings() -> QuerySet[Sitting]:
    return Sitting.objects.select_related(
        "candidate__session__organisation",
        "candidate__session__version__framework",
        "candidate__enrolment__candidate",
        "workspace",
    ).defer("candidate__session__version__content")  # a whole framework, which few pages read


def own_sitting(user: User, pk: int) -> Sitting:
    """The candidate's own exam; anybody else's does not exist for them."""
    sitting = (
        _sittings().filter(pk=pk, candidate__enrolment__candidate__user_id=user.pk or 0).first()
    )
    if sitting is None or not may(
        user, Verb.SITTING_TAKE, organisation=sitting.candidate.session.organisation
    ):
        raise Http404
    return sitting


def written_sitting(user: User, pk: int, device_key: str) -> Sitting:
    """One's own exam on the device that holds it, in the one query that a save can afford.

    Raises Http404 as `own_sitting`, DeviceNotAuthorised as `require_device`.
    """
    (found,) = written_sittings([(user, pk, device_key)])
    if isinstance(found, Exception):
        raise found
    return found


def written_sittings(
    asked: Sequence[tuple[User, int, str]],
) -> list[Sitting | Http404 | DeviceNotAuthorised]:
    """`written_sitting` for many at once, in one query: each exam, or why it is not open."""
    holding = DeviceClaim.objects.filter(
        sitting=OuterRef("pk"), accepted_at__isnull=False, released_at__isnull=True
    )
    rows = Sitting.objects.filter(pk__in={pk for _user, pk, _key in asked}).annotate(
        holder=Subquery(holding.values("device_key")[:1]),
        owner=F("candidate__enrolment__candidate__user_id"),
        place=F("candidate__session__organisation_id"),
    )
    known = {sitting.pk: sitting for sitting in rows}
    return [_written(user, known.get(pk), device_key) for user, pk, device_key in asked]


def _written(
    user: User, sitting: Sitting | None, device_key: str
) -> Sitting | Http404 | DeviceNotAuthorised:
    told = vars(sitting) if sitting is not None else {}
    if sitting is None or told["owner"] is None or told["owner"] != user.pk:
        return Http404()
    if not may(user, Verb.SITTING_TAKE, Organisation(pk=told["place"])):
        return Http404()
    return sitting if device_key and told["holder"] == device_key else DeviceNotAuthorised()


def looked_at(user: User, pk: int) -> Sitting:
    """One's own exam with what its page compares itself with, in one query.

    It bears `called`, and `holder`, the key of the device that holds it. Raises Http404 as `own_sitting`.
    """
    sitting = _LOOKED_AT.first(user=user.pk or 0, pk=pk)
    place = Organisation(pk=vars(sitting)["place"]) if sitting is not None else None
    if sitting is None or not may(user, Verb.SITTING_TAKE, place):
        raise Http404
    return sitting


def _look(*, user: int, pk: int) -> QuerySet[Sitting]:
    calls = HelpCall.objects.filter(sitting=OuterRef("pk"), answered_at__isnull=True)
    holding = DeviceClaim.objects.filter(
        sitting=OuterRef("pk"), accepted_at__isnull=False, released_at__isnull=True
    )
    return Sitting.objects.filter(pk=pk, candidate__enrolment__candidate__user_id=user).annotate(
        called=Exists(calls),
        holder=Subquery(holding.values("device_key")[:1]),
        place=F("candidate__session__organisation_id"),
    )


_LOOKED_AT = Standing(_look, user=int, pk=int)


def own_sittings(user: User) -> QuerySet[Sitting]:
    """The exams of the person signed in, the latest session first."""
    return (
        _sittings()
        .filter(candidate__enrolment__candidate__user_id=user.pk or 0)
        .order_by("-candidate__session__starts_at")
    )


def sitting_for(user: User, pk: int, verb: Verb) -> Sitting:
    """An exam that one may `verb`; what one may not see does not exist."""
    sitting = _sittings().filter(pk=pk).first()
    if sitting is None or not is_allowed(user, sitting, verb):
        raise Http404
    return sitting


def phase_for(user: User, pk: int, verb: Verb) -> Phase:
    phase = Phase.objects.filter(pk=pk).first()
    if phase is None:
        raise Http404
    phase.sitting = sitting_for(user, phase.sitting_id, verb)
    return phase


def is_allowed(user: User, sitting: Sitting, verb: Verb) -> bool:
    """Whether one may `verb` in this exam: for what jurors do, as a juror of its session."""
    session = sitting.candidate.session
    if not may(user, verb, organisation=session.organisation):
        return False
    return verb not in JUROR_VERBS or session.jurors.filter(juror__user_id=user.pk).exists()


def device_holds(sitting: Sitting, device_key: str) -> bool:
    """Whether this device is the one the exam is taken on."""
    return DeviceClaim.objects.filter(
        sitting=sitting,
        device_key=device_key,
        accepted_at__isnull=False,
        released_at__isnull=True,
    ).exists()


def require_device(sitting: Sitting, device_key: str) -> None:
    """Raises DeviceNotAuthorised on any device but the one that holds the exam."""
    if not device_holds(sitting, device_key):
        raise DeviceNotAuthorised


def hears(user: User, pk: int) -> bool:
    """Whether a person may be told that something changed in an exam."""
    sitting = _sittings().filter(pk=pk).first()
    if sitting is None:
        return False
    if sitting.candidate.enrolment.candidate.user_id == user.pk:
        return True
    return any(
        is_allowed(user, sitting, verb) for verb in (Verb.SESSION_INVIGILATE, Verb.SITTING_PLAY)
    )
