from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow


class Article(WorkspaceRow):
    """What an adviser must know: procedure, CGV, price list… in Markdown, versioned and dated."""

    class Kind(models.TextChoices):
        PRESENTATION = "presentation", _("Présentation")
        ORG_CHART = "org_chart", _("Organigramme")
        TERMS = "terms", _("Conditions générales")
        PROCEDURE = "procedure", _("Procédure")
        AUTHORITY_MATRIX = "authority_matrix", _("Matrice d’autorité")
        PRICE_LIST = "price_list", _("Tarifs")
        FAQ = "faq", _("Questions fréquentes")
        PRIVACY = "privacy", _("Données personnelles")

    class State(models.TextChoices):
        DRAFT = "draft", _("Jamais publié")
        PUBLISHED = "published", _("Publié")
        WITHDRAWN = "withdrawn", _("Retiré")

    slug = models.SlugField(max_length=80)
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=200)
    body = models.TextField()  # Markdown
    keywords = models.JSONField(default=list, blank=True)
    version = models.CharField(max_length=20, default="1")
    owner = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)  # last day of its validity
    review_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.PUBLISHED)
    published_at = models.DateTimeField(null=True)
    # What the search reads, made by queries.index at every write; each engine has its index on them.
    stems_title = models.TextField(blank=True)
    stems_keywords = models.TextField(blank=True)
    stems_body = models.TextField(blank=True)
    stems_version = models.CharField(max_length=12, blank=True)  # words.version they were made by

    class Meta(WorkspaceRow.Meta):
        ordering = ["kind", "title"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="article_slug_once")
        ]

    def __str__(self) -> str:
        return self.title


class ArticleWord(WorkspaceRow):
    """A word that the articles of one desk hold: what a misspelt one may have stood for.

    Without accents, letters alone; see `actions.reindex`. One that an article no longer holds may
    stay until the desk's words are made again: what is then searched is searched in the articles.
    """

    word = models.CharField(max_length=40)
    head = models.CharField(max_length=2)  # its first two letters
    tail = models.CharField(max_length=2)  # its last two
    length = models.PositiveSmallIntegerField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["word"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "word"], name="article_word_once")
        ]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "head", "length"], name="article_word_head"),
            models.Index(fields=["workspace", "tail", "length"], name="article_word_tail"),
        ]

    def __str__(self) -> str:
        return self.word

    @staticmethod
    def head_of(word: str) -> str:
        return word[:2]

    @staticmethod
    def tail_of(word: str) -> str:
        return word[-2:]


class Content(WorkspaceRow):
    """What is written of an article, in a draft or in a version."""

    kind = models.CharField(_("genre"), max_length=20, choices=Article.Kind)
    title = models.CharField(_("titre"), max_length=200)
    body = models.TextField(_("texte"))
    keywords = models.JSONField(_("mots-clés"), default=list, blank=True)
    owner = models.CharField(_("tenu par"), max_length=120, blank=True)
    valid_from = models.DateField(_("en vigueur depuis le"), null=True, blank=True)
    valid_until = models.DateField(_("jusqu’au"), null=True, blank=True)
    review_on = models.DateField(_("à relire le"), null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        abstract = True


class ArticleDraft(Content):
    """What will be published next; readers do not see it."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="draft")
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=160)

    class Meta(Content.Meta):
        ordering = ["article"]

    def __str__(self) -> str:
        return self.title


class ArticleVersion(Content):
    """What was published once; kept as it was."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    rank = models.PositiveIntegerField()
    label = models.CharField(max_length=20)
    note = models.CharField(_("ce qui change"), max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)  # null: published before versions were kept
    published_by = models.CharField(max_length=160, blank=True)

    class Meta(Content.Meta):
        ordering = ["article", "-rank"]
        constraints = [
            models.UniqueConstraint(fields=["article", "rank"], name="article_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.label})"


class ArticleVote(WorkspaceRow):
    """« Utile ? »: one answer a person, the last one counts."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    useful = models.BooleanField()
    comment = models.CharField(max_length=500, blank=True)
    version = models.CharField(max_length=20)
    voted_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["-voted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "voter"], name="article_vote_once")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.useful}"


class Synonyms(WorkspaceRow):
    """Words or expressions that a search takes for each other."""

    words = models.JSONField(default=list)

    class Meta(WorkspaceRow.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return ", ".join(map(str, self.words))


class SearchMiss(WorkspaceRow):
    """What was searched and not found: the words alone, neither who nor about whom."""

    text = models.CharField(max_length=80)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["-times", "-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "text"], name="search_miss_once")
        ]

    def __str__(self) -> str:
        return self.text


class Snippet(WorkspaceRow):
    """A canned answer: shared by the desk, or its owner's alone."""

    title = models.CharField(_("titre"), max_length=120)
    shortcut = models.SlugField(_("raccourci"), max_length=30, blank=True)
    category = models.CharField(_("catégorie"), max_length=60, blank=True)
    channels = models.JSONField(_("canaux"), default=list, blank=True)  # empty: every channel
    body = models.TextField(_("texte"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )  # null: shared
    updated_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["category", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "shortcut"],
                condition=models.Q(owner__isnull=True) & ~models.Q(shortcut=""),
                name="shared_shortcut_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "owner", "shortcut"],
                condition=~models.Q(shortcut=""),
                name="own_shortcut_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReadingList(WorkspaceRow):
    """Articles to be read in order, by whom and by when.

    Meant for whoever holds one of `roles`, is of one of `groups` (see `audiences`) or is named in
    `readers`; for all of the desk when it names none. `due_days` counts from a person's arrival.
    """

    title = models.CharField(_("titre"), max_length=120)
    purpose = models.TextField(_("à quoi elle sert"), blank=True, max_length=1000)
    roles = models.JSONField(default=list, blank=True)  # values of accounts.enums.Role
    groups = models.JSONField(default=list, blank=True)  # keys of audiences
    due_on = models.DateField(_("à lire avant le"), null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(
        _("ou : jours après l’arrivée"), null=True, blank=True
    )
    made_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__isnull=True) | models.Q(due_days__isnull=True),
                name="reading_list_one_deadline",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ReadingListReader(WorkspaceRow):
    """Somebody for whom a list is meant by name."""

    reading_list = models.ForeignKey(ReadingList, on_delete=models.CASCADE, related_name="readers")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta(WorkspaceRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "reader"], name="reading_list_reader_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reading_list_id} → {self.reader_id}"


class ReadingItem(WorkspaceRow):
    """An article of a list, at its place, with the questions that its reader answers.

    `questions` holds at most two of {"text", "choices", "right"}, as `readings.Question`.
    """

    reading_list = models.ForeignKey(ReadingList, on_delete=models.CASCADE, related_name="items")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    questions = models.JSONField(default=list, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["reading_list", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "article"], name="reading_item_article_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.article_id}"


class Reading(WorkspaceRow):
    """« Lu et compris »: one person, one version of an article; never changed afterwards."""

    item = models.ForeignKey(ReadingItem, on_delete=models.CASCADE, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=20)
    confirmed_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["confirmed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "reader", "version"], name="reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.version}"


class ReadingReminder(WorkspaceRow):
    """Somebody was told by mail what a list still asks of them."""

    reading_list = models.ForeignKey(
        ReadingList, on_delete=models.CASCADE, related_name="reminders"
    )
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_by = models.CharField(max_length=160)
    sent_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.reading_list_id} → {self.reader_id}"
