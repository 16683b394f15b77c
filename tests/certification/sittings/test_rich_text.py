"""What is kept of a text with styles, and how it is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.sittings import rich_text

LETTER = (
    "<h3>Objet</h3><p>Nous vous <strong>remboursons</strong> 15&nbsp;€.</p>"
    "<ul><li><p>port</p></li><li><p>bon d’achat</p></li></ul><p>Cordialement,<br>Inès</p>"
)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<p class='align-right evil' onclick='x()'>a</p>", '<p class="align-right">a</p>'),
        ("<p style='color:red'>a<script>x()</script></p>", "<p>a</p>"),
        ("<p><a href='javascript:x()'>a</a><img src=x onerror=x()></p>", "<p>a</p>"),
        ("<iframe src='//x'>x</iframe><table><tr><td>b</td></tr></table>", "b"),
        ("<h3><u>a</u> <em>b</em></h3><!-- c -->", "<h3><u>a</u> <em>b</em></h3>"),
        ("1 < 2 & « oui »", "1 &lt; 2 &amp; « oui »"),
    ],
)
def test_only_the_marks_of_the_editor_are_kept(sent: str, kept: str) -> None:
    assert rich_text.cleaned(sent) == kept


@given(st.text(max_size=200))
def test_cleaned_again_nothing_changes_and_nothing_acts(text: str) -> None:
    once = rich_text.cleaned(text)
    assert rich_text.cleaned(once) == once
    assert "<script" not in once.lower()


def test_the_words_alone_are_read_line_by_line() -> None:
    assert rich_text.as_words(LETTER, rich=True).splitlines() == [
        "Objet",
        "Nous vous remboursons 15 €.",
        "– port",
        "– bon d’achat",
        "Cordialement,",
        "Inès",
    ]
    assert rich_text.word_count(LETTER, rich=True) == 11


def test_plain_words_of_before_stay_readable() -> None:
    text = "Madame,\r\n\r\n1 < 2\nsuite"
    assert rich_text.as_html(text, rich=False) == "<p>Madame,</p><p>1 &lt; 2<br>suite</p>"
    assert rich_text.as_words(text, rich=False) == text
    assert rich_text.word_count("", rich=False) == 0
