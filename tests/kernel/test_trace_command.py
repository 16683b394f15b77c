import json

import pytest

from acquis.kernel import trace
from acquis.kernel.commands import trace as command
from acquis.kernel.models import TraceLine
from tests.kernel.tampering import without_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture
def _two_lines(now):
    for _ in range(2):
        trace.record("session.opened", None, by=None, at=now, stream="session:1")


@pytest.mark.usefixtures("_two_lines")
def test_verify_says_that_the_trace_holds(capsys):
    assert command.run(["verify"]) == 0
    assert "2 lignes" in capsys.readouterr().out


@pytest.mark.usefixtures("_two_lines")
def test_verify_names_what_does_not_hold_and_exits_with_1(capsys):
    with without_triggers():
        TraceLine.objects.filter(position=1).update(verb="session.closed")
    assert command.run(["verify", "--stream", "session:1"]) == 1
    assert "la ligne 1, « session.closed », a été modifiée" in capsys.readouterr().err


@pytest.mark.usefixtures("_two_lines")
def test_verify_prints_json(capsys):
    with without_triggers():
        TraceLine.objects.filter(position=2).delete()
    assert command.run(["verify", "--json"]) == 1
    [fault] = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["stream"], fault["position"], fault["nature"]) == ("session:1", 2, "cut_tail")


def test_a_stream_that_does_not_exist_holds_nothing_to_fault():
    assert command.run(["verify", "--stream", "session:404"]) == 0
