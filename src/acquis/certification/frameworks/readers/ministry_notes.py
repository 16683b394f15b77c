"""Glossaries and correspondences of the ministry's documents.

Signs: « Glossaire technique », « Glossaire du REAC », « Glossaire des modalités d'évaluation »;
entries are « TERME : définition », or a heading with its paragraphs below. Correspondences are the
table of annexe 2, headed by two arrêtés.
"""

import re
from collections.abc import Sequence
from typing import Any

from acquis.certification.frameworks.readers import quantities, typography
from acquis.certification.frameworks.readers.model import Element, Line, Table

_GLOSSARY = re.compile(r"^(?:annexe \d+ )?glossaire\b")
_END = re.compile(
    r"^(?:reproduction interdite|annexe \d|referentiel d evaluation|article l ?\d|fiche |correspondances du)"
)
_ENTRY = re.compile(r"^(?P<term>[^:]{1,90}?)\s*:\s+(?P<definition>\S.{5,})$")


def glossary(elements: Sequence[Element]) -> list[tuple[str, str]]:
    entries: list[tuple[str, list[str]]] = []
    within = False
    for element in elements:
        if isinstance(element, Table):
            continue
        folded = typography.key(element.text)
        if _GLOSSARY.match(folded) and len(element.text) < 100:
            within = True
        elif _END.match(folded) and len(element.text) < 160:
            within = False
        elif within:
            _add(element, entries)
    return [(term, "\n".join(definition)) for term, definition in entries if definition]


def _add(line: Line, entries: list[tuple[str, list[str]]]) -> None:
    entry = _ENTRY.match(line.text)
    if (line.heading or line.bold) and not (entry and not line.heading):
        entries.append((line.text.strip(" :"), []))
    elif entry and not line.bullet and not line.text[0].islower() and not _below_heading(entries):
        entries.append((entry["term"].strip(), [entry["definition"].strip()]))
    elif entries:
        entries[-1][1].append(line.text)


def _below_heading(entries: list[tuple[str, list[str]]]) -> bool:
    """Say whether the last term is a heading whose paragraph is still to come."""
    return bool(entries) and not entries[-1][1]


def correspondences(tables: Sequence[Table]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for table in tables:
        editions: list[str] = []
        for row in table.rows:
            texts = [cell.text.strip() for cell in row.cells if cell.lines]
            dates = [
                date
                for text in texts
                if "arrêté" in text.casefold() and (date := quantities.iso_date(text))
            ]
            if dates:
                editions = dates
                continue
            labels = [text for text in texts if not re.fullmatch(r"(?:CCP|CCS|AT)\s*\d*", text)]
            if len(labels) == 2:
                found.append(
                    {
                        "from": labels[0],
                        "to": labels[1],
                        "from_edition": editions[0] if editions else None,
                        "to_edition": editions[1] if len(editions) > 1 else None,
                    }
                )
    return found
