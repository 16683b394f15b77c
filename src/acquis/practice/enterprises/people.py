"""Invented people: names, addresses in true towns, numbers from the ranges kept for fiction."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

FIRST_NUMBER = 26000  # references of invented customers follow those written by hand
SEGMENTS = ("standard", "standard", "standard", "nouveau", "fidèle", "fidèle")


@dataclass(frozen=True)
class Person:
    record: dict[str, Any]  # the customer's own fields
    words: dict[str, str]  # what the stories may say of them


def folded(text: str) -> str:
    """Lower case, no accents, letters only: for the left part of an e-mail address."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in plain.lower() if letter.isascii() and letter.isalpha())


def people(
    rng: random.Random, count: int, names: dict[str, Any], places: dict[str, Any]
) -> Iterator[Person]:
    """Give as many people as asked, each with their own last name; the last ones keep a company."""
    firsts = {kind: rng.sample(names[kind], len(names[kind])) for kind in ("female", "male")}
    lasts = rng.sample(names["last"], count)
    towns = [places["cities"][index % len(places["cities"])] for index in range(count)]
    rng.shuffle(towns)
    companies = count - len(names["companies"])
    for index, (last, town) in enumerate(zip(lasts, towns, strict=True)):
        kind = "female" if index % 2 else "male"
        first = firsts[kind][index // 2 % len(firsts[kind])]
        company = names["companies"][index - companies] if index >= companies else None
        yield _person(rng, index, (kind, first, last), town, company, names, places)


def _person(
    rng: random.Random,
    index: int,
    named: tuple[str, str, str],
    town: list[str],
    company: list[str] | None,
    names: dict[str, Any],
    places: dict[str, Any],
) -> Person:
    kind, first, last = named
    postcode, city, region = town
    domain = names["mail_domains"][index % len(names["mail_domains"])]
    email = f"{folded(first)}.{folded(last)}@{domain}"
    if company:
        email = f"contact@{folded(company[0])[:40]}.example"
    birth = rng.randint(1942, 2003)
    landline = bool(company) or birth < rng.randint(1955, 1990)
    # Two digits from the index keep every number apart; the hand-written ones do not end so.
    tail = f"{rng.randint(50, 99)} {index:02}"
    title = "Mme" if kind == "female" else "M."
    record = {
        "reference": f"C-{FIRST_NUMBER + index * 17}",
        "kind": "company" if company else "person",
        "title": title,
        "first_name": first,
        "last_name": last,
        "company_name": company[0] if company else "",
        "siren": company[1] if company else "",
        "email": email,
        "phone": f"{places['ranges'][region if landline else 'mobile']} {tail}",
        "phone_alt": f"{places['ranges']['mobile']} {tail}" if landline and index % 3 == 0 else "",
        "address": _address(rng, places),
        "postcode": postcode,
        "city": city,
        "segment": "professionnel" if company else rng.choice(SEGMENTS),
        "birth_year": None if company or index % 4 == 0 else birth,
        "preferences": {"Canal préféré": rng.choice(["téléphone", "chat", "courriel", "courrier"])},
        "consents": {"email_offers": rng.random() < 0.6, "phone_offers": rng.random() < 0.15},
        "tags": ["compte professionnel", "paiement à 30 jours"] if company else [],
    }
    words = {
        "first": first,
        "last": last,
        "email": email,
        "postcode": postcode,
        "city": city,
        "title_long": "Madame" if kind == "female" else "Monsieur",
        "e": "e" if kind == "female" else "",
    }
    return Person(record, words)


def _address(rng: random.Random, places: dict[str, Any]) -> list[str]:
    street = f"{rng.randint(1, 118)} {rng.choice(places['streets'])}"
    return [rng.choice(places["second_lines"]), street] if rng.random() < 0.3 else [street]
