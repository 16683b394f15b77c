"""Canned answers: filled, shared or personal, never sent with braces."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.enums import Role
from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.knowledge import snippets
from acquis.desk.knowledge.actions.keep_snippet import keep_snippet, remove_snippet
from acquis.desk.knowledge.errors import SharedByTheDesk, ShortcutTaken, VariableUnknown
from acquis.desk.knowledge.models import Snippet
from acquis.desk.shell import keeps
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make
from tests.factories import knowledge as known


def test_a_variable_is_known_whatever_its_accents_and_capitals() -> None:
    ready = snippets.filled("{Reference} de { client }", {"référence": "C-1", "client": "Odile"})

    assert ready == snippets.Filled("C-1 de Odile", ())


def test_what_is_missing_is_shown_once_and_named() -> None:
    ready = snippets.filled("{client} {client} {inconnue}", {"client": " "})

    assert ready.text == "[à compléter : client] [à compléter : client] [à compléter : inconnue]"
    assert ready.missing == ("client", "inconnue")
    assert len(snippets.left_to_complete(ready.text)) == 3
    assert snippets.unknown_variables("{client} {inconnue} {inconnue}") == ["inconnue"]


@given(
    st.text(max_size=80),
    st.dictionaries(
        st.sampled_from(list(snippets.VARIABLES)), st.text(alphabet="abé 1-", max_size=8)
    ),
)
def test_no_variable_is_ever_left_between_braces(body: str, values: dict[str, str]) -> None:
    ready = snippets.filled(body, values)

    assert snippets.unknown_variables(ready.text) == []
    assert not any(f"{{{name}}}" in ready.text for name in snippets.VARIABLES)


def given_fields(**fields: Any) -> dict[str, Any]:
    values = {
        "snippet": None,
        "title": "Accueil",
        "shortcut": "acc",
        "category": "",
        "channels": ["mail", "chat"],
        "body": "Bonjour {client}.",
        "shared": False,
        "may_share": False,
    }
    return values | fields


def test_an_answer_is_kept_and_traced(workspace: Workspace, adviser: User, now: Any) -> None:
    kept = keep_snippet(workspace=workspace, by=adviser, at=now, **given_fields())

    assert (kept.owner, kept.channels) == (adviser, ["chat", "mail"])
    line = trace.lines(workspace.trace_stream).get()
    assert (line.verb, line.data["new"]) == ("knowledge.snippet_kept", True)

    again = keep_snippet(
        workspace=workspace, by=adviser, at=now, **given_fields(snippet=kept, title="Bienvenue")
    )
    assert (again.pk, again.title) == (kept.pk, "Bienvenue")


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"shared": True}, SharedByTheDesk),
        ({"body": "{zzz}"}, VariableUnknown),
        ({"shortcut": "pris"}, ShortcutTaken),
    ],
)
def test_keep_snippet_refuses_and_writes_nothing(
    workspace: Workspace, adviser: User, now: Any, fields: dict[str, Any], refusal: Any
) -> None:
    known.snippet(workspace, owner=adviser, shortcut="pris")

    with pytest.raises(refusal):
        keep_snippet(workspace=workspace, by=adviser, at=now, **given_fields(**fields))

    assert Snippet.objects.count() == 1


def test_a_shared_answer_is_the_supervisors(workspace: Workspace, adviser: User, now: Any) -> None:
    shared = known.snippet(workspace)

    with pytest.raises(SharedByTheDesk):
        keep_snippet(workspace=workspace, by=adviser, at=now, **given_fields(snippet=shared))
    with pytest.raises(SharedByTheDesk):
        remove_snippet(snippet=shared, may_share=False, by=adviser, at=now)
    remove_snippet(snippet=shared, may_share=True, by=adviser, at=now)
    assert not Snippet.objects.exists()


def test_one_removes_ones_own(workspace: Workspace, adviser: User, now: Any) -> None:
    remove_snippet(
        snippet=known.snippet(workspace, owner=adviser), may_share=False, by=adviser, at=now
    )

    assert not Snippet.objects.exists()


def test_a_sealed_desk_keeps_its_answers(workspace: Workspace, adviser: User, now: Any) -> None:
    snippet = known.snippet(workspace)
    accounts.sealed(workspace)
    workspace.refresh_from_db()
    snippet.refresh_from_db()

    with pytest.raises(WorkspaceSealed):
        keep_snippet(workspace=workspace, by=adviser, at=now, **given_fields())
    with pytest.raises(WorkspaceSealed):
        remove_snippet(snippet=snippet, may_share=True, by=adviser, at=now)


def test_the_database_refuses_a_shortcut_twice(workspace: Workspace, adviser: User) -> None:
    known.snippet(workspace, shortcut="a")
    known.snippet(workspace, shortcut="a", owner=adviser)

    for owner in (None, adviser):
        with pytest.raises(IntegrityError), transaction.atomic():
            known.snippet(workspace, shortcut="a", owner=owner)


def test_who_keeps_what_a_desk_shares(workspace: Workspace, adviser: User) -> None:
    place = workspace.organisation
    supervisor = accounts.user(Role.SUPERVISOR, at=place)
    model = make.desk(kind="model", at=place)
    copy = make.desk(kind="copy", at=place, origin=model)

    assert keeps(supervisor, workspace)
    assert not keeps(adviser, workspace)
    assert keeps(accounts.user(Role.TRAINER, at=place), model)
    assert not keeps(supervisor, copy)
    accounts.seat(copy, supervisor)
    assert keeps(supervisor, copy)


def test_the_picker_gets_answers_filled_for_the_exchange(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    customer = make.customer(workspace, reference="C-77", last_name="Duval")
    known.snippet(workspace, title="Ici", shortcut="ici", body="{client} {référence} {objet}")
    known.snippet(workspace, title="Autre canal", channels=["sms"])
    known.snippet(workspace, title="D’une autre", owner=make.adviser(workspace.organisation))
    address = reverse("knowledge:snippet_choices", args=[workspace.pk])

    rows = signed_in.get(address, {"canal": "chat", "client": customer.pk}).json()["snippets"]

    assert [row["title"] for row in rows] == ["Ici"]
    assert rows[0]["text"] == "Odile Duval C-77 [à compléter : objet]"
    assert rows[0]["missing"] == ["objet"]
    bare = signed_in.get(address, {"client": "x"}).json()["snippets"]
    assert len(bare) == 2
    assert "[à compléter : client]" in bare[0]["text"] + bare[1]["text"]


def test_an_adviser_writes_changes_and_removes_an_answer_in_the_browser(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    fields = {"title": "Accueil", "shortcut": "ACC", "body": "Bonjour {client}."}
    new = reverse("knowledge:snippet_new", args=[workspace.pk])

    assert signed_in.get(new).status_code == 200
    assert signed_in.post(new, fields | {"body": "{zzz}"}).status_code == 422
    assert signed_in.post(new, fields).status_code == 302
    kept = Snippet.objects.get()
    assert (kept.shortcut, kept.owner) == ("acc", adviser)
    own = reverse("knowledge:snippet", args=[workspace.pk, kept.pk])
    assert signed_in.get(own).status_code == 200
    assert signed_in.post(own, fields | {"title": "Bonjour"}).status_code == 302
    listed = reverse("knowledge:snippets", args=[workspace.pk])
    assert b"Bonjour" in signed_in.get(listed, {"q": "bonjour"}).content
    assert b"Aucune" in signed_in.get(listed, {"q": "zzz"}).content
    remove = reverse("knowledge:snippet_remove", args=[workspace.pk, kept.pk])
    assert signed_in.post(remove).status_code == 302
    assert not Snippet.objects.exists()


def test_a_shared_answer_is_read_by_advisers(signed_in: StrictClient, workspace: Workspace) -> None:
    shared = known.snippet(workspace)

    page = signed_in.get(reverse("knowledge:snippet", args=[workspace.pk, shared.pk]))

    assert page.context["may_change"] is False


def test_a_supervisor_shares_an_answer(workspace: Workspace) -> None:
    client = StrictClient()
    client.force_login(accounts.user(Role.SUPERVISOR, at=workspace.organisation))
    fields = {"title": "Accueil", "shortcut": "", "body": "Bonjour.", "shared": "on"}

    client.post(reverse("knowledge:snippet_new", args=[workspace.pk]), fields)

    assert Snippet.objects.get().owner is None


def test_a_list_of_answers_asks_the_same_for_one_and_fifty(
    signed_in: StrictClient, workspace: Workspace, count_queries: Any
) -> None:
    address = reverse("knowledge:snippets", args=[workspace.pk])
    known.snippet(workspace)
    one = count_queries(lambda: signed_in.get(address))
    for _ in range(49):
        known.snippet(workspace)

    assert count_queries(lambda: signed_in.get(address)) == one
