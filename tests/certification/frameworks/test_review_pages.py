import pytest
from django.urls import reverse

from acquis.certification.frameworks import corrections
from acquis.certification.frameworks.contract import check
from acquis.certification.frameworks.item_forms import FORMS, ItemForm
from acquis.certification.frameworks.models import FrameworkCorrection, FrameworkImport
from acquis.certification.grading.policy.passing import pass_rule
from tests.factories import frameworks

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading(certifier):
    return frameworks.reading(certifier)


def at(name, reading):
    return reverse(f"frameworks:{name}", args=[reading.pk])


def text_of(answer):
    return answer.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def form_data(reading, pointer, adding=False):
    """What the browser would send back of the item's form, untouched."""
    kind = corrections.kind_of(f"{pointer}/0" if adding else pointer)
    content = reading.corrected
    form: ItemForm = FORMS[kind](
        initial={} if adding else corrections.at(content, pointer),
        content=content,
        pointer=pointer,
        adding=adding,
    )
    data = {}
    for bound in form:
        value = bound.field.prepare_value(bound.initial)
        if value is True:
            value = "on"
        if value not in (None, False, []):
            data[bound.name] = value
    item = {} if adding else corrections.at(content, pointer)
    return data | {
        "pointer": pointer,
        "revision": reading.revision,
        "name": corrections.name_of(item, kind) if item else "",
        **({"ajouter": "1"} if adding else {}),
    }


def save(client, reading, pointer, adding=False, **typed):
    return client.post(at("import_item", reading), form_data(reading, pointer, adding) | typed)


def test_the_review_shows_every_item_beside_its_source_with_its_doubts(signed, reading):
    page = text_of(signed.get(at("import_review", reading)))

    for code, line in frameworks.LINES.items():
        assert f'href="#L{line}" data-line="{line}"' in page, code
    assert '<li id="L10" value="10" class="doubt">' in page
    assert page.count("Le bloc B2 est peut-être tronqué.") == 3  # the list, the item, the source
    assert "1 doute à lever" in page
    assert 'id="item-blocks-0-criteria-1"' in page
    assert "Mise en situation professionnelle" in page
    assert "1 h 30" in page


def test_looking_at_a_review_writes_nothing(signed, reading):
    for name in ("import_review", "import_history", "import_publish"):
        signed.get(at(name, reading))

    reading.refresh_from_db()
    assert reading.revision == 0


@pytest.mark.parametrize(
    "pointer",
    [
        "",
        "/rules",
        "/blocks/0",
        "/blocks/0/activities/0",
        "/blocks/0/competencies/0",
        "/blocks/0/criteria/0",
        "/blocks/1/criteria/0",
        "/transversal_competencies/0",
        "/assessments/0",
        "/assessments/0/phases/0",
        "/assessments/0/phases/0/steps/0",
    ],
)
def test_a_form_sent_back_untouched_changes_nothing(signed, reading, pointer):
    assert signed.get(at("import_item", reading), {"pointer": pointer}).status_code == 200

    answer = save(signed, reading, pointer)

    assert answer.status_code == 302, text_of(answer)
    assert not FrameworkCorrection.objects.exists()


@pytest.mark.parametrize(
    ("pointer", "typed", "expected"),
    [
        ("", {"title": "Autre"}, {"title": "Autre"}),
        ("", {"effective_from": "2026-03-01"}, {"effective_from": "2026-03-01"}),
        ("", {"nsf": "312t\r\n\r\n330"}, {"nsf": ["312t", "330"]}),
        ("/rules", {"pass_ratio": "0,65"}, {"pass_ratio": "0.65"}),
        (
            "/rules",
            {"members_max": "3"},
            {"jury": {"members_min": 2, "members_max": 3, "notes": []}},
        ),
        ("/rules", {"results_within": "P10D"}, {"results_within": "P10D"}),
        (
            "/rules",
            {"pass_ratio": "0,7", "pass_unit": "competency", "competency_ratio": "0,5"},
            {"pass_ratio": "0.70", "pass_unit": "competency", "competency_ratio": "0.50"},
        ),
        ("/rules", {"by_block": "non", "sovereign": "oui"}, {"by_block": False, "sovereign": True}),
        ("/rules", {"certification_jury": "oui"}, {"certification_jury": True}),
        (
            "/rules",
            {"retake_within": "P1Y", "retake_beyond": "training", "retake_proof": "experience"},
            {"retake_within": "P1Y", "retake_beyond": "training", "retake_proof": "experience"},
        ),
        ("/rules", {"finish_within": "P1Y"}, {"finish_within": "P1Y"}),
        ("/blocks/0", {"title": "Poser"}, {"title": "Poser"}),
        ("/blocks/0/competencies/0", {"statement": "Un"}, {"statement": "Un"}),
        (
            "/blocks/0/competencies/0",
            {"technical": "a\r\nb"},
            {"skills": {"technical": ["a", "b"]}},
        ),
        ("/blocks/0/competencies/0", {"description": "a\r\nb"}, {"description": "a\nb"}),
        ("/blocks/0/criteria/0", {"competencies": ["C1", "C2"]}, {"competencies": ["C1", "C2"]}),
        ("/blocks/1/criteria/0", {"theme": ""}, {"theme": None}),
        ("/transversal_competencies/0", {"criteria": "a\r\nb"}, {"criteria": ["a", "b"]}),
        ("/assessments/0", {"block": ""}, {"scope": {"type": "whole", "block": None}}),
        ("/assessments/0/phases/0", {"method": "project"}, {"method": "project"}),
        ("/assessments/0/phases/0/steps/0", {"drawn_by_lot": "oui"}, {"drawn_by_lot": True}),
        ("/assessments/0/phases/0/steps/0", {"invigilated": ""}, {"invigilated": None}),
    ],
)
def test_each_kind_of_item_is_corrected_in_its_form(signed, reading, pointer, typed, expected):
    answer = save(signed, reading, pointer, **typed)

    assert answer.status_code == 302, text_of(answer)
    assert answer.url.endswith(f"#item-{pointer.strip('/').replace('/', '-')}")
    reading.refresh_from_db()
    item = corrections.at(reading.corrected, pointer)
    assert {name: item[name] for name in expected} == expected
    assert item == corrections.at(frameworks.content(), pointer) | expected


@pytest.mark.parametrize(
    ("pointer", "typed"),
    [
        ("/blocks", {"code": "B3", "title": "Rénover"}),
        ("/blocks/0/competencies", {"code": "C9", "statement": "Mesurer", "evaluated": "on"}),
        ("/blocks/1/criteria", {"code": "K9", "text": "Neuf", "competencies": ["C3"]}),
        ("/transversal_competencies", {"code": "CT9", "title": "Lire"}),
        ("/assessments", {"block": "B2"}),
        ("/assessments/0/phases", {"title": "Entretien", "method": "final_interview"}),
        ("/assessments/0/phases/0/steps", {"title": "Bilan", "minutes": "10"}),
    ],
)
def test_each_kind_of_item_is_added(signed, reading, pointer, typed):
    assert (
        signed.get(at("import_item", reading), {"pointer": pointer, "ajouter": "1"}).status_code
        == 200
    )

    answer = save(signed, reading, pointer, adding=True, **typed)

    assert answer.status_code == 302, text_of(answer)
    reading.refresh_from_db()
    items = corrections.at(reading.corrected, pointer)
    assert len(items) == len(corrections.at(frameworks.content(), pointer)) + 1
    assert answer.url.endswith(f"-{len(items) - 1}")
    assert "ajouté" in text_of(signed.get(at("import_review", reading)))


def test_what_a_form_refuses_comes_back_as_it_was_typed(signed, reading):
    answer = save(signed, reading, "/blocks/0/criteria/0", code="", text="Mon critère")

    assert answer.status_code == 422
    assert "Mon critère" in text_of(answer)
    reading.refresh_from_db()
    assert reading.revision == 0


@pytest.mark.parametrize(
    "pointer", ["/source", "/blocks/9", "/blocks/0/criteria/x", "/warnings/0", "/a" * 200]
)
def test_what_is_no_item_is_not_found(signed, reading, pointer):
    assert signed.get(at("import_item", reading), {"pointer": pointer}).status_code == 404


def test_a_stale_form_keeps_what_was_typed_and_shows_what_stands_now(signed, reading):
    stale = form_data(reading, "/blocks/0/criteria/0") | {"text": "Ce que j’ai tapé"}
    save(signed, reading, "/blocks/0/criteria/0", text="Ce que l’autre a écrit")

    answer = signed.post(at("import_item", reading), stale)

    page = text_of(answer)
    assert answer.status_code == 422
    assert "a été corrigé pendant que vous écriviez" in page
    assert "Ce que j’ai tapé" in page
    assert "Ce que l’autre a écrit" in page
    reading.refresh_from_db()
    assert reading.corrected["blocks"][0]["criteria"][0]["text"] == "Ce que l’autre a écrit"
    assert f'name="revision" value="{reading.revision}"' in page

    signed.post(at("import_item", reading), stale | {"revision": reading.revision})
    reading.refresh_from_db()
    assert reading.corrected["blocks"][0]["criteria"][0]["text"] == "Ce que j’ai tapé"


def test_a_stale_form_follows_its_item_when_it_moved(signed, reading):
    stale = form_data(reading, "/blocks/0/criteria/0") | {"text": "Ce que j’ai tapé"}
    signed.post(
        at("import_arrange", reading), {"act": "move_down /blocks/0/criteria/0", "revision": 0}
    )

    page = text_of(signed.post(at("import_item", reading), stale))

    assert 'name="pointer" value="/blocks/0/criteria/1"' in page


def test_a_stale_form_whose_item_was_removed_offers_to_add_it(signed, reading):
    stale = form_data(reading, "/blocks/0/criteria/0") | {"text": "Ce que j’ai tapé"}
    signed.post(
        at("import_arrange", reading), {"act": "remove /blocks/0/criteria/0", "revision": 0}
    )

    answer = signed.post(at("import_item", reading), stale)

    page = text_of(answer)
    assert answer.status_code == 422
    assert "Cet élément a été enlevé entre-temps" in page
    assert "Ce que j’ai tapé" in page
    assert 'name="pointer" value="/blocks/0/criteria"' in page
    assert 'name="ajouter" value="1"' in page


def test_a_stale_form_whose_block_was_removed_still_shows_what_was_typed(signed, reading):
    stale = form_data(reading, "/blocks/1/criteria/0") | {"text": "Ce que j’ai tapé"}
    signed.post(at("import_arrange", reading), {"act": "remove /blocks/1", "revision": 0})

    answer = signed.post(at("import_item", reading), stale)

    assert answer.status_code == 422
    assert "Ce que j’ai tapé" in text_of(answer)


@pytest.mark.parametrize(
    ("act", "codes"),
    [
        ("move_down /blocks/0/criteria/0", ["K2", "K1"]),
        ("move_up /blocks/0/criteria/1", ["K2", "K1"]),
        ("remove /blocks/0/criteria/0", ["K2"]),
    ],
)
def test_items_are_arranged_with_one_button(signed, reading, act, codes):
    answer = signed.post(at("import_arrange", reading), {"act": act, "revision": 0})

    assert answer.status_code == 302
    reading.refresh_from_db()
    assert [one["code"] for one in reading.corrected["blocks"][0]["criteria"]] == codes


def test_a_criterion_is_moved_to_another_block_from_its_form(signed, reading):
    page = text_of(signed.get(at("import_item", reading), {"pointer": "/blocks/0/criteria/0"}))
    assert '<option value="/blocks/1/criteria">' in page

    answer = signed.post(
        at("import_arrange", reading),
        {"act": "move_to /blocks/0/criteria/0", "vers": "/blocks/1/criteria", "revision": 0},
    )

    assert answer.url.endswith("#item-blocks-1-criteria-1")


@pytest.mark.parametrize(
    "act", ["explode /blocks/0", "set /blocks/0", "insert /blocks", "", "move_up /blocks/0"]
)
def test_an_arrangement_that_means_nothing_is_refused_on_the_review_itself(signed, reading, act):
    answer = signed.post(at("import_arrange", reading), {"act": act, "revision": 0})

    assert answer.status_code == 422
    assert "n’a pas été enregistrée" in text_of(answer)
    assert "Poser des fontaines publiques" in text_of(answer)


def test_a_stale_arrangement_shows_the_review_as_it_stands(signed, reading):
    signed.post(
        at("import_arrange", reading), {"act": "remove /blocks/0/criteria/0", "revision": 0}
    )

    answer = signed.post(
        at("import_arrange", reading), {"act": "remove /blocks/0/criteria/0", "revision": 0}
    )

    assert answer.status_code == 422
    assert "a été corrigé depuis que vous l’avez ouvert" in text_of(answer)
    reading.refresh_from_db()
    assert [one["code"] for one in reading.corrected["blocks"][0]["criteria"]] == ["K2"]


def test_a_removed_item_is_listed_and_put_back(signed, reading):
    signed.post(
        at("import_arrange", reading), {"act": "remove /blocks/0/criteria/0", "revision": 0}
    )
    page = text_of(signed.get(at("import_review", reading)))
    assert "1 élément enlevé" in page
    assert 'value="put_back /blocks/0/criteria/0"' in page

    signed.post(
        at("import_arrange", reading), {"act": "put_back /blocks/0/criteria/0", "revision": 1}
    )

    reading.refresh_from_db()
    assert reading.corrected == frameworks.content()


def test_one_item_is_restored_from_the_review(signed, reading):
    save(signed, reading, "/blocks/0/criteria/0", text="Faux")
    page = text_of(signed.get(at("import_review", reading)))
    assert 'value="restore /blocks/0/criteria/0"' in page
    assert "corrigé" in page

    signed.post(
        at("import_arrange", reading), {"act": "restore /blocks/0/criteria/0", "revision": 1}
    )

    reading.refresh_from_db()
    assert reading.corrected == frameworks.content()
    assert 'value="restore' not in text_of(signed.get(at("import_review", reading)))


def test_a_doubt_is_settled_and_the_last_one_says_so(signed, reading):
    signed.post(at("import_arrange", reading), {"act": "remove /warnings/0", "revision": 0})

    page = text_of(signed.get(at("import_review", reading)))
    assert "Tous les doutes sont levés" in page
    assert 'class="doubt"' not in page


def test_the_last_correction_is_undone_from_the_review(signed, reading):
    save(signed, reading, "/blocks/0", title="Autre")

    answer = signed.post(at("import_undo", reading), {"revision": 1})
    stale = signed.post(at("import_undo", reading), {"revision": 1})

    assert answer.status_code == 302
    assert stale.status_code == 422
    reading.refresh_from_db()
    assert reading.corrected == frameworks.content()


def test_the_history_tells_who_changed_what_word_by_word(signed, reading, certifier):
    save(signed, reading, "/blocks/0/criteria/0", text="Les plans sont compris sans erreur")
    for revision, act in enumerate(
        ["remove /blocks/1/criteria/0", "put_back /blocks/1/criteria/0", "remove /warnings/0"],
        start=1,
    ):
        signed.post(at("import_arrange", reading), {"act": act, "revision": revision})
    signed.post(at("import_undo", reading), {"revision": 4})

    page = text_of(signed.get(at("import_history", reading)))

    assert certifier.full_name in page
    assert "<del>lus</del>" in page
    assert "<ins>compris</ins>" in page
    assert "Enlevé" in page
    assert "Remis" in page
    assert "Doute levé" in page
    assert page.count("annulée</span>") == 1


def test_the_history_is_empty_at_first(signed, reading):
    assert "Aucune correction" in text_of(signed.get(at("import_history", reading)))


@pytest.mark.parametrize(
    "pointer", ["", "/rules", "/blocks/0/competencies/1", "/assessments/0/phases/0/steps/0"]
)
def test_every_kind_of_correction_is_told_in_the_history(signed, reading, pointer):
    typed = {
        "": {"title": "Autre"},
        "/rules": {"members_max": "3"},
        "/blocks/0/competencies/1": {"unsorted": "a"},
        "/assessments/0/phases/0/steps/0": {"invigilated": "non"},
    }[pointer]
    save(signed, reading, pointer, **typed)

    assert signed.get(at("import_history", reading)).status_code == 200


@pytest.mark.parametrize("state", ["published", "abandoned"])
def test_a_closed_import_is_read_and_not_corrected(signed, certifier, state):
    reading = frameworks.reading(certifier, state=FrameworkImport.State(state))

    page = text_of(signed.get(at("import_review", reading)))

    assert "Poser des fontaines publiques" in page
    assert 'name="act"' not in page
    assert signed.get(at("import_item", reading), {"pointer": ""}).status_code == 200
    assert save(signed, reading, "", title="Autre").status_code == 422
    reading.refresh_from_db()
    assert reading.corrected == frameworks.content()


def test_an_item_without_its_line_or_its_words_is_shown_all_the_same(signed, certifier):
    bare = frameworks.content(title=None, code=None, assessments=[], transversal_competencies=[])
    bare["blocks"][0]["title"] = ""
    bare["warnings"] = [{"code": "x", "message": "Rien de précis"}]
    reading = frameworks.reading(certifier, content=bare, locations={})

    page = text_of(signed.get(at("import_review", reading)))

    assert "À compléter avant de publier" in page
    assert "le bloc B1 n’a pas d’intitulé" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"pass_ratio": "", "pass_unit": "competency"}, "Écrivez la part à acquérir"),
        ({"pass_ratio": "0"}, "supérieure ou égale à 0"),
        ({"competency_ratio": "1,2"}, "inférieure ou égale à 1"),
        ({"retake_beyond": "refused"}, "Écrivez le délai"),
        ({"retake_proof": "experience", "attempts_max": "1"}, "donnez-en deux au moins"),
        ({"retake_within": "un an"}, "P10D pour dix jours"),
        ({"finish_within": "P1000D"}, "P10D pour dix jours"),
        ({"summons_before": "P1Y"}, "P1M pour un mois"),
        ({"critical": ["nulle part"]}, "nulle part"),
    ],
)
def test_rules_that_do_not_hold_together_are_said_and_nothing_typed_is_lost(
    signed, reading, typed, said
):
    answer = save(signed, reading, "/rules", results_within="P12D", **typed)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="P12D"' in text_of(answer)
    assert not FrameworkCorrection.objects.exists()


def test_critical_criteria_are_ticked_and_what_is_written_is_what_passing_reads(signed, reading):
    code = frameworks.content()["blocks"][0]["criteria"][0]["code"]
    save(signed, reading, "/rules", critical=[code], pass_ratio="0,70", sovereign="non")

    reading.refresh_from_db()
    check(reading.corrected)  # it keeps the contract
    rule = pass_rule(reading.corrected)
    assert (rule.critical, rule.ratio, rule.sovereign) == (frozenset({code}), "0.70", False)
    page = text_of(signed.get(at("import_review", reading)))
    assert "non : la proposition s’applique" in page
    assert "Critères sans lesquels rien n’est acquis" in page
