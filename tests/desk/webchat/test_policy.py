"""What the chat of a site allows."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.desk.webchat import policy

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://www.site.example", "https://www.site.example"),
        (" HTTPS://Www.Site.Example/ ", "https://www.site.example"),
        ("https://site.example:8443", "https://site.example:8443"),
        ("https://*.site.example", "https://*.site.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_an_origin_is_kept_as_a_header_wants_it(text: str, kept: str) -> None:
    assert policy.origin(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "", "www.site.example", "http://www.site.example", "https://site.example/page",
        "https://site.example?x=1", "https://site.example#x", "ftp://site.example",
        "https://a b.example", "https://x;script-src *", "https://*", "https://u:p@site.example",
        "javascript:alert(1)", "https://site.example 'unsafe-inline'", "http://127.0.0.1.example",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any wording
        policy.origin(text)


@given(st.text())
def test_an_origin_never_says_more_than_a_place(text: str) -> None:
    try:
        kept = policy.origin(text)
    except ValueError:
        return
    assert policy.origin(kept) == kept
    assert not set(kept) & set(" ;,'\"\r\n")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://site.example/panier?client=42#x", "https://site.example/panier"),
        ("https://odile:secret@site.example/a", "https://site.example/a"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_the_page_of_a_visitor_loses_what_may_be_personal(text: str, kept: str) -> None:
    assert policy.page_address(text) == kept


def test_a_short_token_is_none() -> None:
    assert policy.is_token("a" * policy.SHORTEST_TOKEN)
    assert not policy.is_token("a" * (policy.SHORTEST_TOKEN - 1))
    assert not policy.is_token("a" * (policy.LONGEST_TOKEN + 1))
    assert not policy.is_token("é" * policy.SHORTEST_TOKEN)


def test_the_words_of_a_question_are_those_of_its_subject() -> None:
    assert policy.keywords("Bonjour, où est mon colis ? Le colis a du retard…") == [
        "retard",
        "colis",
    ]
    assert policy.keywords("Bonjour madame, comment allez-vous") == ["allez"]
    assert policy.keywords("") == []


@given(st.text(max_size=300))
def test_few_words_are_looked_for(text: str) -> None:
    words = policy.keywords(text)

    assert len(words) <= policy.MOST_KEYWORDS
    assert len(set(words)) == len(words)


def test_the_article_that_most_words_find_comes_first() -> None:
    assert policy.best([[1, 2], [2, 3], [2], [3]]) == [2, 3]
    assert policy.best([[1], [2]]) == [1, 2]
    assert policy.best([[], []]) == []
    assert policy.best([[1, 2, 3, 4]]) == [1, 2, 3]


def test_a_flood_is_seen() -> None:
    assert policy.too_fast(policy.MOST_MESSAGES)
    assert not policy.too_fast(policy.MOST_MESSAGES - 1)


def test_where_a_chat_is() -> None:
    assert policy.stage(None, closed=False) == "automatic"
    assert policy.stage(None, closed=True) == "ended"
    assert policy.stage("open", closed=False) == "open"


def test_what_was_said_before_fits_and_keeps_its_end() -> None:
    lines = [("10:00", "Odile", "Bonjour"), ("10:01", "Réponse", "Voici")]

    assert policy.said_before(lines, 100) == "10:00 · Odile : Bonjour\n10:01 · Réponse : Voici"
    cut = policy.said_before(lines, 20)
    assert len(cut) == 20
    assert cut.startswith("…")
    assert cut.endswith("Voici")
