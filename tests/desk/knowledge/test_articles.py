"""Articles: rendered clean, found, their opening traced."""

import pytest
from django.urls import reverse

from acquis.accounts.models import Workspace
from acquis.desk.knowledge import policy, queries
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import desk as make


def test_html_in_an_article_is_text_and_its_title_is_said_once() -> None:
    text = policy.rendered(
        "# Retours\n\n## Délai\n\n<script>alert(1)</script> [x](javascript:alert)\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "Retours",
    )

    assert "<script" not in text.html
    assert 'href="javascript' not in text.html
    assert "<h1" not in text.html
    assert "<table>" in text.html
    assert [heading.text for heading in text.headings] == ["Délai"]
    assert f'id="{text.headings[0].anchor}"' in text.html


@pytest.mark.django_db
def test_the_article_that_bears_the_word_in_its_title_comes_first(workspace: Workspace) -> None:
    make.article(workspace, title="Procédure", body="Un retour, puis des retours.")
    wanted = make.article(workspace, title="Retours et rétractation", body="Quatorze jours.")
    make.article(workspace, title="Tarifs", body="Rien.")

    hits = queries.find(workspace, "rétour")

    assert hits[0].article == wanted
    assert len(hits) == 2
    assert hits[1].excerpt == "Un <mark>retour</mark>, puis des <mark>retours</mark>."


@pytest.mark.django_db
def test_an_article_is_found_by_its_keywords_and_kind(workspace: Workspace) -> None:
    wanted = make.article(workspace, keywords=["bordereau"], kind="faq")

    assert [hit.article for hit in queries.find(workspace, "bordereaux")] == [wanted]
    assert queries.find(workspace, "", kind="terms") == []
    assert queries.find(workspace, "bordereau", kind="terms") == []


@pytest.mark.django_db
def test_opening_an_article_is_traced_once_a_page_view(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    article = make.article(workspace)
    page = signed_in.get(reverse("knowledge:article", args=[workspace.pk, article.slug]))
    opened = reverse("knowledge:opened", args=[workspace.pk, article.slug])

    for _ in range(2):
        signed_in.post(opened, {"view": page.context["view_key"]})

    line = trace.lines(workspace.trace_stream).get()
    assert (line.verb, line.data["slug"]) == ("knowledge.article_opened", article.slug)


@pytest.mark.django_db
@pytest.mark.parametrize("asked", [{}, {"q": "colis"}, {"q": "zzz"}, {"genre": "faq"}])
def test_the_list_of_articles_answers(
    signed_in: StrictClient, workspace: Workspace, asked: dict[str, str]
) -> None:
    make.article(workspace)

    assert signed_in.get(reverse("knowledge:index", args=[workspace.pk]), asked).status_code == 200
