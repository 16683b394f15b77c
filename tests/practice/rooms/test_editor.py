"""The written editor: what the part asks for is offered, its help is the framework's, it goes on paper."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from acquis.certification.sittings.models import Phase, Production
from acquis.practice.rooms import writing
from tests.practice.rooms.test_candidate_pages import save

pytestmark = pytest.mark.django_db
Begin = Callable[[int], Phase]


def shown(client, sitting, name: str = "room", **query: str) -> str:
    return client.get(reverse(f"rooms:{name}", args=[sitting.pk]), query).content.decode()


@pytest.mark.parametrize(
    ("asked", "letter"),
    [
        (["Rédigez le courrier de réponse."], True),
        (["Répondez par une lettre."], True),
        (["Rédigez un plan d’actions."], False),
        ([], False),
    ],
)
def test_a_letter_has_its_layout_when_the_part_asks_for_one(asked: list[str], letter: bool) -> None:
    keys = [piece.key for piece in writing.pieces_for("written", asked)]
    assert ("letter_recipient" in keys) is letter
    assert ("work" in keys) is not letter


def test_what_is_written_already_stays_in_sight() -> None:
    keys = [piece.key for piece in writing.pieces_for("written", [], {"letter_body": None})]
    assert {"work", "letter_body", "letter_sender"} <= set(keys)


def test_styles_are_kept_and_what_acts_is_not(sitting, begin: Begin, candidate_client) -> None:
    begin(1)
    sent = "<h3>Faits</h3><p class='align-right' onclick='x()'>le <strong>3</strong><script>x()</script></p>"
    assert save(candidate_client, sitting, sent).status_code == 200
    kept = Production.objects.get(sitting=sitting)
    assert kept.rich
    assert kept.content == '<h3>Faits</h3><p class="align-right">le <strong>3</strong></p>'
    paper = shown(candidate_client, sitting, "printed", feuille="summary")
    assert kept.content in paper
    assert "data-print" in paper


def test_a_line_is_plain_words_and_shown_as_they_are(sitting, begin, candidate_client) -> None:
    begin(1)
    save(candidate_client, sitting, "<b>1 & 2</b>", key="letter_subject")
    kept = Production.objects.get(sitting=sitting)
    assert (kept.rich, kept.content) == (False, "<b>1 & 2</b>")
    assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;" in shown(
        candidate_client, sitting, "printed", feuille="letter"
    )


def test_plain_words_of_before_there_was_an_editor_are_shown_in_it(
    sitting, begin: Begin, candidate_client
) -> None:
    begin(1)
    save(candidate_client, sitting, "x")
    Production.objects.update(content="Un.\n\nDeux & trois.", rich=False)
    assert "&lt;p&gt;Un.&lt;/p&gt;&lt;p&gt;Deux &amp;amp; trois.&lt;/p&gt;" in shown(
        candidate_client, sitting
    )


@pytest.mark.parametrize("allowed", [True, False])
def test_spelling_is_helped_exactly_when_the_framework_allows_it(
    sitting, begin: Begin, candidate_client, allowed: bool
) -> None:
    phase = begin(1)
    phase.spelling_help = allowed
    phase.save(update_fields=["spelling_help"])
    page = shown(candidate_client, sitting)
    count = page.count('data-autosave-url="')
    assert count == page.count(f'lang="fr" spellcheck="{str(allowed).lower()}"')
    assert count == page.count(f'data-gramm="{str(allowed).lower()}"')


def test_nothing_is_printed_on_another_device_or_outside_a_written_part(
    sitting, begin: Begin, candidate_client
) -> None:
    address = reverse("rooms:printed", args=[sitting.pk])
    assert candidate_client.get(address).status_code == 302
    begin(1)
    session = candidate_client.session
    session["exam_device"] = "another"
    session.save()
    answer = candidate_client.get(address, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "sittings.device_not_authorised"
