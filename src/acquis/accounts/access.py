"""Who may do what, where: the only way from a person to an organisation, a verb or a desk."""

from collections.abc import Iterable, Sequence
from typing import TypeGuard

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from acquis.accounts.enums import Role, WorkspaceKind
from acquis.accounts.errors import WorkspaceReadOnly, WorkspaceSealed
from acquis.accounts.models import Membership, Organisation, User, Workspace, WorkspaceMember
from acquis.accounts.verbs import ROLES, Verb
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.standing import Standing

Person = User | AnonymousUser
Held = tuple[tuple[int, Role], ...]  # pairs of an organisation's key and a role there

# What a superuser may do without any role: administer accounts, nothing else of the product.
SUPERUSER_VERBS = frozenset({Verb.ACCOUNT_MANAGE})
# Where a request keeps the roles it has read (see `remember_roles`), and who keeps them once read.
_MEMORY = "_roles_held"
_KEEPS = "_roles_kept_once_read"


def remember_roles(user: User) -> list[Organisation]:
    """Read the person's roles, oldest first, once for the life of this object; where they are held.

    Meant for a request; what lives longer, as a socket does, must read them each time.
    """
    rows = _ROLES.all(user=user.pk)
    setattr(user, _MEMORY, tuple((row.organisation_id, Role(row.role)) for row in rows))
    return [row.organisation for row in rows]


def remember_roles_of(users: Iterable[User]) -> None:
    """`remember_roles` for many people, each the object of one act, in one query."""
    people = list(users)
    held: dict[int, list[tuple[int, Role]]] = {user.pk: [] for user in people}
    rows = Membership.objects.filter(user__in=held).order_by("pk")
    for pk, organisation, role in rows.values_list("user_id", "organisation_id", "role"):
        held[pk].append((organisation, Role(role)))
    for user in people:
        setattr(user, _MEMORY, tuple(held[user.pk]))


def keep_roles_once_read(user: User) -> None:
    """As `remember_roles`, and nothing is read before it is asked for: what one act may need."""
    setattr(user, _KEEPS, True)


def _read_roles(user: User) -> Held:
    rows = Membership.objects.filter(user_id=user.pk).values_list("organisation_id", "role")
    return tuple((organisation, Role(role)) for organisation, role in rows.order_by("pk"))


def _held(user: Person) -> Held:
    if not isinstance(user, User) or not user.is_active:
        return ()
    kept: Held | None = getattr(user, _MEMORY, None)
    if kept is None:
        kept = _read_roles(user)
        if getattr(user, _KEEPS, False):
            setattr(user, _MEMORY, kept)
    return kept


def roles_of(user: Person, organisation: Organisation | None = None) -> frozenset[Role]:
    """The person's roles in one organisation, or in any when none is named."""
    return frozenset(
        role for place, role in _held(user) if organisation is None or place == organisation.pk
    )


def verbs_of(user: Person, organisation: Organisation | None = None) -> frozenset[Verb]:
    verbs = frozenset[Verb]().union(*(ROLES[role] for role in roles_of(user, organisation)))
    if isinstance(user, User) and user.is_active and user.is_superuser:
        return verbs | SUPERUSER_VERBS
    return verbs


def may(user: Person, verb: Verb | str, organisation: Organisation | None = None) -> bool:
    """Whether a role of the person, in this organisation or in any when None, holds the verb."""
    return verb in verbs_of(user, organisation)


def require(user: Person, verb: Verb | str, organisation: Organisation | None = None) -> None:
    """Raise PermissionDenied unless `may`."""
    if not may(user, verb, organisation):
        raise PermissionDenied(str(verb))


def organisations_of(user: Person) -> QuerySet[Organisation]:
    """The organisations where the person has a role; all of them for a superuser."""
    if not isinstance(user, User) or not user.is_active:
        return Organisation.objects.none()
    if user.is_superuser:
        return Organisation.objects.all()
    places = Membership.objects.filter(user_id=user.pk).values("organisation_id")
    return Organisation.objects.filter(pk__in=places)


def members_of(organisation: Organisation, roles: Iterable[Role] | None = None) -> QuerySet[User]:
    """The people who have a role there, or one of `roles`; each once."""
    rows = Membership.objects.filter(organisation=organisation)
    if roles is not None:
        rows = rows.filter(role__in=[*roles])
    return User.objects.filter(pk__in=rows.values("user_id"))


def workspaces_of(user: Person) -> QuerySet[Workspace]:
    """The desks the person may open (see `open_to`)."""
    return Workspace.objects.filter(open_to(user)).select_related("organisation")


def open_to(user: Person, *, through: str = "") -> Q:
    """Which desks the person may open, asked with the row itself.

    `through` leads from another row to its desk (« workspace__ »). A seat opens any desk and is the
    only way into a private copy; the verb `desk.use` opens the real desks and the fictitious
    enterprises of the organisations where a role gives it.
    """
    if not isinstance(user, User) or not user.is_active:
        return Q(pk__in=[])
    seats = user.workspace_seats.values("workspace_id")
    shared = Q(**{f"{through}kind__in": [WorkspaceKind.LIVE, WorkspaceKind.MODEL]})
    kept: Held | None = getattr(user, _MEMORY, None)
    if kept is None:
        place = OuterRef(f"{through}organisation_id")
        roles = Membership.objects.filter(user_id=user.pk, organisation_id=place)
        shared &= Q(Exists(roles.filter(role__in=_USERS_OF_DESKS)))
    else:
        places = {place for place, role in kept if role in _USERS_OF_DESKS}
        shared &= Q(**{f"{through}organisation_id__in": places})
    return shared | Q(**{f"{through}pk__in": seats})


_USERS_OF_DESKS = frozenset(role for role, verbs in ROLES.items() if Verb.DESK_USE in verbs)


def may_write_in(user: Person, workspace: Workspace) -> bool:
    """Whether the person may write in a desk they can open, seals left aside.

    A seat says it itself. Without a seat, `desk.use` writes in real desks; a fictitious enterprise
    is the original of every copy, so only `enterprise.edit` writes there.
    """
    if not isinstance(user, User):
        return False
    seat = user.workspace_seats.filter(workspace=workspace).first()
    if seat is not None:
        return seat.may_write
    needed = {
        WorkspaceKind.LIVE: Verb.DESK_USE,
        WorkspaceKind.MODEL: Verb.ENTERPRISE_EDIT,
    }.get(WorkspaceKind(workspace.kind))
    return needed is not None and may(user, needed, workspace.organisation)


def seat_of(user: User, *, through: str = "") -> Subquery:
    """What the person's seat says of writing, asked with the row of a desk; None without a seat.

    `through` leads to the desk, as in `open_to`.
    """
    seats = WorkspaceMember.objects.filter(user_id=user.pk, workspace_id=OuterRef(f"{through}pk"))
    return Subquery(seats.values("may_write")[:1])


def refuse_writing(user: Person, workspace: Workspace, seat: bool | None) -> None:
    """Raise WorkspaceSealed or WorkspaceReadOnly where a desk takes no writing from the person.

    The row has just been found by `open_to`, with what `seat_of` says: a real desk open to whom
    has no seat is open by `desk.use`, which writes there; a fictitious enterprise asks for more.
    """
    if workspace.sealed_at is not None:
        raise WorkspaceSealed
    if seat is None and workspace.kind == WorkspaceKind.MODEL:
        seat = may(user, Verb.ENTERPRISE_EDIT, workspace.organisation)
    if seat is False:
        raise WorkspaceReadOnly


def refusals_to_write(
    asked: Sequence[tuple[User, Workspace]],
) -> list[Http404 | DomainRefusal | None]:
    """Why each may not write in the desk beside them, None for who may: two queries for all.

    What `open_to`, `seat_of` and `refuse_writing` say of one, for acts done together; the roles of
    the people are remembered. The people are objects of one act (see `remember_roles_of`).
    """
    remember_roles_of(user for user, _workspace in asked)
    seats = WorkspaceMember.objects.filter(
        user__in={user.pk for user, _ in asked}, workspace__in={desk.pk for _, desk in asked}
    )
    held = {
        (user, desk): may_write
        for user, desk, may_write in seats.values_list("user_id", "workspace_id", "may_write")
    }
    return [_refusal_to_write(user, desk, held.get((user.pk, desk.pk))) for user, desk in asked]


def _refusal_to_write(
    user: User, workspace: Workspace, seat: bool | None
) -> Http404 | DomainRefusal | None:
    shared = workspace.kind in {WorkspaceKind.LIVE, WorkspaceKind.MODEL} and any(
        place == workspace.organisation_id and role in _USERS_OF_DESKS
        for place, role in _held(user)
    )
    if not user.is_active or (seat is None and not shared):
        return Http404()
    try:
        refuse_writing(user, workspace, seat)
    except DomainRefusal as refusal:
        return refusal
    return None


def workspace_for(user: Person, workspace_id: int, write: bool = False) -> Workspace:
    """The desk, for reading or writing: one query.

    Raises Http404 when it is not open to the person, WorkspaceSealed or WorkspaceReadOnly when it
    takes no writing from them.
    """
    found = _OPEN.first(user=user.pk, pk=workspace_id) if _is_somebody(user) else None
    if found is None:
        raise Http404
    if write:
        refuse_writing(user, found, vars(found)["seat"])
    return found


def _is_somebody(user: Person) -> TypeGuard[User]:
    return isinstance(user, User) and user.is_active


def _open(*, user: int, pk: int) -> QuerySet[Workspace]:
    seat = seat_of(User(pk=user))
    return workspaces_of(User(pk=user)).filter(pk=pk).annotate(seat=seat)


_OPEN = Standing(_open, user=int, pk=int)


def _roles(*, user: int) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).select_related("organisation").order_by("pk")


_ROLES = Standing(_roles, user=int)
