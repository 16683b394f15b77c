"""The agréments of a centre: noted, asked for when a session opens, followed on the board (X-05)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import actions, errors, policy, queries
from acquis.certification.exam_sessions.deadlines import KINDS
from acquis.certification.exam_sessions.models import SiteAccreditation
from acquis.certification.exam_sessions.policy import Accreditation, Unaccredited
from acquis.certification.sittings.actions.open_session import open_session
from acquis.kernel import trace
from tests.factories import certification as make

DAY = date(2027, 3, 15)
TITLE = "titre_professionnel"


def known(**fields) -> Accreditation:
    values = {"edition": True, "site": True, "valid_from": DAY, "valid_to": DAY}
    return Accreditation(**(values | fields))


@pytest.mark.parametrize(
    ("kind", "held", "fault"),
    [
        ("rncp", [], None),
        (TITLE, [], Unaccredited.NONE_NOTED),
        (TITLE, [known(edition=False)], Unaccredited.OTHER_EDITION),
        (TITLE, [known(site=False)], Unaccredited.OTHER_SITE),
        (TITLE, [known(valid_to=DAY - timedelta(days=1))], Unaccredited.OTHER_DAYS),
        (TITLE, [known(valid_from=DAY + timedelta(days=1))], Unaccredited.OTHER_DAYS),
        (TITLE, [known(withdrawn_on=DAY)], Unaccredited.OTHER_DAYS),
        (TITLE, [known(withdrawn_on=DAY + timedelta(days=1))], None),
        (TITLE, [known(site=False), known()], None),
    ],
)
def test_a_title_is_examined_where_and_while_the_centre_is_accredited(kind, held, fault) -> None:
    assert policy.unaccredited(kind, held, DAY) == fault


@pytest.mark.parametrize(
    ("start", "ends", "last"),
    [
        (date(2026, 3, 1), None, date(2031, 2, 28)),
        (date(2024, 2, 29), None, date(2029, 2, 27)),
        (date(2026, 3, 1), date(2028, 7, 5), date(2028, 7, 5)),
    ],
)
def test_an_accreditation_lasts_five_years_and_ends_with_the_title(start, ends, last) -> None:
    assert policy.accreditation_last_day(start, ends) == last


@given(st.lists(st.builds(known, edition=st.booleans(), site=st.booleans())))
def test_one_more_accreditation_never_closes_a_site(held: list[Accreditation]) -> None:
    if policy.unaccredited(TITLE, held, DAY) is None:
        for more in (known(), known(edition=False), known(site=False), known(withdrawn_on=DAY)):
            assert policy.unaccredited(TITLE, [*held, more], DAY) is None


pytestmark = pytest.mark.django_db


def data_of(session, **fields):
    values = {
        "version": session.version,
        "site": "Lille",
        "number": "59-2026-012",
        "valid_from": date(2026, 3, 1),
        "valid_to": date(2031, 2, 28),
    }
    return actions.AccreditationData(**(values | fields))


def noted(session, **fields) -> SiteAccreditation:
    return actions.note_accreditation(
        organisation=session.organisation,
        data=data_of(session, **fields),
        by=session.manager,
        at=make.DAY,
    )


def test_it_is_noted_once_and_traced() -> None:
    session = make.session()
    found = noted(session)
    assert trace.lines(found.trace_stream).filter(verb="accreditation.noted").exists()
    with pytest.raises(errors.AccreditationTwice):
        noted(session)
    noted(session, site="Roubaix")


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"valid_to": date(2026, 2, 28)}, errors.AccreditationDisordered),
        ({"valid_to": date(2031, 3, 1)}, errors.AccreditationTooLong),
    ],
)
def test_days_that_cannot_be_are_refused(fields, refusal) -> None:
    session = make.session()
    with pytest.raises(refusal):
        noted(session, **fields)
    assert not SiteAccreditation.objects.exists()


def test_withdrawn_it_covers_nothing_more_and_stays_written() -> None:
    session = make.session()
    found = make.accredited(session)
    assert queries.unaccredited(session) is None
    day = queries.day_of(session)
    actions.withdraw_accreditation(accreditation=found, on=day, by=session.manager, at=make.DAY)
    assert queries.unaccredited(session) == Unaccredited.OTHER_DAYS
    with pytest.raises(errors.AccreditationWithdrawn):
        actions.withdraw_accreditation(accreditation=found, on=day, by=session.manager, at=make.DAY)


def test_the_site_is_known_in_the_place_or_the_address_whatever_its_accents() -> None:
    session = make.session(place="Centre Horizon", address="3 rue de la Clef\n59000 LILLE")
    make.accredited(session, site="lillé")
    assert queries.unaccredited(session) is None


def test_a_session_does_not_open_where_the_centre_is_not_accredited(client) -> None:
    session = make.session()
    make.accredited(session, site="Ailleurs")
    with pytest.raises(errors.SiteNotAccredited, match="ce lieu"):
        open_session(session=session, by=session.manager, at=make.DAY)
    session.refresh_from_db()
    assert session.state == "draft"
    client.force_login(session.manager)
    page = client.get(reverse("exam_sessions:detail", args=[session.pk])).content.decode()
    assert "ne vaut pas pour ce lieu" in page


def test_where_none_is_noted_it_is_said_and_the_session_opens(client) -> None:
    session = make.session()
    client.force_login(session.manager)
    page = client.get(reverse("exam_sessions:detail", args=[session.pk])).content.decode()
    assert "Aucun agrément" in page
    assert queries.unaccredited(session) == Unaccredited.NONE_NOTED


def test_the_page_notes_and_withdraws(client) -> None:
    session = make.session()
    client.force_login(session.manager)
    where = reverse("exam_sessions:accreditations")
    assert "Aucun agrément noté" in client.get(where).content.decode()
    said = {
        "title": str(session.version_id),
        "site": "Lille",
        "number": "59-2026-012",
        "valid_from": "2026-03-01",
        "valid_to": "2032-03-01",
    }
    refused = client.post(where, said)
    assert refused.status_code == 422
    assert "28 février 2031" in refused.content.decode()
    assert 'value="59-2026-012"' in refused.content.decode()  # nothing typed is lost
    assert client.post(where, {}).status_code == 422
    assert client.post(where, said | {"valid_to": "2031-02-28"}).status_code == 302
    found = SiteAccreditation.objects.get()
    assert "59-2026-012" in client.get(where).content.decode()
    client.post(reverse("exam_sessions:withdraw_accreditation", args=[found.pk]))
    found.refresh_from_db()
    assert found.withdrawn_on == timezone.localtime().date()


def test_the_end_is_on_the_board_three_months_before_until_another_follows(count_queries) -> None:
    session = make.session()
    today = timezone.localtime().date()
    (kind,) = [one for one in KINDS if one.code == "site_accreditation"]

    def lines():
        return list(kind.find(session.manager, session.organisation, timezone.now()))

    make.accredited(session, valid_to=today + timedelta(days=80))
    (line,) = lines()
    assert (line.due, line.done) == (today + timedelta(days=80), False)
    assert line.urgency(today) == "soon"
    make.accredited(session, valid_to=today + timedelta(days=900))
    (line,) = lines()
    assert line.done
    assert count_queries(lines) == 1


def test_an_accreditation_of_another_centre_does_not_exist(client) -> None:
    found = make.accredited(make.session())
    client.force_login(make.person(Role.SESSION_MANAGER, organisation=make.organisation()))
    where = reverse("exam_sessions:withdraw_accreditation", args=[found.pk])
    assert client.post(where).status_code == 404
