"""Looks up, in the database, every write that the server acknowledged.

`python -m benchmarks._exam_check FILE` reads the acknowledgements and prints, as JSON, how many are
lost, how many were kept twice, and what one save costs.
"""

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any


def check(told: dict[str, Any]) -> dict[str, float]:
    from acquis.kernel import trace

    parts = [_saves(told["saves"]), _marks(told["marks"]), _said(told.get("said", []))]
    return {
        "lost_count": sum(part["lost"] for part in parts),
        "doubled_count": sum(part["doubled"] for part in parts),
        "trace_fault_count": len(trace.verify()),
    }


def _saves(told: list[dict[str, Any]]) -> dict[str, int]:
    """Each acknowledged text stands once, whole, and the last of each field is what is shown."""
    from acquis.certification.sittings.models import Production, ProductionRevision

    kept = Counter()
    texts: dict[tuple[int, str, str], str] = {}
    rows = ProductionRevision.objects.values_list(
        "production__sitting_id", "production__key", "client_id", "content"
    )
    for sitting, key, client, content in rows:
        kept[sitting, key, client] += 1
        texts[sitting, key, client] = digest(content)
    shown = {(each.sitting_id, each.key): digest(each.content) for each in Production.objects.all()}
    lost = sum(
        texts.get((one["sitting"], one["key"], one["client"])) != one["text"] for one in told
    )
    lasts = {(one["sitting"], one["key"]): one for one in told}  # in the order of their answers
    lost += sum(
        shown.get(field) != one["text"] for field, one in lasts.items() if one["is_the_last"]
    )
    return {"lost": lost, "doubled": sum(count - 1 for count in kept.values())}


def _marks(told: list[dict[str, Any]]) -> dict[str, int]:
    """Each acknowledged mark has its own line, and the line says what was marked."""
    from acquis.kernel import trace
    from acquis.kernel.models import TraceLine

    kept: Counter[tuple[int, str, str]] = Counter()
    numbered: dict[tuple[int, str, int], str] = {}
    for line in TraceLine.objects.filter(verb="mark.saved"):
        grid = int(line.stream.partition(":")[2])
        after = (trace.personal_part(line) or {}).get("after", {})
        text = digest(after.get("observation", ""))
        numbered[grid, line.data["criterion"], line.data["seq"]] = text
        kept[grid, line.data["criterion"], text] += 1
    lost = sum(
        numbered.get((one["grid"], one["criterion"], one["seq"])) != one["text"] for one in told
    )
    return {"lost": lost, "doubled": sum(count - 1 for count in kept.values())}


def _said(told: list[dict[str, Any]]) -> dict[str, int]:
    """Each acknowledged message of a chat stands once in it, word for word."""
    from acquis.desk.conversations.models import Message

    kept: Counter[tuple[int, str, str]] = Counter(
        Message.objects.filter(conversation__in={one["conversation"] for one in told}).values_list(
            "conversation_id", "client_key", "body"
        )
    )
    counts = [kept[one["conversation"], one["key"], one["body"]] for one in told]
    return {"lost": counts.count(0), "doubled": sum(count - 1 for count in counts if count)}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(check(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
