"""Frameworks, published or being corrected; traits name situations."""

import copy
from datetime import UTC, date, datetime
from typing import Any

from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User
from acquis.certification.frameworks.content import fingerprint
from acquis.certification.frameworks.models import Framework, FrameworkImport, FrameworkVersion
from acquis.kernel import files
from tests.factories import accounts

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SOURCE = """Répertoire des métiers de la fontaine

BLOC 1 Poser des fontaines
C1 Préparer le chantier
C2 Sceller la fontaine
Les plans sont lus sans erreur
Le scellement est d’aplomb
BLOC 2 Entretenir un parc
C3 Planifier les visites
Chaque fontaine est visitée
CT1 Communiquer"""
LINES = {"B1": 3, "C1": 4, "C2": 5, "K1": 6, "K2": 7, "B2": 8, "C3": 9, "K3": 10, "CT1": 11}


def content(**fields: Any) -> dict[str, Any]:
    """Two blocks, three competencies, three criteria, a transversal competency, an exam, a doubt."""
    values = {
        "contract": 1,
        "source": {"file": "fontaines.txt", "sha256": "0" * 64, "media_type": "text/plain"},
        "kind": "rncp",
        "title": "Fontainier d’espaces publics",
        "code": "RNCP90001",
        "edition": "01",
        "level": 4,
        "blocks": [
            {
                "code": "B1",
                "title": "Poser des fontaines publiques",
                "activities": [{"code": "A1", "title": "Pose"}],
                "competencies": [
                    {"code": "C1", "statement": "Préparer le chantier", "activity": "A1"},
                    {"code": "C2", "statement": "Sceller la fontaine sur son socle"},
                ],
                "criteria": [
                    {
                        "code": "K1",
                        "text": "Les plans sont lus sans erreur",
                        "competencies": ["C1"],
                    },
                    {"code": "K2", "text": "Le scellement est d’aplomb", "competencies": ["C2"]},
                ],
            },
            {
                "code": "B2",
                "title": "Entretenir un parc de fontaines",
                "activities": [],
                "competencies": [{"code": "C3", "statement": "Planifier les visites d’entretien"}],
                "criteria": [
                    {
                        "code": "K3",
                        "text": "Chaque fontaine est visitée à la fréquence prévue",
                        "theme": "Qualité du planning",
                        "competencies": ["C3"],
                    }
                ],
            },
        ],
        "transversal_competencies": [
            {
                "code": "CT1",
                "title": "Communiquer avec les usagers",
                "criteria": ["Les usagers sont informés"],
                "evaluated_through": ["C3"],
            }
        ],
        "assessments": [
            {
                "scope": {"type": "block", "block": "B1"},
                "candidate_minutes": 90,
                "phases": [
                    {
                        "method": "roleplay",
                        "title": "Mise en situation professionnelle",
                        "minutes": 90,
                        "competencies": ["C1", "C2"],
                        "steps": [
                            {"title": "Lecture du dossier", "minutes": 30, "invigilated": True},
                            {"title": "Pose", "minutes": 60, "exchanges": 2, "jury_present": True},
                        ],
                    }
                ],
            }
        ],
        "rules": {"scale": None, "pass_ratio": "0.70", "jury": {"members_min": 2, "notes": []}},
        "glossary": [{"term": "Socle", "definition": "Ce qui porte la fontaine."}],
        "correspondences": [],
        "warnings": [{"code": "odd", "message": "Le bloc B2 est peut-être tronqué.", "line": 10}],
    }
    return copy.deepcopy(values | fields)


def certifier(at: Organisation | None = None) -> User:
    return accounts.user(Role.CERTIFYING_BODY, at=at)


def trainer(at: Organisation | None = None) -> User:
    return accounts.user(Role.TRAINER, at=at)


def place_of(user: User) -> Organisation:
    return user.memberships.get().organisation


def edition(at: Organisation | None = None, **fields: Any) -> FrameworkVersion:
    """A published edition; `at` no organisation, it ships with the product."""
    held = fields.pop("content", None) or content()
    framework, _created = Framework.objects.get_or_create(
        organisation=at,
        code=fields.pop("code", held["code"]),
        defaults={"title": held["title"], "kind": held["kind"], "level": held.get("level")},
    )
    values = {
        "edition": held["edition"],
        "state": FrameworkVersion.State.PUBLISHED,
        "content": held,
        "content_sha256": fingerprint(held),
        "valid_from": date(2026, 1, 1),
        "published_at": NOW,
    }
    return FrameworkVersion.objects.create(framework=framework, **(values | fields))


def reading(by: User, **fields: Any) -> FrameworkImport:
    """An import to correct, as the reader left it."""
    held = fields.pop("content", None) or content()
    values = {
        "organisation": place_of(by),
        "state": FrameworkImport.State.UNDERSTOOD,
        "source_text": SOURCE,
        "understood": held,
        "corrected": held,
        "locations": LINES,
        "created_by": by,
        "created_at": NOW,
    }
    made = FrameworkImport.objects.create(**(values | fields))
    made.files.add(
        files.store(SOURCE.encode(), name="fontaines.txt", media_type="text/plain", by=by, at=NOW)
    )
    return made
