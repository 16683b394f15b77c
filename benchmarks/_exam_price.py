"""What one save and one mark cost: queries, bytes on the line, bytes in the database.

`python -m benchmarks._exam_price FILE` reads the people of the hall and prints the figures as JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks._server import Place

LETTER = "Madame, votre demande du 3 mars a retenu toute notre attention. " * 24  # 1,500 characters


def priced(where: Place, people: dict[str, Any]) -> dict[str, float]:
    """What one more save and one more mark cost, in a process of their own."""
    file = where.folder / "people.json"
    file.write_text(json.dumps(people), encoding="utf-8")
    found: dict[str, float] = json.loads(where.run("-m", "benchmarks._exam_price", str(file)))
    return found


def price(people: dict[str, Any]) -> dict[str, float]:
    figures: dict[str, float] = {}
    for candidate in people.get("candidates", [])[:1]:
        key, address = next(iter(candidate["fields"].items()))
        saves = {"base_seq": "99999", "client_id": "price:1"}
        queries, count = _priced(candidate["cookie"], address, {key: LETTER, **saves})
        figures |= {"queries_per_save_count": queries, "bytes_per_save_bytes": count}
    for juror in people.get("jurors", [])[:1]:
        grid = juror["grids"][0]
        mark = {
            "criterion": grid["criteria"][-1],
            "verdict": "acquired",
            "observation": "Vu.",
            "seq": "0",
            "client_id": "price:1",
        }
        figures["queries_per_mark_count"] = _priced(juror["cookie"], grid["address"], mark)[0]
    for invigilator in people.get("invigilators", [])[:1]:
        queries, count = _priced(invigilator["cookie"], invigilator["wall"])
        figures |= {"queries_per_wall_count": queries, "bytes_per_wall_bytes": count}
    return figures


def _priced(cookie: str, address: str, body: dict[str, str] | None = None) -> tuple[int, int]:
    """Queries of one request; bytes of its body and of its answer. Without a body, a look."""
    from urllib.parse import urlencode

    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")
    client.cookies["sessionid"] = cookie
    with CaptureQueriesContext(connection) as captured:
        if body is None:
            answer = client.get(address, headers={"HX-Request": "true"})
        else:
            answer = client.post(address, body, headers={"Accept": "application/json"})
    if len(sys.argv) > 2:
        for query in captured:
            print(query["sql"][:260], file=sys.stderr)
    return len(captured), len(urlencode(body or {})) + len(answer.content)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(price(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
