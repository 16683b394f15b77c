"""Who is looked for is found: by pieces of words, misspelt, in the words of one desk."""

import pytest
from django.db import connection

from acquis.accounts.models import Workspace
from acquis.desk.directory import index, queries, tasks
from acquis.desk.directory.models import Customer
from acquis.practice.enterprises.actions.copy_workspace import copy_workspace
from tests.desk.directory.records import AT, found
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


def test_everything_that_reaches_a_customer_finds_them(workspace: Workspace) -> None:
    company = make.company(workspace, company_name="Laiterie du Val")
    make.customer(workspace, last_name="Autre")
    person = make.company_contact(company, first_name="Inès", last_name="Delaunay")
    make.contact_point(company, contact=person, value="+33639987788")
    make.contact_point(company, kind="email", value="achats@val.example")
    make.address(company, street="4 quai des Péniches", city="Givors", postcode="69700")

    for typed in ("delaunay", "Inès Delonay", "87 78 8", "0639987788", "achats@val.example",
                  "quai peniches", "69700", "Givor laitrie"):  # fmt: skip
        assert found(workspace, typed) == [company.pk], typed


def test_two_letters_find_the_beginning_of_a_word(workspace: Workspace) -> None:
    wanted = make.customer(workspace, first_name="Bo", last_name="Xu")
    make.customer(workspace, first_name="Abou", last_name="Fluxus")

    assert found(workspace, "xu") == [wanted.pk]
    assert found(workspace, "bo xu") == [wanted.pk]


def test_one_sign_finds_too(workspace: Workspace) -> None:
    wanted = make.customer(workspace, first_name="", last_name="Q")

    assert found(workspace, "q") == [wanted.pk]


def test_more_records_than_a_person_reads_are_said_and_not_all_given(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_FOUND", 2)
    for _ in range(3):
        make.customer(workspace, last_name="Martin")

    answer = queries.find(workspace, "martin", filters=queries.Filters(), today=AT.date())

    assert (answer.more, answer.customers.count()) == (True, 2)


def test_the_search_follows_what_is_written_in_bulk_changed_and_erased(
    workspace: Workspace,
) -> None:
    row = make.customer(workspace, last_name="Avant")
    Customer.objects.filter(pk=row.pk).update(search_text=" apreslui")

    assert found(workspace, "apreslui") == [row.pk]
    assert found(workspace, "apresuli") == [row.pk]
    assert found(workspace, "avant") == []
    row.delete()
    assert found(workspace, "apreslui") == []


def test_a_word_too_short_to_guess_stands_for_itself(workspace: Workspace) -> None:
    assert index.like_words(workspace, "zz") == []
    assert found(workspace, "zz yy") == []


def test_a_misspelt_name_is_guessed_from_the_words_of_its_desk_alone(workspace: Workspace) -> None:
    other = make.desk()
    make.customer(other, last_name="Boisgontel")
    make.customer(workspace, last_name="Martin")

    assert index.like_words(workspace, "boisgontle") == []
    assert index.like_words(other, "boisgontle") == ["boisgontel"]
    assert index.like_words(other, "martine") == []
    assert index.like_words(workspace, "martine") == ["martin"]


def test_the_words_of_a_copy_are_its_own(workspace: Workspace) -> None:
    make.customer(workspace, last_name="Boisgontel")
    copy = copy_workspace(source=workspace, name="Copie", member=None, by=None, at=AT)
    Customer.objects.filter(workspace=workspace).delete()

    assert index.learn_again(workspace) == 0

    assert index.like_words(workspace, "boisgontle") == []
    assert index.like_words(copy, "boisgontle") == ["boisgontel"]


def test_words_that_no_record_holds_are_forgotten_when_a_desk_learns_again(
    workspace: Workspace,
) -> None:
    row = make.customer(workspace, first_name="", last_name="Boisgontel")
    make.customer(workspace, first_name="", last_name="Martin")
    Customer.objects.filter(pk=row.pk).update(search_text=" effacee")
    assert index.like_words(workspace, "boisgontle") == ["boisgontel"]

    index.learn_again(workspace)

    assert index.like_words(workspace, "boisgontle") == []
    assert index.like_words(workspace, "martine") == ["martin"]
    assert index.like_words(workspace, "effacees") == ["effacee"]


def test_the_words_of_a_desk_that_is_gone_are_forgotten(workspace: Workspace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO directory_word(workspace_id, word) VALUES (999999, 'martin')")
    gone = Workspace(pk=999999)
    assert index.like_words(gone, "martine") == ["martin"]
    make.customer(workspace, last_name="Martin")

    tasks.forget_words(AT)

    assert index.like_words(gone, "martine") == []
    assert index.like_words(workspace, "martine") == ["martin"]


def test_the_index_of_search_outlives_every_migration() -> None:
    """A migration that makes `directory_customer` anew on SQLite must create its triggers again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
                " AND name LIKE 'directory_customer_text%'"
            )
            assert cursor.fetchone() == (3,)
        else:
            cursor.execute(
                "SELECT count(*) FROM pg_indexes WHERE indexname = 'directory_customer_text'"
            )
            assert cursor.fetchone() == (1,)


def test_segments_are_listed_once_in_order(workspace: Workspace) -> None:
    for segment in ("b", "a", "b", ""):
        make.customer(workspace, segment=segment)

    assert queries.segments(workspace) == ["a", "b"]


def test_few_records_are_sorted_either_way(workspace: Workspace) -> None:
    for name in ("Martin", "Martinez"):
        make.customer(workspace, last_name=name)

    def names(sort: str) -> list[str]:
        answer = queries.find(
            workspace, "martin", filters=queries.Filters(), sort=sort, today=AT.date()
        )
        return [one.last_name for one in answer.customers]

    assert names("nom") == ["Martin", "Martinez"]
    assert names("-nom") == ["Martinez", "Martin"]


@pytest.mark.parametrize("typed", ["B@X.example", "c-00077"])
def test_a_whole_address_or_reference_names_its_record(workspace: Workspace, typed: str) -> None:
    wanted = make.customer(workspace, email="b@x.example", reference="C-00077")
    make.customer(workspace, email="bb@x.example", reference="C-000771")

    assert found(workspace, typed) == [wanted.pk]
