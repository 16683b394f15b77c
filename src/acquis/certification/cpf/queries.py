"""What was delivered and is to be told to the Caisse des dépôts, and where each stands (X-08)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone

from acquis.accounts.models import Organisation
from acquis.certification.awards.models import IssuedDocument, Revocation
from acquis.certification.awards.queries import spoilt
from acquis.certification.cpf import policy
from acquis.certification.cpf.models import (
    CdcAccount,
    Deposit,
    Passage,
    RegisteredCertification,
)
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.frameworks.models import Framework
from acquis.kernel.models import Job

OPEN = (Deposit.State.WRITING, Deposit.State.READY, Deposit.State.SENT)
ACTIVE = (Passage.State.READY, Passage.State.SENT, Passage.State.ACCEPTED)
_PERSON = "candidate__enrolment__candidate__"
_INSEE = r"^([0-9]{2}|2[AB])[0-9]{3}$"
_FRENCH = Q(**{f"{_PERSON}birth_country__iexact": "France"})
_ABROAD = Q(**{f"{_PERSON}birth_insee_code__startswith": "99"})
_OWN = "candidate__enrolment__cpf_particulars__"
_NO_PARTICULARS = Q(candidate__enrolment__cpf_particulars=None)
_CODED = ~Q(**{f"{_PERSON}birth_insee_code": ""})

# What a person lacks, in the order in which it is told; the same rules as `policy.faults`.
GAPS: dict[str, Q] = {
    "certification": Q(setting=None),
    "sex": Q(**{f"{_PERSON}sex": ""}),
    "birth_date": Q(**{f"{_PERSON}birth_date__isnull": True}),
    "birth_city": Q(**{f"{_PERSON}birth_city": ""}),
    "birth_country": Q(**{f"{_PERSON}birth_country": ""}),
    "insee": _CODED
    & (
        ~Q(**{f"{_PERSON}birth_insee_code__regex": _INSEE})
        | (_FRENCH & _ABROAD)
        | (~_FRENCH & ~_ABROAD)
    ),
    "postcode": ~Q(**{f"{_PERSON}birth_postcode": ""})
    & (_CODED | ~_FRENCH | ~Q(**{f"{_PERSON}birth_postcode__regex": r"^[0-9]{5}$"})),
    "vae_way": (
        (
            Q(candidate__enrolment__route="vae")
            & (_NO_PARTICULARS | Q(**{f"{_OWN}access__in": ["", "VAE"]}))
        )
        | Q(**{f"{_OWN}access": "VAE"})
    )
    & (_NO_PARTICULARS | Q(**{f"{_OWN}vae_way": ""})),
    "score": Q(obtained="PAR_SCORING") & (_NO_PARTICULARS | Q(**{f"{_OWN}score": ""})),
    "certificate": ~Q(printed_birth_name=F(f"{_PERSON}birth_name"))
    | ~Q(printed_name=F("full_name")),
}


def deliveries(organisation: Organisation) -> QuerySet[Any]:
    """The first certificate of each holder, with where it stands.

    A partial success has none, and is not told: its blocks stand in a livret (X-08, docs/rules/cpf.md).
    Each row bears `setting` (its certification in the registers), `line_state` (of its last line
    in a deposit, if any), `lacks`, `is_open` (may be put in a deposit once it lacks nothing) and
    `status`: the state of its line, or `outside`, `todo`, `waiting`. A block without a code in the
    registers is outside, and so is what was revoked or whose decision was annulled (`withdrawn`):
    it is never sent.
    """
    later = IssuedDocument.objects.filter(
        candidate=OuterRef("candidate"), kind="certificate", state="issued"
    ).order_by("-pk")
    registered = RegisteredCertification.objects.filter(
        organisation=organisation,
        framework=OuterRef("session__version__framework"),
        block=OuterRef("session__block"),
    )
    lines = (
        Passage.objects.filter(seat=OuterRef("candidate"), block=OuterRef("session__block"))
        .exclude(state=Passage.State.CANCELLED)
        .order_by("-pk")
    )
    lacks = Q()
    for gap in GAPS.values():
        lacks |= gap
    return (
        IssuedDocument.objects.filter(
            organisation=organisation,
            kind=IssuedDocument.Kind.CERTIFICATE,
            state=IssuedDocument.State.ISSUED,
            corrects=None,
        )
        .annotate(
            setting=Subquery(registered.values("pk")[:1]),
            register=Subquery(registered.values("register")[:1]),
            code=Subquery(registered.values("code")[:1]),
            obtained=Coalesce(Subquery(registered.values("obtained")[:1]), Value("")),
            printed_birth_name=Subquery(
                later.annotate(x=KT("data__candidate__birth_name")).values("x")[:1]
            ),
            printed_name=Subquery(later.annotate(x=KT("data__candidate__name")).values("x")[:1]),
            in_force=Subquery(later.values("pk")[:1]),
            full_name=Concat(
                f"{_PERSON}first_name",
                Value(" "),
                Case(
                    When(**{f"{_PERSON}usual_name": ""}, then=F(f"{_PERSON}birth_name")),
                    default=F(f"{_PERSON}usual_name"),
                ),
            ),
            line_state=Subquery(lines.values("state")[:1]),
            line_message=Subquery(lines.values("message")[:1]),
        )
        .annotate(
            withdrawn=Exists(Revocation.objects.filter(document=OuterRef("in_force")))
            | Exists(spoilt())
        )
        .annotate(
            lacks=Case(When(lacks, then=Value(True)), default=False, output_field=BooleanField()),
            outside=Case(
                When(
                    Q(withdrawn=True) | Q(register="") | (Q(setting=None) & ~Q(session__block="")),
                    then=Value(True),
                ),
                default=False,
                output_field=BooleanField(),
            ),
        )
        .annotate(
            is_open=Case(
                When(Q(outside=True) | Q(line_state__in=ACTIVE), then=Value(False)),
                default=True,
                output_field=BooleanField(),
            ),
            status=Case(
                When(line_state__isnull=False, then=F("line_state")),
                When(outside=True, then=Value("outside")),
                When(lacks=True, then=Value("todo")),
                default=Value("waiting"),
                output_field=CharField(),
            ),
        )
    )


def shown(found: QuerySet[Any]) -> QuerySet[Any]:
    """With what a page or a file says of each."""
    return found.select_related(
        "candidate__enrolment__candidate",
        "candidate__enrolment__cpf_particulars",
        "candidate__deliberation",
        "session__version__framework",
    ).defer("data", "session__version__content")


def matching(
    organisation: Organisation, *, search: str = "", state: str = "", today: date
) -> QuerySet[Any]:
    """The deliveries whose names, references or codes hold every word, in one state if asked."""
    found = deliveries(organisation)
    for word in search.split():
        found = found.filter(
            Q(**{f"{_PERSON}birth_name__icontains": word})
            | Q(**{f"{_PERSON}usual_name__icontains": word})
            | Q(**{f"{_PERSON}first_name__icontains": word})
            | Q(**{f"{_PERSON}reference__icontains": word})
            | Q(number__icontains=word)
            | Q(session__reference__icontains=word)
        )
    if state in STATES:
        found = found.filter(STATES[state](today))
    return found


def before(day: date) -> datetime:
    """The first instant of a day in France."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _delivered_before(day: date) -> Q:
    return Q(issued_at__lt=before(day))


def last_late(today: date) -> date:
    """The first day of delivery that is not late yet: before it, three months are over."""
    day = today - timedelta(days=93)
    while policy.due(day) < today:
        day += timedelta(days=1)
    return day


def last_soon(today: date) -> date:
    """The first day of delivery whose last day is more than thirty days away."""
    return last_late(today + policy.ALERT + timedelta(days=1))


def _late(today: date) -> Q:
    return Q(outside=False) & ~Q(status="accepted") & _delivered_before(last_late(today))


STATES: dict[str, Any] = {
    "a-completer": lambda _today: Q(is_open=True, lacks=True),
    "prets": lambda _today: Q(is_open=True, lacks=False),
    "envoyes": lambda _today: Q(status__in=["ready", "sent"]),
    "acceptes": lambda _today: Q(status="accepted"),
    "rejetes": lambda _today: Q(status="rejected"),
    "erreurs": lambda _today: Q(status="error"),
    "en-retard": _late,
    "hors": lambda _today: Q(outside=True),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what was delivered stand where; `gaps`: what is missing, the most often first."""

    ready: int
    incomplete: int
    late: int
    soon: int
    total: int
    gaps: Sequence[str]


def counts(organisation: Organisation, today: date) -> Counts:
    """In one query, however many they are."""
    left = Q(is_open=True)
    found: dict[str, int] = deliveries(organisation).aggregate(
        total=Count("pk"),
        ready=Count("pk", filter=left & Q(lacks=False)),
        incomplete=Count("pk", filter=left & Q(lacks=True)),
        late=Count("pk", filter=_late(today)),
        soon=Count(
            "pk",
            filter=Q(outside=False)
            & ~Q(status="accepted")
            & _delivered_before(last_soon(today))
            & ~_delivered_before(last_late(today)),
        ),
        **{f"gap_{name}": Count("pk", filter=left & gap) for name, gap in GAPS.items()},
    )
    gaps = sorted(
        (name for name in GAPS if found[f"gap_{name}"]), key=lambda name: -found[f"gap_{name}"]
    )
    return Counts(
        found["ready"], found["incomplete"], found["late"], found["soon"], found["total"], gaps
    )


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=False, output_field=BooleanField())


def with_gaps(found: QuerySet[Any]) -> QuerySet[Any]:
    """Each row with a flag for what it may lack, so that a page asks once."""
    flagged: QuerySet[Any] = found.annotate(
        **{f"gap_{name}": _flag(gap) for name, gap in GAPS.items()}
    )
    return flagged


def of_seats(organisation: Organisation, passages: Iterable[Passage]) -> QuerySet[Any]:
    """The deliveries of these lines, found by their keys: a long deposit is read piece by piece."""
    keys = IssuedDocument.objects.filter(
        candidate__in=[one.seat_id for one in passages],
        kind=IssuedDocument.Kind.CERTIFICATE,
        corrects=None,
    ).values_list("pk", flat=True)
    return with_gaps(shown(deliveries(organisation).filter(pk__in=list(keys))))


def gaps_of(row: Any) -> list[str]:
    """What a row of `with_gaps` lacks, in the order of the list."""
    return [name for name in GAPS if getattr(row, f"gap_{name}")]


def account_of(organisation: Organisation) -> CdcAccount | None:
    return CdcAccount.objects.filter(organisation=organisation).first()


def deposits_of(organisation: Organisation) -> QuerySet[Deposit]:
    """The last first, with how many of its passages stand where."""
    states = {
        f"{state.value}_count": Count("passages", filter=Q(passages__state=state))
        for state in Passage.State
    }
    return (
        Deposit.objects.filter(organisation=organisation)
        .select_related("opened_by")
        .annotate(**states)
        .order_by("-opened_at", "-pk")
    )


def open_deposit_of(organisation: Organisation) -> Deposit | None:
    return Deposit.objects.filter(organisation=organisation, state__in=OPEN).first()


def certifications_used(organisation: Organisation) -> list[tuple[Framework, str]]:
    """Each certification or block that the centre examines, in the order of the registers."""
    pairs = (
        ExamSession.objects.filter(organisation=organisation)
        .exclude(state=ExamSession.State.CANCELLED)
        .values_list("version__framework", "block")
        .order_by()
        .distinct()
    )
    frameworks = Framework.objects.in_bulk({pk for pk, _block in pairs})
    known = [(frameworks[pk], block) for pk, block in pairs]
    return sorted(known, key=lambda one: (one[0].title, one[0].pk, one[1]))


def lines_of(row: IssuedDocument) -> QuerySet[Passage]:
    """Every line that a delivery had in a deposit, the last first."""
    return (
        Passage.objects.filter(seat=row.candidate_id, block=row.session.block)
        .select_related("deposit", "file")
        .order_by("-pk")
    )


def certifications_shown(
    organisation: Organisation,
) -> list[tuple[Framework, str, RegisteredCertification | None]]:
    """The same, each with how it is registered, if anybody said so."""
    known = {
        (one.framework_id, one.block): one
        for one in RegisteredCertification.objects.filter(organisation=organisation)
    }
    return [
        (framework, block, known.get((framework.pk, block)))
        for framework, block in certifications_used(organisation)
    ]


def lines_in(deposit: Deposit, *, search: str = "", state: str = "") -> QuerySet[Passage]:
    """The passages of a deposit, those that need a hand first."""
    found = deposit.passages.select_related("file", "seat__enrolment__candidate", "seat__session")
    for word in search.split():
        person = "seat__enrolment__candidate__"
        found = found.filter(
            Q(**{f"{person}birth_name__icontains": word})
            | Q(**{f"{person}usual_name__icontains": word})
            | Q(**{f"{person}first_name__icontains": word})
            | Q(technical_id__icontains=word)
        )
    if state in Passage.State.values:
        found = found.filter(state=state)
    hand = Case(When(state__in=["rejected", "error"], then=Value(0)), default=Value(1))
    return found.defer("seat__session__version").order_by(hand, "rank")


def job_of(deposit: Deposit) -> Job | None:
    """The writing of its files that is under way, if any."""
    return Job.objects.filter(unique_key=f"cpf.write:{deposit.pk}").first()
