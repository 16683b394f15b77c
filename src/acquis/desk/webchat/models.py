from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.queues.models import Queue


class Site(WorkspaceRow):
    """A customer's site that bears the chat and the form of call-backs."""

    class Accent(models.TextChoices):
        ACCENT = "accent", _("Bleu")
        INFO = "info", _("Bleu vert")
        SUCCESS = "success", _("Vert")
        INK = "ink", _("Encre")

    class Theme(models.TextChoices):
        AUTO = "auto", _("Selon l’appareil du visiteur")
        LIGHT = "light", _("Clair")
        DARK = "dark", _("Sombre")

    name = models.CharField(_("nom"), max_length=120)
    key = models.CharField(max_length=40)
    # The workspace for which the key was drawn: in a private copy it opens nothing (no foreign
    # key, so that a copy keeps the number of the original).
    key_issued_for = models.BigIntegerField()
    is_active = models.BooleanField(_("chat ouvert aux visiteurs"), default=True)
    origins = models.JSONField(_("sites autorisés"), default=list)
    greeting = models.CharField(_("accueil"), max_length=300, blank=True)
    accent = models.CharField(_("couleur"), max_length=10, choices=Accent, default=Accent.ACCENT)
    theme = models.CharField(_("thème"), max_length=10, choices=Theme, default=Theme.AUTO)
    privacy_url = models.URLField(_("politique de confidentialité"), blank=True)
    automatic = models.BooleanField(_("réponse automatique d’abord"), default=True)
    hours = models.JSONField(default=dict)  # « 0 » to « 6 »: « 09:00-12:30, 13:30-18:00 »
    queue = models.ForeignKey(  # where its exchanges wait, and whose hours it keeps
        Queue, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("file d’attente"),
    )  # fmt: skip
    on_holidays = models.BooleanField(_("ouvert les jours fériés"), default=False)
    calls_open = models.BooleanField(_("rappel proposé"), default=True)
    video_offered = models.BooleanField(_("passage en visio proposé"), default=True)
    slot_minutes = models.PositiveSmallIntegerField(_("durée d’un créneau (minutes)"), default=30)
    slot_capacity = models.PositiveSmallIntegerField(_("rappels par créneau"), default=2)
    slot_lead_minutes = models.PositiveSmallIntegerField(_("délai minimal (minutes)"), default=30)
    slot_days = models.PositiveSmallIntegerField(_("jours proposés"), default=7)
    most_attempts = models.PositiveSmallIntegerField(_("tentatives au plus"), default=3)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="webchat_site_key_once"),
            models.CheckConstraint(
                condition=models.Q(slot_minutes__gte=5, slot_minutes__lte=240)
                & models.Q(slot_capacity__gte=1)
                & models.Q(slot_days__gte=1, slot_days__lte=60)
                & models.Q(most_attempts__gte=1),
                name="webchat_slots_possible",
            ),
        ]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["key"], name="webchat_site_by_key"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """Whether its addresses open anything: those of a private copy do not."""
        return self.key_issued_for == self.workspace_id


class Visitor(WorkspaceRow):
    """A browser that speaks with a site; it proves itself by a token of which we keep the digest."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="visitors")
    token_digest = models.CharField(max_length=64)
    address_digest = models.CharField(max_length=64)  # of the network address: only to count
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="fr")
    first_seen_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["-first_seen_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "token_digest"], name="webchat_visitor_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Chat(WorkspaceRow):
    """One exchange of a visitor: with the automatic answer first, then as a conversation."""

    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="chats")
    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, null=True, blank=True, related_name="webchat"
    )
    client_key = models.CharField(max_length=80)  # of the first question
    subject = models.CharField(max_length=200)
    page_url = models.CharField(max_length=300, blank=True)
    page_title = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)  # without an adviser
    left_message = models.BooleanField(default=False)  # outside opening hours: answered by mail
    read_by_visitor = models.PositiveIntegerField(default=0)  # position of a message
    read_by_adviser = models.PositiveIntegerField(default=0)
    score = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 to 5
    comment = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True, blank=True)
    transcript_to = models.EmailField(blank=True)
    transcript_asked_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["visitor", "client_key"], name="webchat_chat_once"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__gte=1, score__lte=5),
                name="webchat_score_1_to_5",
            ),
        ]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["visitor", "begun_at"], name="webchat_chat_by_visitor"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class ChatLine(WorkspaceRow):
    """What was said before an adviser came: by the visitor, or by the automatic answer."""

    class Author(models.TextChoices):
        VISITOR = "visitor", _("Visiteur")
        AUTOMATIC = "automatic", _("Réponse automatique")

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    author = models.CharField(max_length=10, choices=Author)
    body = models.TextField()
    articles = models.JSONField(default=list)  # those proposed: slug, title, excerpt, as shown
    sent_at = models.DateTimeField()
    client_key = models.CharField(max_length=80)

    class Meta(WorkspaceRow.Meta):
        ordering = ["chat", "position"]
        constraints = [
            models.UniqueConstraint(fields=["chat", "position"], name="webchat_line_position_once"),
            models.UniqueConstraint(fields=["chat", "client_key"], name="webchat_line_sent_once"),
        ]

    def __str__(self) -> str:
        return self.body[:60]


class CallBack(WorkspaceRow):
    """A call that a customer asked for, in a slot of their choice."""

    class State(models.TextChoices):
        PLANNED = "planned", _("À faire")
        CALLING = "calling", _("En cours")
        REACHED = "reached", _("Joint")
        UNREACHED = "unreached", _("Injoignable")
        CANCELLED = "cancelled", _("Annulé par le client")

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="call_backs")
    reference = models.CharField(max_length=20)
    client_key = models.CharField(max_length=80)  # of the form: sent twice, kept once
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20)  # E.164
    subject = models.CharField(max_length=200)
    language = models.CharField(max_length=5, default="fr")
    customer = models.ForeignKey(
        Customer, on_delete=models.SET_NULL, null=True, blank=True, related_name="call_backs"
    )
    slot_start = models.DateTimeField()
    slot_end = models.DateTimeField()
    due_at = models.DateTimeField()  # the beginning of the slot, or when to try again
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    requested_at = models.DateTimeField()
    proof = models.JSONField(default=dict)  # the words agreed to, where and when they were shown
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    adviser_label = models.CharField(max_length=160, blank=True)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta(WorkspaceRow.Meta):
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "reference"], name="call_back_reference_once"
            ),
            models.UniqueConstraint(fields=["site", "client_key"], name="call_back_asked_once"),
            models.CheckConstraint(
                condition=models.Q(slot_end__gt=models.F("slot_start")), name="call_back_slot_lasts"
            ),
        ]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "state", "due_at"], name="call_back_due"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class CallAttempt(WorkspaceRow):
    """One attempt at a call-back, and what came of it."""

    class Result(models.TextChoices):
        REACHED = "reached", _("Joint")
        ABSENT = "absent", _("Absent")
        RETRY = "retry", _("À rappeler")

    call_back = models.ForeignKey(CallBack, on_delete=models.CASCADE, related_name="attempts")
    position = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by_label = models.CharField(max_length=160)
    result = models.CharField(max_length=10, choices=Result)
    note = models.CharField(max_length=300, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["call_back", "position"]
        constraints = [
            models.UniqueConstraint(fields=["call_back", "position"], name="call_attempt_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_result_display()} {self.at:%d/%m/%Y %H:%M}"
