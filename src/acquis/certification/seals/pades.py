"""Sealing a PDF: a PAdES baseline signature by pyHanko, appended to the file.

What was there before stays byte for byte, and the document stays PDF/A-3a and PDF/UA-1: the field of
the seal is invisible, outside the page, with the flag that PDF/A asks for.
"""

import io

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from acquis.certification.seals.errors import NotAPdf
from acquis.certification.seals.keys import Identity

FIELD = "Sceau"


def seal_pdf(content: bytes, identity: Identity, *, reason: str) -> bytes:
    """The PDF with the seal behind it: about a hundredth of a second, some ten kilobytes more.

    Raises NotAPdf.
    """
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        spec = fields.SigFieldSpec(
            FIELD,
            readable_field_name="Sceau du centre",
            invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
        )
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=reason,
        )
        sealed = signers.PdfSigner(meta, _signer(identity), new_field_spec=spec).sign_pdf(writer)
    except PdfError as error:
        raise NotAPdf from error
    return bytes(sealed.getvalue())


def _signer(identity: Identity) -> signers.SimpleSigner:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([to_asn1(one) for one in identity.above])
    return signers.SimpleSigner(
        signing_cert=to_asn1(identity.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(identity.key_der),
        cert_registry=store,
    )


def to_asn1(certificate: object) -> asn1_x509.Certificate:
    """The certificate as pyHanko reads it."""
    return asn1_x509.Certificate.load(
        certificate.public_bytes(serialization.Encoding.DER)  # type: ignore[attr-defined]
    )
