from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow


class Customer(WorkspaceRow):
    """A person or company in contact with the enterprise."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Particulier")
        COMPANY = "company", _("Entreprise")

    reference = models.CharField(_("référence client"), max_length=20)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    title = models.CharField(_("civilité"), max_length=10, blank=True)
    first_name = models.CharField(_("prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("nom"), max_length=80, blank=True)
    company_name = models.CharField(_("raison sociale"), max_length=200, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    email = models.EmailField(_("adresse électronique"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)  # E.164
    phone_alt = models.CharField(_("autre téléphone"), max_length=20, blank=True)
    address_1 = models.CharField(_("adresse"), max_length=100, blank=True)
    address_2 = models.CharField(_("complément d'adresse"), max_length=100, blank=True)
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    city = models.CharField(_("ville"), max_length=100, blank=True)
    country = models.CharField(_("pays"), max_length=60, default="France")
    birth_year = models.PositiveSmallIntegerField(_("année de naissance"), null=True, blank=True)
    segment = models.CharField(_("segment"), max_length=40, blank=True)
    customer_since = models.DateField(_("client depuis"), null=True, blank=True)
    preferences = models.JSONField(_("préférences"), default=dict, blank=True)
    consents = models.JSONField(_("consentements"), default=dict, blank=True)
    tags = models.JSONField(_("étiquettes"), default=list, blank=True)
    search_text = models.TextField(blank=True)  # folded: no accents, lower case, digits of phones
    updated_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["last_name", "first_name", "company_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "reference"], name="customer_reference_once"
            )
        ]
        # Who is calling must be known before the first word.
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "phone"], name="customer_by_phone"),
            models.Index(fields=["workspace", "phone_alt"], name="customer_by_other_phone"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        person = " ".join(part for part in (self.title, self.first_name, self.last_name) if part)
        if self.kind == self.Kind.COMPANY:
            return f"{self.company_name} ({person})" if person else self.company_name
        return person


class CustomerNote(WorkspaceRow):
    """What an adviser wrote down about a customer; kept, never edited."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    body = models.TextField(_("note"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_label = models.CharField(max_length=160)
    written_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.body[:60]
