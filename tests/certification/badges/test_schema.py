"""Every badge has the shape that Open Badges 3.0 asks for.

The schema that 1EdTech publishes may not be given on, and no package that may ships it. This one is
ours, written from the classes of the specification (appendix B): what each must hold, of which kind,
from which list. It is stricter: it knows only the claims that our badges make.
"""

import json
from copy import deepcopy

import pytest
from jsonschema import Draft201909Validator

from acquis.certification.badges import credentials, vcjwt
from tests.certification.badges.helpers import payload_of

pytestmark = pytest.mark.django_db

TEXT = {"type": "string", "minLength": 1}
ADDRESS = {"type": "string", "pattern": r"^(https?://\S+|urn:uuid:[0-9a-f-]{36})$"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}


def a(kind):
    """The type of a class: a set in which its name is (« one of the items MUST be »)."""
    return {"type": "array", "contains": {"const": kind}, "items": TEXT, "minItems": 1}


def thing(required, optional=None):
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


def several(one):
    return {"type": "array", "items": one, "minItems": 1}


IDENTITY = thing(  # one object, its type a single name
    {
        "type": {"const": "IdentityObject"},
        "hashed": {"const": True},
        "identityHash": {"type": "string", "pattern": r"^sha256\$[0-9a-f]{64}$"},
        "identityType": {"const": "name"},  # of IdentifierTypeEnum
        "salt": TEXT,
    }
)
RESULT_DESCRIPTION = thing(
    {
        "id": ADDRESS,
        "type": a("ResultDescription"),
        "name": TEXT,
        "resultType": {"const": "Result"},  # of ResultType
        "allowedValue": several(TEXT),
        "requiredValue": TEXT,
    }
)
ACHIEVEMENT = thing(
    {
        "id": ADDRESS,
        "type": a("Achievement"),
        "name": TEXT,
        "description": TEXT,
        "criteria": thing({"narrative": TEXT}),
    },
    {
        "achievementType": {"const": "Certification"},  # of AchievementType
        "humanCode": TEXT,
        "inLanguage": {"type": "string", "pattern": "^[a-z]{2,4}(-[A-Z]{2})?$"},
        "resultDescription": several(RESULT_DESCRIPTION),
    },
)
SUBJECT = thing(
    {
        "id": ADDRESS,
        "type": a("AchievementSubject"),
        "identifier": several(IDENTITY),
        "achievement": ACHIEVEMENT,
    },
    {"result": several(thing({"type": a("Result"), "resultDescription": ADDRESS, "value": TEXT}))},
)
PROOF = thing(
    {
        "type": {"const": "DataIntegrityProof"},
        "cryptosuite": {"const": "eddsa-rdfc-2022"},
        "created": MOMENT,
        "verificationMethod": ADDRESS,
        "proofPurpose": {"const": "assertionMethod"},
        "proofValue": {"type": "string", "pattern": "^z[1-9A-HJ-NP-Za-km-z]{80,90}$"},
    }
)
CREDENTIAL = thing(
    {
        "@context": {
            "type": "array",
            # The order matters, in each of the first two places.
            "items": [
                {"const": "https://www.w3.org/ns/credentials/v2"},
                {
                    "type": "string",
                    "pattern": r"^https://purl\.imsglobal\.org/spec/ob/v3p0/context-3\.0\.\d\.json$",
                },
            ],
            "minItems": 2,
            "additionalItems": {"const": "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"},
        },
        "id": ADDRESS,
        "type": {
            "type": "array",
            "items": {"enum": ["VerifiableCredential", "OpenBadgeCredential"]},
            "minItems": 2,
            "uniqueItems": True,
        },
        "issuer": thing({"id": ADDRESS, "type": a("Profile"), "name": TEXT}),
        "validFrom": MOMENT,
        "name": TEXT,
        "credentialSubject": SUBJECT,
        "credentialSchema": several(
            thing({"id": ADDRESS, "type": {"const": "1EdTechJsonSchemaValidator2019"}})
        ),
        "credentialStatus": thing({"id": ADDRESS, "type": {"const": "1EdTechRevocationList"}}),
    },
    {"awardedDate": MOMENT, "proof": several(PROOF)},
)
VALIDATOR = Draft201909Validator(CREDENTIAL)


def faults(document):
    return [f"{one.json_path}: {one.message}" for one in VALIDATOR.iter_errors(document)]


def test_both_forms_of_a_badge_have_the_shape_of_the_specification(badge):
    Draft201909Validator.check_schema(CREDENTIAL)
    assert faults(json.loads(badge.json_ld)) == []
    assert faults(vcjwt.credential_of(payload_of(badge.jwt))) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"blocks": []},
        {"decided_at": ""},
        {"block": {"code": "", "title": ""}},
        {"block": {"code": "BC 1", "title": "Répondre à l’écrit"}},
    ],
)
def test_every_kind_of_certificate_gives_that_shape(badge, changes):
    facts = credentials.Facts(badge.issuer, badge.uuid, badge.salt, badge.issued_at)
    assert faults(credentials.credential(badge.certificate.data | changes, facts)) == []


def test_each_result_is_one_that_the_achievement_describes(badge):
    subject = json.loads(badge.json_ld)["credentialSubject"]
    described = {one["id"]: one for one in subject["achievement"]["resultDescription"]}
    assert subject["result"]
    for one in subject["result"]:
        assert one["value"] in described[one["resultDescription"]]["allowedValue"]


def test_the_shape_refuses_what_lacks_what_is_added_and_what_is_empty(badge):
    whole = json.loads(badge.json_ld)
    for name in CREDENTIAL["required"]:
        assert faults({key: value for key, value in whole.items() if key != name}), name
    for name in SUBJECT["required"]:
        less = deepcopy(whole)
        del less["credentialSubject"][name]
        assert faults(less), name
    assert faults(whole | {"mention": "très bien"})
    assert faults(whole | {"validFrom": None})
    assert faults(whole | {"validFrom": "2026-01-01"})
    empty = deepcopy(whole)
    empty["credentialSubject"]["result"] = []
    assert faults(empty)
    assert faults(whole | {"@context": whole["@context"][::-1]})
