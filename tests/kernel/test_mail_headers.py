import email
import email.policy

import pytest

from acquis.kernel import mail_headers


@pytest.mark.parametrize(
    ("raw", "clear"),
    [
        ("=?utf-8?q?D=C3=A9l=C3=A9gu=C3=A9?=", "Délégué"),
        ("=?iso-8859-1?q?Pr=E9nom?= =?utf-8?b?w6k=?=", "Prénomé"),
        ("=?inconnu-8?q?reste?=", "reste"),
        ("deux\r\n lignes\x00", "deux lignes"),
        ("retourn\u202eé", "retourné"),
    ],
)
def test_a_header_is_read_as_well_as_it_can_be(raw: str, clear: str) -> None:
    assert mail_headers.decoded(raw) == clear


def test_bytes_that_name_no_charset_are_read_all_the_same() -> None:
    message = email.message_from_bytes(
        b"Subject: \xe9t\xe9\nSubject: second\nTo: \xc3\xa9t\xc3\xa9\n\n",
        policy=email.policy.compat32,
    )

    assert mail_headers.headers_of(message) == {"subject": "été", "to": "été"}


def test_identifiers_are_told_once_in_their_order() -> None:
    assert mail_headers.identifiers("rien, <a@x> <b@x> <a@x> <b x>") == ("<a@x>", "<b@x>")
