from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from acquis.certification.frameworks.models import FrameworkImport
from acquis.kernel import jobs
from acquis.kernel.models import Job, StoredFile
from tests.certification.frameworks.readers.invented_register import outline, private_certificate
from tests.factories import frameworks

pytestmark = pytest.mark.django_db
NEW = "/referentiels/imports/nouveau/"


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(client, *documents, **fields):
    files = [SimpleUploadedFile(name, content) for name, content in documents]
    return client.post(NEW, {"pasted": "", **({"documents": files} if files else {}), **fields})


def run_jobs():
    while jobs.run_due(now=timezone.now() + timedelta(seconds=1)):
        pass


def text_of(answer):
    return answer.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def test_a_document_is_read_by_the_worker_then_reviewed(signed):
    answer = upload(signed, ("vestiaire.md", private_certificate().encode()))

    reading = FrameworkImport.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("frameworks:import_review", args=[reading.pk])
    waiting = signed.get(answer.url)
    assert "Acquis lit vos documents" in text_of(waiting)
    assert 'hx-trigger="every 1s"' in text_of(waiting)

    run_jobs()

    page = text_of(signed.get(answer.url))
    assert "Tenir un vestiaire de théâtre" in page
    assert "Le jeton remis est le bon" in page
    assert "5 critères" in page
    assert signed.get(answer.url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_pasted_text_is_read_as_a_document(signed):
    upload(signed, pasted=outline())
    run_jobs()

    reading = FrameworkImport.objects.get()
    assert reading.state == FrameworkImport.State.UNDERSTOOD
    assert reading.files.get().name == "texte-colle.txt"


def test_several_documents_make_as_many_imports(signed):
    upload(
        signed,
        ("un.md", private_certificate().encode()),
        ("deux.md", outline().encode()),
    )
    run_jobs()

    assert FrameworkImport.objects.count() == 2
    first, second = FrameworkImport.objects.order_by("pk")
    page = text_of(signed.get(reverse("frameworks:import_review", args=[first.pk])))
    assert reverse("frameworks:import_review", args=[second.pk]) in page
    assert "Aussi trouvé dans ces documents" in page


def test_what_is_no_framework_is_refused_with_its_reason_and_kept(signed):
    upload(signed, ("roman.txt", ("Longtemps, je me suis couché de bonne heure. " * 60).encode()))
    run_jobs()

    reading = FrameworkImport.objects.get()
    page = text_of(signed.get(reverse("frameworks:import_review", args=[reading.pk])))
    assert reading.state == FrameworkImport.State.REFUSED
    assert "Aucun référentiel n’a été reconnu" in page
    assert "n’est pas un référentiel" in page
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vide.txt", b"", "vide"),
        ("image.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 200, "nature acceptée"),
        ("programme.txt", b"\x7fELF\x02\x01\x01\x00" + b"\x00" * 64, "nature acceptée"),
    ],
)
def test_a_document_of_the_wrong_kind_is_refused_by_its_content(signed, name, content, said):
    answer = upload(signed, (name, content))

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not FrameworkImport.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_document_too_large_is_refused(signed, settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024

    answer = upload(signed, ("gros.txt", b"a" * (1024 * 1024 + 1)))

    assert answer.status_code == 422
    assert "dépasse la taille permise de 1 Mo" in text_of(answer)


def test_one_refused_document_among_several_keeps_none(signed):
    answer = upload(signed, ("bon.md", outline().encode()), ("vide.txt", b""))

    assert answer.status_code == 422
    assert not StoredFile.objects.exists()


def test_nothing_given_is_refused_and_what_was_pasted_stays(signed):
    empty = upload(signed)
    refused = upload(signed, ("image.pdf", b"\x89PNG\r\n\x1a\n"), pasted="Mon texte collé")

    assert empty.status_code == 422
    assert "Déposez un document ou collez un texte" in text_of(empty)
    assert "Mon texte collé" in text_of(refused)


def test_abandoning_while_it_is_read_ignores_the_reading(signed):
    upload(signed, ("un.md", outline().encode()))
    reading = FrameworkImport.objects.get()

    signed.post(reverse("frameworks:import_abandon", args=[reading.pk]))
    run_jobs()

    reading.refresh_from_db()
    assert reading.state == FrameworkImport.State.ABANDONED
    assert "Reprendre" in text_of(
        signed.get(reverse("frameworks:import_review", args=[reading.pk]))
    )
    signed.post(reverse("frameworks:import_reopen", args=[reading.pk]))
    run_jobs()
    reading.refresh_from_db()
    assert reading.state == FrameworkImport.State.UNDERSTOOD


def test_a_reading_that_failed_says_so_and_is_started_again(signed):
    upload(signed, ("un.md", outline().encode()))
    reading = FrameworkImport.objects.get()
    Job.objects.update(state=Job.State.FAILED, error="Une erreur imprévue.", unique_key=None)

    page = text_of(signed.get(reverse("frameworks:import_review", args=[reading.pk])))
    assert "La lecture s’est arrêtée avant la fin" in page
    assert "Une erreur imprévue." in page
    signed.post(reverse("frameworks:import_reopen", args=[reading.pk]))
    run_jobs()

    reading.refresh_from_db()
    assert reading.state == FrameworkImport.State.UNDERSTOOD


def test_the_list_finds_imports_by_their_state(signed, certifier):
    frameworks.reading(certifier)
    frameworks.reading(certifier, state=FrameworkImport.State.ABANDONED)
    address = reverse("frameworks:imports")

    every = text_of(signed.get(address))
    aside = text_of(signed.get(address, {"etat": "abandoned"}))

    assert every.count("data-row") == 2
    assert aside.count("data-row") == 1
    assert "Aucun import dans cet état" in text_of(signed.get(address, {"etat": "refused"}))


def test_the_list_is_empty_at_first_and_offers_to_begin(signed):
    assert "Aucun import" in text_of(signed.get(reverse("frameworks:imports")))


def test_the_list_asks_as_much_of_the_database_for_one_import_and_for_ten(
    signed, certifier, count_queries
):
    frameworks.reading(certifier)
    address = reverse("frameworks:imports")
    signed.get(address)
    one = count_queries(lambda: signed.get(address))
    for _rank in range(9):
        frameworks.reading(certifier)

    assert count_queries(lambda: signed.get(address)) == one


def test_a_brought_document_is_given_back(signed, certifier):
    reading = frameworks.reading(certifier)
    file = reading.files.get()

    answer = signed.get(reverse("frameworks:import_document", args=[reading.pk, file.pk]))

    assert b"".join(answer.streaming_content).decode() == frameworks.SOURCE


@pytest.mark.parametrize(
    "name",
    [
        "import_review",
        "import_item",
        "import_arrange",
        "import_undo",
        "import_history",
        "import_abandon",
        "import_reopen",
        "import_publish",
    ],
)
def test_another_organisation_s_import_is_not_found(signed, name):
    theirs = frameworks.reading(frameworks.certifier())
    address = reverse(f"frameworks:{name}", args=[theirs.pk])

    act = (
        signed.post
        if name in {"import_arrange", "import_undo", "import_abandon", "import_reopen"}
        else signed.get
    )
    assert act(address).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == FrameworkImport.State.UNDERSTOOD


def test_another_organisation_s_document_is_not_found(signed, certifier):
    theirs = frameworks.reading(frameworks.certifier())
    mine = frameworks.reading(certifier)
    file = theirs.files.get()

    for pk, asked in ((theirs.pk, file.pk), (mine.pk, 10**6)):
        address = reverse("frameworks:import_document", args=[pk, asked])
        assert signed.get(address).status_code == 404
