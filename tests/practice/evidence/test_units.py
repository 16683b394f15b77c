"""What each unit sees, on invented exchanges; and that none judges."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from acquis.practice.evidence.sources import Act, Answer, Said, Sources, Talk, Written
from acquis.practice.evidence.units import UNITS
from acquis.practice.evidence.units.acts import consulted, identification
from acquis.practice.evidence.units.agreement import amounts, dates, holds, letter_and_agreed
from acquis.practice.evidence.units.passages import markers, reformulations, understanding_checks
from acquis.practice.evidence.units.qualification import qualification
from acquis.practice.evidence.units.times import response_times
from acquis.practice.evidence.units.writing import spelling_and_grammar

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def said(pk: int, author: str, body: str, seconds: int) -> Said:
    return Said(pk, author, body, START + timedelta(seconds=seconds))


def talk(*messages: Said, **fields) -> Talk:
    values = {
        "pk": 7,
        "key": "a",
        "label": "Chat avec Léa",
        "started_at": START,
        "ended_at": None,
        "messages": messages,
        "customer": "",
        "reason": ("", ""),
        "outcome": ("", ""),
        "summary": "",
        "qualified_at": None,
    }
    return Talk(**{**values, **fields})


def test_response_times_count_one_wait_for_two_questions_in_a_row():
    one = talk(
        said(1, "customer", "Bonjour", 0),
        said(2, "customer", "Vous êtes là ?", 20),
        said(3, "adviser", "Bonjour Léa", 45),
        said(4, "customer", "Mon colis ?", 60),
        said(5, "adviser", "Je vérifie", 75),
    )
    (seen,) = response_times(Sources(talks=[one]))
    assert seen.figures == {"first_s": 45, "average_s": 30, "longest_s": 45, "answers": 2}
    assert seen.moments[0].ref == "message-3"


def test_response_times_say_nothing_without_an_answer():
    assert response_times(Sources(talks=[talk(said(1, "customer", "Bonjour", 0))])) == []


def test_qualification_shows_what_was_recorded_beside_what_was_expected():
    one = talk(
        qualified_at=START,
        reason=("LIV-RET", "Retard"),
        outcome=("ACT-EXP", "Réexpédition"),
        summary="Colis perdu, réexpédié.",
        expected_reasons=[("LIV-PER", "Colis perdu")],
        expected_outcomes=[("ACT-EXP", "Réexpédition")],
    )
    (seen,) = qualification(Sources(talks=[one]))
    assert "« Retard » (le scénario prévoit « Colis perdu »)" in seen.statement
    assert "« Réexpédition » (prévu par le scénario)" in seen.statement
    assert seen.moments[0].ref == "qualification-7"


def test_qualification_shows_each_answer_of_the_desk_beside_what_was_expected():
    one = talk(
        qualified_at=START,
        details=[
            Answer("Identité vérifiée", "oui", "oui"),
            Answer("Degré d’urgence", "", "normale"),
            Answer("Satisfaction exprimée", "neutre", ""),
        ],
    )
    (seen,) = qualification(Sources(talks=[one]))
    assert "Identité vérifiée « oui » (prévu par le scénario)" in seen.statement
    assert "Degré d’urgence « – » (le scénario prévoit « normale »)" in seen.statement
    assert "Satisfaction exprimée « neutre » ;" in seen.statement


def test_qualification_says_that_the_letter_received_was_left_as_it_came():
    received = talk(label="Courrier – Dossier écrit 1")
    (seen,) = qualification(Sources(letter_received=received))
    assert seen.statement == "Courrier – Dossier écrit 1 : le contact n’a pas été qualifié."
    assert seen.moments == []


def test_reformulation_proposes_the_sentence_and_its_moment():
    one = talk(said(9, "adviser", "Bonjour. Si j’ai bien compris, vous partez deux mois ?", 5))
    (seen,) = reformulations(Sources(talks=[one]))
    assert [moment.ref for moment in seen.moments] == ["message-9"]
    assert seen.moments[0].excerpt == "Si j’ai bien compris, vous partez deux mois ?"


def test_understanding_check_never_reads_the_customer():
    one = talk(said(1, "customer", "Cela vous convient ?", 0))
    (seen,) = understanding_checks(Sources(talks=[one]))
    assert seen.moments == ()


def test_markers_quote_words_and_give_no_number_of_merit():
    one = talk(said(1, "adviser", "Bonjour, je comprends. Malheureusement, il faut attendre.", 0))
    titles = [seen.title for seen in markers(Sources(talks=[one]))]
    assert titles == ["Salutation", "Marque d’écoute", "Expression déconseillée"]


def test_amounts_read_french_writings():
    text = "Nous vous remboursons 15 €, puis 1 234,50 € et 20,5 euros ; pas 12 %."
    assert amounts(text) == [Decimal("15.00"), Decimal("1234.50"), Decimal("20.50")]


def test_dates_read_words_and_figures():
    assert dates("le 1er mars 2026, le 12/11/26 et le 3 décembre") == [
        (1, 3, 2026),
        (3, 12, None),
        (12, 11, 2026),
    ]


@given(st.decimals(min_value=0, max_value=99999, places=2))
def test_an_amount_written_in_french_is_found_again(amount):
    written = f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",") + "\u00a0€"
    assert holds(f"Nous vous devons {written}.", {"kind": "amount", "value": str(amount)})


def test_letter_is_compared_with_what_was_agreed_and_other_amounts_are_named():
    sources = Sources(
        written=[
            Written(
                "letter_body",
                "Corps",
                "Nous remboursons 15,00 € sous 5 jours ouvrés, et 100 € de plus.",
                START,
            )
        ],
        letter_agreed=[
            {"kind": "amount", "label": "Port", "value": "15.00", "text": "15,00 €"},
            {"kind": "delay", "label": "Délai", "value": "cinq jours ouvrés"},
            {"kind": "date", "label": "Livraison", "on": "2026-11-06", "value": "6 novembre 2026"},
        ],
    )
    facts, others = letter_and_agreed(sources)
    assert "retrouvés : Port (15,00 €), Délai (cinq jours ouvrés)" in facts.statement
    assert "non retrouvés : Livraison (6 novembre 2026)" in facts.statement
    assert "100,00" in others.statement


def test_identification_counts_what_was_written_before_the_record_was_found():
    one = talk(
        said(1, "adviser", "Bonjour, votre référence ?", 5),
        said(2, "adviser", "Merci, je vois votre commande.", 60),
    )
    acts = [Act(3, "conversation.identified", "7", START + timedelta(seconds=30), {})]
    (seen,) = identification(Sources(talks=[one], acts=acts))
    assert "après 1 message(s)" in seen.statement


def test_consulted_names_the_articles_opened():
    acts = [
        Act(
            1,
            "knowledge.article_opened",
            "4",
            START,
            {"slug": "proc-livraison", "title": "Livraison"},
        )
    ]
    seen = consulted(Sources(acts=acts, written_procedures=["proc-livraison", "cgv"]))
    assert "1 article(s) : Livraison ; 1 des 2 articles utiles au sujet" in seen[0].statement


def test_spelling_shows_the_whole_sentence_and_spares_names():
    text = "Votre demmande est arrivée chez Valbrenne. Nous y répondons."
    sources = Sources(
        written=[Written("letter_body", "Corps", text, START)], known_words=["Ateliers Valbrenne"]
    )
    (seen,) = spelling_and_grammar(sources)
    assert [moment.excerpt for moment in seen.moments] == [
        "Votre demmande est arrivée chez Valbrenne."
    ]


def test_every_unit_says_what_it_reads_shows_and_misses():
    for unit in UNITS:
        assert unit.reads
        assert unit.shows
        assert unit.limits
        assert unit.serves


def test_no_unit_speaks_as_a_judge():
    one = talk(
        said(1, "customer", "Bonjour", 0),
        said(2, "adviser", "Bonjour, si je comprends bien ? Cela vous convient ?", 10),
    )
    sources = Sources(talks=[one], written=[Written("letter_body", "Corps", "Bonjour.", START)])
    judging = re.compile(r"\b(acquis|insuffisant|mauvais|correcte?|note|score|réussie?|faute)\b")
    for unit in UNITS:
        for seen in unit.read(sources):
            assert not judging.search(seen.statement.casefold()), seen.statement
