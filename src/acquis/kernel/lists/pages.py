"""What every page of an import does: keep the file, find it again, give its template."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse

from acquis.kernel import files, sheets
from acquis.kernel.lists.errors import ListGone
from acquis.kernel.lists.forms import ListForm
from acquis.kernel.lists.reading import UnreadableListError
from acquis.kernel.models import StoredFile


def keep(form: ListForm, *, name: str, by: Any, at: datetime) -> StoredFile:
    """The file of a valid form, kept until its preview is seen; `name` if it has none."""
    uploaded: UploadedFile[Any] = form.cleaned_data["file"]
    return files.store(
        uploaded.read(), name=uploaded.name or name, media_type=form.media_type, by=by, at=at
    )


def kept(sha256: str, *, by: Any) -> StoredFile:
    """The file that this person brought. Raises ListGone."""
    stored = StoredFile.objects.filter(sha256=sha256, stored_by=by).first()
    if stored is None:
        raise ListGone
    return stored


def cells(stored: StoredFile) -> list[sheets.Numbered]:
    """The lines of the file. Raises UnreadableListError."""
    try:
        return list(sheets.table(files.read(stored)))
    except sheets.TableUnreadableError as fault:
        raise UnreadableListError(fault.code) from fault


def attachment(
    form: str, name: str, title: str, heads: sheets.Line, rows: Iterable[sheets.Line]
) -> HttpResponse:
    """The table as a file called `name`, that no cache keeps; `form` is csv, xlsx or ods."""
    content = sheets.written(form, title, heads, rows)
    response = HttpResponse(content, content_type=sheets.MEDIA_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response
