"""Lengths as networks count them, STOP, the 24 hours, templates, signatures."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.desk.messaging import policy
from acquis.desk.messaging.policy import Length


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Length("GSM-7", 0, 0, 160)),
        ("a" * 160, Length("GSM-7", 160, 1, 0)),
        ("a" * 161, Length("GSM-7", 161, 2, 145)),
        ("a" * 307, Length("GSM-7", 307, 3, 152)),
        ("€" * 80, Length("GSM-7", 160, 1, 0)),
        ("a" * 152 + "€" * 5, Length("GSM-7", 162, 2, 143)),
        ("ê", Length("UCS-2", 1, 1, 69)),
        ("é à ç".replace("ç", "c"), Length("GSM-7", 5, 1, 155)),
        ("ê" * 71, Length("UCS-2", 71, 2, 63)),
        ("😀" * 35, Length("UCS-2", 70, 1, 0)),
        ("😀" * 36, Length("UCS-2", 72, 2, 61)),
    ],
)
def test_a_text_is_counted_as_a_network_counts_it(text: str, expected: Length) -> None:
    assert policy.length_of(text) == expected


@given(st.text(max_size=400))
def test_segments_hold_the_whole_text_and_grow_with_it(text: str) -> None:
    length = policy.length_of(text)
    each = 153 if length.encoding == "GSM-7" else 67

    assert length.left >= 0
    assert length.segments >= -(-length.units // 160) if length.encoding == "GSM-7" else True
    assert length.segments <= max(1, -(-length.units // (each - 1)))
    assert policy.length_of(text + "a").segments >= length.segments


@pytest.mark.parametrize("text", ["STOP", " stop. ", "Arrêt", "DÉSABONNEMENT"])
def test_stop_is_understood_in_its_spellings(text: str) -> None:
    assert policy.opts_out(text)


@pytest.mark.parametrize("text", ["", "Stop, je veux un remboursement", "non"])
def test_a_sentence_is_not_stop(text: str) -> None:
    assert not policy.opts_out(text)
    assert not policy.opts_in(text)


def test_the_24_hours_run_from_the_last_word(now: Any) -> None:
    assert policy.is_open(now, now + timedelta(hours=23, minutes=59))
    assert not policy.is_open(now, now + timedelta(hours=24))
    assert not policy.is_open(None, now)
    assert policy.window_ends(None) is None


def test_a_template_is_itself_with_its_places_filled() -> None:
    known = ["Bonjour {client}, (dossier {référence})."]

    assert policy.says_a_template("Bonjour Odile, (dossier C-1).", known)
    assert not policy.says_a_template("Bonjour Odile, (dossier C-1). Autre.", known)
    assert not policy.says_a_template("Bonjour", [])


@given(st.binary(max_size=80), st.text(max_size=20))
def test_a_signature_holds_for_its_body_secret_and_minute_only(body: bytes, secret: str) -> None:
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    stamp = str(int(at.timestamp()))
    good = policy.signature(secret, stamp, body)

    assert policy.is_signed(secret, stamp, body, good, at=at + timedelta(minutes=5))
    assert not policy.is_signed(secret, stamp, body, good, at=at + timedelta(minutes=6))
    assert not policy.is_signed(secret, stamp, body, good, at=at - timedelta(minutes=6))
    assert not policy.is_signed(secret, stamp, body + b"x", good, at=at)
    assert not policy.is_signed(secret + "x", stamp, body, good, at=at)
    assert not policy.is_signed(secret, "x", body, good, at=at)
    assert not policy.is_signed(secret, stamp, body, "é", at=at)
