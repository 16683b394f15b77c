from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.awards import policy, wording
from tests.factories import grading

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), JSON), st.randoms(use_true_random=False))
def test_the_fingerprint_does_not_depend_on_the_order_of_the_keys(data, random):
    keys = list(data)
    random.shuffle(keys)

    assert policy.fingerprint({key: data[key] for key in keys}) == policy.fingerprint(data)


@given(st.dictionaries(st.text(), JSON), st.text())
def test_any_added_word_changes_the_fingerprint(data, word):
    assert policy.fingerprint(data | {"un mot ajouté": [word]}) != policy.fingerprint(
        {key: value for key, value in data.items() if key != "un mot ajouté"}
    )


def test_numbers_name_their_kind_and_year():
    assert policy.number("pv", 2026, 7) == "PV-2026-0007"
    assert policy.number("certificate", 2026, 12345) == "CERT-2026-12345"


def test_a_code_is_read_in_any_case_with_or_without_hyphens():
    assert policy.read_code("hk6f xf9x-mmhm") == "HK6F-XF9X-MMHM"


def test_a_part_of_a_code_is_told_back_without_hyphens_of_its_own():
    assert policy.read_code("hk6f-x") == "HK6F-X"
    assert policy.read_code("HK6F-") == "HK6F"
    assert policy.read_code(" – ") == ""


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_each_rank_of_a_year_has_a_number_of_its_own(one, other):
    numbers = {policy.number("pv", 2026, rank) for rank in (one, other)}

    assert len(numbers) == len({one, other})
    assert all(int(number.removeprefix("PV-2026-")) in {one, other} for number in numbers)


@given(st.lists(st.integers()), st.lists(st.integers()))
def test_who_has_not_signed_is_awaited_and_nobody_else(required, signed):
    missing = policy.missing_signers(required, signed)

    assert set(missing) == set(required) - set(signed)


def test_documents_write_days_and_hours_in_french_whatever_the_reader_s_language():
    assert wording.day(grading.AT.replace(day=1)) == "1er\xa0novembre 2026"
    assert wording.moment(grading.AT) == "20\xa0novembre 2026 à 15:00:00"
    assert wording.siret("73282932000074") == "732\xa0829\xa0320\xa000074"
    assert wording.siret("inconnu") == "inconnu"
