"""What mail obeys, without a database: threads, machines, delays, addresses, quotations."""

from datetime import UTC, datetime, timedelta

import pytest

from acquis.desk.mail import policy

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def test_an_answer_names_what_it_answers_nearest_first() -> None:
    assert policy.ancestors("<c@x>", "<a@x> <b@x>\r\n <c@x>") == ("<c@x>", "<b@x>", "<a@x>")


def test_references_keep_the_first_and_the_last_of_a_long_thread() -> None:
    chain = " ".join(f"<{rank}@x>" for rank in range(40))

    kept = policy.references_of("<40@x>", chain).split()

    assert len(kept) == 30
    assert (kept[0], kept[1], kept[-1]) == ("<0@x>", "<12@x>", "<40@x>")
    assert policy.references_of("<a@x>", "") == "<a@x>"


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: RE : Ré[2]: Tr: Fwd: Ma commande", "Ma commande"),
        ("Ma commande", "Ma commande"),
        ("Retour : ma commande", "Retour : ma commande"),
    ],
)
def test_a_subject_loses_its_prefixes(subject: str, bare: str) -> None:
    assert policy.bare_subject(subject) == bare
    assert policy.answer_subject(subject) == f"Re: {bare}"
    assert policy.answer_subject(subject, forward=True) == f"Tr: {bare}"


def test_a_reference_stands_once_at_the_end_of_a_subject() -> None:
    token = "[réf. 12-0a1b2c3d]"

    once = policy.with_token("Ma commande", token)

    assert policy.with_token(once, token) == once == f"Ma commande {token}"
    assert policy.token_in(f"RE: {once.upper()}") == (12, "0a1b2c3d")
    assert policy.token_in("Ma commande [réf. 12]") is None
    assert len(policy.with_token("x" * 400, token)) <= policy.LONGEST_SUBJECT


def test_a_line_of_addresses_is_read_as_people_type_it() -> None:
    line = "Odile <odile@x.example>; paul@y.example\n Inès <ines@z>, n’importe quoi"

    assert [address for _name, address in policy.addresses(line)][:2] == [
        "odile@x.example", "paul@y.example",
    ]  # fmt: skip
    assert "ines@z" in policy.wrong_addresses(line)
    assert policy.wrong_addresses("odile@x.example, paul@é.example") == ()
    assert not policy.is_address("x" * 250 + "@x.example")
    assert policy.domain_of("Odile@X.Example") == "x.example"
    assert policy.domain_of("") == "acquis.invalid"


def test_an_answer_to_all_reaches_nobody_twice_and_never_ourselves() -> None:
    to, cc = policy.everybody(
        "odile@x.example",
        "contact@nous.example, Odile <ODILE@x.example>, faux",
        "paul@y.example, odile@x.example",
        {"Contact@nous.example"},
    )

    assert (to, cc) == (("odile@x.example",), ("paul@y.example",))


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, "normal"),
        ({"auto-submitted": "no"}, "normal"),
        ({"auto-submitted": "auto-replied; owner=x"}, "automatic"),
        ({"precedence": "auto_reply"}, "automatic"),
        ({"x-autoreply": "yes"}, "automatic"),
        ({"return-path": " <> "}, "automatic"),
        ({"list-id": "<x.y>"}, "list"),
        ({"list-unsubscribe": "<mailto:x>"}, "list"),
        ({"precedence": "Bulk"}, "list"),
        ({"x-failed-recipients": "x@y"}, "bounce"),
        ({"return-path": "<>", "from": "MAILER-DAEMON@mx.example"}, "bounce"),
    ],
)
def test_a_message_is_told_by_its_headers(headers: dict[str, str], kind: str) -> None:
    assert policy.kind_of(headers, report=False, own=False) == kind


def test_a_report_is_a_bounce_and_our_own_mail_is_ours() -> None:
    assert policy.kind_of({}, report=True, own=True) == "bounce"
    assert policy.kind_of({}, report=False, own=True) == "own"


@pytest.mark.parametrize(
    ("changes", "leaves"),
    [
        ({}, True),
        ({"wish": "never"}, False),
        ({"wish": "closed"}, False),
        ({"wish": "closed", "open_now": False}, True),
        ({"wish": "open"}, True),
        ({"kind": "list"}, False),
        ({"kind": "automatic"}, False),
        ({"suppressed": True}, False),
        ({"last_to_sender": NOW - timedelta(hours=23)}, False),
        ({"last_to_sender": NOW - timedelta(hours=25)}, True),
    ],
)
def test_an_acknowledgement_never_answers_a_machine_and_leaves_once_a_day(
    changes: dict[str, object], leaves: bool
) -> None:
    facts = {"wish": "always", "kind": "normal", "open_now": True, "last_to_sender": None,
             "suppressed": False}  # fmt: skip
    given = facts | changes
    wish, kind = given.pop("wish"), given.pop("kind")

    assert policy.may_acknowledge(wish, kind, at=NOW, **given) is leaves  # type: ignore[arg-type]


def test_a_mailbox_that_fails_is_read_less_and_less_often() -> None:
    delays = [policy.fetch_delay(failures).total_seconds() for failures in range(9)]

    assert delays[0] == 30
    assert delays == sorted(delays)
    assert delays[-1] == delays[-2] == 1800


def test_a_quotation_and_a_forward_say_whose_words_they_are() -> None:
    assert policy.quotation("Odile", "20 novembre 2026 à 10:00", "Bonjour\n\nMerci ") == (
        "Le 20 novembre 2026 à 10:00, Odile a écrit :\n> Bonjour\n>\n> Merci"
    )
    assert policy.forwarded([("De", "Odile"), ("Cc", "")], " Bonjour ") == (
        "---------- Message transféré ----------\nDe : Odile\n\nBonjour"
    )
