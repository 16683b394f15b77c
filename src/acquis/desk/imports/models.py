from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.directory.models import Customer
from acquis.kernel.models import StoredFile


class CustomerImport(WorkspaceRow):
    """A file of customers, from its upload to its undoing."""

    class Source(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"
        VCARD = "vcard", "vCard"

    class State(models.TextChoices):
        MAPPING = "mapping", _("Colonnes à vérifier")
        CHECKING = "checking", _("Relecture en cours")
        CHECKED = "checked", _("Prêt à importer")
        IMPORTING = "importing", _("Import en cours")
        STOPPED = "stopped", _("Arrêté")
        DONE = "done", _("Importé")
        UNDOING = "undoing", _("Annulation en cours")
        UNDONE = "undone", _("Import annulé")

    class OnDuplicate(models.TextChoices):
        SKIP = "skip", _("Passer la ligne")
        FILL = "fill", _("Compléter les champs vides de la fiche")
        CREATE = "create", _("Créer quand même une fiche")

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=255)
    source = models.CharField(max_length=5, choices=Source)
    encoding = models.CharField(max_length=20, blank=True)  # of a CSV or of a vCard
    separator = models.CharField(max_length=1, blank=True)  # of a CSV
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)  # name of the field by rank of the column, as text
    on_duplicate = models.CharField(max_length=6, choices=OnDuplicate, default=OnDuplicate.SKIP)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPING)
    job_key = models.BigIntegerField(null=True)
    lines = models.PositiveIntegerField(default=0)  # that hold something, headers aside
    faulty = models.PositiveIntegerField(default=0)  # lines with a fault: never imported
    alike = models.PositiveIntegerField(default=0)  # lines whose customer probably has a record
    next_line = models.PositiveIntegerField(default=0)  # up to where lines are committed
    created = models.PositiveIntegerField(default=0)
    filled = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    kept_back = models.PositiveIntegerField(default=0)  # by an undo: worked on since
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_label = models.CharField(max_length=160, blank=True)
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class ColumnMemory(WorkspaceRow):
    """What the columns of a set of headers meant last time."""

    header_key = models.CharField(max_length=64)  # SHA-256 of the folded headers
    mapping = models.JSONField(default=dict)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "header_key"], name="column_memory_once")
        ]

    def __str__(self) -> str:
        return self.header_key


class ImportFault(WorkspaceRow):
    """Why a line of a file is not imported."""

    source = models.ForeignKey(CustomerImport, on_delete=models.CASCADE, related_name="faults")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=30)
    other_line = models.PositiveIntegerField(null=True)  # the one that a duplicate repeats

    class Meta(WorkspaceRow.Meta):
        ordering = ["line", "pk"]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["source", "line"], name="import_fault_by_line"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.code}"


class ImportedRow(WorkspaceRow):
    """What one line of a file became, with all that undoing it needs."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("Fiche créée")
        FILLED = "filled", _("Fiche complétée")
        SKIPPED = "skipped", _("Ligne passée : fiche probable")
        REMOVED = "removed", _("Annulée")
        KEPT_BACK = "kept_back", _("Gardée : travaillée depuis")

    source = models.ForeignKey(CustomerImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    # None once the record is gone.
    customer = models.ForeignKey(
        Customer, on_delete=models.SET_NULL, null=True, related_name="imported_rows"
    )
    outcome = models.CharField(max_length=10, choices=Outcome)
    before = models.JSONField(default=dict)  # columns that were filled, as they were
    parts = models.JSONField(default=dict)  # keys of the rows made beside it, by model label
    stamp = models.DateTimeField()  # `updated_at` that the import gave to the record

    class Meta(WorkspaceRow.Meta):
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["source", "line"], name="imported_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.outcome}"
