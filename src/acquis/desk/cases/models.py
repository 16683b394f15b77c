"""Cases and what is decided, tried and promised about them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.agenda.models import Appointment
from acquis.desk.cases.policy import complaints, satisfaction
from acquis.desk.directory.models import Customer
from acquis.desk.documents.models import Letter
from acquis.desk.knowledge.models import Article
from acquis.desk.sales.models import Order, Product

Stage = [
    (complaints.RECORDED, _("Enregistrée")),
    (complaints.ACKNOWLEDGED, _("Accusée")),
    (complaints.QUALIFIED, _("Qualifiée")),
    (complaints.IN_PROGRESS, _("En traitement")),
    (complaints.PROPOSED, _("Solution proposée")),
    (complaints.ACCEPTED, _("Acceptée")),
    (complaints.REFUSED, _("Refusée")),
    (complaints.MEDIATION, _("Médiation informée")),
    (complaints.CLOSED, _("Clôturée")),
]


class CaseRules(WorkspaceRow):
    """How a desk handles its cases; a desk without this row follows the standard."""

    hours = models.JSONField(default=dict, blank=True)  # as agenda.policy.hours_of reads it
    matrix = models.JSONField(default=dict, blank=True)  # "urgency-impact": priority
    targets = models.JSONField(default=dict, blank=True)  # priority: open minutes to both ends
    reopen_days = models.PositiveSmallIntegerField(default=15)  # calendar days
    acknowledge_days = models.PositiveSmallIntegerField(default=complaints.ACKNOWLEDGE_DAYS)
    answer_days = models.PositiveSmallIntegerField(default=complaints.ANSWER_DAYS)
    recurrence_count = models.PositiveSmallIntegerField(default=3)  # 0 raises no alert
    recurrence_days = models.PositiveSmallIntegerField(default=30)
    survey_on = models.BooleanField(
        default=True
    )  # customers may be asked whether they are satisfied
    survey_days = models.PositiveSmallIntegerField(default=satisfaction.VALID_DAYS)
    survey_text = models.TextField(blank=True)  # before the link; empty is the standard
    survey_delay_minutes = models.PositiveIntegerField(default=0)  # after closing; 0 at once
    updated_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="case_rules_once"),
        ]

    def __str__(self) -> str:
        return f"règles {self.workspace_id}"


class CaseCode(WorkspaceRow):
    """Why a case is opened (a tree of two levels) or what is observed."""

    class Kind(models.TextChoices):
        REASON = "reason", _("Motif")
        SYMPTOM = "symptom", _("Symptôme")

    kind = models.CharField(max_length=10, choices=Kind)
    label = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    position = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)  # kept on old cases, offered to no new one

    class Meta(WorkspaceRow.Meta):
        ordering = ["kind", "position", "label", "pk"]

    def __str__(self) -> str:
        return self.label


class Case(WorkspaceRow):
    """A request, breakdown or complaint followed until it is closed (V-13)."""

    class Kind(models.TextChoices):
        REQUEST = "request", _("Demande")
        BREAKDOWN = "breakdown", _("Panne")
        COMPLAINT = "complaint", _("Réclamation")

    class State(models.TextChoices):
        OPEN = "open", _("Ouverte")
        WAITING_CUSTOMER = "waiting_customer", _("En attente du client")
        SECOND_LEVEL = "second_level", _("Au second niveau")
        CLOSED = "closed", _("Close")

    class SaidBy(models.TextChoices):
        CUSTOMER = "customer", _("dit par le client")
        ADVISER = "adviser", _("noté par le conseiller")

    number = models.CharField(max_length=30)
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    priority = models.PositiveSmallIntegerField(default=3)  # 1 urgent … 4 low
    urgency = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 high … 3 low
    impact = models.PositiveSmallIntegerField(null=True, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="cases")
    order = models.ForeignKey(Order, on_delete=models.SET_NULL, null=True, blank=True)
    product = models.ForeignKey(
        Product, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases"
    )
    reason = models.ForeignKey(
        CaseCode, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    symptom = models.ForeignKey(
        CaseCode, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cause = models.TextField(blank=True)
    tried = models.TextField(blank=True)  # what was already tried, for whoever takes over
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    assignee_label = models.CharField(max_length=160, blank=True)
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)  # promised to the customer
    answered_at = models.DateTimeField(null=True, blank=True)  # the customer first heard of us
    answer_due_at = models.DateTimeField(null=True, blank=True)
    resolve_due_at = models.DateTimeField(null=True, blank=True)  # moved by each pause that ends
    paused_at = models.DateTimeField(null=True, blank=True)  # since when the customer has the word
    paused_seconds = models.PositiveIntegerField(default=0)  # open time of the pauses that ended
    stage = models.CharField(max_length=14, choices=Stage, default=complaints.RECORDED)
    gravity = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 … 3, as the two below
    pressure = models.PositiveSmallIntegerField(null=True, blank=True)
    stake = models.PositiveSmallIntegerField(null=True, blank=True)
    criticality = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 … 4
    customer_stake = models.TextField(blank=True)
    company_stake = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    resolution = models.TextField(blank=True)
    satisfaction_asked_at = models.DateTimeField(null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 … 5
    satisfaction_comment = models.TextField(blank=True)
    satisfaction_by = models.CharField(max_length=10, choices=SaidBy, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged"
    )
    state_before_merge = models.CharField(max_length=20, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="case_number_once"),
            models.CheckConstraint(
                condition=models.Q(satisfaction__isnull=True)
                | models.Q(satisfaction__gte=1, satisfaction__lte=5),
                name="case_satisfaction_of_five",
            ),
        ]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "state", "resolve_due_at"], name="case_by_due"),
            # How a number begins, whatever the collation of the database.
            models.Index(
                fields=["workspace", "number"],
                opclasses=["int8_ops", "varchar_pattern_ops"],
                name="case_by_number",
            ),
            models.Index(fields=["workspace", "product", "symptom"], name="case_by_symptom"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"

    @property
    def paused(self) -> timedelta:
        return timedelta(seconds=self.paused_seconds)

    def is_late(self, now: datetime) -> bool:
        """Whether the resolution is overdue; the customer's turn makes nobody late."""
        running = self.state in {self.State.OPEN, self.State.SECOND_LEVEL}
        return running and self.resolve_due_at is not None and self.resolve_due_at < now


class CaseEvent(WorkspaceRow):
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    author_label = models.CharField(max_length=160, blank=True)
    body = models.TextField()
    new_state = models.CharField(max_length=20, choices=Case.State, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["case", "at", "pk"]

    def __str__(self) -> str:
        return self.body[:60]


class CaseStep(WorkspaceRow):
    """One step of a procedure that is being followed; its wording is copied."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    procedure = models.CharField(max_length=200)
    procedure_version = models.CharField(max_length=20, blank=True)
    article = models.ForeignKey(  # to see that it has changed since
        Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by_label = models.CharField(max_length=160, blank=True)
    optional = models.BooleanField(default=False)  # the procedure says so
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_by_label = models.CharField(max_length=160, blank=True)
    waived_reason = models.CharField(max_length=300, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["case", "procedure", "position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "procedure", "position"], name="case_step_once")
        ]

    def __str__(self) -> str:
        return self.text[:60]


class SecondLevelRequest(WorkspaceRow):
    """A question put to the second level with what was already tried, and its answer."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="second_level_requests")
    team = models.CharField(max_length=120)
    tried = models.TextField()
    question = models.TextField()
    asked_at = models.DateTimeField()
    asked_by_label = models.CharField(max_length=160)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_label = models.CharField(max_length=160, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["case", "asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(answered_at__isnull=True),
                name="case_asks_one_question",
            )
        ]

    def __str__(self) -> str:
        return self.question[:60]


class CaseLink(WorkspaceRow):
    """A tie between two cases, read from `case`: it is a duplicate of, caused by, follows `other`."""

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", _("doublon de")
        CAUSE = "cause", _("causée par")
        FOLLOW_UP = "follow_up", _("suite de")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta(WorkspaceRow.Meta):
        ordering = ["case", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="case_link_once"),
            models.CheckConstraint(
                condition=~models.Q(case=models.F("other")), name="case_link_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"


class AuthorityRule(WorkspaceRow):
    """Up to what amount each level may grant a gesture; a desk without the row has the standard.

    Euros with VAT, per cent of the order concerned; empty is no limit.
    """

    class Gesture(models.TextChoices):
        GOODWILL = "goodwill", _("Geste commercial")
        CREDIT_NOTE = "credit_note", _("Avoir pour erreur de facturation")
        SHIPPING = "shipping", _("Remboursement du port")
        RESHIPMENT = "reshipment", _("Réexpédition ou remplacement")
        OTHER = "other", _("Autre, sans montant")

    gesture = models.CharField(max_length=12, choices=Gesture)
    adviser_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    adviser_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    supervisor_amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    supervisor_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["gesture"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "gesture"], name="authority_rule_once")
        ]

    def __str__(self) -> str:
        return str(self.get_gesture_display())


class CaseOption(WorkspaceRow):
    """A way out of a difficult case, weighed for both sides, with who may grant it."""

    class Needs(models.IntegerChoices):
        ADVISER = 1, _("le conseiller")
        SUPERVISOR = 2, _("le superviseur")
        MANAGEMENT = 3, _("la direction")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="options")
    label = models.CharField(max_length=200)
    gesture = models.CharField(max_length=12, choices=AuthorityRule.Gesture)
    amount = models.DecimalField(max_digits=10, decimal_places=2, default=0)  # euros with VAT
    for_customer = models.TextField(blank=True)
    for_company = models.TextField(blank=True)
    needs = models.PositiveSmallIntegerField(choices=Needs)
    proposed_at = models.DateTimeField()
    proposed_by_label = models.CharField(max_length=160)
    granted_at = models.DateTimeField(null=True, blank=True)
    granted_by_label = models.CharField(max_length=160, blank=True)  # who decided
    refused_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["case", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(granted_at__isnull=True) | models.Q(refused_at__isnull=True),
                name="case_option_granted_or_refused",
            )
        ]

    def __str__(self) -> str:
        return self.label


class Agreement(WorkspaceRow):
    """What the customer and the enterprise agreed on: the reference of the written answer."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="agreements")
    option = models.ForeignKey(CaseOption, on_delete=models.CASCADE, related_name="agreements")
    terms = models.TextField()
    amount = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    due_on = models.DateField()
    in_charge = models.CharField(max_length=160)  # who does it, as the letter names them
    agreed_at = models.DateTimeField()
    agreed_by_label = models.CharField(max_length=160)
    letter = models.ForeignKey(
        Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="agreements"
    )

    class Meta(WorkspaceRow.Meta):
        ordering = ["case", "-agreed_at", "-pk"]

    def __str__(self) -> str:
        return self.terms[:60]


class Intervention(WorkspaceRow):
    """A visit at the customer's for a case, on the shared planning; what came of it."""

    class Outcome(models.TextChoices):
        SOLVED = "solved", _("Réparé")
        PARTIAL = "partial", _("À poursuivre")
        ABSENT = "absent", _("Client absent")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="interventions")
    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="interventions"
    )
    instructions = models.TextField()
    told_at = models.DateTimeField(null=True, blank=True)  # when the customer was told
    told_by = models.CharField(max_length=10, blank=True)  # the channel
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    report = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by_label = models.CharField(max_length=160, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["case", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["appointment"], name="intervention_appointment_once")
        ]

    def __str__(self) -> str:
        return self.instructions[:60]


class RecurrenceAlert(WorkspaceRow):
    """The same product and symptom too often; told to the supervisor until acknowledged."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    symptom = models.ForeignKey(CaseCode, on_delete=models.CASCADE, related_name="+")
    count = models.PositiveIntegerField()
    since = models.DateTimeField()  # the window begins
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by_label = models.CharField(max_length=160, blank=True)
    note = models.TextField(blank=True)
    parent = models.ForeignKey(
        Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="alerts"
    )

    class Meta(WorkspaceRow.Meta):
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "symptom"],
                condition=models.Q(acknowledged_at__isnull=True),
                name="recurrence_alert_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.symptom}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class Opinion(WorkspaceRow):
    """A question sent to the customer of a closed case, and what they answered by its link.

    The link is worked out from the row (`access.key_of`), not kept.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="opinions")
    channel = models.CharField(max_length=10)  # by which it was sent: chat, mail or sms
    sent_at = models.DateTimeField()
    sent_by_label = models.CharField(max_length=160)
    expires_at = models.DateTimeField()
    score = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 … 5
    solved = models.BooleanField(null=True, blank=True)
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)  # first
    changed_at = models.DateTimeField(null=True, blank=True)  # last
    answers = models.PositiveSmallIntegerField(default=0)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__isnull=True)
                | models.Q(score__gte=satisfaction.WORST, score__lte=satisfaction.BEST),
                name="opinion_of_five",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.score}"

    @property
    def channel_label(self) -> str:
        return str({"mail": _("courriel"), "chat": _("chat")}.get(self.channel, _("SMS")))

    def door(self, now: datetime) -> satisfaction.Door:
        return satisfaction.door(
            expires_at=self.expires_at,
            answered_at=self.answered_at,
            answers=self.answers,
            now=now,
        )
