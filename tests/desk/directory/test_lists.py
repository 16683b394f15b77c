"""The list of customers: filters, columns, views."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import (
    BulkEdit,
    CustomerExport,
    DefaultView,
    SavedView,
)
from acquis.desk.directory.policy import listing
from acquis.kernel.testing import StrictClient
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def address(workspace: Workspace, name: str, *args: object) -> str:
    return reverse(f"directory:{name}", args=[workspace.pk, *args])


def names(client: StrictClient, workspace: Workspace, **asked: str) -> list[str]:
    answer = client.get(address(workspace, "search"), {"vue": "", **asked})
    return [one.last_name for one in answer.context["page_obj"]]


# ---- Filters ----


def test_filters_narrow_together(signed_in: StrictClient, workspace: Workspace) -> None:
    make.custom_field(workspace, key="parrain", label="Parrain", kind="text")
    make.custom_field(workspace, key="points", label="Points", kind="number")
    make.custom_field(workspace, key="contains", label="Pro", kind="yes_no")
    make.customer(
        workspace, last_name="Alma", tags=["salon", "été"], postcode="20137",
        consents={"phone_offers": {"granted": True}}, customer_since=date(2024, 5, 1),
        custom={"parrain": "Club de Lille", "points": "12.5", "contains": True},
        updated_at=datetime(2026, 11, 19, 22, 30, tzinfo=UTC),
    )  # fmt: skip
    make.customer(
        workspace, last_name="Brisa", tags=["salonique"], postcode="20200",
        consents={"phone_offers": False}, customer_since=date(2025, 5, 1),
        custom={"points": "12", "contains": False},
        updated_at=datetime(2026, 11, 19, 23, 30, tzinfo=UTC),
    )  # fmt: skip
    make.customer(workspace, last_name="Corail", consents={"phone_offers": {"granted": None}})

    def found(**asked: str) -> list[str]:
        return names(signed_in, workspace, **asked)

    assert found(etiquette="salon") == ["Alma"]
    assert found(etiquette="été") == ["Alma"]
    assert found(etiquette="sal") == []
    assert found(accord="phone_offers:yes") == ["Alma"]
    assert found(accord="phone_offers:no") == ["Brisa"]
    assert found(accord="phone_offers:unknown") == ["Corail"]
    assert found(accord="email_offers:unknown") == ["Alma", "Brisa", "Corail"]
    assert found(accord="n’importe:quoi") == ["Alma", "Brisa", "Corail"]
    assert found(cp="2A") == ["Alma"]
    assert found(cp="2b") == ["Brisa"]
    assert found(cp="20") == ["Alma", "Brisa"]
    assert found(depuis_du="2024-05-01", depuis_au="2024-12-31") == ["Alma"]
    # Days are those of Paris: 23:30 in London is the next morning there.
    assert found(modifie_au="2026-11-19") == ["Alma"]
    assert found(modifie_du="2026-11-20", modifie_au="2026-11-20") == ["Brisa", "Corail"]
    assert found(champ_parrain="LILLE") == ["Alma"]
    assert found(champ_points="12,5") == ["Alma"]
    assert found(champ_points="douze") == ["Alma", "Brisa", "Corail"]
    assert found(champ_contains="non") == ["Brisa"]
    assert found(cp="20", etiquette="salon", champ_contains="oui", type="person") == ["Alma"]
    assert found(cp="20", etiquette="salon", champ_contains="non") == []


def test_a_search_is_narrowed_too(signed_in: StrictClient, workspace: Workspace) -> None:
    make.customer(workspace, last_name="Martin", tags=["salon"])
    make.customer(workspace, last_name="Martinet")

    assert names(signed_in, workspace, q="martin", etiquette="salon") == ["Martin"]


@pytest.mark.parametrize("asked", [{"cp": "zz"}, {"q": "😀'--"}])
def test_what_means_nothing_finds_nobody(
    signed_in: StrictClient, workspace: Workspace, asked: dict[str, str]
) -> None:
    make.customer(workspace)
    assert names(signed_in, workspace) != []
    assert names(signed_in, workspace, **asked) == []


@pytest.mark.parametrize("query", ["type=alien", "modifie_du=2026-99-99", "champ_points=douze"])
def test_a_filter_that_is_ignored_never_reaches_everybody(
    signed_in: StrictClient, workspace: Workspace, query: str
) -> None:
    make.custom_field(workspace, key="points", label="Points", kind="number")
    make.customer(workspace)
    asked = {"tous": "1", "liste": query, "acte": "add_tags", "valeur": "x", "attendues": "1"}

    changed = signed_in.post(address(workspace, "bulk"), asked)
    taken = signed_in.post(address(workspace, "export"), {"liste": query, "format": "csv"})

    assert (changed.status_code, taken.status_code) == (422, 422)
    assert "ne veut rien dire" in changed.content.decode()
    assert not BulkEdit.objects.exists()
    assert not CustomerExport.objects.exists()


# ---- Columns ----


def test_columns_are_chosen_in_their_order_and_the_name_stays(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    make.custom_field(workspace, key="parrain", label="Parrain", kind="text")
    make.customer(
        workspace, last_name="Alma", tags=["salon"], custom={"parrain": "Louise"},
        consents={"sms_offers": True}, phone="+33199001122", language="de",
    )  # fmt: skip
    asked = {"col": "etiquettes,champ_parrain,accord_sms,accord_courriel,telephone,langue,rien"}

    answer = signed_in.get(address(workspace, "search"), asked)

    assert [column.key for column in answer.context["asked"].shown] == [
        "nom", "etiquettes", "champ_parrain", "accord_sms", "accord_courriel", "telephone", "langue",
    ]  # fmt: skip
    assert [text for _column, text in answer.context["rows"][0][1]][1:] == [
        "salon", "Louise", "oui", "", "01 99 00 11 22", "allemand",
    ]  # fmt: skip
    chosen = signed_in.get(address(workspace, "search"), {"c": ["ville", "nom", "ville"]})
    assert [column.key for column in chosen.context["asked"].shown] == ["ville", "nom"]
    assert chosen.context["asked"].query == "col=ville%2Cnom%2Cville"


def test_the_list_with_views_costs_the_same_for_one_and_for_thirty(
    signed_in: StrictClient, workspace: Workspace, adviser: User,
    count_queries: Callable[..., int],
) -> None:  # fmt: skip
    make.custom_field(workspace, key="parrain", label="Parrain", kind="text")
    page = address(workspace, "search") + "?col=champ_parrain,etiquettes,accord_sms&vue="
    make.customer(workspace, tags=["a"])
    make.saved_view(workspace, adviser)
    one = count_queries(lambda: signed_in.get(page))
    for _ in range(29):
        make.customer(workspace, tags=["a"])
        make.saved_view(workspace, adviser, shared=True)

    assert count_queries(lambda: signed_in.get(page)) == one


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"tri": ["ville"], "q": ["  "], "page": ["3"], "vue": ["1"]}, "tri=ville"),
        ({"segment": ["b"], "cp": ["59"], "champ_x": ["1"]}, "champ_x=1&cp=59&segment=b"),
        ({"c": ["nom", "", "ville"]}, "col=nom%2Cville"),
        ({"q": []}, ""),
    ],
)
def test_an_address_has_one_canonical_form(params: dict[str, list[str]], text: str) -> None:
    assert listing.canonical(params) == text


# ---- Views ----


def test_a_view_is_saved_shared_changed_removed_and_taken_back(
    signed_in: StrictClient, supervising: StrictClient, workspace: Workspace, adviser: User
) -> None:
    make.customer(workspace, last_name="Alma", postcode="59000")
    make.customer(workspace, last_name="Brisa", postcode="75001")
    other = StrictClient()
    other.force_login(make.adviser(workspace.organisation))

    saved = signed_in.post(
        address(workspace, "view_create"), {"name": "Nord", "liste": "cp=59&tri=-nom&page=4&vue=8"}
    )

    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared) == ("Nord", "cp=59&tri=-nom", False)
    listed = signed_in.get(saved.url)
    assert [one.last_name for one in listed.context["page_obj"]] == ["Alma"]
    assert listed.context["view"] == view
    assert not listed.context["view_moved"]
    change, remove = (address(workspace, f"view_{act}", view.pk) for act in ("change", "remove"))
    assert other.get(change).status_code == 404
    assert other.get(saved.url).context["view"] is None

    assert signed_in.get(change).status_code == 200
    signed_in.post(change, {"name": "Le Nord", "shared": "on"})
    moved = signed_in.get(saved.url.replace("cp=59", "cp=75"))
    assert moved.context["view_moved"]
    signed_in.post(change, {"liste": "cp=75"})
    view.refresh_from_db()
    assert (view.name, view.query, view.shared) == ("Le Nord", "cp=75", True)
    seen = other.get(address(workspace, "search"), {"vue": view.pk})
    assert seen.context["view"] == view
    assert not seen.context["view_is_mine"]
    assert other.post(change, {"name": "À moi"}).status_code == 422
    assert supervising.post(change, {"name": "Nord", "shared": "on"}).status_code == 302

    removed = signed_in.post(remove)
    assert list(signed_in.get(address(workspace, "search")).context["views"]) == []
    assert signed_in.get(removed.url).context["removed"].pk == view.pk
    signed_in.post(remove, {"reprendre": "1"})
    view.refresh_from_db()
    assert view.removed_at is None
    assert signed_in.get(address(workspace, "search") + "?retiree=x").context["removed"] is None


def test_a_view_without_a_name_is_not_saved_and_nothing_is_lost(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    answer = signed_in.post(address(workspace, "view_create"), {"name": " ", "liste": "cp=59"})

    assert answer.status_code == 422
    assert 'value="cp=59"' in answer.content.decode()
    assert not SavedView.objects.exists()


def test_the_list_opens_on_the_view_that_one_chose(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    view = make.saved_view(workspace, adviser)
    choose = address(workspace, "view_default", view.pk)

    signed_in.post(choose)

    opened = signed_in.get(address(workspace, "search"))
    assert opened.status_code == 302
    assert opened.url.endswith(f"?cp=59&vue={view.pk}")
    assert signed_in.get(address(workspace, "search"), {"vue": ""}).status_code == 200
    assert signed_in.get(opened.url).context["view_is_default"]
    signed_in.post(choose, {"plus": "1"})
    assert signed_in.get(address(workspace, "search")).status_code == 200
    assert not DefaultView.objects.exists()
