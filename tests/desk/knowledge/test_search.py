"""Search in French on both engines: endings, accents, synonyms, misspellings, ranking, excerpts."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.models import Workspace
from acquis.desk.knowledge import policy, queries, words
from acquis.practice.enterprises.actions.copy_workspace import copy_workspace
from tests.factories import desk as make
from tests.factories import knowledge as known


@pytest.mark.parametrize(
    ("typed", "written"),
    [("retours", "retour"), ("livraisons", "livraison"), ("remboursée", "rembourser"),
     ("journaux", "journal"), ("GESTES", "geste"), ("enquete", "enquête"), ("retournée", "retourner")],
)  # fmt: skip
def test_endings_and_accents_of_a_word_do_not_count(typed: str, written: str) -> None:
    assert set(words.stems(typed)) & set(words.stems(written))


@given(st.text(max_size=60))
def test_what_is_indexed_and_asked_is_letters_and_digits_only(text: str) -> None:
    asked = words.understood(text, [["colis", "bon de livraison"]])

    for token in words.indexed(text).split():
        assert token.isascii()
        assert token.isalnum()
    for group in asked:
        assert all(token.isascii() and token.isalnum() for token in group.tokens)
        assert group.prefix == "" or group.prefix.isalnum()
    assert all(part for part in words.sqlite_query(asked).split(" AND ")) or not asked


def test_an_excerpt_of_a_long_text_begins_and_ends_with_whole_words() -> None:
    text = f"{'avant ' * 60}un colis perdu {'ensuite ' * 60}puis un colis rendu"
    found = words.places(text, words.understood("colis"))

    pieces = policy.excerpt(text, found)

    assert [part for part, hit in pieces if hit] == ["colis"]  # the second lies beyond
    assert (pieces[0], pieces[-1]) == (("… ", False), (" …", False))
    before, after = pieces[1][0].split(), pieces[3][0].split()
    assert before == ["avant"] * (len(before) - 1) + ["un"]
    assert after == ["perdu"] + ["ensuite"] * (len(after) - 1)


@given(st.text(alphabet="ab é.\n", max_size=400), st.text(alphabet="abé", min_size=1, max_size=3))
def test_an_excerpt_is_made_of_the_text_and_marks_what_was_found(text: str, word: str) -> None:
    found = words.places(text, words.understood(word))
    pieces = policy.excerpt(text, found)
    shown = "".join(part for part, _hit in pieces).strip(" …")

    assert " ".join(shown.split()) in " ".join(text.split())
    assert len(shown) <= policy.EXCERPT_SIGNS + len(text)
    assert all(part in text for part, hit in pieces if hit)


@pytest.fixture
def articles(workspace: Workspace) -> Workspace:
    make.article(workspace, title="Retours et rétractation", body="Quatorze jours pour retourner.")
    make.article(workspace, title="Colis perdu", body="Le bon de livraison fait foi. Un retour ?")
    make.article(workspace, title="Tarifs", body="Le remboursement suit sous sept jours.")
    return workspace


def titles(workspace: Workspace, typed: str) -> list[str]:
    return [hit.article.title for hit in queries.find(workspace, typed)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("retour", ["Retours et rétractation", "Colis perdu"]),
        ("retractation", ["Retours et rétractation"]),
        ("rétrac", ["Retours et rétractation"]),
        ("les colis perdus", ["Colis perdu"]),
        ("retour zzzzzz", []),
        ("\"'*()&|!:<->", ["Colis perdu", "Retours et rétractation", "Tarifs"]),
    ],
)
def test_articles_are_found_as_people_ask(
    articles: Workspace, typed: str, expected: list[str]
) -> None:
    assert titles(articles, typed) == expected


def test_synonyms_of_the_desk_count_whole_expressions_too(articles: Workspace) -> None:
    assert titles(articles, "paquet") == []
    known.synonyms(articles, "paquets", "bon de livraison")
    assert titles(articles, "paquet") == ["Colis perdu"]
    known.synonyms(articles, "avoir", "remboursement")
    assert titles(articles, "avoirs ") == ["Tarifs"]


def test_a_misspelt_word_is_taken_for_the_closest(articles: Workspace) -> None:
    found = queries.search(articles, "rembousement")

    assert [hit.article.title for hit in found.hits] == ["Tarifs"]
    assert found.instead == ("remboursement",)
    assert "<mark>remboursement</mark>" in found.hits[0].excerpt
    assert queries.search(articles, "xyz").instead == ()


def test_excerpts_are_escaped(workspace: Workspace) -> None:
    make.article(workspace, body="<script>alert(1)</script> retour & suite")

    excerpt = queries.find(workspace, "retour")[0].excerpt

    assert "<script" not in excerpt
    assert "<mark>retour</mark> &amp; suite" in excerpt


def test_drafts_and_withdrawn_articles_are_not_found(workspace: Workspace) -> None:
    make.article(workspace, title="Caché", state="draft")
    make.article(workspace, title="Retiré", state="withdrawn")

    assert titles(workspace, "") == []
    assert titles(workspace, "colis") == []


def test_the_index_follows_changes_removals_and_copies(articles: Workspace, now: Any) -> None:
    article = queries.of_workspace(articles).get(title="Tarifs")
    article.title = "Barème"
    queries.index(article)
    article.save()
    assert titles(articles, "barème") == ["Barème"]
    assert titles(articles, "tarifs") == []

    copy = copy_workspace(source=articles, name="Copie", member=None, by=None, at=now)
    assert titles(copy, "barème") == ["Barème"]
    article.delete()
    assert titles(articles, "barème") == []
    assert titles(copy, "barème") == ["Barème"]


def test_each_engine_uses_its_index(articles: Workspace) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT count(*) FROM sqlite_master WHERE name LIKE 'knowledge_article_fts_%ed'"
            )
            assert cursor.fetchone() == (3,)
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            statement = "EXPLAIN SELECT id FROM knowledge_article WHERE "
            cursor.execute(f"{statement} {queries.DOCUMENT} @@ to_tsquery('simple', 'retour')")
            assert "knowledge_article_words" in str(cursor.fetchall())


def test_a_search_asks_the_same_for_one_and_fifty(workspace: Workspace, count_queries: Any) -> None:
    make.article(workspace)
    one = count_queries(lambda: queries.find(workspace, "colis"))
    for _ in range(49):
        make.article(workspace)

    assert count_queries(lambda: queries.find(workspace, "colis")) == one


@pytest.mark.parametrize(
    ("typed", "names", "kept"),
    [
        ("remboursement colis", (), "remboursement colis"),
        ("facture FV-2031 de odile@x.example", (), "facture de"),
        ("colis Boisgontel", ("boisgontel",), "colis"),
        ("06 39 98 00 00", (), ""),
    ],
)
def test_the_journal_keeps_words_alone(typed: str, names: tuple[str, ...], kept: str) -> None:
    assert words.without_personal(typed, names) == kept


def test_names_of_customers_are_told_apart(workspace: Workspace) -> None:
    make.customer(workspace, last_name="Le Goff-Boisgontel", first_name="Élodie")

    assert queries.names_among(workspace, "colis elodie BOISGONTEL") <= {"elodie", "boisgontel"}
    assert "boisgontel" in queries.names_among(workspace, "colis BOISGONTEL")
    assert queries.names_among(workspace, "") == set()
