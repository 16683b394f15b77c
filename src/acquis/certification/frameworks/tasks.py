from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from acquis.certification.frameworks.actions.record_reading import record_reading, record_refusal
from acquis.certification.frameworks.models import FrameworkImport
from acquis.certification.frameworks.readers import (
    NotAFramework,
    SourceDocument,
    read_documents,
)
from acquis.kernel import jobs


@jobs.job("frameworks.read", title=gettext_lazy("Lecture d’un référentiel"))
def read(args: dict[str, Any], progress: Callable[..., None]) -> dict[str, Any]:
    """Read the documents of one import; a refusal is a result, not a failure."""
    reading = FrameworkImport.objects.get(pk=args["reading"])
    documents = []
    files = list(reading.files.order_by("pk"))
    for number, file in enumerate(files, start=1):
        progress(number - 1, len(files) + 1, gettext("Ouverture de %(name)s") % {"name": file.name})
        with file.content.open("rb") as stream:
            documents.append(SourceDocument(name=file.name, content=stream.read()))
    progress(len(files), len(files) + 1, gettext("Reconnaissance de la mise en page"))
    try:
        found = read_documents(documents, merge=reading.merge)
    except NotAFramework as refusal:
        record_refusal(reading=reading, sentence=str(refusal), at=timezone.now())
        return _result([reading])
    recorded = record_reading(reading=reading, found=found, at=timezone.now())
    progress(len(files) + 1, len(files) + 1, gettext("Référentiel lu"))
    return _result(recorded)


def _result(readings: list[FrameworkImport]) -> dict[str, Any]:
    return {
        "links": [
            {
                "label": gettext("Relire ce qui a été compris"),
                "url": reverse("frameworks:import_review", args=[reading.pk]),
            }
            for reading in readings
        ]
    }
