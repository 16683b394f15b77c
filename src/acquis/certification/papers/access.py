from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.papers.models import Draw, Subject


def subject_for(user: User, pk: int, *verbs: Verb) -> Subject:
    """A subject of an organisation where one has one of these verbs."""
    subject = Subject.objects.select_related("organisation", "author").filter(pk=pk).first()
    wanted = verbs or (Verb.SUBJECT_WRITE, Verb.SUBJECT_VALIDATE)
    if subject is None or not any(
        may(user, verb, organisation=subject.organisation) for verb in wanted
    ):
        raise Http404
    return subject


def draw_for(user: User, pk: int, verb: Verb) -> Draw:
    """A draw of a session of an organisation where one may `verb`."""
    draw = (
        Draw.objects.select_related("session__organisation", "subject", "candidate")
        .filter(pk=pk)
        .first()
    )
    if draw is None or not may(user, verb, organisation=draw.session.organisation):
        raise Http404
    return draw
