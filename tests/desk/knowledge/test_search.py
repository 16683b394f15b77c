"""Search in French on both engines: endings, accents, synonyms, misspellings, ranking, excerpts."""

import itertools
from typing import Any

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from acquis.accounts.models import Workspace
from acquis.desk.knowledge import policy, queries, tasks, words
from acquis.desk.knowledge.actions import reindex
from acquis.desk.knowledge.models import Article, ArticleWord
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


@given(st.text(max_size=60) | st.text(alphabet="aÉ-'’« \"Ʊ·1", max_size=12))
@example("Ʊ-Ʊ")
def test_what_is_indexed_and_asked_is_letters_and_digits_only(text: str) -> None:
    asked = words.understood(text, [["colis", "bon de livraison"]])

    for token in words.indexed(text).split():
        assert token.isascii()
        assert token.isalnum()
    for group in asked:
        read = [*group.tokens, *itertools.chain(*group.phrases, *group.others, *group.apart)]
        assert all(token.isascii() and token.isalnum() for token in read)
        assert all((*group.phrases, *group.others, *group.apart)) or group.tokens
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
        ("retour zzzzzz", ["Retours et rétractation", "Colis perdu"]),
        ("zzzzzz", []),
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


def test_a_guess_that_answers_no_better_is_not_made(articles: Workspace) -> None:
    found = queries.search(articles, "rembousement mirabelle colis")

    assert (found.instead, found.partial) == ((), True)
    assert [hit.article.title for hit in found.hits] == ["Colis perdu"]


@pytest.mark.parametrize(
    ("typed", "known_word", "alike"),
    [
        ("rembousement", "remboursement", True),
        ("remboursemetn", "remboursement", True),  # two letters swapped
        ("facure", "facture", True),
        ("relance", "remplace", False),  # alike for three letters of seven
        ("coli", "colis", True),
        ("col", "colis", False),
    ],
)
def test_a_word_is_misspelt_by_a_few_letters(typed: str, known_word: str, alike: bool) -> None:
    assert words.closest(typed, [known_word]) == ([known_word] if alike else [])


def test_the_words_of_another_desk_are_never_told(articles: Workspace) -> None:
    other = make.desk()
    make.article(other, title="Secret", body="Le projet Mirabelle.")

    assert queries.search(articles, "mirzbelle").instead == ()
    assert queries.search(articles, "mirzbelle").hits == []
    assert queries.search(other, "mirzbelle").instead == ("mirabelle",)


def test_a_copy_of_a_desk_guesses_as_its_source_does(articles: Workspace, now: Any) -> None:
    copy = copy_workspace(source=articles, name="Copie", member=None, by=None, at=now)

    assert queries.search(copy, "rembousement").instead == ("remboursement",)
    assert titles(copy, "retour") == ["Retours et rétractation", "Colis perdu"]


def test_what_is_withdrawn_or_written_only_in_a_draft_is_not_guessed(workspace: Workspace) -> None:
    make.article(workspace, title="Mirabelle", state="draft")
    withdrawn = make.article(workspace, title="Framboise")
    Article.objects.filter(pk=withdrawn.pk).update(state="withdrawn")

    assert queries.search(workspace, "mirzbelle").instead == ()
    assert queries.search(workspace, "framboize").hits == []


def test_articles_indexed_otherwise_are_read_again_by_the_worker(
    articles: Workspace, monkeypatch: pytest.MonkeyPatch, now: Any
) -> None:
    """No migration: the list of words that tell nothing may change with the code alone."""
    Article.objects.update(
        stems_title="", stems_keywords="", stems_body="", stems_version="autrement"
    )
    ArticleWord.objects.all().delete()
    assert titles(articles, "retour") == []

    tasks.keep_searchable(now)

    assert titles(articles, "retour") == ["Retours et rétractation", "Colis perdu"]
    assert queries.search(articles, "rembousement").instead == ("remboursement",)
    assert set(Article.objects.values_list("stems_version", flat=True)) == {words.version()}
    assert reindex.reindex_outdated().articles == 0

    before = words.version()
    monkeypatch.setattr(words, "STOPWORDS", words.STOPWORDS | {"colis"})
    assert words.version() != before
    assert reindex.reindex_outdated().articles == 3


def test_a_batch_at_a_time_reads_all(articles: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    Article.objects.update(stems_version="")
    monkeypatch.setattr(reindex, "BATCH", 2)

    assert reindex.reindex_outdated().articles == 3


def test_a_desk_read_again_forgets_the_words_that_nothing_holds(articles: Workspace) -> None:
    other = make.desk()
    make.article(other, title="Mirabelle")
    Article.objects.get(title="Tarifs").delete()
    assert ArticleWord.objects.filter(workspace=articles, word="remboursement").exists()

    made = reindex.reindex_desk(workspace=articles)

    assert made.articles == 2
    assert made.words == ArticleWord.objects.filter(workspace=articles).count()
    assert not ArticleWord.objects.filter(workspace=articles, word="remboursement").exists()
    assert ArticleWord.objects.filter(workspace=other, word="mirabelle").exists()


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


def test_a_search_asks_the_same_for_ten_and_a_thousand(
    workspace: Workspace, count_queries: Any
) -> None:
    """Misspelt or not: nothing reads all the articles of the desk."""
    asked = ["colis", "colis zzzzzz", "zzzzzz", "recherhe transporteur", "rechrche transprteurr zz"]

    def counts() -> list[int]:
        return [
            count_queries(lambda typed=typed: queries.find(workspace, typed)) for typed in asked
        ]

    for _ in range(10):
        make.article(workspace)
    few = counts()
    letters = itertools.islice(itertools.permutations("abcdefghijk", 3), 990)
    shelf = [
        Article(
            workspace=workspace,
            slug=f"rayon-{rank}",
            kind=Article.Kind.FAQ,
            title=f"Recherche du rayon {rank}",
            body=f"Le colis {''.join(three)} attend le transporteur.",
        )
        for rank, three in enumerate(letters)
    ]
    for article in shelf:
        queries.index(article)
    reindex.learn(Article.objects.bulk_create(shelf))

    assert counts() == few
    assert max(few) <= 6 + 2 * queries.WORDS_GUESSED


def test_a_miss_compares_a_bounded_number_of_words(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.article(workspace, body=" ".join(f"re{a}{b}rie" for a in "abcdefgh" for b in "bcdfgh"))
    monkeypatch.setattr(queries, "WORDS_COMPARED", 20)
    compared: list[int] = []
    monkeypatch.setattr(words, "closest", lambda _word, known: compared.append(len(known)) or [])

    queries.search(workspace, "rezozie")

    assert compared == [20]


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


@pytest.mark.parametrize(
    ("typed", "written", "same"),
    [
        ("creme", "Crème", True),
        ("ÉMAILLÉES", "tasse emaillée", True),
        ("tasses", "Tasse", True),
        ("oeuf", "Œuf", True),
        ("l'eau", "de l’eau", True),
        ("rob-12", "ROB-12", True),
        ("(x)", "pot (x)", True),
        ("xxxx", "pot", False),
        ("robot", "robinet", False),
    ],
)
def test_a_word_of_a_short_text_is_found_without_its_accents(
    workspace: Workspace, typed: str, written: str, same: bool
) -> None:
    article = make.article(workspace, title=written)

    found = queries.published(workspace).filter(title__iregex=words.spelt(typed))

    assert list(found) == ([article] if same else [])
