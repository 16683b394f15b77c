"""The enterprise that ships is coherent, invented, and always the same."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from acquis.kernel.money import format_euros
from acquis.practice.enterprises import generator, packs
from acquis.practice.enterprises.offsets import (
    is_working_day,
    moved_back,
    with_dates,
    withdrawal_deadline,
)
from acquis.practice.enterprises.pack_checks import str_of
from acquis.practice.enterprises.totals import totals

SLUG = "valbrenne"
FICTION = re.compile(r"^(01 99 00|02 61 91|03 53 01|04 65 71|05 36 49|06 39 98) \d\d \d\d$")


@pytest.fixture(scope="module")
def pack() -> packs.Pack:
    return packs.load(SLUG)


def test_the_pack_ships_and_is_valid(pack: packs.Pack) -> None:
    assert packs.slugs() == [SLUG]
    assert len(pack.customers) == 61
    assert len(pack.products) >= 24
    assert sum(article["kind"] == "procedure" for article in pack.articles) >= 10


def test_generating_again_gives_the_same_file() -> None:
    committed = (packs.PACKS / SLUG / "customers.json").read_text(encoding="utf-8")
    assert generator.dumped(generator.generate(SLUG)) == committed


def test_every_customer_has_three_to_fifteen_contacts_and_the_whole_three_channels(
    pack: packs.Pack,
) -> None:
    channels = {
        talk["channel"] for customer in pack.customers for talk in customer["conversations"]
    }
    assert channels >= {"phone", "chat", "mail", "letter"}
    assert all(3 <= len(customer["conversations"]) <= 15 for customer in pack.customers)


def test_every_phone_and_domain_is_kept_for_fiction(pack: packs.Pack) -> None:
    for customer in pack.customers:
        for number in filter(None, (customer["phone"], customer["phone_alt"])):
            assert FICTION.match(number), number
    everything = (
        str_of(list(pack.customers)) + str_of(list(pack.articles)) + str_of(pack.enterprise)
    )
    for address in re.findall(r"[\w.\-]+@[\w.\-]+", everything):
        assert address.rstrip(".").endswith(".example"), address
    for site in re.findall(r"www\.[\w.\-]+", everything):
        assert site.rstrip(".").endswith(".example"), site
    for number in re.findall(r"\b0\d(?: \d\d){4}\b", everything):
        assert FICTION.match(number), number


def test_every_record_lies_in_the_two_years_before_the_reference_day(pack: packs.Pack) -> None:
    for customer in pack.customers:
        for series in ("orders", "invoices", "conversations", "notes", "cases"):
            assert all(-731 <= entry["d"] <= 0 for entry in customer[series])


def test_the_price_list_prints_every_product_at_its_price(pack: packs.Pack) -> None:
    tariff = next(article for article in pack.articles if article["kind"] == "price_list")["body"]
    for product in pack.products:
        line = {"quantity": 1, "discount_percent": 0, **product}
        row = next(row for row in tariff.splitlines() if f"| {product['reference']} |" in row)
        plain = row.replace("\u202f", " ").replace("\u00a0", " ")
        assert plain.endswith(f"| {format_euros(totals([line]).ttc).replace(chr(0xA0), ' ')} |"), (
            row
        )


def test_no_article_speaks_of_a_regime_that_ended(pack: packs.Pack) -> None:
    assert "bloctel" not in str_of(list(pack.articles)).lower()


def test_a_broken_pack_is_refused_with_every_fault(tmp_path, pack: packs.Pack) -> None:
    shutil.copytree(packs.PACKS / SLUG, tmp_path / SLUG)
    customers = json.loads((tmp_path / SLUG / "customers.json").read_text(encoding="utf-8"))
    customers[0]["conversations"][0]["reason"] = "ABSENT-1"
    customers[1]["orders"][0]["lines"][0]["product"] = "ABC-123"
    customers[2]["invoices"][0]["total_ttc"] = "1.00"
    (tmp_path / SLUG / "customers.json").write_text(json.dumps(customers), encoding="utf-8")

    with pytest.raises(packs.PackInvalid) as refused:
        packs.load(SLUG, folder=tmp_path)

    faults = "\n".join(refused.value.faults)
    for position, words in enumerate(("unknown reason", "unknown product", "totals are")):
        assert f"customers.json:{customers[position]['reference']}" in faults
        assert words in faults


def test_a_missing_file_is_named(tmp_path) -> None:
    shutil.copytree(packs.PACKS / SLUG, tmp_path / SLUG)
    (tmp_path / SLUG / "codes.json").unlink()
    with pytest.raises(packs.PackInvalid, match=r"codes\.json"):
        packs.load(SLUG, folder=tmp_path)


@pytest.mark.parametrize(
    ("received", "last_day"),
    [
        (date(2026, 11, 20), date(2026, 12, 4)),
        (date(2026, 10, 28), date(2026, 11, 12)),
        (date(2026, 10, 31), date(2026, 11, 16)),
        (date(2026, 12, 11), date(2026, 12, 28)),
        (date(2026, 12, 18), date(2027, 1, 4)),
        (date(2026, 5, 11), date(2026, 5, 26)),
    ],
)
def test_withdrawal_ends_as_the_rule_book_says(received: date, last_day: date) -> None:
    assert withdrawal_deadline(received) == last_day


def test_date_marks_are_written_in_french() -> None:
    reference = date(2026, 11, 20)
    assert with_dates("le {date:-34}, {court:-34}", reference) == "le 17 octobre 2026, 17/10/2026"
    assert with_dates("{jour:-19}", reference) == "dimanche 1er novembre 2026"
    assert with_dates("{ouvre:-9}", reference) == "mardi 10 novembre 2026"
    assert with_dates("{retrait:-9}", reference) == "mercredi 25 novembre 2026"


def test_phone_days_move_back_to_a_worked_day() -> None:
    assert moved_back(date(2026, 11, 11)) == date(2026, 11, 10)
    assert is_working_day(date(2026, 11, 20))


def test_vat_is_computed_once_for_each_rate() -> None:
    lines = [
        {"quantity": 1, "unit_price_ht": price, "discount_percent": 0, "vat_rate": "5.50"}
        for price in ("2.97", "10.43", "2.35")
    ]
    assert totals(lines).vat == Decimal("0.87")  # C-04: line by line would give 0.86


def test_a_desk_is_refused_with_every_fault_at_once(tmp_path) -> None:
    shutil.copytree(packs.PACKS / SLUG, tmp_path / SLUG)
    path = tmp_path / SLUG / "desk.json"
    desk = json.loads(path.read_text(encoding="utf-8"))
    desk["symptoms"].append("Fuit")
    desk["resources"][0]["hours"] = {"0": ["12:00-08:00"]}
    path.write_text(json.dumps(desk), encoding="utf-8")
    with pytest.raises(packs.PackInvalid) as refused:
        packs.load(SLUG, folder=tmp_path)
    assert len(refused.value.faults) == 2
    assert "desk.json:Fuit: symptom given twice" in refused.value.faults


def test_a_pack_without_a_desk_has_no_reasons_of_its_own(tmp_path) -> None:
    shutil.copytree(packs.PACKS / SLUG, tmp_path / SLUG)
    (tmp_path / SLUG / "desk.json").unlink()
    assert packs.load(SLUG, folder=tmp_path).desk == packs.EMPTY_DESK


def _faults(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> list[str]:
    """What is said of the pack once its desk was changed."""
    shutil.copytree(packs.PACKS / SLUG, tmp_path / SLUG)
    path = tmp_path / SLUG / "desk.json"
    desk = json.loads(path.read_text(encoding="utf-8"))
    change(desk)
    path.write_text(json.dumps(desk), encoding="utf-8")
    with pytest.raises(packs.PackInvalid) as refused:
        packs.load(SLUG, folder=tmp_path)
    return refused.value.faults


def test_what_sets_a_desk_is_refused_with_every_fault_at_once(tmp_path: Path) -> None:
    def change(desk: dict[str, Any]) -> None:
        desk["queues"][0] |= {
            "hours": {"0": ["12:00-08:00"]}, "codes": ["ABC-ABS"], "overflow": "reclamations",
        }  # fmt: skip
        desk["queues"][1]["overflow"] = "nulle-part"
        desk["sites"][0]["queue"] = "absente"
        desk["canned_answers"][0]["body"] = "Bonjour {inconnu}"
        desk["letter_templates"][0]["subject"] = "Votre {solde}"
        desk["canned_answers"][1]["shortcut"] = desk["canned_answers"][0]["shortcut"]
        desk["readings"][0]["articles"].append("disparu")

    faults = _faults(tmp_path, change)

    assert len(faults) == 9
    assert "desk.json:Accusé de réception d’une réclamation: unknown variable {solde}" in faults
    assert "desk.json:reclamations: unknown code ABC-ABS" in faults
    assert "desk.json:site-internet: overflows into nulle-part, which is no other queue" in faults
    assert "desk.json:Boutique Valbrenne: unknown queue absente" in faults
    assert "desk.json:bonjour: unknown variable {inconnu}" in faults
    assert "desk.json:bonjour: given twice" in faults
    assert "desk.json:Première semaine: unknown article disparu" in faults


def test_a_key_that_the_desk_does_not_know_is_named(tmp_path: Path) -> None:
    faults = _faults(tmp_path, lambda desk: desk["queues"][0].update(colour="blue"))
    assert len(faults) == 1
    assert "colour" in faults[0]
