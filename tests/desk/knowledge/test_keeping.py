"""Articles written, published, compared, restored, withdrawn; what readers tell of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.knowledge import policy, queries
from acquis.desk.knowledge.actions import use_articles as use
from acquis.desk.knowledge.actions import write_article as write
from acquis.desk.knowledge.errors import (
    ArticleChangedMeanwhile,
    ArticleIncomplete,
    ArticleNotPublished,
    ArticleUnchanged,
    SynonymsTooFew,
    ValidityBackwards,
)
from acquis.desk.knowledge.models import Article, ArticleDraft, SearchMiss, Synonyms
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make
from tests.factories import knowledge as known

WRITTEN = write.Written("procedure", "Retour d’un colis", "1. Lire.\n2. Répondre.")


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


@pytest.fixture
def keeper(supervisor: User) -> StrictClient:
    client = StrictClient()
    client.force_login(supervisor)
    return client


def test_a_new_article_is_read_by_nobody_until_published(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    draft = write.begin_article(workspace=workspace, written=WRITTEN, by=adviser, at=now)
    twin = write.begin_article(workspace=workspace, written=WRITTEN, by=adviser, at=now)

    assert (draft.article.slug, twin.article.slug) == ("retour-d-un-colis", "retour-d-un-colis-2")
    assert queries.find(workspace, "colis") == []

    version = write.publish_article(article=draft.article, note="", by=adviser, at=now)

    assert (version.rank, version.label) == (1, "1")
    assert [hit.article.slug for hit in queries.find(workspace, "colis")] == [draft.article.slug]
    assert not ArticleDraft.objects.filter(article=draft.article).exists()
    verbs = list(trace.lines(workspace.trace_stream).values_list("verb", flat=True))
    assert verbs[-1] == "knowledge.article_published"


def test_publishing_keeps_every_version_the_one_of_the_pack_too(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    article = make.article(workspace, version="2.1", body="Avant.")
    for text in ("Pendant.", "Après."):
        written = write.Written("procedure", article.title, text)
        write.save_draft(article=article, written=written, read_at=None, by=adviser, at=now)
        article.refresh_from_db()
        write.publish_article(article=article, note=text, by=adviser, at=now)

    kept = list(article.versions.order_by("rank").values_list("rank", "label", "body"))
    assert kept == [(1, "2.1", "Avant."), (2, "2.2", "Pendant."), (3, "2.3", "Après.")]
    article.refresh_from_db()
    assert (article.version, article.body) == ("2.3", "Après.")

    first = article.versions.get(rank=1)
    restored = write.restore_version(version=first, by=adviser, at=now)
    assert restored.body == "Avant."
    article.refresh_from_db()
    assert article.body == "Après."


def test_publish_article_refuses_without_a_draft_or_a_text(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    article = make.article(workspace)
    with pytest.raises(ArticleUnchanged):
        write.publish_article(article=article, note="", by=adviser, at=now)
    known.draft(article, body=" ")
    with pytest.raises(ArticleIncomplete):
        write.publish_article(article=article, note="", by=adviser, at=now)
    assert not article.versions.exists()


def test_two_people_do_not_overwrite_each_other(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    article = make.article(workspace)
    other = known.draft(article, saved_by="Karim")

    with pytest.raises(ArticleChangedMeanwhile):
        write.save_draft(article=article, written=WRITTEN, read_at=None, by=adviser, at=now)
    write.save_draft(article=article, written=WRITTEN, read_at=other.saved_at, by=adviser, at=now)
    later = now + timedelta(minutes=5)
    write.save_draft(article=article, written=WRITTEN, read_at=None, by=adviser, at=later)
    assert ArticleDraft.objects.get().saved_by == adviser.full_name


def test_validity_ends_after_it_begins(workspace: Workspace, adviser: User, now: Any) -> None:
    wrong = write.Written(
        "terms", "CGV", "Texte", valid_from=date(2026, 2, 1), valid_until=date(2026, 1, 1)
    )

    with pytest.raises(ValidityBackwards):
        write.begin_article(workspace=workspace, written=wrong, by=adviser, at=now)
    with pytest.raises(ValidityBackwards):
        write.save_draft(
            article=make.article(workspace), written=wrong, read_at=None, by=adviser, at=now
        )


def test_a_draft_is_thrown_away_alone_or_with_its_article(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    article = make.article(workspace)
    with pytest.raises(ArticleUnchanged):
        write.discard_draft(article=article, by=adviser, at=now)
    known.draft(article)
    assert write.discard_draft(article=article, by=adviser, at=now) is True
    fresh = write.begin_article(workspace=workspace, written=WRITTEN, by=adviser, at=now).article
    assert write.discard_draft(article=fresh, by=adviser, at=now) is False
    assert list(Article.objects.all()) == [article]


def test_an_article_is_withdrawn_and_reviewed(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    article = make.article(workspace, review_on=date(2026, 1, 1))
    never = make.article(workspace, state="draft")
    today = date(2026, 11, 20)
    assert list(queries.due(workspace, today=today)) == [article]

    write.review_article(article=article, next_on=date(2027, 1, 1), by=adviser, at=now)
    assert list(queries.due(workspace, today=today)) == []
    write.review_article(article=article, next_on=None, by=adviser, at=now)
    for _ in range(2):
        write.withdraw_article(article=article, by=adviser, at=now)
    verbs = list(trace.lines(workspace.trace_stream).values_list("verb", flat=True))
    assert verbs.count("knowledge.article_withdrawn") == 1
    with pytest.raises(ArticleNotPublished):
        write.withdraw_article(article=never, by=adviser, at=now)
    with pytest.raises(ArticleNotPublished):
        write.review_article(article=article, next_on=None, by=adviser, at=now)


def test_a_vote_is_one_a_person_and_the_last_counts(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    article = make.article(workspace)
    use.vote(article=article, useful=True, comment="", by=adviser, at=now)
    use.vote(article=article, useful=False, comment=" Il manque le délai. ", by=adviser, at=now)

    assert article.votes.get().comment == "Il manque le délai."
    assert [row.useless for row in queries.disputed(workspace)] == [1]
    with pytest.raises(IntegrityError), transaction.atomic():
        known.vote(article, adviser)


def test_what_is_not_found_is_counted_without_who(workspace: Workspace, now: Any) -> None:
    make.article(workspace, body="colis")
    make.customer(workspace, last_name="Zanzibar")
    for typed in ("garantie Zanzibar", "GARANTIE", "colis", "zanzibar", "12345"):
        use.record_miss(workspace=workspace, typed=typed, at=now)

    assert list(SearchMiss.objects.values_list("text", "times")) == [("garantie", 2)]
    assert not trace.lines(workspace.trace_stream).exists()


def test_synonyms_are_two_at_least(workspace: Workspace, adviser: User, now: Any) -> None:
    with pytest.raises(SynonymsTooFew):
        use.keep_synonyms(workspace=workspace, given=["colis", " colis", ""], by=adviser, at=now)
    row = use.keep_synonyms(workspace=workspace, given=["colis", "paquet"], by=adviser, at=now)
    use.remove_synonyms(synonyms=row, by=adviser, at=now)
    assert not Synonyms.objects.exists()


def test_a_sealed_desk_keeps_what_it_knows(workspace: Workspace, adviser: User, now: Any) -> None:
    article = make.article(workspace)
    known.draft(article)
    version, miss = known.version(article), known.miss(workspace)
    synonyms = known.synonyms(workspace, "a", "b")
    accounts.sealed(workspace)
    workspace.refresh_from_db()
    for row in (article, miss, synonyms):
        row.workspace = workspace
    who = {"by": adviser, "at": now}

    for act in (
        lambda: write.begin_article(workspace=workspace, written=WRITTEN, **who),
        lambda: write.save_draft(article=article, written=WRITTEN, read_at=None, **who),
        lambda: write.publish_article(article=article, note="", **who),
        lambda: write.restore_version(version=version, **who),
        lambda: write.discard_draft(article=article, **who),
        lambda: write.withdraw_article(article=article, **who),
        lambda: write.review_article(article=article, next_on=None, **who),
        lambda: use.vote(article=article, useful=True, comment="", **who),
        lambda: use.record_miss(workspace=workspace, typed="x", at=now),
        lambda: use.settle_miss(miss=miss, **who),
        lambda: use.keep_synonyms(workspace=workspace, given=["a", "b"], **who),
        lambda: use.remove_synonyms(synonyms=synonyms, **who),
    ):
        with pytest.raises(WorkspaceSealed):
            act()


@pytest.mark.parametrize(
    ("label", "following"),
    [("1", "1.1"), ("2.9", "2.10"), ("2026-03", "2026-4"), ("A", "A-2"), ("9" * 20, "1"),
     ("x" * 20, "x" * 18 + "-2")],
)  # fmt: skip
def test_the_label_that_follows(label: str, following: str) -> None:
    assert policy.next_version(label) == following


@pytest.mark.parametrize(
    ("label", "following"), [("1", "2"), ("2.9", "3"), ("v2.1 bis", "v3"), ("9" * 20, "1")]
)
def test_a_major_version_grows_the_first_number(label: str, following: str) -> None:
    assert policy.next_version(label, major=True) == following


def test_an_address_is_unlike_the_others() -> None:
    assert policy.slug_of("Tenue", ()) == "tenue-2"
    assert policy.slug_of("Été & hiver !", {"ete-hiver"}) == "ete-hiver-2"
    assert policy.slug_of("…", ()) == "article"


def test_the_steps_of_a_procedure_are_its_first_ordered_list() -> None:
    text = "# T\n\n- x\n\n1. **Lire** la demande\n   - détail\n2. Répondre\n\nSuite\n\n1. Autre"

    assert policy.steps(text) == ["Lire la demande", "Répondre"]
    assert policy.steps("Rien.") == []


def test_what_is_pasted_has_no_marks() -> None:
    assert policy.plain("## Délai\n\n- **Quatorze** jours\n- `Sept`\n\nFin\nsuite") == (
        "Délai\n- Quatorze jours\n- Sept\nFin suite"
    )


def test_a_supervisor_keeps_an_article_in_the_browser(
    keeper: StrictClient, workspace: Workspace
) -> None:
    def at(name: str, *args: Any) -> str:
        return reverse(f"knowledge:{name}", args=[workspace.pk, *args])

    fields = {
        "kind": "procedure",
        "title": "Retour",
        "body": "# Retour\n\n**Lire**.",
        "keywords": "a, b",
    }
    assert keeper.get(at("new")).status_code == 200
    wrong = fields | {"valid_from": "2026-02-01", "valid_until": "2026-01-01"}
    assert keeper.post(at("new"), wrong).status_code == 422
    assert keeper.post(at("new"), fields).status_code == 302
    article = Article.objects.get()
    assert keeper.get(at("article", article.slug)).status_code == 200
    page = keeper.get(at("edit", article.slug))
    assert b"<strong>Lire</strong>" in page.content
    read_at = page.context["form"]["read_at"].value()
    again = fields | {"body": "Deux.", "read_at": read_at}
    assert keeper.post(at("edit", article.slug), again).status_code == 302
    assert keeper.post(at("publish", article.slug), {"note": "Début"}).status_code == 302
    assert b"<em>x</em>" in keeper.post(at("preview"), {"body": "*x*", "title": ""}).content
    known.version(article, rank=2, label="2", body="Trois.")
    compared = keeper.get(at("versions", article.slug), {"de": "1", "a": "2"}).content.decode()
    assert "<ins>Trois.</ins>" in compared
    assert keeper.post(at("restore", article.slug, 1)).status_code == 302
    assert keeper.post(at("discard", article.slug)).status_code == 302
    assert keeper.post(at("review", article.slug), {"next_on": "2027-01-01"}).status_code == 302
    assert keeper.post(at("withdraw", article.slug)).status_code == 302
    article.refresh_from_db()
    assert (article.state, article.keywords, article.body) == ("withdrawn", ["a", "b"], "Deux.")
    assert keeper.get(at("article", article.slug)).status_code == 200


def test_the_page_of_keeping_says_what_is_due(
    keeper: StrictClient, workspace: Workspace, supervisor: User
) -> None:
    def at(name: str, *args: Any) -> str:
        return reverse(f"knowledge:{name}", args=[workspace.pk, *args])

    article = make.article(workspace, title="À relire", review_on=date(2020, 1, 1))
    known.draft(article)
    known.vote(article, supervisor, comment="Faux depuis mai.")
    miss = known.miss(workspace, text="garantie")
    make.article(workspace, title="Ancien", state="withdrawn")

    page = keeper.get(at("keeping")).content.decode()
    for expected in ("À relire", "Faux depuis mai.", "garantie", "Ancien"):
        assert expected in page
    assert keeper.post(at("synonyms"), {"words": ""}).status_code == 422
    assert keeper.post(at("synonyms"), {"words": "a, b"}).status_code == 302
    row = Synonyms.objects.get()
    assert keeper.post(at("synonyms_remove", row.pk)).status_code == 302
    assert keeper.post(at("settle", miss.pk)).status_code == 302
    fresh = write.begin_article(
        workspace=workspace, written=WRITTEN, by=supervisor, at=make.NOW
    ).article
    answer = keeper.post(at("discard", fresh.slug))
    assert answer.url == at("keeping")


def test_an_adviser_does_not_see_what_is_being_written(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    hidden = make.article(workspace, state="draft")

    for name, args in (
        ("article", [hidden.slug]), ("edit", [hidden.slug]), ("keeping", []), ("new", []),
        ("versions", [hidden.slug]),
    ):  # fmt: skip
        address = reverse(f"knowledge:{name}", args=[workspace.pk, *args])
        assert signed_in.get(address).status_code == 404


def test_readers_vote_search_in_the_pane_and_tell_what_is_missing(
    signed_in: StrictClient, workspace: Workspace, htmx: dict[str, str]
) -> None:
    def at(name: str, *args: Any) -> str:
        return reverse(f"knowledge:{name}", args=[workspace.pk, *args])

    article = make.article(workspace, title="Colis", body="# Colis\n\nUn **délai**.")

    assert b"Colis" in signed_in.get(at("pane"), {"q": "colis"}).content
    assert b"data-missed" in signed_in.get(at("pane"), {"q": "zzzz"}).content
    assert "Un délai." in signed_in.get(at("read", article.slug)).content.decode()
    voted = signed_in.post(at("vote", article.slug), {"useful": "1"}, headers=htmx)
    assert b'aria-pressed="true"' in voted.content
    assert signed_in.post(at("missed"), {"q": "garantie"}).status_code == 204
    assert SearchMiss.objects.get().text == "garantie"
    part = signed_in.get(at("pane"), {"q": "délai garantie"}).content.decode()
    assert "ceux-ci répondent à une partie" in part
    assert "data-missed" in part
    assert signed_in.post(at("missed"), {"q": "délai garantie"}).status_code == 204
    assert SearchMiss.objects.filter(text="delai garantie").exists()
