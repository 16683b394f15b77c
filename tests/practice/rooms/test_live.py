"""What a candidate's page does over its socket: kept as by a request, refused as by a request."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.urls import reverse

from acquis.accounts.models import User
from acquis.certification.sittings.errors import DeviceNotAuthorised, SittingSealed
from acquis.certification.sittings.models import Phase, Production, ProductionRevision, Sitting
from acquis.kernel import live, trace
from acquis.kernel.testing import StrictClient
from acquis.practice.rooms.errors import UnknownPiece
from acquis.practice.rooms.live import look, save
from tests.factories import accounts
from tests.factories import certification as make

pytestmark = pytest.mark.django_db
Begin = Callable[[int], Phase]


def typed(sitting: Sitting, text: str, *, user: User | None = None, **given: Any) -> live.Asked:
    """What the page of the exam sends; `device` is the name of the browser."""
    device = given.pop("device", f"device-{sitting.pk}")
    said = {
        "sitting": given.pop("named", sitting.pk),
        "key": "summary",
        "text": text,
        "base_seq": 0,
        **given,
    }
    return live.Asked(
        user or make.writer(sitting), {"exam_device": device}, {"client_id": "tab:1", **said}
    )


def test_texts_of_one_turn_are_kept_in_their_order(
    sitting: Sitting, begin: Begin, candidate_client: StrictClient
) -> None:
    phase = begin(1)
    told = save(
        [
            typed(sitting, "Un"),
            typed(sitting, "Un deux", base_seq=1, client_id="tab:2"),
            typed(sitting, "Un"),  # sent again
            typed(sitting, "Objet", key="letter_subject"),
        ]
    )
    assert [one["seq"] for one in told if isinstance(one, dict)] == [1, 2, 1, 1]
    assert all(
        isinstance(one, dict) and one["ends_at"] == phase.ends_at.isoformat()
        for one in told
        if phase.ends_at
    )
    kept = Production.objects.order_by("key").values_list("key", "content", "seq")
    assert [*kept] == [("letter_subject", "Objet", 1), ("summary", "Un deux", 2)]
    assert trace.verify(sitting.trace_stream) == []


def test_another_tab_is_answered_with_the_text_that_stands(
    sitting: Sitting, begin: Begin, candidate_client: StrictClient
) -> None:
    begin(1)
    save([typed(sitting, "Le mien")])
    (told,) = save([typed(sitting, "L’autre", client_id="other:1")])
    assert isinstance(told, dict)
    assert (told["text"], told["seq"]) == ("Le mien", 1)
    assert ProductionRevision.objects.filter(conflicting=True).get().content == "L’autre"


def test_what_one_may_not_write_leaves_what_others_wrote(
    sitting: Sitting, begin: Begin, candidate_client: StrictClient
) -> None:
    begin(1)
    stranger = accounts.user()
    told = save(
        [
            typed(sitting, "Ailleurs", device="another"),
            typed(sitting, "Sans poste", device=""),
            typed(sitting, "Curieux", user=stranger),
            typed(sitting, "Perdu", named="x"),
            typed(sitting, "Inconnu", key="nothing"),
            typed(sitting, "Bien\x00 reçu", base_seq="²"),
        ]
    )
    assert [type(one) for one in told] == [
        DeviceNotAuthorised, DeviceNotAuthorised, Http404, Http404, UnknownPiece, dict,
    ]  # fmt: skip
    assert [one.content for one in ProductionRevision.objects.all()] == ["Bien reçu"]


def test_a_role_withdrawn_closes_the_socket_of_the_candidate(
    sitting: Sitting, begin: Begin, candidate_client: StrictClient
) -> None:
    begin(1)
    make.writer(sitting).memberships.all().delete()
    assert [type(one) for one in save([typed(sitting, "Encore")])] == [Http404]
    assert [type(one) for one in look([typed(sitting, "")])] == [Http404]


def test_a_sealed_exam_refuses_in_its_words(
    sitting: Sitting, begin: Begin, candidate_client: StrictClient
) -> None:
    begin(1)
    Sitting.objects.filter(pk=sitting.pk).update(state=Sitting.State.FINISHED)
    assert [type(one) for one in save([typed(sitting, "Trop tard")])] == [SittingSealed]


def test_a_look_says_what_the_page_compares_itself_with(
    sitting: Sitting, begin: Begin, candidate_client: StrictClient, today: datetime
) -> None:
    phase = begin(1)
    here, elsewhere = look([typed(sitting, ""), typed(sitting, "", device="another")])
    assert isinstance(here, dict)
    assert isinstance(elsewhere, dict)
    assert here["mark"] == f"running:{phase.pk}:True:True:False"
    assert elsewhere["mark"].endswith(":False:False")
    assert here["call"] is False
    asked = candidate_client.get(reverse("rooms:state", args=[sitting.pk])).json()
    assert asked | {"now": here["now"]} == here


def test_the_queries_of_a_turn_do_not_grow_with_those_who_write(
    sitting: Sitting, begin: Begin, candidate_client: StrictClient, count_queries: Any
) -> None:
    begin(1)
    keys = ("summary", "stakes_customer", "letter_body")
    save([typed(sitting, "Début", key=key) for key in keys])
    rows = [make.running_sitting() for _ in range(3)]
    for row in rows:
        row.devices.create(
            device_key=f"device-{row.pk}", asked_at=row.started_at, accepted_at=row.started_at
        )
    save([typed(row, "Début") for row in rows])

    def again(count: int, number: int) -> int:
        turn = [typed(row, f"Suite {number}", client_id=f"tab:{number}") for row in rows[:count]]
        return int(count_queries(lambda: save(turn)))

    one, three = again(1, 2), again(3, 3)
    heads = 0 if connection.vendor == "postgresql" else 2 * 2  # an end of the trace read and moved
    assert three <= one + heads
    assert one <= 12
