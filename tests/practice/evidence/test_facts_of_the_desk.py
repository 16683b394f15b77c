"""Fields before and after, particulars told too early, gestures beside the matrix, legal mentions."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from acquis.practice.evidence.sources import Act, Said, Sources, Talk, Written
from acquis.practice.evidence.units.authority import is_offer, offers
from acquis.practice.evidence.units.disclosure import disclosures
from acquis.practice.evidence.units.fields import changed_fields
from acquis.practice.evidence.units.legal import legal_mentions, mentions

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NONE = ("", "")


def talk(*bodies: tuple[str, str]) -> Talk:
    said = [
        Said(number, author, body, START + timedelta(minutes=number))
        for number, (author, body) in enumerate(bodies)
    ]
    return Talk(7, "a", "Chat", START, None, said, "", NONE, NONE, "", None)


def act(verb: str, position: int = 4, object_id: str = "7", **data: object) -> Act:
    return Act(position, verb, object_id, START + timedelta(seconds=90), data)


def test_a_changed_record_shows_each_field_before_and_after():
    changes = {
        "phone": {"before": "06 39 98 64 00", "after": "06 39 98 64 01"},
        "address_2": {"before": "", "after": "Bâtiment B"},
        "consents": {"before": {}, "after": {"email_offers": True, "phone_offers": False}},
        "tags": {"before": ["fidèle"], "after": []},
        "birth_year": {"before": None, "after": 1980},
    }
    (seen,) = changed_fields(Sources(acts=[act("customer.changed", fields=changes)]))
    assert {(one.label, one.excerpt) for one in seen.moments} == {
        ("téléphone", "« 06 39 98 64 00 » → « 06 39 98 64 01 »"),
        ("complément d’adresse", "– → « Bâtiment B »"),
        ("consentements", "– → email_offers : oui, phone_offers : non"),
        ("étiquettes", "fidèle → –"),
        ("année de naissance", "– → « 1980 »"),
    }
    assert {one.ref for one in seen.moments} == {"act-4"}


def test_a_new_record_names_the_fields_that_were_filled():
    (seen,) = changed_fields(Sources(acts=[act("customer.created", fields=["last_name"])]))
    assert seen.statement == "Fiche client créée, champs remplis : nom."
    (none,) = changed_fields(Sources())
    assert (none.statement, none.moments) == (
        "Aucun champ d’une fiche client n’a été modifié.",
        (),
    )


TOLD = ("adviser", "Votre commande VB-488281 est partie.")


def test_a_particular_told_before_the_record_is_tied_is_shown_with_its_sentence():
    tied = act("conversation.identified")
    early = talk(("customer", "Bonjour"), TOLD, TOLD)
    (seen,) = disclosures(Sources(talks=[early], acts=[tied]))
    assert [(one.ref, one.excerpt) for one in seen.moments] == [
        ("message-1", "Votre commande VB-488281 est partie.")
    ]
    assert "1 phrase sur" in seen.statement
    (never,) = disclosures(Sources(talks=[early]))
    assert len(never.moments) == 2


def test_what_the_customer_wrote_first_is_not_told_by_the_adviser():
    assert disclosures(Sources(talks=[talk(("customer", "vb-488281"), TOLD)])) == []
    assert disclosures(Sources(talks=[talk(("system", "VB-488281"), TOLD)])) != []


def test_a_gesture_weighed_in_a_case_says_the_level_that_it_needs():
    weighed = act("case.option_proposed", amount="80.00", gesture="credit_note", needs=2)
    read = Sources(acts=[weighed], gestures={"credit_note": "Avoir"})
    (seen,) = offers(read)
    assert seen.statement == "Avoir de 80,00\u00a0€ : relève du superviseur selon la matrice."
    assert seen.moments[0].ref == "act-4"


def test_a_written_offer_stands_beside_what_the_adviser_grants_alone():
    said = talk(("customer", "Et 50 € ?"), ("adviser", "Je vous offre 20 € de bon d’achat."))
    matrix = [("Geste commercial", Decimal(15)), ("Remplacement", None)]
    (seen,) = offers(Sources(talks=[said], ceilings=matrix))
    assert [one.ref for one in seen.moments] == ["message-1"]
    assert seen.statement == (
        "1 offre chiffrée. Le conseiller accorde seul :"
        " Geste commercial jusqu’à 15,00\u00a0€, Remplacement sans limite."
    )
    (unknown,) = offers(Sources(talks=[said]))
    assert "n’est pas connue" in unknown.statement
    (none,) = offers(Sources())
    assert none.statement == "Aucune offre chiffrée n’a été repérée."


@pytest.mark.parametrize(
    ("sentence", "offered"),
    [("Nous vous remboursons 6,90 €.", True), ("Le robot est à 349 €.", False)],
)
def test_an_amount_alone_is_no_offer(sentence, offered):
    assert is_offer(sentence) is offered


def test_legal_mentions_are_read_in_the_exchange_and_in_the_letter():
    said = talk(("adviser", "Vous avez un droit de rétractation. Bonne journée."))
    letter = Written("letter_body", "Corps de la lettre", "Le médiateur est gratuit.", START)
    other = Written("summary", "Résumé", "Le médiateur est saisi.", START)
    seen = legal_mentions(Sources(talks=[said], written=[letter, other]))
    assert [(one.title, [moment.ref for moment in one.moments]) for one in seen] == [
        ("Droit de rétractation", ["message-0"]),
        ("Médiation", ["production-letter_body"]),
    ]
    (none,) = legal_mentions(Sources(talks=[talk(("customer", "Le médiateur ?"))]))
    assert none.moments == ()


def test_a_text_may_make_several_mentions():
    assert mentions("Prix de 349 € TTC, sans engagement.") == [
        "prix toutes taxes",
        "durée d’engagement",
    ]
