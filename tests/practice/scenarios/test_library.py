"""The subjects that ship agree with the enterprise, with themselves and with the rule book."""

import json
import shutil
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from acquis.kernel.money import round_cents
from acquis.practice.enterprises import packs
from acquis.practice.enterprises.offsets import withdrawal_deadline
from acquis.practice.enterprises.totals import totals
from acquis.practice.scenarios import library

REFERENCE = date(2026, 11, 20)


@pytest.fixture(scope="module")
def pack() -> packs.Pack:
    return packs.load("valbrenne")


@pytest.fixture(scope="module")
def scenarios(pack: packs.Pack) -> dict[str, library.Scenario]:
    return {scenario.code: scenario for scenario in library.load(pack)}


def amount(scenario: library.Scenario, label: str, part: int = 0) -> Decimal:
    facts = scenario.parts()[part]["agreed"]
    return next(Decimal(fact["value"]) for fact in facts if fact["label"] == label)


def test_there_is_enough_to_draw_from(scenarios: dict[str, library.Scenario]) -> None:
    kinds = Counter(scenario.kind for scenario in scenarios.values())
    assert kinds["written"] >= 4
    assert kinds["exchanges"] >= 5
    assert {(scenario.framework, scenario.block) for scenario in scenarios.values()} == {
        ("TP-00483", "CCP1")
    }


def test_each_set_has_two_customers_and_covers_the_three_competencies(
    scenarios: dict[str, library.Scenario],
) -> None:
    for scenario in scenarios.values():
        if scenario.kind == "exchanges":
            parts = scenario.parts()
            assert len({part["customer"] for part in parts}) == 2
            assert {code for part in parts for code in part["competencies"]} == {
                "CP1",
                "CP2",
                "CP3",
            }


def test_no_customer_serves_two_subjects(scenarios: dict[str, library.Scenario]) -> None:
    served = Counter(
        part["customer"] for scenario in scenarios.values() for part in scenario.parts()
    )
    assert set(served.values()) == {1}


def test_durations_are_those_of_the_framework(scenarios: dict[str, library.Scenario]) -> None:
    for scenario in scenarios.values():
        if scenario.kind == "written":
            assert scenario.payload["minutes"] == 75
        else:
            assert scenario.payload["preparation_minutes"] == 15
            assert scenario.payload["minutes"] == 15


def test_the_cover_says_nothing_of_the_content(scenarios: dict[str, library.Scenario]) -> None:
    assert all(len(scenario.title.split()) <= 3 for scenario in scenarios.values())


def test_every_mark_becomes_a_date_or_a_number(scenarios: dict[str, library.Scenario]) -> None:
    for scenario in scenarios.values():
        text = json.dumps(scenario.dated(REFERENCE).payload, ensure_ascii=False)
        for mark in ("{date:", "{court:", "{ouvre:", "{retrait:", "{order:", "{ttc:", "{eur:"):
            assert mark not in text
        assert "bloctel" not in text.lower()


def test_the_guide_holds_the_twenty_five_criteria(scenarios: dict[str, library.Scenario]) -> None:
    for scenario in scenarios.values():
        distinct = {(entry["competency"], entry["text"]) for entry in scenario.payload["guide"]}
        assert Counter(competency for competency, _text in distinct) == {
            "CP1": 7,
            "CP2": 9,
            "CP3": 9,
        }


def test_the_credit_note_of_the_second_dossier_is_right(
    pack: packs.Pack, scenarios: dict[str, library.Scenario]
) -> None:
    customer = pack.customer("C-18862")
    order = next(order for order in customer["orders"] if order["key"] == "fornel")
    invoice = next(invoice for invoice in customer["invoices"] if invoice["key"] == "fornel")
    right, invoiced = totals(order["lines"]), totals(invoice["lines"])
    scenario = scenarios["VAL-E02"]
    assert invoiced.ttc - right.ttc == amount(scenario, "Avoir TTC") == Decimal("99.00")
    assert invoiced.ht - right.ht == amount(scenario, "Avoir HT")
    assert right.ttc == amount(scenario, "Montant juste de la commande")


def test_the_refund_of_the_fifth_dossier_is_counted_to_the_day(
    scenarios: dict[str, library.Scenario],
) -> None:
    days_left = 365 - 30  # renewed on day -30, ended on day -1, both days covered
    assert round_cents(Decimal("39.00") * days_left / 365) == Decimal("35.79")
    refund = amount(scenarios["VAL-E05"], "Remboursement au jour près")
    assert refund == Decimal("35.79")
    assert refund + amount(scenarios["VAL-E05"], "Geste facultatif") == Decimal("39.00")


def test_withdrawals_of_the_subjects_were_in_time() -> None:
    received, withdrawn = date(2026, 10, 25), date(2026, 11, 5)  # days -26 and -15
    assert withdrawn <= withdrawal_deadline(received)


def test_amounts_of_exchanges_follow_from_the_price_list(
    pack: packs.Pack, scenarios: dict[str, library.Scenario]
) -> None:
    price = {
        product["reference"]: totals([{"quantity": 1, "discount_percent": 0, **product}]).ttc
        for product in pack.products
    }
    assert amount(scenarios["VAL-S03"], "Total TTC") == price["ACC-VAP"] + price["LIV-001"]
    assert amount(scenarios["VAL-S05"], "Remboursement avec étiquette") == (
        price["LEN-010"] - price["RET-ETI"]
    )
    assert amount(scenarios["VAL-S05"], "Remboursement", 1) == 2 * price["ABO-CAF"]
    assert amount(scenarios["VAL-S03"], "Forfait", 1) == price["SRV-REP"]
    assert amount(scenarios["VAL-S01"], "Geste au plus", 1) == round_cents(price["ZEP-055"] / 10)
    assert amount(scenarios["VAL-E01"], "Port express remboursé") == price["PORT-EXP"]


def test_a_broken_subject_is_refused_with_every_fault(tmp_path, pack: packs.Pack) -> None:
    shutil.copytree(library.LIBRARY / "valbrenne", tmp_path / "valbrenne")
    path = tmp_path / "valbrenne" / "VAL-E01.json"
    payload = json.loads(path.read_text(encoding="utf-8"))
    payload["qualification"]["reason"] = ["ABSENT"]
    payload["procedures"].append("proc-inconnue")
    payload["situation"] += " {order:absente}"
    path.write_text(json.dumps(payload), encoding="utf-8")
    other = tmp_path / "valbrenne" / "VAL-S01.json"
    other.write_text(other.read_text(encoding="utf-8").replace("C-21588", "C-00000"), "utf-8")

    with pytest.raises(library.LibraryInvalid) as refused:
        library.load(pack, folder=tmp_path)

    faults = "\n".join(refused.value.faults)
    for words in ("unknown reason ABSENT", "unknown article", "{order:absente}", "unknown C-00000"):
        assert words in faults
