"""One file: spread over a package, the type checker loses the managers and reverse relations."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.directory.policy import numbers
from acquis.kernel.models import StoredFile

POSTAL_LINE_CHARS = 38  # of the French postal norm (NF Z10-011)


class SeriesRank(models.BigIntegerField):  # type: ignore[type-arg]  # subscripting needs the stubs at run time
    """The rank of the row's reference in the series « C-00001 »: written with it, by any insert."""

    def pre_save(self, model_instance: models.Model, add: bool) -> int | None:
        del add
        rank = numbers.rank_of(str(getattr(model_instance, "reference", "")))
        setattr(model_instance, self.attname, rank)
        return rank

    def deconstruct(self) -> Any:
        """A plain integer to migrations, which import none of our code."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BigIntegerField", args, kwargs


def _forward(name: str) -> models.CheckConstraint:
    """A period does not end before it begins."""
    return models.CheckConstraint(
        condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
        name=name,
    )


def _holds(start: date | None, end: date | None, day: date) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)


class Customer(WorkspaceRow):
    """A person or company in contact with the enterprise."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Particulier")
        COMPANY = "company", _("Entreprise")

    reference = models.CharField(_("référence client"), max_length=20)
    reference_rank = SeriesRank(null=True, editable=False)  # null: not of the series « C-00001 »
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    title = models.CharField(_("civilité"), max_length=10, blank=True)
    first_name = models.CharField(_("prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("nom"), max_length=80, blank=True)
    company_name = models.CharField(_("raison sociale"), max_length=200, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True, default="")
    vat_number = models.CharField(_("numéro de TVA"), max_length=20, blank=True, default="")
    email = models.EmailField(_("adresse électronique"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)  # E.164
    phone_alt = models.CharField(_("autre téléphone"), max_length=20, blank=True)
    address_1 = models.CharField(_("adresse"), max_length=100, blank=True)
    address_2 = models.CharField(_("complément d’adresse"), max_length=100, blank=True)
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    city = models.CharField(_("ville"), max_length=100, blank=True)
    country = models.CharField(_("pays"), max_length=60, default="France")
    birth_year = models.PositiveSmallIntegerField(_("année de naissance"), null=True, blank=True)
    # The group (one figure) of the PCS of INSEE: finer would say more than the desk needs (G-06).
    pcs = models.CharField(_("PCS"), max_length=4, blank=True, default="")
    segment = models.CharField(_("segment"), max_length=40, blank=True)
    language = models.CharField(_("langue"), max_length=10, blank=True, default="")  # ISO 639
    customer_since = models.DateField(_("client depuis"), null=True, blank=True)
    preferences = models.JSONField(_("préférences"), default=dict, blank=True)
    consents = models.JSONField(_("consentements"), default=dict, blank=True)
    tags = models.JSONField(_("étiquettes"), default=list, blank=True)
    custom = models.JSONField(default=dict, blank=True)  # by key of CustomField, as JSON keeps it
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
            models.Index(fields=["workspace", "reference_rank"], name="customer_by_rank"),
            models.Index(fields=["workspace", "phone"], name="customer_by_phone"),
            models.Index(fields=["workspace", "phone_alt"], name="customer_by_other_phone"),
            models.Index(fields=["workspace", "email"], name="customer_by_email"),
            models.Index(fields=["workspace", "segment"], name="customer_by_segment"),
            # The list as it opens, without sorting a million names.
            models.Index(
                fields=["workspace", "last_name", "first_name", "company_name", "id"],
                name="customer_by_name",
            ),
            # What changed since an instant, in order: the search for duplicates reads on from there.
            models.Index(fields=["workspace", "updated_at", "id"], name="customer_by_change"),
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


class CompanyContact(WorkspaceRow):
    """A person who speaks for a company, whether or not they have a record of their own."""

    class Part(models.TextChoices):
        DECIDES = "decides", _("Décide")
        BUYS = "buys", _("Achète")
        PAYS = "pays", _("Paie")
        USES = "uses", _("Utilise")
        FILTERS = "filters", _("Reçoit et oriente")

    company = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(
        Customer, on_delete=models.SET_NULL, null=True, blank=True, related_name="functions"
    )
    title = models.CharField(_("civilité"), max_length=10, blank=True)
    first_name = models.CharField(_("prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("nom"), max_length=80)
    function = models.CharField(_("fonction"), max_length=100, blank=True)
    part = models.CharField(_("rôle"), max_length=10, choices=Part, blank=True)
    is_main = models.BooleanField(_("contact principal"), default=False)
    valid_from = models.DateField(_("depuis le"), null=True, blank=True)
    valid_to = models.DateField(_("jusqu’au"), null=True, blank=True)  # its last day

    class Meta(WorkspaceRow.Meta):
        ordering = ["-is_main", "last_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(is_main=True), name="company_main_contact_once"
            ),
            _forward("company_contact_period_forward"),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.first_name, self.last_name) if part)

    def holds_on(self, day: date) -> bool:
        return _holds(self.valid_from, self.valid_to, day)


class ContactPoint(WorkspaceRow):
    """A telephone in E.164 or an e-mail address in lower case, with the days on which it holds."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Téléphone")
        EMAIL = "email", _("Adresse électronique")

    class Use(models.TextChoices):
        HOME = "home", _("Domicile")
        WORK = "work", _("Travail")
        MOBILE = "mobile", _("Mobile")
        BILLING = "billing", _("Facturation")
        OTHER = "other", _("Autre")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contact_points")
    # Of the person of the company whom it reaches; null: of the customer.
    contact = models.ForeignKey(
        CompanyContact, on_delete=models.CASCADE, null=True, blank=True, related_name="points"
    )
    kind = models.CharField(_("type"), max_length=5, choices=Kind)
    value = models.CharField(_("valeur"), max_length=254)
    use = models.CharField(_("usage"), max_length=10, choices=Use, default=Use.OTHER)
    label = models.CharField(_("précision"), max_length=60, blank=True)
    valid_from = models.DateField(_("depuis le"), null=True, blank=True)
    valid_to = models.DateField(_("jusqu’au"), null=True, blank=True)  # its last day

    class Meta(WorkspaceRow.Meta):
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "value"],
                condition=Q(contact=None),
                name="contact_point_once_of_customer",
            ),
            models.UniqueConstraint(
                fields=["contact", "kind", "value"], name="contact_point_once_of_person"
            ),
            _forward("contact_point_period_forward"),
        ]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "kind", "value"], name="contact_point_by_value"),
        ]

    def __str__(self) -> str:
        return self.value

    def holds_on(self, day: date) -> bool:
        return _holds(self.valid_from, self.valid_to, day)


class PostalAddress(WorkspaceRow):
    """An address in the six lines of the French postal norm, 38 characters each at most.

    Line 1 names who receives (empty: the customer), 2 where inside (apartment, stairs), 3 where
    outside (entrance, building, estate), 4 number and street, 5 hamlet or box, 6 postcode and
    town. A foreign country makes a seventh.
    """

    class Use(models.TextChoices):
        BILLING = "billing", _("Facturation")
        DELIVERY = "delivery", _("Livraison")
        HOME = "home", _("Domicile")
        OTHER = "other", _("Autre")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    use = models.CharField(_("usage"), max_length=10, choices=Use, default=Use.DELIVERY)
    recipient = models.CharField(_("destinataire"), max_length=POSTAL_LINE_CHARS, blank=True)
    inside = models.CharField(
        _("appartement, étage, escalier"), max_length=POSTAL_LINE_CHARS, blank=True
    )
    outside = models.CharField(
        _("entrée, bâtiment, résidence"), max_length=POSTAL_LINE_CHARS, blank=True
    )
    street = models.CharField(_("numéro et voie"), max_length=POSTAL_LINE_CHARS, blank=True)
    locality = models.CharField(
        _("lieu-dit, boîte postale"), max_length=POSTAL_LINE_CHARS, blank=True
    )
    postcode = models.CharField(_("code postal"), max_length=10)
    city = models.CharField(_("ville"), max_length=POSTAL_LINE_CHARS)
    country = models.CharField(_("pays"), max_length=60, default="France")
    valid_from = models.DateField(_("depuis le"), null=True, blank=True)
    valid_to = models.DateField(_("jusqu’au"), null=True, blank=True)  # its last day

    class Meta(WorkspaceRow.Meta):
        ordering = ["use", "pk"]
        constraints = [_forward("postal_address_period_forward")]

    def __str__(self) -> str:
        return f"{self.street} {self.postcode} {self.city}".strip()

    def holds_on(self, day: date) -> bool:
        return _holds(self.valid_from, self.valid_to, day)


class Household(WorkspaceRow):
    """People who live together: an adviser sees who else may answer, or has asked."""

    name = models.CharField(_("nom du foyer"), max_length=120)

    class Meta(WorkspaceRow.Meta):
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class HouseholdMember(WorkspaceRow):
    """A customer lives in one household at a time."""

    class Part(models.TextChoices):
        HOLDER = "holder", _("Titulaire")
        PARTNER = "partner", _("Conjoint")
        CHILD = "child", _("Enfant")
        OTHER = "other", _("Autre")

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="household_members"
    )
    part = models.CharField(_("place"), max_length=10, choices=Part, default=Part.OTHER)

    class Meta(WorkspaceRow.Meta):
        ordering = ["household", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["customer"], name="customer_in_one_household")
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.customer}"


class Consent(WorkspaceRow):
    """An agreement given, or withdrawn, at one instant; kept, never edited.

    What holds is the last record of a channel and purpose: no label, tag or segment stands for
    it. Source: P-07 (C. conso. L223-1, RGPD art. 7).
    """

    class Channel(models.TextChoices):
        PHONE = "phone_offers", _("Téléphone")
        EMAIL = "email_offers", _("Courriel")
        SMS = "sms_offers", _("SMS")
        LETTER = "letter_offers", _("Courrier")

    class Purpose(models.TextChoices):
        PROSPECTING = "prospecting", _("Prospection commerciale")
        PARTNERS = "partners", _("Offres de partenaires")
        SURVEY = "survey", _("Enquêtes")

    class Medium(models.TextChoices):
        FORM = "form", _("Formulaire en ligne")
        PAPER = "paper", _("Papier signé")
        COUNTER = "counter", _("En face à face")
        CALL_IN = "call_in", _("Appel reçu du client")
        CALL_OUT = "call_out", _("Appel passé au client")
        WRITTEN = "written", _("Courrier, courriel ou message")
        PARTNER = "partner", _("Fichier d’un partenaire")
        DECLARED = "declared", _("Recueilli par le conseiller")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consent_records")
    channel = models.CharField(_("canal"), max_length=20, choices=Channel)
    purpose = models.CharField(
        _("finalité"), max_length=20, choices=Purpose, default=Purpose.PROSPECTING
    )
    given = models.BooleanField()  # False: withdrawn, or refused
    decided_at = models.DateTimeField(_("dit le"))  # by the customer; it holds from then on
    medium = models.CharField(_("recueilli par"), max_length=10, choices=Medium)
    text_shown = models.TextField(_("texte montré ou lu"), blank=True)
    text_fingerprint = models.CharField(max_length=64, blank=True)  # SHA-256 of the text, UTF-8
    act = models.CharField(_("geste du client"), max_length=200, blank=True)
    # A second agreement, apart: to be called outside the days and hours of the law (P-04).
    any_hours = models.BooleanField(_("y compris hors des horaires légaux"), default=False)
    partner = models.CharField(_("partenaire d’origine"), max_length=120, blank=True)
    proof = models.CharField(_("preuve"), max_length=300, blank=True)  # where it is kept
    proof_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_by_label = models.CharField(max_length=160, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-decided_at", "-pk"]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["customer", "channel", "-decided_at"], name="consent_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.given} {self.decided_at:%Y-%m-%d}"


class ProspectingCall(WorkspaceRow):
    """A call made, or tried, to sell; it counts even unanswered (P-05); kept, never edited."""

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Jointe")
        UNANSWERED = "unanswered", _("Sans réponse")
        VOICEMAIL = "voicemail", _("Messagerie")
        REFUSED = "refused", _("Refus de continuer")

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="prospecting_calls"
    )
    called_at = models.DateTimeField(_("appel du"))
    number = models.CharField(_("numéro appelé"), max_length=20, blank=True)
    outcome = models.CharField(_("issue"), max_length=10, choices=Outcome)
    contract = models.CharField(_("contrat en cours concerné"), max_length=60, blank=True)
    relation = models.CharField(max_length=20, blank=True)  # of policy.calling.RELATIONS (P-02)
    allowed = models.BooleanField()  # what the rules said, with their reasons
    reasons = models.JSONField(default=list, blank=True)
    caller = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    caller_label = models.CharField(max_length=160, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-called_at", "-pk"]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["customer", "-called_at"], name="prospecting_call_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.called_at:%Y-%m-%d} {self.outcome}"


class CustomField(WorkspaceRow):
    """A field that a desk adds to its records; values lie in `Customer.custom`, by key."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Texte")
        NUMBER = "number", _("Nombre")
        DATE = "date", _("Date")
        CHOICE = "choice", _("Choix dans une liste")
        YES_NO = "yes_no", _("Oui ou non")

    key = models.SlugField(_("clé"), max_length=40)
    label = models.CharField(_("libellé"), max_length=80)
    kind = models.CharField(_("type"), max_length=10, choices=Kind)
    choices = models.JSONField(_("choix"), default=list, blank=True)  # texts, in order
    hint = models.CharField(_("aide"), max_length=200, blank=True)  # purpose of the field (G-06)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    archived_at = models.DateTimeField(null=True, blank=True)  # values stay, nobody is asked

    class Meta(WorkspaceRow.Meta):
        ordering = ["position", "label", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="custom_field_key_once")
        ]

    def __str__(self) -> str:
        return self.label


class SavedView(WorkspaceRow):
    """A list of customers to come back to: what is asked, in what order, with which columns."""

    name = models.CharField(_("nom de la vue"), max_length=60)
    query = models.TextField(blank=True)  # as the address of the list bears it (policy.listing)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    owner_label = models.CharField(max_length=160)
    shared = models.BooleanField(_("partagée avec le poste"), default=False)
    updated_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)  # it may be taken back

    class Meta(WorkspaceRow.Meta):
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class DefaultView(WorkspaceRow):
    """The view on which the list opens for one person."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="defaults")

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "person"], name="default_view_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.view_id}"


class BulkEdit(WorkspaceRow):
    """One change asked of many records at once; what it did to each is kept, so that it undoes."""

    class Act(models.TextChoices):
        TAG_ADD = "tag_add", _("Ajouter des étiquettes")
        TAG_REMOVE = "tag_remove", _("Retirer des étiquettes")
        SEGMENT = "segment", _("Changer le segment")
        CUSTOM = "custom", _("Remplir un champ du poste")
        WITHDRAW = "withdraw", _("Consigner le retrait d’un accord")

    act = models.CharField(max_length=12, choices=Act)
    target = models.CharField(max_length=60, blank=True)  # key of a field, channel of an agreement
    value = models.JSONField(null=True)
    keys = models.JSONField(default=list)  # of the customers, as they were found
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_label = models.CharField(max_length=160)
    asked_at = models.DateTimeField()
    seen = models.PositiveIntegerField(default=0)  # keys gone through: where to go on after a cut
    refusals = models.JSONField(default=list)  # [key, name, sentence]
    ended_at = models.DateTimeField(null=True)
    undo_asked_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    not_undone = models.JSONField(default=list)  # [key, name, sentence]

    class Meta(WorkspaceRow.Meta):
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.act} {self.asked_at:%Y-%m-%d}"


class BulkChange(WorkspaceRow):
    """What a bulk edit did to one record."""

    edit = models.ForeignKey(BulkEdit, on_delete=models.CASCADE, related_name="changes")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undo_seen = models.BooleanField(default=False)

    class Meta(WorkspaceRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["edit", "customer"], name="bulk_change_once")
        ]

    def __str__(self) -> str:
        return f"{self.edit_id} {self.customer_id}"


class CustomerExport(WorkspaceRow):
    """Who took how many records out of the desk, which columns, and when."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    form = models.CharField(max_length=4, choices=Format)
    query = models.TextField(blank=True)
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_label = models.CharField(max_length=160)
    asked_at = models.DateTimeField()
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # gone a day later

    class Meta(WorkspaceRow.Meta):
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.form} {self.rows}"
