"""Whether two records speak of one customer."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from acquis.desk.merging import policy
from acquis.desk.merging.policy import Identity

ODILE = Identity(
    kind="person", first_name="Odile", last_name="Lefèvre", emails=frozenset({"o@a.example"}),
    phones=frozenset({"+33639980001"}), postcode="42300", address="12 rue des Tisserands",
    birth_year=1970,
)  # fmt: skip
FIRM = Identity(
    kind="company", company_name="Brasserie du Port", siren="732829320", siret="73282932000074"
)
words = some.text("abcdéèœ -'", max_size=12)
identities = some.builds(
    Identity, kind=some.sampled_from(["person", "company"]), first_name=words, last_name=words,
    company_name=words, siren=some.sampled_from(["", "732829320", "552100554"]),
    emails=some.frozensets(some.sampled_from(["a@a.example", "b@a.example"])),
    phones=some.frozensets(some.sampled_from(["+33639980001", "+33639980002"])),
    postcode=some.sampled_from(["", "42300"]), birth_year=some.sampled_from([None, 1970, 1980]),
)  # fmt: skip


@given(identities, identities)
def test_likeness_is_the_same_both_ways_round_and_within_bounds(
    one: Identity, other: Identity
) -> None:
    likeness = policy.compare(one, other)

    assert likeness == policy.compare(other, one)
    assert 0 <= likeness.score <= policy.MOST


def test_names_heard_alike_share_a_key() -> None:
    other = replace(
        ODILE, last_name="LEFEBVRE", phones=frozenset(), emails=frozenset(), birth_year=None
    )

    assert policy.keys(ODILE) & policy.keys(other)
    likeness = policy.compare(ODILE, other)
    assert likeness.probable
    assert set(likeness.reasons) >= {"postcode", "address"}


def test_a_household_is_not_one_customer() -> None:
    paul = replace(ODILE, first_name="Paul", emails=frozenset(), birth_year=None)

    likeness = policy.compare(ODILE, paul)

    assert "other_first_name" in likeness.reasons
    assert not likeness.probable


def test_same_name_and_birth_years_apart_are_two_people() -> None:
    assert "birth_year_differs" in policy.compare(ODILE, replace(ODILE, birth_year=1999)).reasons
    assert "birth_year" in policy.compare(ODILE, ODILE).reasons


def test_numbers_of_companies_decide() -> None:
    branch = replace(FIRM, siret="73282932000082", company_name="Le Port")

    assert "siret" in policy.compare(FIRM, FIRM).reasons
    assert "siren" in policy.compare(FIRM, branch).reasons
    assert (
        "siren_differs" in policy.compare(FIRM, replace(FIRM, siren="552100554", siret="")).reasons
    )
    assert policy.keys(FIRM) & policy.keys(replace(FIRM, siren=""))


def test_a_person_and_a_company_are_told_apart() -> None:
    shared = replace(FIRM, phones=ODILE.phones)

    assert not policy.compare(ODILE, shared).probable
    assert "kind_differs" in policy.compare(ODILE, shared).reasons
    assert "other_name" in policy.compare(ODILE, shared).reasons


def test_nothing_known_gives_no_key_and_no_reason() -> None:
    nobody = Identity(kind="person")

    assert policy.keys(nobody) == frozenset()
    assert policy.compare(nobody, nobody).reasons == ()


def test_keys_say_nothing_of_the_person() -> None:
    assert all(len(key) == 16 and "lef" not in key for key in policy.keys(ODILE))


def test_values_that_stay_by_default() -> None:
    assert policy.default_choice(["", None, "x", "y"]) == 2
    assert policy.default_choice(["", ""]) == 0
    assert policy.union([["a", "b"], ["b", "c"]]) == ["a", "b", "c"]
    assert policy.filled([{"a": 1}, {"a": 2, "b": 3}]) == {"a": 1, "b": 3}


def test_a_refusal_beside_an_agreement_is_opposed() -> None:
    yes, no = {("phone", "p"): True, ("sms", "p"): True}, {("phone", "p"): False}

    assert policy.opposed([yes, no]) == {("phone", "p")}
    assert policy.opposed([yes, yes]) == frozenset()
    assert policy.opposed([no, no]) == frozenset()


def test_without_a_first_name_the_last_names_are_compared() -> None:
    half = replace(ODILE, first_name="", emails=frozenset(), birth_year=None, address="")

    assert policy.compare(ODILE, half).reasons == ("phone", "like_name", "postcode")
    assert policy.compare(ODILE, half).probable
