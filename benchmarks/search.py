"""Customers found by whatever is known of them, and the record of who is calling, at scale."""

import random
from collections.abc import Callable, Iterator
from secrets import token_urlsafe
from time import perf_counter
from typing import Any

from benchmarks import engines
from benchmarks._figures import latencies

NAME = "search"
TITLE = "search and screen-pop; size = customers, ten contacts each"
SIZES = (10_000, 100_000, 1_000_000)
CONTACTS = 10
ASKED = 60  # times each kind of search, each time about another customer
SEED = 20261125

# Folded as the records keep them: the text of search is made in the database, like the rest.
FIRST_NAMES = (
    "odile", "jean", "fatima", "lucas", "camille", "nour", "yanis", "elise", "paul", "agathe",
    "hugo", "ines", "marc", "lea", "thomas", "zoe", "karim", "julie", "emile", "louise",
)  # fmt: skip
BEGINNINGS = (
    "mar", "lef", "du", "ber", "gau", "ren", "che", "per", "bou", "val",
    "cas", "del", "fon", "gir", "hu", "jou", "lam", "mon", "nav", "rous",
)  # fmt: skip
MIDDLES = (
    "ti", "eb", "ran", "na", "the", "ou", "val", "ri", "che", "din",
    "mo", "go", "la", "sa", "be", "li", "pa", "tra", "ve", "co",
)  # fmt: skip
ENDINGS = (
    "n", "vre", "d", "rd", "lier", "ier", "ot", "eau", "in", "et",
    "elle", "ac", "ez", "on", "ault", "ert", "aud", "ois", "ay", "es",
)  # fmt: skip
WAYS = ("rue de ", "avenue ", "chemin de la ", "place ", "impasse des ", "boulevard ", "rue ")
TOWN_ENDINGS = ("ville", "court", "ac", "igny", "bourg", "mont", "euil", "oire")
COMPANIES = ("brasserie", "garage", "librairie", "menuiserie", "pharmacie", "scierie", "laiterie",
             "imprimerie")  # fmt: skip


def run(size: int, engine: str) -> dict[str, float]:
    """Fill a desk set-based, then search as people do and answer calls as the pages do.

    A search is `queries.find` and the first page of its results; a screen-pop is the real page,
    from the number to the record with its history, through the views.
    """
    with engines.database(engine):
        from django.db import connection
        from django.utils import timezone

        from acquis.desk.directory import queries
        from acquis.regulation.actions.install_parameters import install_parameters

        install_parameters(by=None, at=timezone.now())
        workspace, adviser = _desk()
        start = perf_counter()
        _fill(workspace.pk, size)
        figures: dict[str, float] = {"filled_s": round(perf_counter() - start, 1)}
        start = perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            if engine == "postgresql":
                cursor.execute("VACUUM directory_customer")  # the pending list of the index
        figures["analysed_s"] = round(perf_counter() - start, 1)
        today = timezone.now().date()
        everybody: list[float] = []
        for kind, asked in _searches(size).items():
            found, times, queries_made = 0, [], 0
            for typed in asked:
                with _counted() as count:
                    start = perf_counter()
                    answer = queries.find(workspace, typed, filters=queries.Filters(), today=today)
                    rows = list(answer.customers[:25])
                    times.append(perf_counter() - start)
                found += bool(rows)
                queries_made = max(queries_made, count())
            figures[f"{kind}_found_percent"] = round(100 * found / len(asked), 1)
            if found < len(asked) and kind != "typo":  # a guess may fail, an index may not
                raise RuntimeError(f"{kind}: {len(asked) - found} searches found nobody")
            everybody += times
            figures |= {
                name: value
                for name, value in latencies(times, f"{kind}_").items()
                if name.endswith(("p50_ms", "p95_ms"))
            }
            figures[f"{kind}_queries_count"] = queries_made
        figures |= latencies(everybody, "search_")
        figures |= _screen_pops(workspace.pk, adviser, size)
        figures["customers_count"] = size
        figures["contacts_count"] = size * CONTACTS
        figures["peak_mb"] = engines.peak_mb()
        return figures


def _desk() -> tuple[Any, Any]:
    from django.utils import timezone

    from acquis.accounts.enums import Role
    from acquis.accounts.models import Membership, Organisation, User, Workspace

    now = timezone.now()
    place = Organisation.objects.create(name="Entreprise mesurée", slug="mesuree")
    workspace = Workspace.objects.create(
        organisation=place, kind="live", name="Poste mesuré", created_at=now
    )
    adviser = User.objects.create_user(
        email="conseiller@mesuree.example",
        password=token_urlsafe(),
        first_name="Camille",
        last_name="Mesure",
    )
    Membership.objects.create(user=adviser, organisation=place, role=Role.ADVISER)
    return workspace, adviser


def _fill(workspace: int, size: int) -> None:
    """One INSERT … SELECT a table, from a list of numbers that the database makes itself."""
    from django.db import connection, transaction

    numbers = (
        "SELECT generate_series(1::bigint, %(size)s) AS n"
        if connection.vendor == "postgresql"
        else "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted"
        " WHERE n < %(size)s) SELECT n FROM counted"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS.format(**_sql(connection.vendor), numbers=numbers),
                       {"workspace": workspace, "size": size})  # fmt: skip
        cursor.execute(_CONTACTS.format(numbers=numbers, **_sql(connection.vendor)),
                       {"workspace": workspace, "size": CONTACTS})  # fmt: skip


def _sql(vendor: str) -> dict[str, str]:
    """Pieces of SQL in which the two engines differ, and the parts of a customer number n."""

    def pick(words: tuple[str, ...], index: str) -> str:
        cases = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(words))
        return f"CASE {index} %% {len(words)} {cases} END"

    def name(lot: str) -> str:
        parts = ((BEGINNINGS, lot), (MIDDLES, f"({lot} / 20)"), (ENDINGS, f"({lot} / 400)"))
        return " || ".join(pick(words, index) for words, index in parts)

    def digits(number: str, count: int) -> str:
        if vendor == "postgresql":
            return f"lpad(({number})::text, {count}, '0')"
        return f"printf('%%0{count}d', {number})"

    mixed = "(n * 7919 %% 1000003)"  # spreads neighbours over the lists
    town = f"{pick(BEGINNINGS, f'({mixed} / 7)')} || {pick(TOWN_ENDINGS, f'({mixed} / 140)')}"
    return {
        "first": pick(FIRST_NAMES, "n"),
        "last": name(mixed),
        "company": f"CASE WHEN n %% 10 = 0 THEN {pick(COMPANIES, f'{mixed}')} || ' '"
        f" || {town} ELSE '' END",
        "reference": f"'C-' || {digits('n', 7)}",
        "phone": f"'6' || {digits('(n * 37 + 10000000)', 8)}",
        "street": f"(n %% 180 + 1) || ' ' || {pick(WAYS, 'n')} || {name('(n * 104729 %% 1000003)')}",
        "town": town,
        "postcode": digits("10000 + n %% 85000", 5),
        "day": "timestamptz '2026-11-01 09:00+00' - (n * interval '11 days')"
        if vendor == "postgresql"
        else "datetime('2026-11-01 09:00:00', '-' || (n * 11) || ' days')",
        "false": "false" if vendor == "postgresql" else "0",
    }


_CUSTOMERS = """INSERT INTO directory_customer (
    workspace_id, reference, kind, title, first_name, last_name, company_name, siren, siret,
    vat_number, email, phone, phone_alt, address_1, address_2, postcode, city, country, pcs,
    segment, language, preferences, consents, tags, custom, updated_at, search_text)
SELECT %(workspace)s, reference, CASE WHEN company = '' THEN 'person' ELSE 'company' END, '', first,
    last, company, '', '', '', email, '+33' || phone, '', street, '', postcode, town, 'France', '',
    CASE n %% 4 WHEN 0 THEN 'fidèle' WHEN 1 THEN 'nouveau' ELSE '' END, '', '{{}}', '{{}}', '[]',
    '{{}}', '2026-11-01 09:00:00+00:00',
    ' ' || first || ' ' || last || CASE WHEN company = '' THEN '' ELSE ' ' || company END
        || ' c ' || substr(reference, 3) || ' ' || replace(email, '.', ' ') || ' ' || street || ' '
        || postcode || ' ' || town || ' c' || substr(reference, 3) || ' ' || replace(email, '.', '')
        || ' ' || replace(street, ' ', '')
        || ' 33' || phone || ' 0' || phone
FROM (SELECT n, {first} AS first, {last} AS last, {company} AS company,
        {reference} AS reference, {phone} AS phone, {street} AS street, {town} AS town,
        {postcode} AS postcode, 'client' || n || '@boite.example' AS email
    FROM ({numbers}) AS numbered) AS made"""
_CONTACTS = """INSERT INTO conversations_conversation (
    workspace_id, customer_id, channel, direction, state, subject, contact_label, contact_address,
    adviser_label, started_at, answered_at, ended_at, summary, details, qualified_at, played_key,
    read_position, read_note)
SELECT c.workspace_id, c.id, CASE n %% 3 WHEN 0 THEN 'phone' WHEN 1 THEN 'chat' ELSE 'mail' END, 'in',
    'ended', 'Contact ' || n, '', '', 'Camille', {day}, {day}, {day}, 'Compte rendu', '{{}}', {day},
    '', 0, 0
FROM directory_customer AS c CROSS JOIN ({numbers}) AS numbered
WHERE c.workspace_id = %(workspace)s"""


def _searches(size: int) -> dict[str, list[str]]:
    """What is typed, by kind, each about a customer drawn by lot."""
    from acquis.desk.directory.models import Customer

    lot = random.Random(SEED)
    drawn = _drawn(lot, size)
    companies = _drawn(lot, size, kind=Customer.Kind.COMPANY)
    return {
        "phone": [_spoken(one.phone) for one in drawn],
        "phone_fragment": [one.phone[-6:] for one in drawn],
        "name": [one.last_name.upper() for one in drawn],
        "full_name": [f"{one.first_name} {one.last_name}" for one in drawn],
        "accents": [_accented(f"{one.last_name} {one.city}") for one in drawn],
        "typo": [_misspelt(one.last_name, lot) for one in drawn],
        "email": [one.email for one in drawn],
        "reference": [one.reference for one in drawn],
        "company": [one.company_name for one in companies],
        "address": [f"{one.address_1} {one.city}" for one in drawn],
        "two_letters": [f"{one.last_name[:2]} {one.city}" for one in drawn],
    }


def _drawn(lot: random.Random, size: int, **filters: Any) -> list[Any]:
    from acquis.desk.directory.models import Customer

    first = Customer.objects.order_by("pk").values_list("pk", flat=True)[0]
    found: list[Any] = []
    while len(found) < ASKED:
        keys = lot.sample(range(first, first + size), min(size, ASKED * 20))
        found += Customer.objects.filter(pk__in=keys, **filters)
    lot.shuffle(found)
    return found[:ASKED]


def _spoken(phone: str) -> str:
    national = f"0{phone[3:]}"
    return " ".join(national[at : at + 2] for at in range(0, 10, 2))


def _accented(text: str) -> str:
    return text.replace("e", "é", 1).replace("c", "ç", 1).title()


def _misspelt(name: str, lot: random.Random) -> str:
    """Two neighbouring letters exchanged, or one doubled, in a place drawn by lot."""
    at = lot.randrange(1, len(name) - 1)
    if name[at] == name[at + 1] or len(name) < 6:
        return name[:at] + name[at] + name[at:]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _counted() -> Any:
    """A block whose database queries are counted: call what it gives afterwards."""
    from contextlib import contextmanager

    from django.db import connection

    @contextmanager
    def counting() -> Iterator[Callable[[], int]]:
        made = [0]

        def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
            made[0] += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            yield lambda: made[0]

    return counting()


def _screen_pops(workspace: int, adviser: Any, size: int) -> dict[str, float]:
    """From the number that the network gives to the page of the record, followed like a browser."""
    from django.test import Client
    from django.urls import reverse

    client = Client(headers={"host": "localhost"})
    client.force_login(adviser)
    lot = random.Random(SEED + 1)
    address = reverse("directory:caller", args=[workspace])
    times, made = [], 0
    for one in _drawn(lot, size):
        with _counted() as count:
            start = perf_counter()
            answer = client.get(address, {"numero": one.phone}, follow=True)
            times.append(perf_counter() - start)
        made = max(made, count())
        page = answer.content.decode()
        if answer.status_code != 200 or one.reference not in page or "Contact 1" not in page:
            raise RuntimeError(f"the record of {one.reference} was not shown")
    return latencies(times, "screen_pop_") | {"screen_pop_queries_count": made}
