"""What the settings of a trunk and the messages of an operator say."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from hypothesis import given
from hypothesis import strategies as st

from acquis.config import environment
from acquis.kernel.media.sip import checks, sound
from acquis.kernel.media.sip.trunk import (
    BACK_OFF,
    Cause,
    Fault,
    Trunk,
    cause_of,
    faults,
    international,
    invite_of,
    name_of,
    pause,
    trunk_from,
    user_of,
)
from acquis.kernel.media.tones import encoded
from tests.kernel.media.sip_peers import a_law

NUMBERS = ("+33199000000", "+33199000001")
GOOD = Trunk(host="sip.operator.example", user="desk", password="p", numbers=NUMBERS)


def invite(*headers: str, to: str = "sip:desk@192.0.2.1") -> str:
    lines = [f"INVITE {to} SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.9", *headers, "Content-Length: 4"]
    return "\r\n".join(lines) + "\r\n\r\nFrom: <sip:+33600000000@nobody>"


def test_no_host_is_no_trunk_and_a_good_one_has_no_fault() -> None:
    assert faults(Trunk(port=0, codecs=())) == []
    assert faults(GOOD) == []
    assert trunk_from(GOOD.as_data()) == GOOD
    assert "desk" not in repr(GOOD)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"port": 0}, Fault.PORT),
        ({"bind_port": 70_000}, Fault.PORT),
        ({"transport": "sctp"}, Fault.TRANSPORT),
        ({"password": ""}, Fault.PASSWORD),
        ({"user": ""}, Fault.USER),
        ({"numbers": ()}, Fault.NUMBERS),
        ({"numbers": ("0199000000",)}, Fault.NUMBER),
        ({"codecs": ()}, Fault.CODECS),
        ({"codecs": ("PCMA", "opus")}, Fault.CODECS),
        ({"rtp_port": 80}, Fault.RTP),
        ({"rtp_ports": 1}, Fault.RTP),
        ({"rtp_port": 65_500}, Fault.RTP),
        ({"srtp": True}, Fault.SRTP),
        ({"tls_certificate": "/a.crt"}, Fault.TLS),
        ({"tls_key": "/a.key"}, Fault.TLS),
    ],
)
def test_each_fault_of_a_trunk_is_named(values: dict[str, Any], fault: Fault) -> None:
    assert faults(replace(GOOD, **values)) == [fault]


def test_a_file_of_tls_that_cannot_be_read_is_named(settings: Any) -> None:
    settings.SIP = GOOD.as_data() | {"transport": "tls", "tls_ca": "/nowhere/ca.pem"}

    assert "ACQUIS_SIP_TLS_CA nomme un fichier qui ne se lit pas : /nowhere/ca.pem." in (
        checks.problems()
    )


def test_the_checks_of_the_system_say_what_to_mend(settings: Any) -> None:
    assert not checks.trunk().host  # nothing is set: nothing is wrong
    call_command("check")

    settings.SIP = {"host": "sip.operator.example", "codecs": ["opus"], "numbers": list(NUMBERS)}
    assert checks.problems() == ["ACQUIS_SIP_CODECS ne connaît que : PCMA, PCMU, G722."]
    with pytest.raises(SystemCheckError, match="ACQUIS_SIP_CODECS"):
        call_command("check")


def test_a_library_that_is_absent_is_said(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SIP = {"host": "sip.operator.example", "numbers": list(NUMBERS)}
    monkeypatch.setattr(checks, "find_spec", lambda _name: None)

    assert "acquis[sip]" in checks.problems()[0]


def test_a_number_of_the_settings_must_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACQUIS_SIP_PORT", " ")
    assert environment.number("ACQUIS_SIP_PORT", 5060) == 5060
    monkeypatch.setenv("ACQUIS_SIP_PORT", "5070")
    assert environment.number("ACQUIS_SIP_PORT", 5060) == 5070
    monkeypatch.setenv("ACQUIS_SIP_PORT", "five")
    with pytest.raises(environment.ImproperlyConfigured, match="ACQUIS_SIP_PORT"):
        environment.number("ACQUIS_SIP_PORT", 5060)


def test_the_number_called_stands_in_the_request_or_after_it() -> None:
    assert invite_of(invite(to="sip:0199000001@192.0.2.1"), NUMBERS).called == NUMBERS[1]
    assert invite_of(invite("T: <sip:+33199000000@o.example>"), NUMBERS).called == NUMBERS[0]
    called = invite_of(invite("P-Called-Party-ID: <tel:+33199000001>"), NUMBERS)
    assert called.called == NUMBERS[1]
    assert invite_of(invite(to="sip:0188888888@192.0.2.1"), NUMBERS).called == ""
    assert invite_of("INVITE", NUMBERS).called == ""


def test_the_caller_is_whom_the_operator_vouches_for() -> None:
    sender = 'f: "Odile \\"O\\" Tran" <sip:0639981122@o.example;user=phone>;tag=1'
    plain = invite_of(invite(sender), NUMBERS)
    assert (plain.number, plain.name) == ("+33639981122", 'Odile "O" Tran')
    vouched = invite_of(invite(sender, "P-Asserted-Identity: <tel:+33639980011>"), NUMBERS)
    assert vouched.number == "+33639980011"
    odd = invite_of(invite(sender, "P-Asserted-Identity: <sip:switch@o.example>"), NUMBERS)
    assert odd.number == "+33639981122"
    number = invite_of(invite('From: "0639981122" <sip:0639981122@o.example>'), NUMBERS)
    assert number.name == ""


@pytest.mark.parametrize(
    "headers",
    [
        ['From: "Anonymous" <sip:anonymous@anonymous.invalid>'],
        ["From: <sip:+33639981122@o.example>", "Privacy: critical; id"],
        [],
    ],
)
def test_whoever_hides_has_no_number(headers: list[str]) -> None:
    asserted = "P-Asserted-Identity: <tel:+33639980011>"

    found = invite_of(invite(*headers, asserted), NUMBERS)

    assert (found.number, found.name) == ("", "")


@given(st.text())
def test_whatever_an_operator_sends_is_read(text: str) -> None:
    found = invite_of(text, NUMBERS)

    assert found.called in {"", *NUMBERS}
    assert len(found.name) <= 120
    assert international(found.number) == found.number
    assert name_of(text).isprintable()
    assert ">" not in user_of(text)


def test_numbers_are_written_one_way() -> None:
    assert international("01 99 00 00 00") == "+33199000000"
    assert international("12") == ""
    assert international("desk") == ""


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (486, Cause.BUSY),
        (480, Cause.NO_ANSWER),
        (603, Cause.DECLINED),
        (404, Cause.UNASSIGNED),
        (403, Cause.REFUSED),
        (503, Cause.FAILED),
        (0, Cause.FAILED),
    ],
)
def test_each_status_has_its_cause(status: int, cause: Cause) -> None:
    assert cause_of(status) == cause


def test_attempts_go_further_apart_and_never_stop() -> None:
    pauses = [pause(failures) for failures in range(1, 20)]

    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (BACK_OFF[0], BACK_OFF[-1])


@pytest.mark.parametrize("rate", [8_000, 16_000])
def test_two_speakers_are_added_up_and_what_is_unreadable_is_left_out(rate: int) -> None:
    hearing = sound.Hearing(rate)
    for hertz, place in ((500, 0), (900, 1)):
        wave = 0.3 * np.sin(2 * np.pi * hertz * np.arange(9_600) / 48_000)
        for packet in encoded(wave):
            hearing.push(place, packet)
    hearing.push(2, b"\xff")

    heard = np.frombuffer(b"".join(hearing.frame() for _ in range(9)), np.int16)

    spectrum = np.abs(np.fft.rfft(heard[rate // 50 :]))
    strongest = {round(int(one) * rate / (len(heard) - rate // 50), -2) for one in
                 np.argsort(spectrum)[-2:]}  # fmt: skip
    assert strongest == {500, 900}
    assert not np.frombuffer(hearing.frame() + hearing.frame(), np.int16)[rate // 50 :].any()


def test_a_speaker_who_comes_too_fast_loses_the_oldest() -> None:
    hearing = sound.Hearing(8_000)
    for packet in encoded(0.3 * np.sin(2 * np.pi * 500 * np.arange(48_000) / 48_000)):
        hearing.push(0, packet)

    frames = [hearing.frame() for _ in range(sound.MOST + 1)]

    assert any(frames[sound.MOST - 1])
    assert not any(frames[sound.MOST])


def test_what_the_tests_say_is_a_law() -> None:
    """Checked against the decoder of the codec library."""
    import av  # noqa: PLC0415

    wave = 0.4 * np.sin(2 * np.pi * 700 * np.arange(1_600) / 8_000)
    codec = av.CodecContext.create("pcm_alaw", "r")
    codec.sample_rate, codec.layout = 8_000, "mono"
    (frame,) = codec.decode(av.Packet(a_law(wave)))

    assert np.abs(frame.to_ndarray().reshape(-1) / 32768 - wave).max() < 0.02
