from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from acquis.accounts.enums import Role, SigningRule, WorkspaceKind


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: object) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    email = models.EmailField(_("adresse électronique"), unique=True)
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom"), max_length=80)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    language = models.CharField(
        _("langue"),
        max_length=5,
        blank=True,  # the one the browser asks for
        choices=[("fr", "Français"), ("en", "English")],
    )
    is_active = models.BooleanField(_("actif"), default=True)
    is_demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_ci_unique")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def trace_stream(self) -> str:
        return f"user:{self.pk}"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def initials(self) -> str:
        return (self.first_name[:1] + self.last_name[:1]).upper() or self.email[:2].upper()


class Organisation(models.Model):
    """A certifying centre, a training body or a company with a desk."""

    name = models.CharField(_("nom"), max_length=200)
    slug = models.SlugField(unique=True)
    siret = models.CharField(max_length=14, blank=True)
    address = models.TextField(_("adresse"), blank=True)
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    city = models.CharField(_("ville"), max_length=100, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    signing = models.CharField(
        _("signature des procès-verbaux"),
        max_length=13,
        choices=SigningRule,
        default=SigningRule.SECOND_FACTOR,
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def trace_stream(self) -> str:
        return f"organisation:{self.pk}"


class Membership(models.Model):
    """One role of one person in one organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["organisation", "user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], name="membership_once"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.organisation}"


class Workspace(models.Model):
    """One desk: a company's live desk, a fictitious enterprise, or a candidate's private copy.

    Every desk row belongs to exactly one workspace; nothing joins two.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="workspaces"
    )
    kind = models.CharField(max_length=10, choices=WorkspaceKind)
    name = models.CharField(max_length=200)
    identity = models.JSONField(default=dict, blank=True)  # letterhead: address, phone, SIREN…
    pack = models.SlugField(blank=True)  # the pack a fictitious enterprise came from
    origin = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies"
    )
    created_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True, blank=True)  # no write after this instant

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=WorkspaceKind.values), name="workspace_kind_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="copy") | models.Q(origin__isnull=False),
                name="workspace_copy_has_origin",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.pk}"


class WorkspaceMember(models.Model):
    """Who may work in a private copy or a live desk, beyond the verbs of their role."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="workspace_seats")
    may_write = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="workspace_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} @ {self.workspace}"


class ApiToken(models.Model):
    """A key of the HTTP API: only its digest is kept, its scopes are verbs."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    name = models.CharField(_("nom"), max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class SignIn(models.Model):
    """An open session of a person on a device, listed so that it can be revoked."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.user} · {self.device}"


class LoginFailure(models.Model):
    """Failed sign-ins for one e-mail address: ten lock for two minutes and more, fifty block."""

    email_digest = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.count} × {self.email_digest[:8]}"


class WorkspaceRow(models.Model):
    """What every desk table has: its workspace, and the row of which it is a private copy."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    origin_id = models.BigIntegerField(null=True, editable=False)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["workspace", "origin_id"], name="%(class)s_copied_from")]
