import pytest

from acquis.kernel import delivery_reports

HEAD = """To: <retours+7-abc@centre.example>, autre@centre.example
Content-Type: multipart/report; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example

"""


def read(blocks: str, rest: str = "") -> delivery_reports.Report:
    return delivery_reports.read((HEAD + blocks + rest + "\n--b--\n").encode())


def test_each_recipient_who_was_not_reached_is_told_with_the_servers_words() -> None:
    found = read(
        "Final-Recipient: rfc822; Awa@Exemple.fr\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 No\n such user\n\n"
        "Original-Recipient: rfc822; paul@exemple.fr\nAction: Failed\nStatus: 4.2.2 (full)\n\n"
        "Final-Recipient: rfc822; lea@exemple.fr\nAction: delayed\nStatus: 4.4.1\n\n"
        "Final-Recipient: rfc822; jo@exemple.fr\nAction: failed\n"
    )
    assert [(one.recipient, one.action, one.failed_for_good) for one in found.deliveries] == [
        ("awa@exemple.fr", "failed", True),
        ("paul@exemple.fr", "failed", False),
        ("lea@exemple.fr", "delayed", False),
        ("jo@exemple.fr", "failed", True),
    ]
    assert found.deliveries[0].words == "5.1.1 550 No such user"
    assert found.deliveries[3].words == ""
    assert found.addressed_to == ("retours+7-abc@centre.example", "autre@centre.example")


def test_the_message_that_came_back_is_known_by_its_identifier() -> None:
    inner = "\n--b\nContent-Type: {}\n\nSubject: x\nMessage-ID: <un@centre.example>\n\ntexte\n"
    for kind in ("message/rfc822", "text/rfc822-headers"):
        assert read("", inner.format(kind)).original_id == "<un@centre.example>"
    silent = "\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\ntexte\n"
    assert read("", silent).original_id == ""


def test_what_is_no_report_says_nothing() -> None:
    for raw in (b"", b"\xff\xfe\x00", b"Subject: bonjour\n\nmessage/delivery-status", b"\n" * 9):
        found = delivery_reports.read(raw)
        assert (found.deliveries, found.original_id) == ((), "")
    plain = b"Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.fr"
    assert delivery_reports.read(plain).deliveries == ()


@pytest.mark.parametrize(
    ("action", "status", "failed", "dead"),
    [
        ("failed", "5.1.1", True, True),
        ("failed", "5.2.2", True, False),
        ("failed", "4.4.1", False, False),
        ("delayed", "4.4.1", False, False),
    ],
)
def test_a_report_says_whether_writing_again_serves(
    action: str, status: str, failed: bool, dead: bool
) -> None:
    told = delivery_reports.Delivery("x@y.example", action, status, "")

    assert (told.failed_for_good, told.address_is_dead) == (failed, dead)
    assert delivery_reports.failures([told]) == ((told,) if failed else ())
