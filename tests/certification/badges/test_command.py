"""`acquis badge`, as it is typed."""

import json

import pytest

from acquis.certification.badges import (
    queries,
)
from acquis.certification.badges.commands import badge as command
from acquis.certification.badges.models import Badge, BadgeKey
from tests.certification.badges.helpers import (
    svg,
)
from tests.kernel.tampering import without_triggers

pytestmark = pytest.mark.django_db


# -- the command


@pytest.fixture
def folder(badge, tmp_path):
    (tmp_path / "b.jwt").write_text(badge.jwt)
    (tmp_path / "b.json").write_text(badge.json_ld)
    (tmp_path / "b.svg").write_bytes(svg(badge))
    document = queries.key_document(badge.certificate.organisation)
    (tmp_path / "keys.json").write_text(json.dumps(document))
    (tmp_path / "list.json").write_text(json.dumps(queries.revocation_list(badge.issuer)))
    return tmp_path


def test_the_command_verifies_files_by_the_keys_of_the_database(folder, capsys):
    names = [str(folder / name) for name in ("b.jwt", "b.json", "b.svg")]
    assert command.run(["verify", *names]) == 0
    assert capsys.readouterr().out.count("Badge valable") == 3


def test_the_command_verifies_by_the_files_alone(folder, capsys):
    with without_triggers("badges_badge"), without_triggers("badges_badgekey"):
        Badge.objects.all().delete()
        BadgeKey.objects.all().delete()
    given = ["--keys", str(folder / "keys.json"), "--revocations", str(folder / "list.json")]
    assert command.run(["verify", str(folder / "b.jwt"), *given]) == 0
    assert "non révoqué" in capsys.readouterr().out
    assert command.run(["verify", str(folder / "b.jwt"), *given[:2], "--json"]) == 0
    assert "pas été vérifiée" in capsys.readouterr().out
    assert command.run(["verify", str(folder / "b.jwt")]) == 1
    assert "inconnu" in capsys.readouterr().out


def test_the_command_says_what_does_not_hold(folder, capsys):
    altered = (folder / "b.json").read_text().replace('"value": "Acquis"', '"value": "Admis"', 1)
    (folder / "b.json").write_text(altered)
    assert command.run(["verify", str(folder / "b.json")]) == 1
    said = capsys.readouterr().out
    assert "Badge non valable" in said
    assert "credentialSubject.result[0].value" in said


def test_a_wrong_call_is_told(folder, capsys):
    assert command.run(["verify"]) == 2
    assert command.run(["verify", "--all", str(folder / "b.jwt")]) == 2
    assert command.run(["verify", str(folder / "none.jwt")]) == 2
    assert command.run(["verify", str(folder / "b.jwt"), "--keys", str(folder / "b.json")]) == 2
    assert command.run(["verify", str(folder / "b.jwt"), "--revocations", "x"]) == 2
    assert command.run(["keys", "nulle-part"]) == 2
    assert capsys.readouterr().out == ""


def test_the_command_verifies_what_is_kept(badge, capsys):
    assert command.run(["verify", "--all"]) == 0
    assert "1 badge gardé" in capsys.readouterr().out
    with without_triggers("badges_badge"):
        Badge.objects.update(json_ld=badge.json_ld.replace('"Acquis"', '"Admis"'))
    assert command.run(["verify", "--all"]) == 1
    assert "« credentialSubject" in capsys.readouterr().err


def test_the_command_renews_and_writes_keys(badge, capsys):
    slug = badge.certificate.organisation.slug
    assert command.run(["renew-keys", slug, "--reason", " "]) == 2
    assert "pourquoi" in capsys.readouterr().err
    assert command.run(["renew-keys", slug, "--reason", "Échéance annuelle."]) == 0
    assert command.run(["keys", slug]) == 0
    assert capsys.readouterr().out.count('"Multikey"') == 4


@pytest.mark.parametrize(
    ("identifier", "found"),
    [
        ("urn:uuid:0b3f1d2c-9a4e-4a52-8b0e-2f6f1f0c7d11", True),
        ("urn:uuid:zz3f1d2c-9a4e-4a52-8b0e-2f6f1f0c7d11", False),
        ("https://x.example/1", False),
        ("urn:uuid:", False),
    ],
)
def test_an_identifier_of_a_badge(identifier, found):
    assert bool(queries.uuid_of(identifier)) is found
