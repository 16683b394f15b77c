"""A badge taken away by its holder and the centre, checked by a stranger; the page of the keys."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.awards.actions.revoke_certificate import revoke_certificate
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.badges import (
    access,
    integrity,
    keys,
    presentation,
    queries,
    vcjwt,
    views,
)
from acquis.certification.badges.actions import renew_keys
from acquis.certification.badges.models import Badge
from acquis.certification.badges.receiving import MOST_BYTES
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.certification.badges.helpers import (
    NOW,
    REASON,
    natures,
    outsider,
    payload_of,
    svg,
    with_payload,
)
from tests.factories import accounts, badges, grading

pytestmark = pytest.mark.django_db

VERIFY = reverse("badges:verify")
KEYS = reverse("badges:signing_keys")


@pytest.fixture(autouse=True)
def nobody_checked_yet():
    cache.clear()


def signed_in(user):
    client = StrictClient()
    client.force_login(user)
    return client


def client_as(role, centre):
    return signed_in(grading.person(role, organisation=centre))


def holder_of(certificate):
    """A client signed in as the person whom the certificate is about."""
    user = grading.person(Role.CANDIDATE, organisation=certificate.organisation)
    candidate = certificate.candidate.enrolment.candidate
    candidate.user = user
    candidate.save(update_fields=["user"])
    return signed_in(user)


def revoke(badge):
    body = grading.person(Role.CERTIFYING_BODY, organisation=badge.certificate.organisation)
    revoke_certificate(document=badge.certificate, reason=REASON, by=body, at=NOW)


def pasted(client, text, **more):
    return client.post(VERIFY, {"text": text, **more})


def uploaded(client, content, name="badge.jwt", **more):
    return client.post(VERIFY, {"file": SimpleUploadedFile(name, content), **more})


def said(answer):
    return answer.text.replace("\xa0", " ").replace("\u202f", " ")


# -- taken away


@pytest.mark.parametrize(("page", "file"), [("own", "own_file"), ("certificate", "file")])
def test_the_holder_and_the_centre_take_three_files_that_hold(badge, page, file):
    certificate = badge.certificate
    client = (
        holder_of(certificate)
        if page == "own"
        else client_as(Role.SESSION_MANAGER, certificate.organisation)
    )
    shown = client.get(reverse(f"badges:{page}", args=[certificate.pk]))
    assert certificate.data["framework"]["title"] in shown.text
    media = {"svg": "image/svg+xml", "jwt": "text/plain", "json": "application/vc+ld+json"}
    for form, kind in media.items():
        address = reverse(f"badges:{file}", args=[certificate.pk, form])
        assert f'href="{address}"' in shown.text
        answer = client.get(address)
        assert answer["Content-Type"] == kind
        assert f"badge-{certificate.number}.{form}" in answer["Content-Disposition"]
        assert natures(answer.content, outsider()) == []


def test_the_page_of_results_and_that_of_the_certificate_lead_to_the_badge(badge):
    certificate = badge.certificate
    results = holder_of(certificate).get(reverse("awards:own_results"))
    assert reverse("badges:own", args=[certificate.pk]) in results.text
    document = reverse("awards:document", args=[certificate.pk])
    link = reverse("badges:certificate", args=[certificate.pk])
    manager = client_as(Role.CERTIFYING_BODY, certificate.organisation)
    assert link in manager.get(document).text
    juror = signed_in(grading.first_juror(certificate.session))
    assert link not in juror.get(document).text
    assert juror.get(link).status_code == 403


def test_nobody_else_takes_it(badge):
    certificate = badge.certificate
    holder_of(certificate)
    other = client_as(Role.CANDIDATE, certificate.organisation)
    for name, args in (("own", []), ("own_file", ["jwt"])):
        assert other.get(reverse(f"badges:{name}", args=[certificate.pk, *args])).status_code == 404
    elsewhere = client_as(Role.SESSION_MANAGER, accounts.organisation())
    for name, args in (("certificate", []), ("file", ["jwt"])):
        address = reverse(f"badges:{name}", args=[certificate.pk, *args])
        assert elsewhere.get(address).status_code == 404


def test_what_is_no_certificate_and_no_form_is_not_found(badge):
    certificate = badge.certificate
    client = client_as(Role.SESSION_MANAGER, certificate.organisation)
    sheet = IssuedDocument.objects.get(session=certificate.session, kind="result_sheet")
    assert client.get(reverse("badges:certificate", args=[sheet.pk])).status_code == 404
    assert client.get(reverse("badges:file", args=[certificate.pk, "png"])).status_code == 404


def test_a_badge_that_is_not_signed_yet_is_announced():
    certificate = badges.certificate()
    client = holder_of(certificate)
    shown = client.get(reverse("badges:own", args=[certificate.pk]))
    assert "Badge en cours de signature" in said(shown)
    answer = client.get(reverse("badges:own_file", args=[certificate.pk, "jwt"]))
    assert answer.status_code == 422
    assert "pas encore signé" in said(answer)


def test_a_revoked_badge_is_no_longer_taken(badge):
    revoke(badge)
    client = holder_of(badge.certificate)
    shown = client.get(reverse("badges:own", args=[badge.certificate.pk]))
    assert "Ce badge est révoqué" in said(shown)
    assert REASON not in shown.text
    assert "Télécharger" not in shown.text
    for form in ("svg", "jwt", "json"):
        answer = client.get(reverse("badges:own_file", args=[badge.certificate.pk, form]))
        assert answer.status_code == 422
        assert badge.jwt not in answer.text


# -- checked by a stranger


def test_each_form_given_or_pasted_is_said_to_hold(client, badge):
    for content, name in (
        (badge.jwt.encode(), "b.jwt"),
        (badge.json_ld.encode(), "b.json"),
        (svg(badge), "b.svg"),
    ):
        answer = uploaded(client, content, name)
        assert answer.status_code == 200
        assert "Badge valable" in said(answer)
        assert name in answer.text
        assert "Ne tient pas" not in said(answer)
        assert said(answer).count("Tient") == 6
        assert "Badge valable" in said(pasted(client, content.decode()))


def test_the_page_shows_no_more_than_that_of_the_certificate(client, badge):
    answer = said(pasted(client, badge.jwt))
    data, person = badge.certificate.data, badge.certificate.candidate.enrolment.candidate
    assert data["framework"]["title"] in answer
    for block in data["blocks"]:
        assert block["title"] in answer
    for private in (
        person.birth_name,
        person.email,
        person.birth_date.isoformat(),
        badge.certificate.number,
        badge.certificate.verification_code,
        badge.salt,
    ):
        assert private
        assert private not in answer.replace(badge.jwt, "")


def test_a_changed_claim_is_named(client, badge):
    text = badge.json_ld.replace('"value": "Acquis"', '"value": "Non acquis"', 1)
    payload = payload_of(badge.jwt)
    payload["credentialSubject"]["result"][0]["value"] = "Non acquis"
    for given in (text, with_payload(badge.jwt, payload)):
        answer = said(pasted(client, given))
        assert "Badge non valable" in answer
        assert "La signature ne correspond pas" in answer
        assert "« credentialSubject.result[0].value »" in answer


def test_a_revoked_badge_is_said_so_with_the_public_reason_only(client, badge):
    revoke(badge)
    for given in (badge.jwt, badge.json_ld):
        answer = said(pasted(client, given))
        assert "Badge révoqué" in answer
        assert "Le badge est révoqué : Certificat retiré" in answer
        assert REASON not in answer
        assert answer.count("Ne tient pas") == 1


def test_what_was_not_delivered_here_is_said_so(client, badge):
    document = json.loads(badge.json_ld)
    elsewhere = document | {"issuer": {"id": "https://autre.example/", "name": "Autre"}}
    answer = said(pasted(client, json.dumps(elsewhere)))
    assert "L’émetteur « https://autre.example/ » est inconnu" in answer
    assert answer.count("Non vérifié") == 8  # four points, each with its sentence
    forged = badges_of_a_thief(badge)
    answer = said(pasted(client, forged))
    assert "aucun badge sous l’identifiant" in answer
    nameless = document | {"proof": []}
    assert "pas de signature d’une forme connue" in said(pasted(client, json.dumps(nameless)))


def badges_of_a_thief(badge):
    told = queries.credential_of(badge) | {"id": "urn:uuid:0b3f1d2c-9a4e-4a52-8b0e-2f6f1f0c7d11"}
    return vcjwt.write(told, key=keys.rsa_private(badge.rsa_key), kid=badge.rsa_key.address)


@pytest.mark.parametrize("given", ["rien", "{}", "<svg/>", '{"id": "urn:uuid:\\u0000"}', "🙂"])
def test_what_is_no_badge_is_said_so(client, given):
    answer = pasted(client, given)
    assert answer.status_code == 200
    assert "badge" in said(answer)
    assert "Badge valable" not in said(answer)
    assert "Ce qui a été vérifié" not in said(answer)


def test_nothing_is_computed_of_a_file_that_differs_from_what_was_signed(
    client, badge, monkeypatch
):
    def refused(*_args, **_kwargs):
        raise AssertionError("canonicalised")

    monkeypatch.setattr(integrity, "canonical", refused)
    document = json.loads(badge.json_ld)
    bomb = {"evidence": [{"type": ["Evidence"]} for _ in range(150)]}
    (proof,) = document["proof"]
    for given in (
        document | bomb,
        document | bomb | {"id": "urn:uuid:0b3f1d2c-9a4e-4a52-8b0e-2f6f1f0c7d11"},
        document | bomb | {"issuer": {"id": "https://autre.example/"}},
        document | {"proof": [proof | bomb]},
        document | {"proof": [proof | {"created": ["x"]}]},
    ):
        answer = pasted(client, json.dumps(given))
        assert answer.status_code == 200
        assert "Badge non valable" in said(answer)


def test_a_file_that_differs_everywhere_is_told_shortly(client, badge):
    document = json.loads(badge.json_ld) | {f"n{rank}": "x" * 50 for rank in range(2_000)}
    document["z" * 5_000] = 1
    answer = pasted(client, json.dumps(document))
    assert "Et 1991 autres mentions" in said(answer)
    shown = said(answer).split("<form method")[0]
    assert "z" * 400 not in shown


def test_a_file_that_gives_words_another_meaning_is_read_no_further(client, badge):
    document = json.loads(badge.json_ld)
    document["issuer"]["@context"] = {"name": "https://schema.org/description"}
    answer = said(pasted(client, json.dumps(document)))
    assert "Une mention n’est couverte par aucune signature" in answer
    assert ">Tient<" not in answer


def test_the_name_of_the_holder_is_checked_and_never_told(client, badge):
    name = badge.certificate.data["candidate"]["name"]
    right = said(pasted(client, badge.jwt, name=f"  {name.replace(' ', '  ')} "))
    assert "Le badge est celui de" in right
    wrong = said(pasted(client, badge.jwt, name="Quelqu’un d’autre"))
    assert "Badge valable, mais pas au nom donné" in wrong
    assert name not in wrong
    revoke(badge)
    assert "Le badge est celui de" in said(pasted(client, badge.jwt, name=name))
    altered = badge.json_ld.replace('"value": "Acquis"', '"value": "Admis"', 1)
    assert "Titulaire</dt>" not in said(pasted(client, altered, name=name))


def test_a_wrong_call_says_what_to_do_and_loses_nothing(client, badge):
    nothing = client.post(VERIFY, {})
    both = client.post(
        VERIFY, {"file": SimpleUploadedFile("b.jwt", b"x"), "text": badge.jwt, "name": "Nom"}
    )
    empty = uploaded(client, b"")
    heavy = uploaded(client, b"x" * (MOST_BYTES + 1))
    long = pasted(client, "é" * (MOST_BYTES // 2 + 1))
    assert {one.status_code for one in (nothing, both, empty, heavy, long)} == {422}
    assert "Choisissez le fichier" in said(nothing)
    assert "pas les deux" in said(both)
    assert badge.jwt in both.text
    assert 'value="Nom"' in both.text
    assert "est vide" in said(empty)
    assert "trop lourd" in said(heavy)
    assert "trop long" in said(long)


def test_who_asks_too_often_waits(client, monkeypatch):
    monkeypatch.setattr(views, "CHECKS", 2)
    assert [pasted(client, "rien").status_code for _ in range(3)] == [200, 200, 429]
    assert "attendez une minute" in said(pasted(client, "rien"))


def test_a_check_asks_as_much_among_many(client, badge, count_queries):
    few = count_queries(lambda: pasted(client, badge.json_ld))
    for _ in range(2):
        revoke(badges.badge())
        renew_keys(organisation=accounts.organisation(), reason="Essai", by=None, at=NOW)
    assert count_queries(lambda: pasted(client, badge.json_ld)) == few


def test_the_pages_of_checks_lead_to_each_other(client, badge):
    code = reverse("verification:form")
    assert code in client.get(VERIFY).text
    assert VERIFY in client.get(code).text
    one = reverse("verification:certificate", args=[badge.certificate.verification_code])
    assert VERIFY in client.get(one).text


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"issuer": "https://x.example/", "validFrom": "demain", "credentialSubject": 1},
        {
            "credentialSubject": {
                "achievement": {"resultDescription": [3]},
                "result": [4, {"resultDescription": []}],
            },
            "awardedDate": "2026-01-02",
        },
    ],
)
def test_facts_are_told_of_anything(credential):
    told = dict(presentation.facts(credential))
    assert set(told) <= {"Émetteur", "Délivré le", "Décision du jury"}
    assert told.get("Délivré le", "demain") == "demain"
    assert told.get("Décision du jury", "02/01/2026") == "02/01/2026"


# -- keys


def test_the_certifying_body_reads_and_renews_its_keys(badge):
    centre = badge.certificate.organisation
    client = client_as(Role.CERTIFYING_BODY, centre)
    before = said(client.get(KEYS))
    assert badge.issuer in before
    assert badge.rsa_key.name in before
    assert before.count("En vigueur") == 2

    refused = client.post(KEYS, {"reason": "Fuite supposée"})
    assert refused.status_code == 422
    assert "Cochez cette case" in said(refused)
    assert "Fuite supposée" in refused.text

    done = said(client.post(KEYS, {"reason": "Fuite supposée", "understood": "on"}, follow=True))
    assert "ce qui est déjà signé reste valable" in done
    assert (done.count("En vigueur"), done.count("Retirée<")) == (2, 2)
    assert done.count("Fuite supposée") == 2
    assert "Fuite supposée" not in json.dumps(queries.key_document(centre), ensure_ascii=False)
    lines = trace.lines(centre.trace_stream).filter(verb="badge.key_retired")
    assert {line.data["reason"] for line in lines} == {"Fuite supposée"}
    assert "Badge valable" in said(pasted(client, badge.jwt))


def test_the_page_of_keys_asks_as_much_for_many(badge, count_queries):
    centre = badge.certificate.organisation
    client = client_as(Role.CERTIFYING_BODY, centre)
    few = count_queries(lambda: client.get(KEYS))
    for days in range(3):
        renew_keys(organisation=centre, reason="Essai", by=None, at=NOW + timedelta(days=days))
    assert count_queries(lambda: client.get(KEYS)) == few
    assert [row.badges for row in presentation.key_rows(centre)] == [0] * 6 + [1, 1]


def test_who_revokes_elsewhere_does_not_hold_these_keys(badge):
    centre = badge.certificate.organisation
    ours = grading.person(Role.CERTIFYING_BODY, organisation=centre)
    assert access.keys_of_body(ours, centre) == centre
    for role in (Role.CERTIFYING_BODY, Role.SESSION_MANAGER):
        with pytest.raises(Http404):
            access.keys_of_body(accounts.user(role, at=accounts.organisation()), centre)


def test_a_body_without_a_key_is_told_when_they_come():
    client = client_as(Role.CERTIFYING_BODY, accounts.organisation())
    assert "Aucune clé encore" in said(client.get(KEYS))
    assert Badge.objects.count() == 0
