from hypothesis import given
from hypothesis import strategies as st

from acquis.kernel.components import word_changes

TEXTS = st.text(alphabet="ab c\n", max_size=30)


@given(TEXTS, TEXTS)
def test_kept_and_added_make_the_later_text_kept_and_removed_the_earlier(before, after):
    pieces = list(word_changes(before, after))
    assert "".join(text for kind, text in pieces if kind != "removed") == after
    assert "".join(text for kind, text in pieces if kind != "added") == before
