"""The subjects that ship agree with the enterprise, with themselves and with the rule book."""

import json
import re
import shutil
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from acquis.certification import frameworks
from acquis.kernel.money import round_cents
from acquis.practice.enterprises import packs
from acquis.practice.enterprises.offsets import withdrawal_deadline
from acquis.practice.enterprises.totals import totals
from acquis.practice.scenarios import library

FILEA = "CP-FFP-ASCAS"
CATALOGUE = Path(frameworks.__file__).parent / "catalogue"
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
    drawn = Counter((scenario.block, scenario.kind) for scenario in scenarios.values())
    assert {scenario.framework for scenario in scenarios.values()} == {"TP-00483", FILEA}
    assert set(drawn) == {
        (block, kind) for block in ("CCP1", "CCP2", "") for kind in ("written", "exchanges")
    }
    assert sum(one.framework == FILEA for one in scenarios.values()) >= 2
    assert drawn["CCP1", "exchanges"] >= 5
    assert drawn["", "exchanges"] >= 2


@pytest.mark.parametrize(
    ("block", "customers", "competencies", "minutes"),
    [
        ("CCP1", 2, {"CP1", "CP2", "CP3"}, (15, 15)),
        ("CCP2", 3, {"CP4", "CP5", "CP6", "CP7"}, (20, 30)),
        ("", 6, {"CP1", "CP2", "CP3", "CP4", "CP5", "CP6", "CP7"}, (45, 60)),
    ],
)
def test_each_set_has_its_customers_minutes_and_competencies(
    scenarios: dict[str, library.Scenario],
    block: str,
    customers: int,
    competencies: set[str],
    minutes: tuple[int, int],
) -> None:
    """X-04: two exchanges, three in and out, six for the title."""
    sets = [
        one
        for one in scenarios.values()
        if one.kind == "exchanges" and (one.framework, one.block) == ("TP-00483", block)
    ]
    assert sets
    for scenario in sets:
        parts = scenario.parts()
        assert len({part["customer"] for part in parts}) == len(parts) == customers
        assert {code for part in parts for code in part["competencies"]} == competencies
        assert (scenario.payload["preparation_minutes"], scenario.payload["minutes"]) == minutes


@pytest.mark.parametrize("block", ["CCP2", ""])
def test_what_is_sold_and_recovered_is_spoken_in_and_out(
    scenarios: dict[str, library.Scenario], block: str
) -> None:
    for scenario in scenarios.values():
        if scenario.kind == "exchanges" and (scenario.framework, scenario.block) == (
            "TP-00483",
            block,
        ):
            ways = {(part["channel"], part["direction"]) for part in scenario.parts()}
            assert {("phone", "in"), ("phone", "out")} <= ways
            assert block or ("chat", "in") in ways


def test_no_customer_serves_two_subjects_of_the_same_exam_but_the_sets_of_the_title(
    scenarios: dict[str, library.Scenario],
) -> None:
    for block in ("CCP1", "CCP2"):
        served = Counter(
            part["customer"]
            for scenario in scenarios.values()
            if scenario.block == block and scenario.code != "VAL-E06"
            for part in scenario.parts()
        )
        assert set(served.values()) == {1}


def test_an_exchange_by_telephone_says_so_to_the_candidate(
    scenarios: dict[str, library.Scenario],
) -> None:
    for scenario in scenarios.values():
        for part in scenario.payload.get("exchanges", []):
            brief = part["candidate"]["brief"].lower()
            if part["channel"] == "chat":
                assert "chat" in brief
            else:
                assert "chat" not in brief
                assert "appel" in brief


def test_written_work_takes_what_the_framework_gives(
    scenarios: dict[str, library.Scenario],
) -> None:
    assert {one.payload["minutes"] for one in scenarios.values() if one.kind == "written"} == {75}


def test_a_subject_made_of_others_keeps_what_it_takes_and_says_what_differs(
    scenarios: dict[str, library.Scenario],
) -> None:
    whole, first = scenarios["VAL-T11"], scenarios["VAL-E01"]
    assert (whole.block, whole.title) == ("", "Titre 11")
    assert whole.payload["trigger"] == first.payload["trigger"]
    spoken = next(one for one in scenarios["VAL-T01"].parts() if one["key"] == "b")
    written = next(one for one in scenarios["VAL-S02"].parts() if one["key"] == "b")
    assert (spoken["channel"], written["channel"]) == ("phone", "chat")
    assert spoken["role"] == written["role"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"exchanges": [{"key": "a", "from": "VAL-S01.z"}]}, "required"),
        ({"exchanges": [{"key": "a", "from": "VAL-Z99.a"}]}, "required"),
        ({"exchanges": ["a"]}, "object"),
        ({"exchanges": "a"}, "array"),
        ({"exchanges": [{"key": "a", "from": "VAL-S01.a", "direction": "out"}]}, "phone"),
    ],
)
def test_a_subject_made_of_nothing_is_refused(
    tmp_path, pack: packs.Pack, change: dict, fault: str
) -> None:
    shutil.copytree(library.LIBRARY / "valbrenne", tmp_path / "valbrenne")
    path = tmp_path / "valbrenne" / "VAL-T01.json"
    payload = json.loads(path.read_text(encoding="utf-8")) | change
    path.write_text(json.dumps(payload), encoding="utf-8")
    (tmp_path / "valbrenne" / "VAL-T11.json").write_text("[]", encoding="utf-8")
    with pytest.raises(library.LibraryInvalid) as refused:
        library.load(pack, folder=tmp_path)
    faults = [one for one in refused.value.faults if one.startswith("VAL-T01")]
    assert any(fault in one for one in faults), faults


def test_the_cover_says_nothing_of_the_content(scenarios: dict[str, library.Scenario]) -> None:
    assert all(len(scenario.title.split()) <= 3 for scenario in scenarios.values())


def test_every_mark_becomes_a_date_or_a_number(scenarios: dict[str, library.Scenario]) -> None:
    for scenario in scenarios.values():
        text = json.dumps(scenario.dated(REFERENCE).payload, ensure_ascii=False)
        for mark in ("{date:", "{court:", "{ouvre:", "{retrait:", "{order:", "{ttc:", "{eur:"):
            assert mark not in text
        assert "bloctel" not in text.lower()


def test_the_guide_holds_every_criterion_of_its_block(
    scenarios: dict[str, library.Scenario],
) -> None:
    first = {"CP1": 7, "CP2": 9, "CP3": 9}
    second = {"CP4": 6, "CP5": 8, "CP6": 7, "CP7": 7}
    expected = {"CCP1": first, "CCP2": second, "": first | second}
    third = {"C1": 7, "C3": 8}
    for scenario in scenarios.values():
        distinct = {(entry["competency"], entry["text"]) for entry in scenario.payload["guide"]}
        counted = Counter(competency for competency, _text in distinct)
        assert counted == (third if scenario.framework == FILEA else expected[scenario.block])


def test_the_guides_speak_of_the_criteria_of_the_framework(pack: packs.Pack) -> None:
    for code, name in (("TP-00483", "crcd-tp-00483-06"), (FILEA, "filea-appels-sortants")):
        content = json.loads((CATALOGUE / f"{name}.json").read_text(encoding="utf-8"))
        for block in content["blocks"]:
            wanted = {(one["competencies"][0], one["text"]) for one in block["criteria"]}
            guide = library.GUIDE.format(framework=code, block=block["code"])
            path = library.LIBRARY / pack.slug / guide
            entries = json.loads(path.read_text(encoding="utf-8"))
            assert {(entry["competency"], entry["text"]) for entry in entries} == wanted


def test_what_is_not_quoted_from_a_framework_has_french_apostrophes(pack: packs.Pack) -> None:
    """Criteria are quoted literally: « text » beside its competency."""
    quoted = re.compile(r'"competency":\s*"CP?\d",\s*"text":\s*"[^"]*"')
    for path in (library.LIBRARY / pack.slug).glob("*.json"):
        own = quoted.sub("", path.read_text(encoding="utf-8"))
        assert "'" not in own, path.name


def test_a_set_by_telephone_for_ccp1_and_calls_out_for_filea(
    scenarios: dict[str, library.Scenario],
) -> None:
    """X-09: a role play of calls that the candidate makes; X-04: two exchanges, by telephone too."""
    spoken = [
        one
        for one in scenarios.values()
        if one.block == "CCP1" and {part.get("channel") for part in one.parts()} == {"phone"}
    ]
    assert spoken
    calls = [one for one in scenarios.values() if one.framework == FILEA]
    for scenario in calls:
        assert {(part["channel"], part["direction"]) for part in scenario.parts()} == {
            ("phone", "out")
        }
        assert scenario.payload["preparation_minutes"] == 0
    customers = [part["customer"] for scenario in calls for part in scenario.parts()]
    assert len(customers) == len(set(customers))


def test_who_is_called_to_sell_agreed_to_it(
    pack: packs.Pack, scenarios: dict[str, library.Scenario]
) -> None:
    """The procedure of the enterprise: no call to a consumer without their consent."""
    for scenario in scenarios.values():
        if scenario.framework == FILEA:
            for part in scenario.parts():
                assert pack.customer(part["customer"])["consents"]["phone_offers"]


def test_the_voucher_of_the_late_order_stays_within_the_adviser_s_power(
    pack: packs.Pack, scenarios: dict[str, library.Scenario]
) -> None:
    customer = pack.customer("C-26153")
    invoice = next(one for one in customer["invoices"] if one["key"] == "retard2")
    order = next(one for one in customer["orders"] if one["key"] == "retard2")
    assert (order["promised"], order["delivered"]) == (-20, -12)
    most = min(Decimal("20.00"), round_cents(Decimal(invoice["total_ttc"]) / 10))
    assert amount(scenarios["VAL-S07"], "Bon d’achat") == Decimal("14.00") <= most


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
