"""Letters begun from a template, thrown away and taken back, given to the post and followed."""

import io
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.urls import reverse
from pypdf import PdfReader

from acquis.accounts.enums import Role
from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.errors import CustomerOfAnotherDesk
from acquis.desk.directory.models import Customer
from acquis.desk.documents import policy, queries
from acquis.desk.documents.actions.discard_letter import discard_letter, restore_letter
from acquis.desk.documents.actions.finalise_letter import finalise_letter
from acquis.desk.documents.actions.keep_template import (
    archive_template,
    keep_template,
    restore_template,
)
from acquis.desk.documents.actions.post_letter import cancel_posting, note_outcome, post_letter
from acquis.desk.documents.actions.review_letter import submit_letter
from acquis.desk.documents.actions.save_letter_part import save_letter_part
from acquis.desk.documents.actions.start_letter import start_letter
from acquis.desk.documents.errors import (
    AlreadyPosted,
    KeptByTheSupervisor,
    LetterDiscarded,
    LetterFinal,
    LetterNotDiscarded,
    LetterNotFinal,
    LetterSubmitted,
    LetterUnfilled,
    PostingDayInvalid,
    PostingOver,
    TemplateArchived,
    TemplateTitleTaken,
    TrackingInvalid,
    TrackingMissing,
)
from acquis.desk.documents.models import Letter, LetterPosting, LetterTemplate
from acquis.desk.knowledge.errors import VariableUnknown
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.desk.conftest import Count
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
Method = LetterPosting.Method
TODAY = date(2026, 11, 20)


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


@pytest.fixture
def known(workspace: Workspace) -> Customer:
    return make.customer(
        workspace, title="Mme", first_name="Odile", last_name="Lefèvre", reference="C-00042",
        address_1="3 rue de la Paix", postcode="59000", city="Lille",
    )  # fmt: skip


@pytest.fixture
def final(known: Customer, adviser: User, now: datetime) -> Letter:
    return made_final(known, adviser, now)


def made_final(known: Customer, by: User, now: datetime, subject: str = "Votre retour") -> Letter:
    letter = start_letter(customer=known, by=by, at=now)
    for name, text in (("subject", subject), ("body", f"Bonjour : {subject}.")):
        save_letter_part(letter=letter, name=name, text=text, seq=1, by=by, at=now)
    return finalise_letter(letter=letter, by=by, at=now)


# Templates


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


# Thrown away and taken back


def test_a_draft_thrown_away_is_kept_and_comes_back(
    workspace: Workspace, known: Customer, adviser: User, now: datetime
) -> None:
    letter = make.letter(known)

    for _ in range(2):
        discard_letter(letter=letter, by=adviser, at=now)

    assert list(queries.letters(workspace)) == []
    assert list(queries.letters(workspace, state="discarded")) == [letter]
    with pytest.raises(LetterDiscarded):
        save_letter_part(letter=letter, name="subject", text="x", seq=1, by=adviser, at=now)
    with pytest.raises(LetterDiscarded):
        finalise_letter(letter=letter, by=adviser, at=now)
    assert trace.lines(letter.trace_stream).filter(verb="letter.discarded").count() == 1

    restore_letter(letter=letter, by=adviser, at=now)
    letter.refresh_from_db()
    assert (letter.state, letter.body) == ("draft", "Nous avons bien reçu votre courrier.")
    with pytest.raises(LetterNotDiscarded):
        restore_letter(letter=letter, by=adviser, at=now)


def test_what_is_being_read_or_is_final_is_not_thrown_away(
    known: Customer, final: Letter, adviser: User, now: datetime
) -> None:
    with pytest.raises(LetterFinal):
        discard_letter(letter=final, by=adviser, at=now)
    read = make.letter(known, state="submitted")
    with pytest.raises(LetterSubmitted):
        discard_letter(letter=read, by=adviser, at=now)
    with pytest.raises(LetterSubmitted):
        save_letter_part(letter=read, name="subject", text="x", seq=1, by=adviser, at=now)


# The post


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1a 012 345 6789 0", "1A01234567890"),
        ("2C-123.456 78901", "2C12345678901"),
        ("12345", ""),
        ("é" * 13, ""),
        ("1" * 16, ""),
    ],
)
def test_a_tracking_number_is_read_as_it_is_printed(typed: str, number: str) -> None:
    assert policy.tracking_number(typed) == number


def sent(
    letter: Letter, by: User, at: datetime, *, method: str = "plain", tracking: str = "",
    on: date = TODAY,
) -> LetterPosting:  # fmt: skip
    return post_letter(letter=letter, method=method, tracking=tracking, on=on, by=by, at=at)


def test_a_registered_letter_is_followed_to_its_end(
    workspace: Workspace, final: Letter, adviser: User, now: datetime
) -> None:
    assert list(queries.letters(workspace, state="to_post")) == [final]

    posting = sent(final, adviser, now, method="receipt", tracking="1A 012 345 6789 0")
    assert posting.tracking == "1A01234567890"
    assert list(queries.letters(workspace, state="to_post")) == []
    assert list(queries.letters(workspace, state="in_the_post")) == [final]
    with pytest.raises(AlreadyPosted):
        sent(final, adviser, now)

    later = now + timedelta(days=3)
    note_outcome(posting=posting, outcome="unknown", on=later.date(), by=adviser, at=later)
    assert list(queries.letters(workspace, state="returned")) == [final]
    with pytest.raises(PostingOver):
        note_outcome(posting=posting, outcome="delivered", on=later.date(), by=adviser, at=later)

    again = sent(final, adviser, later, on=later.date())
    assert list(queries.letters(workspace, state="returned")) == []
    note_outcome(posting=again, outcome="delivered", on=later.date(), by=adviser, at=later)
    for state in queries.POST_STATES:
        assert list(queries.letters(workspace, state=state)) == []
    verbs = [line.verb for line in trace.lines(final.trace_stream)][-4:]
    assert verbs == ["letter.posted", "letter.posting_ended"] * 2


def test_a_posting_noted_by_mistake_is_taken_back(
    workspace: Workspace, final: Letter, adviser: User, now: datetime
) -> None:
    posting = sent(final, adviser, now)

    cancel_posting(posting=posting, by=adviser, at=now)

    assert list(queries.letters(workspace, state="to_post")) == [final]
    with pytest.raises(PostingOver):
        cancel_posting(posting=posting, by=adviser, at=now)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"method": "receipt"}, TrackingMissing),
        ({"method": "tracked", "tracking": "12"}, TrackingInvalid),
        ({"on": TODAY + timedelta(days=1)}, PostingDayInvalid),
        ({"on": TODAY - timedelta(days=1)}, PostingDayInvalid),
    ],
)
def test_what_the_post_would_not_take_is_refused(
    final: Letter, adviser: User, now: datetime, given: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        sent(final, adviser, now, **given)  # type: ignore[arg-type]

    assert not final.postings.exists()


def test_a_draft_is_not_posted_and_an_outcome_has_a_possible_day(
    known: Customer, final: Letter, adviser: User, now: datetime
) -> None:
    with pytest.raises(LetterNotFinal):
        sent(make.letter(known), adviser, now)
    posting = sent(final, adviser, now)
    for on in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(PostingDayInvalid):
            note_outcome(posting=posting, outcome="delivered", on=on, by=adviser, at=now)


def test_a_sealed_desk_posts_nothing(
    workspace: Workspace, final: Letter, adviser: User, now: datetime
) -> None:
    workspace.sealed_at = now
    workspace.save()

    with pytest.raises(WorkspaceSealed):
        sent(final, adviser, now)


# Pages


def at_page(name: str, *args: int) -> str:
    return reverse(f"documents:{name}", args=args)


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


def test_the_page_of_a_letter_notes_the_post(
    workspace: Workspace, final: Letter, signed_in: StrictClient
) -> None:
    post = at_page("post", workspace.pk, final.pk)
    today = datetime.now().astimezone().date()

    refused = signed_in.post(post, {"method": "receipt", "tracking": "", "posted_on": today})
    assert refused.status_code == 422
    assert "numéro de suivi" in refused.content.decode()
    bad = signed_in.post(post, {"method": "tracked", "tracking": "12", "posted_on": today})
    assert (bad.status_code, 'value="12"' in bad.content.decode()) == (422, True)

    signed_in.post(post, {"method": "tracked", "tracking": "1A012345678 90", "posted_on": today})
    posting = final.postings.get()
    ended = at_page("outcome", workspace.pk, final.pk, posting.pk)
    assert signed_in.post(ended, {"outcome": "lost", "outcome_on": today}).status_code == 422
    early = signed_in.post(ended, {"outcome": "delivered", "outcome_on": "2020-01-01"})
    assert early.status_code == 422
    signed_in.post(ended, {"outcome": "unknown", "outcome_on": today})
    page = signed_in.get(at_page("letter", workspace.pk, final.pk)).content.decode()
    assert "destinataire inconnu" in page
    assert "à vérifier" in page


def test_letters_to_post_are_printed_together_and_noted_at_once(
    workspace: Workspace, known: Customer, adviser: User, now: datetime, signed_in: StrictClient
) -> None:
    letters = [made_final(known, adviser, now, subject) for subject in ("Le retour", "L’avoir")]
    draft = make.letter(known)
    asked = {"lettres": [str(one.pk) for one in (*letters, draft)]}

    document = signed_in.get(at_page("together", workspace.pk), asked)
    pages = PdfReader(io.BytesIO(document.content)).pages
    assert len(pages) == 2
    signed_in.post(at_page("post_many", workspace.pk), asked)
    assert LetterPosting.objects.filter(method=Method.PLAIN).count() == 2
    none = signed_in.get(at_page("together", workspace.pk), asked)
    assert "des lettres à poster" in none.content.decode()
    signed_in.post(at_page("post_many", workspace.pk), asked)
    assert LetterPosting.objects.count() == 2


def test_a_posting_is_undone_and_a_draft_comes_back_from_their_page(
    workspace: Workspace, known: Customer, final: Letter, adviser: User, now: datetime,
    signed_in: StrictClient,
) -> None:  # fmt: skip
    posting = sent(final, adviser, now)
    signed_in.post(at_page("unpost", workspace.pk, final.pk, posting.pk))
    posting.refresh_from_db()
    assert posting.cancelled_at is not None

    draft = make.letter(known)
    signed_in.post(at_page("discard", workspace.pk, draft.pk))
    assert "redevenir" in signed_in.get(at_page("letter", workspace.pk, draft.pk)).content.decode()
    signed_in.post(at_page("restore", workspace.pk, draft.pk))
    draft.refresh_from_db()
    assert draft.state == Letter.State.DRAFT


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
