from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.conversations.models import Conversation

HIGHEST_PRIORITY, ORDINARY_PRIORITY, LOWEST_PRIORITY = 1, 5, 9
SHORTEST_OFFER, LONGEST_OFFER = 5, 600  # seconds


class Queue(WorkspaceRow):
    """Where contacts of some channels wait together, and what is promised to them (M-01)."""

    key = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("nom"), max_length=80)
    channels = models.JSONField(default=list)  # values of Conversation.Channel
    priority = models.PositiveSmallIntegerField(default=ORDINARY_PRIORITY)  # 1 first … 9 last
    skill = models.CharField(_("compétence demandée"), max_length=60, blank=True)
    hours = models.JSONField(default=dict, blank=True)  # as agenda.policy.hours_of reads it
    closures = models.JSONField(default=list, blank=True)  # days closed besides, ISO
    target_seconds = models.PositiveIntegerField(default=20)
    target_percent = models.PositiveSmallIntegerField(default=80)
    short_abandon_seconds = models.PositiveSmallIntegerField(default=5)
    wrapup_seconds = models.PositiveIntegerField(default=180)
    # The codes that qualify its contacts, as pairs of kind and code; none of a kind: all of it.
    codes = models.JSONField(default=list, blank=True)
    # How long one adviser is asked before the next; 0: nobody is asked, each takes what waits.
    offer_seconds = models.PositiveSmallIntegerField(default=20)
    # What is offered opens by itself once the wrap-up is over, unless the adviser said otherwise.
    opens_by_itself = models.BooleanField(default=False)
    # Offers without an answer, and seconds of waiting, after which it overflows; 0: never for that.
    overflow_rounds = models.PositiveSmallIntegerField(default=3)
    overflow_seconds = models.PositiveIntegerField(default=0)
    overflow_queue = models.ForeignKey(  # none: to everybody, whatever the skill
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta(WorkspaceRow.Meta):
        ordering = ["priority", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(offer_seconds=0)
                | models.Q(offer_seconds__gte=SHORTEST_OFFER, offer_seconds__lte=LONGEST_OFFER),
                name="queue_offer_seconds_in_bounds",
            ),
            models.UniqueConstraint(fields=["workspace", "key"], name="queue_key_once"),
            models.CheckConstraint(
                condition=models.Q(priority__gte=HIGHEST_PRIORITY, priority__lte=LOWEST_PRIORITY),
                name="queue_priority_in_bounds",
            ),
            models.CheckConstraint(
                condition=models.Q(target_percent__lte=100), name="queue_target_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class AdviserSkill(WorkspaceRow):
    """What an adviser can do, for queues that ask it and for whoever looks for the right person."""

    class Level(models.IntegerChoices):
        LEARNS = 1, _("apprend")
        KNOWS = 2, _("sait faire")
        REFERENCE = 3, _("référent")

    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    skill = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.KNOWS)

    class Meta(WorkspaceRow.Meta):
        ordering = ["skill", "-level", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "adviser", "skill"], name="adviser_skill_once"
            )
        ]

    def __str__(self) -> str:
        return self.skill


class Presence(WorkspaceRow):
    """One spell of an adviser at a desk in one state, from a start to an end (M-02).

    On contact and in wrap-up are no states of their own: the exchanges they hold say it.
    """

    class State(models.TextChoices):
        AVAILABLE = "available", _("Disponible")
        PAUSED = "paused", _("En pause")
        NO_ANSWER = "no_answer", _("Sans réponse")  # a contact was offered and nobody answered
        OUTBOUND = "outbound", _("Appels sortants")
        CASEWORK = "casework", _("Traitement de dossiers")

    class Reason(models.TextChoices):
        BREAK = "break", _("Pause")
        LUNCH = "lunch", _("Repas")
        TRAINING = "training", _("Formation")
        MEETING = "meeting", _("Réunion")
        BREATH = "breath", _("Souffler après un échange difficile")

    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    adviser_label = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=State)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    # Whether the next contact comes without a click; None: as its queue says.
    takes_next = models.BooleanField(null=True, blank=True, default=None)
    set_by_label = models.CharField(max_length=160, blank=True)  # who decided for them, if not they
    why = models.CharField(max_length=200, blank=True)  # … and what they were told
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-started_at", "-pk"]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "started_at"], name="presence_of_a_period"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "adviser"],
                condition=models.Q(ended_at__isnull=True),
                name="presence_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.adviser_label} · {self.get_state_display()}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class Placement(WorkspaceRow):
    """Where somebody put a contact: without one, its channel says its queue."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, related_name="placement"
    )
    queue = models.ForeignKey(
        Queue, on_delete=models.SET_NULL, null=True, blank=True, related_name="placements"
    )
    adviser = models.ForeignKey(  # who it is meant for
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)  # from who handed it over; never shown to the customer
    placed_by_label = models.CharField(max_length=160, blank=True)
    placed_at = models.DateTimeField()
    overflowed_at = models.DateTimeField(null=True, blank=True)  # nobody answered where it was put
    to_everyone = models.BooleanField(default=False)  # … nor where it overflowed: no skill is asked

    class Meta(WorkspaceRow.Meta):
        ordering = ["-placed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.conversation_id} → {self.queue or self.adviser}"


class Offer(WorkspaceRow):
    """A waiting contact asked of one adviser for a time; at most one of each at once."""

    class State(models.TextChoices):
        PENDING = "pending", _("Proposé")
        ACCEPTED = "accepted", _("Accepté")
        REFUSED = "refused", _("Refusé")
        UNANSWERED = "unanswered", _("Resté sans réponse")
        WITHDRAWN = "withdrawn", _("Retiré")  # the contact or the adviser went elsewhere

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="offers")
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    adviser_label = models.CharField(max_length=160)
    queue = models.ForeignKey(Queue, on_delete=models.SET_NULL, null=True, related_name="+")
    reasons = models.JSONField(default=list)  # names of policy, why this adviser
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-offered_at", "-pk"]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(
                fields=["expires_at"], condition=models.Q(state="pending"), name="offer_to_end"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=models.Q(state="pending"),
                name="offer_one_of_a_contact",
            ),
            models.UniqueConstraint(
                fields=["workspace", "adviser"],
                condition=models.Q(state="pending"),
                name="offer_one_to_an_adviser",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} → {self.adviser_label}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class WrapUpExtension(WorkspaceRow):
    """More time that an adviser took to qualify an exchange, and why."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="wrapup_extensions"
    )
    seconds = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    by_label = models.CharField(max_length=160)
    extended_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["extended_at", "pk"]

    def __str__(self) -> str:
        return f"{self.conversation_id} + {self.seconds} s"
