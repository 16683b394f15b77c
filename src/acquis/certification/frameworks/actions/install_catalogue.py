import json
from datetime import date, datetime
from importlib import resources
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.frameworks.content import fingerprint
from acquis.certification.frameworks.models import Framework, FrameworkVersion
from acquis.kernel import trace

CATALOGUE = "acquis.certification.frameworks.catalogue"
# Two of the documents name neither their code nor their title: these are ours, for lists.
NAMES = {
    "rncp-gestion-relation-client.json": ("RNCP-GRC", "Gestion de la relation client (RNCP)"),
    "rncp-commercial.json": ("RNCP-COM", "Négociation et relation commerciale (RNCP)"),
    "rs-optimiser-relation-client.json": ("RS-ORC", "Optimiser la relation client"),
    "filea-appels-sortants.json": (
        "CP-FFP-ASCAS",
        "Assurer les services client en appels sortants",
    ),
}


def shipped() -> list[dict[str, Any]]:
    """The frameworks that ship with the product, as the contract's dictionaries."""
    return [
        _named(file.name, json.loads(file.read_text("utf-8")))
        for file in sorted(resources.files(CATALOGUE).iterdir(), key=lambda item: item.name)
        if file.name.endswith(".json")
    ]


def _named(file: str, content: dict[str, Any]) -> dict[str, Any]:
    code, title = NAMES.get(file, (None, None))
    return {**content, "code": content["code"] or code, "title": content["title"] or title}


@transaction.atomic
def install_catalogue(*, by: User | None, at: datetime) -> list[FrameworkVersion]:
    """Publish the shipped frameworks for everybody; run again, it changes nothing."""
    return [_install(content, by=by, at=at) for content in shipped()]


def _install(content: dict[str, Any], *, by: User | None, at: datetime) -> FrameworkVersion:
    code = content["code"] or content["source"]["file"].rsplit(".", 1)[0]
    framework, _ = Framework.objects.get_or_create(
        organisation=None,
        code=code,
        defaults={
            "title": content["title"] or code,
            "acronym": content.get("acronym") or "",
            "kind": content["kind"],
            "level": content.get("level"),
        },
    )
    effective = content.get("effective_from")
    version, created = FrameworkVersion.objects.get_or_create(
        framework=framework,
        edition=content.get("edition") or "1",
        defaults={
            "state": FrameworkVersion.State.PUBLISHED,
            "content": content,
            "content_sha256": fingerprint(content),
            "valid_from": date.fromisoformat(effective) if effective else at.date(),
            "published_at": at,
            "published_by": by,
        },
    )
    if created:
        trace.record("framework.installed", version, by=by, at=at, sha256=version.content_sha256)
    return version
