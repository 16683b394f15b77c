"""The pages of the seal, what they refuse by direct request, and the command."""

import json

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.seals import access, keys, pades, queries
from acquis.certification.seals.actions.load_certificate import (
    house_key,
    load_certificate,
    retire_certificate,
)
from acquis.certification.seals.actions.seal_file import seal_file
from acquis.certification.seals.commands import pdf as command
from acquis.certification.seals.errors import AlreadyLoaded, NoCertificate
from acquis.certification.seals.models import HouseKey, Seal, SealingCertificate
from acquis.kernel import files, trace
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, grading, seals

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_checked_yet():
    cache.clear()


@pytest.fixture
def centre():
    return accounts.organisation()


def client_as(role, centre):
    client = StrictClient()
    client.force_login(accounts.user(role, at=centre))
    return client


def package(**given):
    values = {"name": "Centre", "password": seals.PASSWORD} | given
    return SimpleUploadedFile("centre.p12", keys.to_pkcs12(seals.identity(), **values))


def stored(content=None, name="pv.pdf"):
    return files.store(
        content or seals.plain_pdf(),
        name=name,
        media_type="application/pdf",
        by=None,
        at=grading.AT,
    )


def sealed(centre, certificate=None, source=None):
    return seal_file(
        source=source or stored(),
        certificate=certificate or seals.loaded(centre),
        of=centre,
        reason="Essai",
        by=None,
        at=grading.AT,
    )


def test_the_certifying_body_loads_reads_and_retires_a_certificate(centre):
    client = client_as(Role.CERTIFYING_BODY, centre)
    page = reverse("seals:certificate")
    empty = client.get(page)

    done = client.post(page, {"file": package(), "password": seals.PASSWORD}, follow=True)

    assert "Aucun certificat chargé" in empty.text
    assert "O=Centre Horizon" in done.text
    assert "En vigueur" in done.text
    found = queries.certificate_of(centre)
    assert found.loaded_by is not None
    assert seals.identity().key_der not in bytes(found.sealed_key)
    assert queries.identity_of(found).key_der == seals.identity().key_der

    gone = client.post(reverse("seals:retire"), follow=True)
    assert "Certificats retirés" in gone.text
    found.refresh_from_db()
    assert bytes(found.sealed_key) == b""
    verbs = trace.lines(centre.trace_stream).values_list("verb", flat=True)
    assert {"seal.certificate_loaded", "seal.certificate_retired"} <= set(verbs)


def test_a_refused_file_loads_nothing_and_says_why(centre):
    client = client_as(Role.CERTIFYING_BODY, centre)
    page = reverse("seals:certificate")

    wrong = client.post(page, {"file": package(), "password": "faux"})
    heavy = client.post(page, {"file": SimpleUploadedFile("x.p12", b"x" * 200_001)})
    none = client.post(page, {})

    assert (wrong.status_code, heavy.status_code, none.status_code) == (422, 422, 422)
    assert "son mot de passe n’est pas celui-ci" in wrong.text.replace("\xa0", " ")
    assert "trop lourd" in heavy.text
    assert not SealingCertificate.objects.exists()
    assert client.post(reverse("seals:retire")).status_code == 422


def test_others_are_refused_by_direct_request(centre):
    for role in Role:
        if role == Role.CERTIFYING_BODY:
            continue
        client = client_as(role, centre)
        assert client.get(reverse("seals:certificate")).status_code == 403
        assert client.post(reverse("seals:certificate"), {"file": package()}).status_code == 403
        assert client.post(reverse("seals:retire")).status_code == 403
    assert not SealingCertificate.objects.exists()


def test_another_certificate_retires_the_first_whose_seals_stay(centre):
    first = seals.loaded(centre)
    seal = sealed(centre, first)
    with pytest.raises(AlreadyLoaded):
        seals.loaded(centre)
    other = load_certificate(
        organisation=centre, identity=seals.identity("Autre"), by=None, at=grading.AT
    )

    first.refresh_from_db()
    assert (first.retired_at, queries.certificate_of(centre)) == (grading.AT, other)
    assert command_says([*files_of(seal)]) == 0
    with pytest.raises(NoCertificate):
        sealed(centre, first, stored(seals.plain_pdf() + b"\n", "autre.pdf"))


def test_a_file_is_sealed_once_and_its_fingerprints_are_traced(centre):
    certificate = seals.loaded(centre)

    seal = sealed(centre, certificate)

    assert sealed(centre, certificate) == seal
    assert Seal.objects.count() == 1
    line = trace.lines(centre.trace_stream).get(verb="document.sealed")
    assert line.data["source_sha256"] == seal.source.sha256
    assert line.data["sha256"] == seal.file.sha256
    assert queries.sealed_copy(seal.source) == seal.file
    assert queries.sealed_copy(seal.file) == seal.file


def test_who_seals_the_same_file_meanwhile_is_first(centre, monkeypatch):
    """Sealing takes a while and no lock: the copy of whoever ended first is the one that is kept."""
    certificate = seals.loaded(centre)
    source = stored()
    first = []

    def slowly(content, identity, *, reason):
        monkeypatch.undo()
        first.append(sealed(centre, certificate, source))
        return pades.seal_pdf(content, identity, reason=reason)

    monkeypatch.setattr(pades, "seal_pdf", slowly)

    assert sealed(centre, certificate, source) == first[0]
    assert Seal.objects.count() == 1
    assert trace.lines(centre.trace_stream).filter(verb="document.sealed").count() == 1


def test_the_certificate_of_a_centre_is_the_business_of_its_body_alone(centre):
    body = accounts.user(Role.CERTIFYING_BODY, at=centre)
    manager = accounts.user(Role.SESSION_MANAGER, at=centre)

    assert access.managed_centre(body, centre) == centre
    with pytest.raises(Http404):
        access.managed_centre(manager, centre)


def test_a_certificate_out_of_its_time_seals_nothing(centre):
    certificate = seals.loaded(centre)
    certificate.not_after = grading.AT
    with pytest.raises(NoCertificate):
        sealed(centre, certificate)
    assert queries.certificate_in_force(centre, certificate.not_before) is not None
    assert queries.certificate_in_force(centre, grading.AT.replace(year=2090)) is None


def test_nothing_is_retired_where_nothing_was_loaded(centre):
    with pytest.raises(NoCertificate):
        retire_certificate(organisation=centre, by=accounts.user(at=centre), at=grading.AT)


def test_the_key_of_the_house_is_made_once(centre):
    made = house_key(organisation=centre, at=grading.AT)

    assert house_key(organisation=centre, at=grading.AT) == made
    assert HouseKey.objects.count() == 1
    assert "BEGIN PUBLIC KEY" in made.public
    assert b"PRIVATE" not in bytes(made.sealed_private)


def verify(content, client=None):
    file = SimpleUploadedFile("recu.pdf", content)
    return (client or StrictClient()).post(reverse("seals:verify"), {"file": file})


def test_anybody_checks_a_pdf(centre):
    content = files.read(sealed(centre).file)
    changed = bytearray(content)
    changed[1234] ^= 1

    whole, broken, bare = verify(content), verify(bytes(changed)), verify(seals.plain_pdf())

    assert "Sceau valide" in whole.text
    assert centre.name in whole.text
    assert "Sceau invalide" in broken.text
    assert "dès l’octet 1234" in broken.text
    assert "pv.pdf" in broken.text
    assert "ne porte pas de sceau" in bare.text
    assert StrictClient().get(reverse("seals:verify")).status_code == 200


def test_checks_refuse_what_is_absent_too_heavy_or_too_often(monkeypatch):
    from acquis.certification.seals import forms  # noqa: PLC0415

    assert StrictClient().post(reverse("seals:verify"), {}).status_code == 422
    monkeypatch.setattr(forms, "PDF_MAX", 10)
    assert "trop lourd" in verify(seals.plain_pdf()).text
    monkeypatch.undo()
    statuses = [verify(b"bonjour").status_code for _rank in range(21)]
    assert statuses == [200] * 20 + [422]


def files_of(seal):
    yield seal.file.content.path


def command_says(argv):
    return command.run(["verify", *argv])


def test_the_command_says_which(centre, tmp_path, capsys):
    content = files.read(sealed(centre).file)
    changed = bytearray(content)
    changed[1234] ^= 1
    for name, body in (("bon.pdf", content), ("mauvais.pdf", bytes(changed))):
        (tmp_path / name).write_bytes(body)

    good = command_says([str(tmp_path / "bon.pdf")])
    said = capsys.readouterr().out
    bad = command_says(["--json", str(tmp_path / "mauvais.pdf")])
    told = json.loads(capsys.readouterr().out)

    assert (good, bad) == (0, 1)
    assert "Sceau valide" in said
    assert "Octets couverts : de 0 à" in said.replace("\xa0", " ")
    (report,) = told[str(tmp_path / "mauvais.pdf")]
    assert report["verdict"] == "altered"
    assert ["Diffère de l’original", "dès l’octet 1234"] in report["facts"]


def test_the_command_trusts_what_it_is_given(centre, tmp_path):
    content = files.read(sealed(centre).file)
    Seal.objects.all().delete()
    SealingCertificate.objects.all().delete()
    (tmp_path / "pv.pdf").write_bytes(content)
    root = seals.identity().above[-1]
    for name, encoding in (("racine.pem", Encoding.PEM), ("racine.der", Encoding.DER)):
        (tmp_path / name).write_bytes(root.public_bytes(encoding))

    alone = command_says([str(tmp_path / "pv.pdf")])
    trusted = [
        command_says(["--trust", str(tmp_path / name), str(tmp_path / "pv.pdf")])
        for name in ("racine.pem", "racine.der")
    ]

    assert (alone, trusted) == (1, [0, 0])


def test_wrong_calls_are_told(tmp_path, capsys):
    (tmp_path / "x.pem").write_text("bonjour")

    assert command_says([str(tmp_path / "absent.pdf")]) == 2
    assert command_says(["--trust", str(tmp_path / "x.pem"), str(tmp_path / "x.pem")]) == 2
    assert "absent.pdf" in capsys.readouterr().err


def test_the_command_makes_a_certificate_for_trials(tmp_path, monkeypatch):
    made = tmp_path / "essai.p12"

    assert command.run(["test-certificate", str(made), "--name", "Centre", "--password", "x"]) == 0
    read = keys.read_pkcs12(made.read_bytes(), "x", at=timezone.now())
    assert made.stat().st_mode & 0o777 == 0o600
    assert "CN=Centre" in keys.words(read.certificate.subject)
    monkeypatch.setattr(command, "getpass", lambda _prompt: "")
    assert command.run(["test-certificate", str(made), "--name", "Centre"]) == 2
