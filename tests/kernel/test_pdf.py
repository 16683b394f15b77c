import io
import re

import pytest
from pypdf import PdfReader

from acquis.kernel import pdf
from acquis.kernel.pdf import PdfFailed

LETTER = {
    "title": "Réponse à votre demande",
    "sender": ["Valbrenne", "12 rue des Tilleuls", "44000 Nantes"],
    "recipient": ["Mme Zoé Rault", "3 place de l’Œuvre", "44300 Nantes"],
    "body": "Madame, votre remboursement de 1 234,56 € est parti.",
}


@pytest.fixture
def template(tmp_path, monkeypatch):
    """Write a template beside the kernel's own, gone after the test."""
    folder = pdf.FONTS.parent / "typst" / "kernel"
    made = []

    def write(source):
        path = folder / f"only_for_tests_{len(made)}_{tmp_path.name}.typ"
        path.write_text(source)
        made.append(path)
        return f"kernel/{path.name}"

    yield write
    for path in made:
        path.unlink()


@pytest.fixture
def letter(template):
    return template(
        """#import "/kernel/typst/kernel/letter.typ": *
#let data = json(bytes(sys.inputs.data))
#show: letter-page.with(title: data.title, sender: data.sender, recipient: data.recipient,
  place-date: "Nantes, le 20 novembre 2026", subject: data.title,
  date: datetime(year: 2026, month: 11, day: 20))
#data.body
"""
    )


def read(content):
    return PdfReader(io.BytesIO(content))


def test_document_reads_back_with_its_french_text(letter):
    reader = read(pdf.render(letter, LETTER))
    text = reader.pages[0].extract_text()
    assert "Mme Zoé Rault" in text
    assert "3 place de l’Œuvre" in text
    assert "1 234,56 €" in text
    assert "page 1/1" in text


def test_document_is_archivable_accessible_titled_and_in_french(letter):
    reader = read(pdf.render(letter, LETTER))
    metadata = reader.xmp_metadata.rdf_root.toxml()
    assert re.search(r"<pdfaid:part>3</pdfaid:part>", metadata)
    assert re.search(r"<pdfaid:conformance>A</pdfaid:conformance>", metadata)
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", metadata)
    assert reader.root_object["/Lang"] == "fr-FR"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "Réponse à votre demande"


def test_every_font_is_ours_and_embedded(letter):
    fonts = read(pdf.render(letter, LETTER)).pages[0]["/Resources"]["/Font"]
    for font in (entry.get_object() for entry in fonts.values()):
        [descendant] = font["/DescendantFonts"]
        descriptor = descendant.get_object()["/FontDescriptor"].get_object()
        assert "SourceSans3" in descriptor["/FontName"].replace("-", "")
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_same_data_make_the_same_bytes(letter):
    assert pdf.render(letter, LETTER) == pdf.render(letter, LETTER)


def test_template_that_asks_for_absent_data_fails_with_its_name(letter):
    with pytest.raises(PdfFailed, match=r"only_for_tests.*recipient"):
        pdf.render(letter, {"title": "x", "sender": [], "body": ""})


def test_template_that_does_not_exist_fails():
    with pytest.raises(PdfFailed, match="no_such"):
        pdf.render("kernel/no_such.typ", {})


def test_text_of_people_is_never_read_as_a_program(letter):
    hostile = {**LETTER, "body": '#read("/etc/passwd") $x$ *gras* <label> @ref'}
    assert (
        '#read("/etc/passwd") $x$ *gras*'
        in read(pdf.render(letter, hostile)).pages[0].extract_text()
    )


def test_template_reads_nothing_outside_the_package(template):
    with pytest.raises(PdfFailed):
        pdf.render(template('#read("/../../../etc/hostname")'), {})
