import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.frameworks import contract, corrections, origins
from acquis.certification.frameworks.corrections import CorrectionError, correct
from tests.factories.frameworks import content


@pytest.mark.parametrize(
    ("pointer", "kind"),
    [
        ("", "identity"),
        ("/rules", "rules"),
        ("/blocks/1", "block"),
        ("/blocks/0/activities/0", "activity"),
        ("/blocks/0/competencies/1", "competency"),
        ("/blocks/0/criteria/1", "criterion"),
        ("/transversal_competencies/0", "transversal"),
        ("/assessments/0", "assessment"),
        ("/assessments/0/phases/0", "phase"),
        ("/assessments/0/phases/0/steps/1", "step"),
        ("/warnings/0", "warning"),
    ],
)
def test_every_kind_of_item_is_known_by_its_place(pointer, kind):
    assert corrections.kind_of(pointer) == kind
    assert corrections.at(content(), pointer) is not None


@pytest.mark.parametrize(
    "pointer", ["/source", "/blocks", "/blocks/x", "/contract", "blocks/0", "/"]
)
def test_nothing_else_is_corrected(pointer):
    with pytest.raises(CorrectionError):
        corrections.kind_of(pointer)


def test_a_correction_leaves_the_first_content_alone():
    before = content()

    after = correct(before, "set", "/blocks/0/criteria/0", {"text": "Autre"})

    assert before == content()
    assert after["blocks"][0]["criteria"][0] == before["blocks"][0]["criteria"][0] | {
        "text": "Autre"
    }


def test_a_competency_that_changes_its_code_keeps_who_refers_to_it():
    after = correct(content(), "set", "/blocks/0/competencies/0", {"code": "C9"})

    assert after["blocks"][0]["criteria"][0]["competencies"] == ["C9"]
    assert after["assessments"][0]["phases"][0]["competencies"] == ["C9", "C2"]
    assert corrections.faults(after) == []


def test_a_block_and_an_activity_that_change_their_code_keep_who_refers_to_them():
    after = correct(content(), "set", "/blocks/0", {"code": "CCP1"})
    after = correct(after, "set", "/blocks/0/activities/0", {"code": "AT1"})

    assert after["assessments"][0]["scope"]["block"] == "CCP1"
    assert after["blocks"][0]["competencies"][0]["activity"] == "AT1"


def test_a_code_shared_by_two_competencies_is_not_carried():
    doubled = correct(content(), "set", "/blocks/0/competencies/1", {"code": "C1"})

    after = correct(doubled, "set", "/blocks/0/competencies/1", {"code": "C8"})

    assert after["blocks"][0]["criteria"][0]["competencies"] == ["C1"]


@pytest.mark.parametrize(
    ("operation", "pointer", "value"),
    [
        ("set", "/blocks/9", {"code": "B9"}),
        ("set", "/blocks/-1", {"code": "B9"}),
        ("set", "/blocks/0/criteria/x", {}),
        ("set", "/title", "Autre"),
        ("add", "/rules", {}),
        ("remove", "/rules", None),
        ("remove", "", None),
        ("move_up", "/blocks/0", None),
        ("move_down", "/blocks/1", None),
        ("move_to", "/blocks/0/criteria/0", "/blocks/1/competencies"),
        ("move_to", "/blocks/0/criteria/0", "/blocks/7/criteria"),
        ("move_to", "/blocks/0/criteria/0", None),
        ("explode", "/blocks/0", None),
    ],
)
def test_what_leads_nowhere_is_refused(operation, pointer, value):
    with pytest.raises(CorrectionError):
        correct(content(), operation, pointer, value)


def test_a_criterion_moves_to_the_end_of_another_block():
    after = correct(content(), "move_to", "/blocks/0/criteria/0", "/blocks/1/criteria")

    assert [one["code"] for one in after["blocks"][0]["criteria"]] == ["K2"]
    assert [one["code"] for one in after["blocks"][1]["criteria"]] == ["K3", "K1"]


@pytest.mark.parametrize(
    ("change", "fault", "pointer"),
    [
        ({"title": None}, "l’intitulé manque", ""),
        ({"blocks": []}, "aucun bloc n’est décrit", ""),
    ],
)
def test_what_is_missing_is_named_with_its_place(change, fault, pointer):
    found = corrections.faults(content(**change))

    assert (fault, pointer) in [(one.text, one.pointer) for one in found]


def test_doubled_codes_and_references_that_lead_nowhere_are_named():
    broken = content()
    broken["blocks"][1]["criteria"][0] |= {"code": "K1", "competencies": ["C77"]}
    broken["assessments"][0]["scope"]["block"] = "B77"
    broken["blocks"][0]["title"] = " "

    found = {one.pointer: one.text for one in corrections.faults(broken)}

    assert found["/blocks/0"] == "le bloc B1 n’a pas d’intitulé"
    assert found["/blocks/1/criteria/0"] == "le critère K1 renvoie à C77, qui n’existe pas"
    assert found["/assessments/0"] == "des épreuves portent sur le bloc B77, qui n’existe pas"
    assert "le code de critère K1 est donné deux fois" in [
        str(o) for o in corrections.faults(broken)
    ]


def test_an_untouched_framework_has_all_its_origins():
    found = origins.trace_origins(content(), content())

    assert found.gone == []
    assert found.changed == found.added == frozenset()
    assert all(new == old for new, old in found.of.items())


def test_what_was_moved_removed_added_and_reworded_is_told_apart():
    read = content()
    now = correct(read, "move_to", "/blocks/0/criteria/1", "/blocks/1/criteria")
    now = correct(now, "remove", "/blocks/0/competencies/0")
    now = correct(now, "set", "/blocks/1/criteria/0", {"code": "K30"})
    now = correct(
        now, "add", "/transversal_competencies", {"code": "X", "title": "Y", "criteria": []}
    )

    found = origins.trace_origins(read, now)

    assert found.of["/blocks/1/criteria/1"] == "/blocks/0/criteria/1"
    assert found.gone == ["/blocks/0/competencies/0"]
    assert found.changed == {"/blocks/1/criteria/0"}
    assert found.added == {"/transversal_competencies/1"}


def test_a_removed_block_comes_back_without_what_moved_elsewhere():
    read = content()
    now = correct(read, "move_to", "/blocks/1/criteria/0", "/blocks/0/criteria")
    now = correct(now, "remove", "/blocks/1")

    found = origins.returning(read, now, "/blocks/1")

    assert found is not None
    place, value = found
    back = correct(now, "insert", place, value)
    assert [block["code"] for block in back["blocks"]] == ["B1", "B2"]
    assert back["blocks"][1]["criteria"] == []
    assert corrections.faults(back) == []


def _arrangements():
    pointers = st.sampled_from(
        [
            pointer
            for kind in origins.KINDS
            for pointer, _item in corrections.items_of_kind(content(), kind)
        ]
    )
    return st.lists(
        st.tuples(st.sampled_from(["remove", "move_up", "move_down"]), pointers), max_size=6
    )


@given(_arrangements())
def test_whatever_is_arranged_keeps_the_contract_and_every_item_has_one_origin(steps):
    read = now = content()
    for operation, pointer in steps:
        try:
            now = correct(now, operation, pointer)
        except CorrectionError:
            continue
    contract.check(now)

    found = origins.trace_origins(read, now)

    olds = [old for new, old in found.of.items() if new not in {"", "/rules"}]
    assert len(olds) == len(set(olds))
    assert not found.added
    held = {p for kind in origins.KINDS for p, _item in corrections.items_of_kind(read, kind)}
    for pointer in held - set(olds):
        assert any(pointer == one or pointer.startswith(f"{one}/") for one in found.gone)


@given(_arrangements())
def test_putting_back_whatever_was_taken_out_brings_every_item_home(steps):
    read = now = content()
    for operation, pointer in steps:
        try:
            now = correct(now, operation, pointer)
        except CorrectionError:
            continue
    for _round in range(40):
        gone = origins.trace_origins(read, now).gone
        if not gone:
            break
        place, value = origins.returning(read, now, gone[0])
        now = correct(now, "insert", place, value)

    for kind in origins.KINDS:
        assert len(corrections.items_of_kind(now, kind)) == len(
            corrections.items_of_kind(read, kind)
        )
