"""A sealed PDF: what it stays, what a changed byte does, what the report says."""

import io
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader

from acquis.certification.seals import checking, pades
from acquis.certification.seals.checking import Verdict
from acquis.certification.seals.errors import NotAPdf
from acquis.kernel import crypto
from tests.factories import seals

NOW = timezone.now()


@pytest.fixture(scope="module")
def sealed():
    return pades.seal_pdf(seals.plain_pdf(), seals.identity(), reason="Essai")


@pytest.fixture(scope="module")
def roots():
    return [seals.identity().above[-1].public_bytes(Encoding.DER)]


def check(content, roots=()):
    (report,) = checking.check_pdf(content, roots=roots)
    return report


def test_what_was_there_stays_byte_for_byte(sealed):
    assert sealed.startswith(seals.plain_pdf())
    assert len(sealed) - len(seals.plain_pdf()) < 20_000


def test_a_seal_keeps_the_document_pdf_a_and_pdf_ua(sealed):
    """What ISO 19005-3 and 14289-1 ask of a signature field, and what they ask of the document."""
    reader = PdfReader(io.BytesIO(sealed))
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    (field,) = [one.get_object() for one in root["/AcroForm"]["/Fields"]]
    page = reader.pages[0]
    left, bottom, right, top = (float(one) for one in field["/Rect"])

    for part, value in (("pdfaid", "3"), ("pdfuaid", "1")):
        assert re.search(rf'{part}:part(?:="|>){value}', metadata)
    assert re.search(r'pdfaid:conformance(?:="|>)A', metadata)
    assert root["/OutputIntents"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/NeedAppearances" not in root["/AcroForm"]
    assert page["/Tabs"] == "/S"  # 7.18.3
    assert field["/F"] & 0b100011 == 0  # neither invisible, hidden nor « no view »: 6.3.2
    assert field["/F"] & 0b100 == 0b100  # printed: 6.3.2
    assert (left, bottom) == (right, top)  # no area, so no appearance is asked for: 6.3.3
    assert right < 0  # outside the page: no tag is asked for, 7.18.4
    assert field["/TU"] == "Sceau du centre"
    signature = field["/V"]
    assert signature["/SubFilter"] == "/ETSI.CAdES.detached"
    assert sum(signature["/ByteRange"][2:]) == len(sealed)  # the whole file: 6.4.3


def test_a_seal_under_a_known_authority_is_valid(sealed, roots):
    report = check(sealed, roots)

    assert report.verdict == Verdict.VALID
    assert report.holder.subject.startswith("Common Name: Centre Horizon")
    assert report.covered[0][0] == 0
    assert report.covered[1][1] == len(sealed) - 1
    assert len(report.digest) == 64
    assert not report.expired_on(NOW)
    assert report.expired_on(NOW + timedelta(days=4000))


def test_a_seal_of_nobody_known_says_so(sealed):
    other = seals.identity("Un autre centre").above[-1].public_bytes(Encoding.DER)

    assert check(sealed).verdict == Verdict.UNKNOWN
    assert check(sealed, [other]).verdict == Verdict.UNKNOWN


def test_one_changed_byte_breaks_the_seal_wherever_it_lies(sealed, roots):
    """All over what is covered: never valid."""
    covered = check(sealed, roots).covered
    places = [
        rank
        for first, last in covered
        for rank in range(first, last + 1, max(1, (last - first) // 60))
    ]
    valid = []
    for rank in places:
        changed = bytearray(sealed)
        changed[rank] ^= 1
        verdict = check(bytes(changed), roots).verdict
        if verdict not in {Verdict.ALTERED, Verdict.UNREADABLE}:
            valid.append((rank, verdict))
    assert len(places) > 100
    assert valid == []


def test_a_changed_byte_of_the_seal_itself_breaks_it(sealed, roots):
    """In the gap that the ranges leave lies the signature; behind it, only its padding of zeros."""
    (_, end), (start, _) = check(sealed, roots).covered
    assert [later - before for before, later in pairwise((end, start))] != [1]
    changed = bytearray(sealed)
    changed[end + 400] = ord("0") if changed[end + 400] != ord("0") else ord("1")

    assert not check(bytes(changed), roots).is_valid


def test_what_is_added_behind_the_seal_is_told(sealed, roots):
    report = check(sealed + b"\n% un ajout\n", roots)

    assert report.verdict == Verdict.APPENDED
    assert report.size == len(sealed) + 12


def test_a_second_revision_is_told(sealed, roots):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)

    assert check(out.getvalue(), roots).verdict == Verdict.APPENDED


def test_a_certificate_that_did_not_yet_run_is_told():
    late = seals.identity("Plus tard", at=datetime(2030, 1, 1, tzinfo=UTC))
    content = pades.seal_pdf(seals.plain_pdf(), late, reason="Essai")

    report = check(content, [late.above[-1].public_bytes(Encoding.DER)])

    assert report.verdict == Verdict.NOT_IN_FORCE


def test_a_pdf_without_a_seal_and_what_is_no_pdf():
    assert check(seals.plain_pdf()).verdict == Verdict.UNSEALED
    assert check(b"bonjour").verdict == Verdict.UNREADABLE
    assert check(b"").verdict == Verdict.UNREADABLE
    assert check(seals.plain_pdf()[:3000]).verdict == Verdict.UNREADABLE


def test_what_is_no_pdf_is_not_sealed():
    with pytest.raises(NotAPdf):
        pades.seal_pdf(b"bonjour", seals.identity(), reason="Essai")


def test_the_certificates_of_a_seal_are_in_it(sealed):
    """A stranger finds the chain in the file."""
    (embedded,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    certificates = [embedded.signer_cert, *embedded.other_embedded_certs]
    names = {x509.load_der_x509_certificate(one.dump()).subject for one in certificates}

    assert names == {seals.identity().certificate.subject, seals.identity().above[0].subject}


def test_a_key_is_sealed_at_rest():
    key = seals.identity().key_der

    assert key not in crypto.seal(key)
