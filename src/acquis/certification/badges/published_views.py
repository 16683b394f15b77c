"""What anybody's verifier fetches of an issuer: all of it is public, none of it names a holder."""

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from acquis.accounts.models import Organisation
from acquis.accounts.pages import public_page
from acquis.certification.badges import keys, queries
from acquis.certification.badges.contexts import CREDENTIALS, OPEN_BADGES


@public_page
@require_safe
def issuer(_request: HttpRequest, slug: str) -> HttpResponse:
    """The profile with the keys, retired ones as well."""
    return _public(queries.key_document(_issuer(slug)))


@public_page
@require_safe
def jwks(_request: HttpRequest, slug: str) -> HttpResponse:
    return _public(keys.jwks(queries.keys_of(keys.issuer_address(_issuer(slug)))))


@public_page
@require_safe
def key(_request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One key: a JWK for RSA, a Multikey for Ed25519."""
    found = get_object_or_404(_issuer(slug).badge_keys, name=name)
    published = keys.method(found)
    return _public(
        published.get("publicKeyJwk") or {"@context": keys.CONTROLLED, **published},
    )


@public_page
@require_safe
def achievement(_request: HttpRequest, slug: str, place: str) -> HttpResponse:
    """What a certification is, as its badges say it."""
    found = (
        queries.every_badge()
        .filter(rsa_key__organisation=_issuer(slug), achievement=quote(place, safe=""))
        .last()
    )
    if found is None:
        raise Http404
    told = queries.credential_of(found)["credentialSubject"]["achievement"]
    return _public({"@context": [CREDENTIALS, OPEN_BADGES], **told})


@public_page
@require_safe
def revocations(_request: HttpRequest, slug: str) -> HttpResponse:
    return _public(queries.revocation_list(keys.issuer_address(_issuer(slug))))


def _issuer(slug: str) -> Organisation:
    """A body that has signed badges, or may: it has keys."""
    return get_object_or_404(
        Organisation.objects.filter(badge_keys__isnull=False).distinct(), slug=slug
    )


def _public(document: dict[str, Any]) -> HttpResponse:
    """Verifiers run in pages of other sites: they may read it."""
    answer = JsonResponse(document, json_dumps_params={"ensure_ascii": False})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
