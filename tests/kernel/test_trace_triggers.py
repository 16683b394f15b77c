import pytest
from django.db import DatabaseError, connection, transaction

from acquis.kernel import trace
from acquis.kernel.models import TraceLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(now):
    return trace.record("session.opened", None, by=None, at=now, stream="session:1")


def refused(act):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()
    return True


def test_database_refuses_to_update_a_line(line):
    assert refused(lambda: TraceLine.objects.update(verb="x"))
    assert TraceLine.objects.get().verb == "session.opened"


def test_database_refuses_to_delete_a_line(line):
    assert refused(line.delete)
    assert TraceLine.objects.count() == 1


def test_database_refuses_a_line_at_a_position_already_taken(line):
    twin = TraceLine.objects.get()
    twin.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        twin.save(force_insert=True)


AROUND = {
    "sqlite": "INSERT OR REPLACE INTO kernel_traceline SELECT * FROM kernel_traceline",
    "postgresql": "TRUNCATE kernel_traceline CASCADE",
}


def test_database_refuses_its_own_way_around_update_and_delete(line):
    def go_around():
        with connection.cursor() as cursor:
            cursor.execute(AROUND[connection.vendor])

    assert refused(go_around)
