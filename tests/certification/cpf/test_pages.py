"""The pages, as people use them: from who lacks what to the report that answers."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from acquis.certification.cpf import queries, schemas
from acquis.certification.cpf.models import (
    CdcAccount,
    Deposit,
    LoadedSchema,
    Particulars,
    RegisteredCertification,
)
from acquis.kernel import jobs
from tests.factories import cpf as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def move_to(monkeypatch):
    return lambda at: monkeypatch.setattr("django.utils.timezone.now", lambda: at)


@pytest.fixture
def centre(move_to):
    move_to(make.NOW)
    return make.ready_centre()


@pytest.fixture
def certifier(centre):
    return make.sender(centre.organisation)


def words(answer):
    text = re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\xa0", " ")
    return " ".join(text.replace("\u202f", " ").split())


def test_the_list_says_who_is_ready_and_links_to_what_is_missing(client, centre, certifier):
    make.holder(centre)
    lacking = make.holder(centre, birth_city="", sex="")
    client.force_login(certifier)

    answer = client.get(reverse("cpf:list"))

    assert "1 prêt, 1 à compléter : sexe, commune de naissance." in words(answer)
    person = lacking.candidate.enrolment.candidate_id
    assert reverse("registrations:detail", args=[person]) in answer.content.decode()
    client.force_login(centre.manager)
    answer = client.get(reverse("cpf:list"))
    assert reverse("registrations:edit", args=[person]) in answer.content.decode()


def test_filters_and_words_find_and_nothing_found_is_said(client, centre, certifier):
    make.holder(centre, birth_name="Ozanne")
    make.holder(centre, birth_name="Piquet", sex="")
    client.force_login(certifier)

    assert "Piquet" not in words(client.get(reverse("cpf:list") + "?etat=prets"))
    assert "Ozanne" not in words(client.get(reverse("cpf:list") + "?etat=a-completer"))
    assert "Ozanne" in words(client.get(reverse("cpf:list") + "?q=ozan&tri=-nom"))
    assert "Aucun titulaire ne correspond" in words(client.get(reverse("cpf:list") + "?q=zzz"))


def test_before_anything_is_delivered_the_page_says_what_will_be_there(client, centre, certifier):
    client.force_login(certifier)
    assert "Rien à transmettre encore" in words(client.get(reverse("cpf:list")))
    assert "Aucun dépôt" in words(client.get(reverse("cpf:deposits")))


def test_a_page_asks_as_often_for_one_as_for_many(client, centre, certifier):
    def asked(url):
        from django.db import connection  # noqa: PLC0415
        from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    make.holder(centre)
    client.force_login(certifier)
    client.get(reverse("cpf:list"))
    one = asked(reverse("cpf:list"))
    for _ in range(12):
        make.holder(centre, sex="")
        make.holder(centre)
    assert asked(reverse("cpf:list")) == one
    deposit = make.sent(centre, chosen={queries.deliveries(centre.organisation)[0].pk})
    few = asked(reverse("cpf:deposit", args=[deposit.pk]))
    said = make.report(deposit.files.get(), rejected=[(deposit.passages.get().technical_id, "x")])
    from acquis.certification.cpf import actions  # noqa: PLC0415

    actions.read_report(
        organisation=centre.organisation, content=said, name="a.xml", by=certifier, at=make.NOW
    )
    many = make.sent(centre)
    assert many.total > 10
    assert asked(reverse("cpf:deposit", args=[many.pk])) == few


def test_all_that_is_ready_becomes_a_deposit_whose_files_are_written_by_a_job(
    client, centre, certifier
):
    make.holder(centre)
    client.force_login(certifier)

    answer = client.post(reverse("cpf:open"), {"quoi": "tous"})
    assert answer.status_code == 302
    while jobs.run_due(now=make.NOW):
        pass

    deposit = Deposit.objects.get()
    assert deposit.state == "ready"
    page = client.get(reverse("cpf:deposit", args=[deposit.pk]))
    assert "Les fichiers sont envoyés" in words(page)
    file = client.get(reverse("cpf:file", args=[deposit.files.get().pk]))
    assert b"".join(file.streaming_content).startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert "accrochage-00TEST00-CPF-2026-0001-1-20261125.xml" in file["Content-Disposition"]
    client.post(reverse("cpf:send", args=[deposit.pk]))
    deposit.refresh_from_db()
    assert deposit.state == "sent"


def test_what_was_ticked_stays_ticked_when_it_is_refused(client, centre, certifier):
    one = make.holder(centre)
    client.force_login(certifier)
    CdcAccount.objects.all().delete()

    answer = client.post(reverse("cpf:open"), {"quoi": "choix", "choix": [str(one.pk), "x"]})

    assert answer.status_code == 422
    assert f'value="{one.pk}" checked' in answer.content.decode()
    assert "cpf.no_account" in words(answer)


def test_a_job_that_failed_says_why_on_the_page_of_the_deposit(client, centre, certifier):
    make.holder(centre)
    client.force_login(certifier)
    client.post(reverse("cpf:open"), {"quoi": "tous"})
    RegisteredCertification.objects.update(register="", code="")
    jobs.run_due(now=make.NOW)
    deposit = Deposit.objects.get()

    page = client.get(reverse("cpf:deposit", args=[deposit.pk]))
    assert "hors des répertoires" in words(page)
    RegisteredCertification.objects.update(register="RNCP", code="RNCP35304")
    client.post(reverse("cpf:write_again", args=[deposit.pk]))
    jobs.run_due(now=make.NOW)
    deposit.refresh_from_db()
    assert (deposit.state, deposit.problem) == ("ready", "")
    assert client.post(reverse("cpf:write_again", args=[deposit.pk])).status_code == 302
    client.post(reverse("cpf:cancel", args=[deposit.pk]))
    deposit.refresh_from_db()
    assert deposit.state == "cancelled"


def test_a_report_is_brought_and_a_bad_one_is_refused_in_words(client, centre, certifier):
    make.holder(centre)
    deposit = make.sent(centre)
    client.force_login(certifier)
    url = reverse("cpf:report")

    for content, said in (
        (b"", "est vide"),
        (b"<rapport>", "pas du XML entier : la lecture s’arrête à la ligne 1"),
        (b"<autre/>", "pas un rapport"),
        (b"<rapport/>", "ne nomme pas"),
    ):
        answer = client.post(url, {"file": SimpleUploadedFile("r.xml", content)})
        assert answer.status_code == 422
        assert said in words(answer)
    assert client.post(url, {}).status_code == 422
    said = make.report(
        deposit.files.get(), rejected=[(deposit.passages.get().technical_id, "Aucun titulaire")]
    )
    answer = client.post(url, {"file": SimpleUploadedFile("r.xml", said)}, follow=True)
    assert "Acceptés : 0, rejetés : 1." in words(answer)
    assert "Aucun titulaire" in words(answer)
    kept = deposit.reports.get()
    assert client.get(reverse("cpf:report_file", args=[kept.pk])).content == said
    assert client.get(url).status_code == 200


def test_a_deposit_without_an_answer_is_closed_by_hand(client, centre, certifier):
    make.holder(centre)
    deposit = make.sent(centre)
    client.force_login(certifier)
    client.post(reverse("cpf:close", args=[deposit.pk]))
    page = client.get(reverse("cpf:deposit", args=[deposit.pk]) + "?etat=error&q=durand")
    assert "Sans réponse" in words(page)
    assert "Dépôt terminé" in words(page)


def test_the_contract_is_settled_with_clear_errors(client, centre, certifier):
    CdcAccount.objects.all().delete()
    client.force_login(certifier)
    url = reverse("cpf:settings")
    values = {
        "client_id": "COURT",
        "certifier_id": "00TEST00",
        "contract_id": "MCF",
        "depositor": "CERTIFICATEUR",
        "split_at": "50000",
        "keep_days": "30",
        "schema_version": "1.1.2",
    }

    refused = client.post(url, values)
    assert refused.status_code == 422
    assert "Huit lettres ou chiffres" in words(refused)
    refused = client.post(url, values | {"client_id": "00TEST01"})
    assert "les deux identifiants sont les mêmes" in words(refused)
    assert client.post(url, values | {"client_id": "00TEST00", "split_at": "0"}).status_code == 422
    assert client.post(url, values | {"client_id": "00TEST00"}).status_code == 302
    assert CdcAccount.objects.get().client_id == "00TEST00"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"register": "RNCP", "code": "35304"}, "Un code s’écrit"),
        ({"register": "", "code": "RNCP1"}, "videz le code"),
        ({"register": "RNCP", "code": "RNCP1BC01"}, "la certification entière n’en a pas"),
        ({"register": "RS", "code": "RS12", "exam_postcode": "4-4"}, "Des lettres et des chiffres"),
    ],
)
def test_a_certification_is_settled_with_clear_errors(client, centre, certifier, given, said):
    client.force_login(certifier)
    url = reverse("cpf:certification", args=[centre.version.framework_id])
    values = {
        "obtained": "PAR_ADMISSION",
        "modality": "MIXTE",
        "training_access": "FORMATION_INITIALE_APPRENTISSAGE",
    }
    answer = client.post(url, values | given)
    assert answer.status_code == 422
    assert said in words(answer)


def test_a_certification_of_the_rs_is_settled(client, centre, certifier):
    client.force_login(certifier)
    url = reverse("cpf:certification", args=[centre.version.framework_id])
    assert client.get(url).status_code == 200
    answer = client.post(
        url,
        {
            "register": "RS",
            "code": " rs 5500 ",
            "obtained": "PAR_ADMISSION",
            "validity_months": "24",
            "modality": "MIXTE",
            "exam_postcode": "44 000",
            "training_access": "FORMATION_INITIALE_APPRENTISSAGE",
        },
    )
    assert answer.status_code == 302
    kept = RegisteredCertification.objects.get()
    assert (kept.register, kept.code, kept.exam_postcode) == ("RS", "RS5500", "44000")
    assert "valable 24 mois" in words(client.get(reverse("cpf:settings")))
    unknown = reverse("cpf:certification", args=[centre.version.framework_id]) + "?bloc=CCP9"
    assert client.get(unknown).status_code == 404


def test_the_vae_way_is_completed_on_the_page_of_the_person(client, centre, certifier):
    one = make.holder(centre, route="vae")
    client.force_login(certifier)
    url = reverse("cpf:passage", args=[one.pk])

    assert "voie de la VAE" in words(client.get(url))
    refused = client.post(
        reverse("cpf:particulars", args=[one.pk]),
        {"access": "CANDIDAT_LIBRE", "vae_way": "VAE_CLASSIQUE"},
    )
    assert refused.status_code == 422
    assert "videz ce champ" in words(refused)
    client.post(reverse("cpf:particulars", args=[one.pk]), {"vae_way": "CONGES_VAE"})
    assert Particulars.objects.get().vae_way == "CONGES_VAE"
    assert "Congé VAE" in words(client.get(url))
    assert "À compléter avant le dépôt" not in words(client.get(url))


def test_a_schema_is_loaded_offered_and_given_back(client, centre, certifier):
    make.holder(centre)
    client.force_login(certifier)
    url = reverse("cpf:load_schema")
    newer = schemas.shipped("1.1.2").replace(b'version="1.1.2"', b'version="1.1.3"')

    assert client.post(url, {}).status_code == 422
    refused = client.post(url, {"file": SimpleUploadedFile("s.xsd", b"<a/>")})
    assert (refused.status_code, "pas un schéma XSD" in words(refused)) == (422, True)
    client.post(url, {"file": SimpleUploadedFile("s.xsd", newer)})
    assert LoadedSchema.objects.get().version == "1.1.3"
    given = client.get(reverse("cpf:schema_file", args=["1.1.3"]))
    assert given.content == newer
    assert client.get(reverse("cpf:schema_file", args=["1.1.2"])).status_code == 200
    assert client.get(reverse("cpf:schema_file", args=["7"])).status_code == 422
    assert '<option value="1.1.3"' in client.get(reverse("cpf:list")).content.decode()
    client.post(reverse("cpf:open"), {"quoi": "tous", "schema": "1.1.3"})
    assert Deposit.objects.get().schema_version == "1.1.3"


def test_the_list_is_exported_as_it_is_filtered(client, centre, certifier):
    make.holder(centre, birth_name="Ozanne")
    make.holder(centre, birth_name="Piquet", sex="")
    client.force_login(certifier)
    text = client.get(reverse("cpf:export", args=["csv"]) + "?etat=a-completer").content.decode()
    assert "Piquet" in text
    assert "sexe" in text
    assert "21/02/2027" in text
    assert "Ozanne" not in text
    assert client.get(reverse("cpf:export", args=["xlsx"])).status_code == 200


def test_the_first_page_and_the_board_tell_the_clock(client, centre, move_to):
    make.holder(centre)
    make.holder(centre, at=make.DELIVERED - timedelta(days=100))
    client.force_login(centre.manager)
    home = words(client.get(reverse("accounts:home")))
    assert "Passeport de compétences en retard" in home
    assert "À transmettre au passeport de compétences" in home
    board = words(client.get(reverse("exam_sessions:deadlines")))
    assert "Trois mois après la délivrance" in board
    move_to(make.NOW + timedelta(days=70))
    client.force_login(centre.manager)
    assert "échéance proche" in words(client.get(reverse("accounts:home")))
