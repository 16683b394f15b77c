"""Every PDF of the product: Typst templates, embedded fonts, tagged PDF/A."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import typst
from django.apps import apps

FONTS = Path(__file__).parent / "fonts"
STANDARD = ("a-3a", "ua-1")  # archivable and accessible at once


class PdfFailed(RuntimeError):  # noqa: N818  named as what happened
    """The template and its data do not make a document; the text is Typst's own."""


def render(template: str, data: dict[str, Any], *, standard: Sequence[str] = STANDARD) -> bytes:
    """Compile `<app>/<name>.typ` with `data`, which the template reads from `sys.inputs.data`.

    Templates of an application lie in its `typst/<app>/` folder and may import
    `/kernel/typst/kernel/*.typ` and their neighbours by paths from the package's root.
    Raises PdfFailed.
    """
    label, _slash, name = template.partition("/")
    folder = Path(apps.get_app_config(label).path) / "typst" / label
    root = Path(__file__).resolve().parents[1]
    if not (folder / name).is_file():
        raise PdfFailed(f"{template}: no such template")
    try:
        return typst.compile(
            str(folder / name),
            root=str(root),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=str)},
            pdf_standards=cast("Any", [*standard]),
        )
    except typst.TypstError as error:
        raise PdfFailed(f"{template}: {error}") from error
