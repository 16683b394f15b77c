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
        AUTHORITY_MATRIX = "authority_matrix", _("Matrice d'autorité")
        PRICE_LIST = "price_list", _("Tarifs")
        FAQ = "faq", _("Questions fréquentes")
        PRIVACY = "privacy", _("Données personnelles")

    slug = models.SlugField(max_length=80)
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=200)
    body = models.TextField()  # Markdown
    keywords = models.JSONField(default=list, blank=True)
    version = models.CharField(max_length=20, default="1")
    owner = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField(null=True)
    review_on = models.DateField(null=True)
    search_text = models.TextField(blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["kind", "title"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="article_slug_once")
        ]

    def __str__(self) -> str:
        return self.title


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
