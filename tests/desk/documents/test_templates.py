"""Letters begun from a template."""

from datetime import datetime
from functools import partial

import pytest

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.errors import CustomerOfAnotherDesk
from acquis.desk.directory.models import Customer
from acquis.desk.documents import queries
from acquis.desk.documents.actions.finalise_letter import finalise_letter
from acquis.desk.documents.actions.keep_template import (
    archive_template,
    keep_template,
    restore_template,
)
from acquis.desk.documents.actions.review_letter import submit_letter
from acquis.desk.documents.actions.save_letter_part import save_letter_part
from acquis.desk.documents.actions.start_letter import start_letter
from acquis.desk.documents.errors import (
    KeptByTheSupervisor,
    LetterUnfilled,
    TemplateArchived,
    TemplateTitleTaken,
)
from acquis.desk.documents.models import Letter, LetterTemplate
from acquis.desk.knowledge.errors import VariableUnknown
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.desk.conftest import Count
from tests.desk.documents.letters import at_page
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


def test_a_letter_answers_an_exchange_of_its_desk(
    known: Customer, adviser: User, now: datetime
) -> None:
    other = accounts.workspace(known.workspace.organisation)
    exchange = make.open_conversation(other, adviser)

    with pytest.raises(CustomerOfAnotherDesk):
        start_letter(customer=known, conversation=exchange, by=adviser, at=now)

    assert not Letter.objects.exists()


def test_a_template_gives_its_texts_with_the_variables_filled(
    workspace: Workspace, known: Customer, adviser: User, now: datetime
) -> None:
    template = make.letter_template(
        workspace,
        title="Retour accepté",
        subject="Votre retour {Reference}",
        body="Le {date}, {entreprise} accepte votre retour.",
        enclosures="Étiquette",
        needs_release=True,
    )

    letter = start_letter(customer=known, template=template, by=adviser, at=now)

    assert letter.subject == "Votre retour C-00042"
    assert letter.body == "Le 20 novembre 2026, Ateliers Valbrenne accepte votre retour."
    assert (letter.enclosures, letter.template_title) == ("Étiquette", "Retour accepté")
    assert letter.needs_release
    assert letter.salutation == "Madame,"
    assert "d’agréer, Madame," in letter.closing
    line = trace.lines(letter.trace_stream).last()
    assert line is not None
    assert (line.verb, line.data["template"]) == ("letter.started", "Retour accepté")


def test_the_closing_of_a_template_goes_before_usage(
    workspace: Workspace, known: Customer, adviser: User, now: datetime
) -> None:
    template = make.letter_template(workspace, closing="Bien à vous,")

    letter = start_letter(customer=known, template=template, by=adviser, at=now)

    assert letter.closing == "Bien à vous,"


def test_no_letter_leaves_with_a_place_to_complete(
    workspace: Workspace, known: Customer, adviser: User, now: datetime
) -> None:
    template = make.letter_template(workspace, subject="Au sujet de : {objet}", body="Bonjour.")
    letter = start_letter(customer=known, template=template, by=adviser, at=now)

    for act in (finalise_letter, submit_letter):
        with pytest.raises(LetterUnfilled, match=r"\[à compléter : objet\]"):
            act(letter=letter, by=adviser, at=now)

    save_letter_part(letter=letter, name="subject", text="Le colis", seq=1, by=adviser, at=now)
    assert finalise_letter(letter=letter, by=adviser, at=now).file is not None


def test_the_subject_of_the_exchange_fills_its_variable(
    workspace: Workspace, known: Customer, adviser: User, now: datetime
) -> None:
    exchange = make.conversation(workspace, customer=known, subject="Colis perdu")
    template = make.letter_template(workspace, subject="{objet}")

    letter = start_letter(
        customer=known, conversation=exchange, template=template, by=adviser, at=now
    )

    assert letter.subject == "Colis perdu"


def test_a_supervisor_keeps_templates_and_letters_begun_do_not_change(
    workspace: Workspace, known: Customer, supervisor: User, now: datetime
) -> None:
    kept = keep_template(
        workspace=workspace, template=None, by=supervisor, at=now,
        values={"title": "Accueil", "body": "Bienvenue, {client}."},
    )  # fmt: skip
    letter = start_letter(customer=known, template=kept, by=supervisor, at=now)
    keep_template(
        workspace=workspace, template=kept, by=supervisor, at=now, values={"body": "Bonjour."}
    )

    letter.refresh_from_db()
    assert letter.body == "Bienvenue, Mme Odile Lefèvre."
    assert LetterTemplate.objects.get().body == "Bonjour."
    lines = trace.lines(workspace.trace_stream).filter(verb="letter.template_kept")
    assert [line.data["new"] for line in lines] == [True, False]


@pytest.mark.parametrize("act", ["keep", "archive", "restore"])
def test_an_adviser_keeps_no_template(
    workspace: Workspace, adviser: User, now: datetime, act: str
) -> None:
    template = make.letter_template(workspace, title="Accueil")

    acts = {
        "keep": partial(keep_template, workspace=workspace, values={"title": "Autre"}),
        "archive": archive_template,
        "restore": restore_template,
    }
    with pytest.raises(KeptByTheSupervisor):
        acts[act](template=template, by=adviser, at=now)

    template.refresh_from_db()
    assert (template.title, template.archived_at) == ("Accueil", None)


def test_an_unknown_variable_and_a_title_taken_are_refused(
    workspace: Workspace, supervisor: User, now: datetime
) -> None:
    make.letter_template(workspace, title="Accueil")

    with pytest.raises(VariableUnknown, match="solde"):
        keep_template(
            workspace=workspace, template=None, by=supervisor, at=now,
            values={"title": "Solde", "body": "Vous devez {solde}."},
        )  # fmt: skip
    with pytest.raises(TemplateTitleTaken):
        keep_template(
            workspace=workspace, template=None, by=supervisor, at=now,
            values={"title": "Accueil", "body": "Bonjour."},
        )  # fmt: skip
    assert LetterTemplate.objects.count() == 1


def test_a_template_withdrawn_begins_no_letter_until_it_is_put_back(
    workspace: Workspace, known: Customer, supervisor: User, now: datetime
) -> None:
    template = make.letter_template(workspace, title="Accueil")
    archive_template(template=template, by=supervisor, at=now)

    with pytest.raises(TemplateArchived):
        start_letter(customer=known, template=template, by=supervisor, at=now)
    assert not Letter.objects.exists()
    assert list(queries.templates(workspace)) == []

    newer = make.letter_template(workspace, title="Accueil")
    with pytest.raises(TemplateTitleTaken):
        restore_template(template=template, by=supervisor, at=now)
    newer.delete()
    restore_template(template=template, by=supervisor, at=now)
    assert list(queries.templates(workspace)) == [template]


def test_templates_are_found_by_their_words(workspace: Workspace) -> None:
    wanted = make.letter_template(workspace, title="Retour", purpose="Colis revenu abîmé")
    make.letter_template(workspace, title="Accueil")

    assert list(queries.templates(workspace, typed="abîmé retour")) == [wanted]


def test_a_letter_begins_from_a_template_of_this_desk_alone(
    workspace: Workspace, known: Customer, signed_in: StrictClient
) -> None:
    template = make.letter_template(workspace, title="Retour accepté", purpose="Retour reçu")
    foreign = make.letter_template(make.desk(), title="D’ailleurs")
    here = at_page("create", workspace.pk, known.pk)

    page = signed_in.get(here).content.decode()
    assert "Retour accepté" in page
    assert "D’ailleurs" not in page
    assert "Aucun modèle ne correspond" in signed_in.get(here, {"q": "zzz"}).content.decode()

    signed_in.post(here, {"template": str(foreign.pk)})
    assert Letter.objects.get().template_title == ""
    signed_in.post(here, {"template": str(template.pk)})
    assert Letter.objects.filter(template_title="Retour accepté").exists()


def test_the_supervisor_writes_a_template_and_a_refused_one_is_not_lost(
    workspace: Workspace, supervisor: User
) -> None:
    client = StrictClient()
    client.force_login(supervisor)
    new = at_page("template_new", workspace.pk)
    given = {"title": "Accueil", "body": "Bonjour {client}.", "subject": "Bienvenue"}

    refused = client.post(new, given | {"subject": "Solde de {solde}"})
    assert refused.status_code == 422
    assert "Bonjour {client}." in refused.content.decode()
    assert client.post(new, given).status_code == 302
    taken = client.post(new, given)
    assert (taken.status_code, LetterTemplate.objects.count()) == (422, 1)

    kept = LetterTemplate.objects.get()
    client.post(at_page("template_archive", workspace.pk, kept.pk))
    shown = client.get(at_page("templates", workspace.pk), {"retires": "1"}).content.decode()
    assert "Accueil" in shown
    client.post(at_page("template_restore", workspace.pk, kept.pk))
    kept.refresh_from_db()
    assert kept.archived_at is None


def test_an_adviser_reads_a_template_and_changes_nothing(
    workspace: Workspace, signed_in: StrictClient
) -> None:
    template = make.letter_template(workspace, title="Accueil")
    here = at_page("template", workspace.pk, template.pk)

    assert "<textarea" not in signed_in.get(here).content.decode()
    assert signed_in.post(here, {"title": "Autre", "body": "x"}).status_code == 422
    template.refresh_from_db()
    assert template.title == "Accueil"


@pytest.mark.parametrize("name", ["index", "templates"])
def test_a_list_takes_as_many_queries_for_one_row_as_for_many(
    workspace: Workspace, known: Customer, signed_in: StrictClient, count_queries: Count, name: str
) -> None:
    def look() -> object:
        return signed_in.get(at_page(name, workspace.pk))

    make.letter_template(workspace)
    make.letter_posting(make.letter(known, state="final"))
    one = count_queries(look)
    for _ in range(20):
        make.letter_template(workspace)
        make.letter_posting(make.letter(known, state="final"))

    assert count_queries(look) == one
