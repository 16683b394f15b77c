"""Published editions of the frameworks: find, read, export, compare."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from ninja.pagination import paginate

from acquis.accounts.api_kit import LARGEST_KEY, Key, Text, Window, caller, scoped
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks import access, comparison, queries
from acquis.certification.frameworks.content import counts
from acquis.certification.frameworks.exports import case_of
from acquis.certification.frameworks.models import FrameworkVersion

router = Router(tags=[_("référentiels")])
Nature = Literal["added", "removed", "reworded", "moved", "same"]
FrameworkKind = Literal[
    "", "titre_professionnel", "rncp", "rs", "certificat_professionnel", "unknown"
]
Kind = Literal["block", "competency", "criterion", "transversal"]


class CountsOut(Schema):
    blocks: int
    competencies: int
    criteria: int
    transversal: int
    assessments: int
    warnings: int


class EditionOut(Schema):
    id: int
    framework_id: int
    code: str
    title: str
    acronym: str
    kind: str
    level: int | None
    edition: str
    shipped: bool
    valid_from: date | None
    valid_to: date | None
    published_at: datetime | None
    previous_id: int | None
    content_sha256: str
    counts: CountsOut

    @staticmethod
    def resolve_counts(version: Any) -> dict[str, int]:
        return counts(version.content)

    @staticmethod
    def resolve_shipped(version: Any) -> bool:
        return version.framework.organisation_id is None

    @staticmethod
    def resolve_code(version: Any) -> str:
        return str(version.framework.code)

    @staticmethod
    def resolve_title(version: Any) -> str:
        return str(version.framework.title)

    @staticmethod
    def resolve_acronym(version: Any) -> str:
        return str(version.framework.acronym)

    @staticmethod
    def resolve_kind(version: Any) -> str:
        return str(version.framework.kind)

    @staticmethod
    def resolve_level(version: Any) -> int | None:
        level: int | None = version.framework.level
        return level


class ItemOut(Schema):
    code: str
    text: str
    place: str


class ChangeOut(Schema):
    kind: Kind
    nature: Nature
    before: ItemOut | None
    after: ItemOut | None
    nearness: int
    confirmed: bool


class ComparisonOut(Schema):
    before_id: int
    after_id: int
    summary: dict[str, int]
    changes: list[ChangeOut]


@router.get(
    "/frameworks", response=list[EditionOut], summary=_("Les éditions publiées, par mots et nature")
)
@paginate(Window)
@scoped(Verb.FRAMEWORK_READ, note=_("`valid_on` ne garde que les éditions en vigueur ce jour-là."))
def editions(
    request: HttpRequest, q: Text = "", kind: FrameworkKind = "", valid_on: date | None = None
) -> QuerySet[FrameworkVersion]:
    who = caller(request)
    found = access.readable_versions(who.user, who.organisation)
    if valid_on is not None:
        found = queries.valid_on(found, valid_on)
    return queries.search(found, text=q, kind=kind, sort="title")


@router.get("/frameworks/{edition_id}", response=EditionOut, summary=_("Une édition"))
@scoped(Verb.FRAMEWORK_READ)
def edition(request: HttpRequest, edition_id: Key) -> FrameworkVersion:
    return _edition(request, edition_id)


@router.get("/frameworks/{edition_id}/content", response=dict, summary=_("Ce que dit une édition"))
@scoped(
    Verb.FRAMEWORK_READ,
    note=_("Blocs, compétences, critères, épreuves et règles, tels que publiés."),
)
def content(request: HttpRequest, edition_id: Key) -> dict[str, Any]:
    held: dict[str, Any] = _edition(request, edition_id).content
    return held


@router.get(
    "/frameworks/{edition_id}/case", response=dict, summary=_("Une édition en 1EdTech CASE")
)
@scoped(
    Verb.FRAMEWORK_READ, note=_("Un CFPackage ; les identifiants sont les mêmes à chaque lecture.")
)
def case(request: HttpRequest, edition_id: Key) -> dict[str, Any]:
    return case_of(_edition(request, edition_id), settings.PUBLIC_ADDRESS)


@router.get(
    "/frameworks/{edition_id}/comparison",
    response=ComparisonOut,
    summary=_("Deux éditions comparées"),
)
@scoped(
    Verb.FRAMEWORK_READ,
    note=_("Ce qui a changé depuis `previous` ; `nature`, répété, ne garde que ces changements."),
)
def compared(
    request: HttpRequest,
    edition_id: Key,
    previous: Annotated[int, Query(ge=1, le=LARGEST_KEY)],
    nature: Annotated[list[Nature], Query()] = [],  # noqa: B006  ninja copies it
) -> dict[str, Any]:
    after, before = _edition(request, edition_id), _edition(request, previous)
    stated = after.correspondences if after.previous_id == before.pk else []
    changes = comparison.compare(before.content, after.content, stated)
    return {
        "before_id": before.pk,
        "after_id": after.pk,
        "summary": comparison.summary(changes),
        "changes": [one for one in changes if not nature or one.nature in nature],
    }


def _edition(request: HttpRequest, pk: int) -> FrameworkVersion:
    who = caller(request)
    return access.readable_version(who.user, who.organisation, pk)
