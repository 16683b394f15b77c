from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.frameworks.comparison import (
    compare,
    correspondences,
    items_of,
    summary,
)
from acquis.certification.frameworks.exports import comparison_table
from tests.factories.frameworks import content

VOCABULARY = [
    "",
    "accueillir",
    "Accueillir",
    "le",
    "client",
    "devis",
    "à",
    "distance",
    "rédiger",
    "s",
]
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=4).map(" ".join)
CODES = st.sampled_from(["A", "B", "C1", "C2", "CT1", "CT1.1", "K"])


def _contents():
    item = st.fixed_dictionaries({"code": CODES, "statement": WORDS})
    criterion = st.fixed_dictionaries({"code": CODES, "text": WORDS, "competencies": st.just([])})
    block = st.fixed_dictionaries(
        {
            "code": CODES,
            "title": WORDS,
            "activities": st.just([]),
            "competencies": st.lists(item, max_size=4),
            "criteria": st.lists(criterion, max_size=4),
        }
    )
    common = st.fixed_dictionaries({"code": CODES, "title": WORDS, "criteria": st.just([])})
    return st.builds(
        lambda blocks, commons: content(blocks=blocks, transversal_competencies=commons),
        st.lists(block, max_size=3),
        st.lists(common, max_size=2),
    )


@given(_contents(), _contents())
def test_every_item_of_both_editions_appears_exactly_once(before, after):
    changes = compare(before, after)

    assert sorted(map(str, (one.before for one in changes if one.before))) == sorted(
        map(str, items_of(before))
    )
    assert sorted(map(str, (one.after for one in changes if one.after))) == sorted(
        map(str, items_of(after))
    )
    for one in changes:
        assert (one.nature == "added") == (one.before is None)
        assert (one.nature == "removed") == (one.after is None)
        assert 0 <= one.nearness <= 100


@given(_contents())
def test_an_edition_compared_with_itself_is_the_same_throughout(edition):
    changes = compare(edition, edition)

    assert {one.nature for one in changes} <= {"same"}


@given(_contents(), _contents(), st.lists(st.tuples(CODES, CODES), max_size=3))
def test_what_people_confirm_never_loses_an_item(before, after, stated):
    confirmed = [
        {"kind": kind, "from": one, "to": other}
        for kind in ("block", "criterion")
        for one, other in stated
    ]

    changes = compare(before, after, confirmed)

    assert len([one for one in changes if one.before]) == len(items_of(before))
    assert len([one for one in changes if one.after]) == len(items_of(after))


def _next_edition():
    after = content(edition="02")
    first, second = after["blocks"]
    first["competencies"][0]["statement"] = "Préparer le chantier avec soin"
    second["criteria"].append(first["criteria"].pop(0))
    second["competencies"][0] = {"code": "C3", "statement": "Rédiger un rapport annuel"}
    return after


def test_added_removed_reworded_and_moved_are_told_apart():
    changes = {
        (one.nature, one.before.code if one.before else None, one.after.code if one.after else None)
        for one in compare(content(), _next_edition())
        if one.nature != "same"
    }

    assert changes == {
        ("reworded", "C1", "C1"),
        ("removed", "C3", None),
        ("added", None, "C3"),
        ("moved", "K1", "K1"),
    }


def test_the_summary_counts_each_nature():
    counted = summary(compare(content(), _next_edition()))

    assert counted == {"added": 1, "removed": 1, "reworded": 1, "moved": 1, "same": 6}


def test_a_confirmed_correspondence_outweighs_the_wording():
    stated = [{"kind": "competency", "from": "C3", "to": "C3"}]

    changes = compare(content(), _next_edition(), stated)

    [pair] = [one for one in changes if one.confirmed]
    assert (pair.before.code, pair.after.code, pair.nature) == ("C3", "C3", "reworded")
    assert summary(changes)["added"] == summary(changes)["removed"] == 0


def test_correspondences_are_proposed_for_what_is_on_both_sides():
    proposed = correspondences(compare(content(), _next_edition()))

    assert {
        "kind": "criterion",
        "from": "K1",
        "to": "K1",
        "nature": "moved",
        "nearness": 100,
    } in proposed
    assert not [one for one in proposed if one["kind"] == "competency" and one["from"] == "C3"]


def test_the_table_has_a_line_a_change_and_runs_no_formula():
    after = _next_edition()
    after["blocks"][0]["title"] = "=SOMME(A1:A9)"

    table = comparison_table(compare(content(), after))

    lines = table.splitlines()
    assert len(lines) == 1 + len(compare(content(), after))
    assert lines[0].startswith("Changement;Nature;Code ancien")
    assert "'=SOMME" in table
    assert ";=SOMME" not in table
