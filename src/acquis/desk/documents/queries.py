"""Letters of one workspace."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.directory.policy import fold
from acquis.desk.documents.models import Letter, LetterPosting, LetterTemplate

TO_POST, IN_THE_POST, RETURNED = "to_post", "in_the_post", "returned"
POST_STATES = {
    TO_POST: _("À poster"),
    IN_THE_POST: _("À la poste"),
    RETURNED: _("Revenues"),
}


def letters(workspace: Workspace, *, typed: str = "", state: str = "") -> QuerySet[Letter]:
    """Newest first; every word typed is in the subject or names the customer.

    `state` is one of a letter or one of POST_STATES; a discarded letter shows under its own alone.
    """
    postings = LetterPosting.objects.filter(cancelled_at__isnull=True)
    found = Letter.objects.filter(workspace=workspace).select_related("customer", "file")
    if state in Letter.State.values:
        found = found.filter(state=state)
    else:
        found = _by_post(found.exclude(state=Letter.State.DISCARDED), state)
    for word in typed.split():
        found = found.filter(
            Q(subject__icontains=word) | Q(customer__search_text__contains=fold(word))
        )
    return found.prefetch_related(Prefetch("postings", queryset=postings, to_attr="posted"))


def _by_post(found: QuerySet[Letter], state: str) -> QuerySet[Letter]:
    """Final letters as the post has them; any other `state` leaves the letters as they are.

    A letter that came back is so until it leaves again.
    """
    all_of_it = LetterPosting.objects.filter(letter=OuterRef("pk"), cancelled_at__isnull=True)
    on_its_way = all_of_it.filter(outcome="")
    came_back = all_of_it.exclude(outcome__in=["", LetterPosting.Outcome.DELIVERED])
    arrived = all_of_it.filter(outcome=LetterPosting.Outcome.DELIVERED)
    if state == TO_POST:
        return found.filter(~Exists(all_of_it), state=Letter.State.FINAL)
    if state == IN_THE_POST:
        return found.filter(Exists(on_its_way))
    if state == RETURNED:
        return found.filter(Exists(came_back), ~Exists(on_its_way), ~Exists(arrived))
    return found


def templates(
    workspace: Workspace, *, typed: str = "", archived: bool = False
) -> QuerySet[LetterTemplate]:
    """By category and title; every word typed is in the title, the purpose or the text."""
    found = LetterTemplate.objects.filter(workspace=workspace, archived_at__isnull=not archived)
    for word in typed.split():
        found = found.filter(
            Q(title__icontains=word)
            | Q(purpose__icontains=word)
            | Q(category__icontains=word)
            | Q(subject__icontains=word)
            | Q(body__icontains=word)
        )
    return found
