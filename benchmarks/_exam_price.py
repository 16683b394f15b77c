"""What one save and one mark cost: queries, bytes on the line, bytes in the database.

`python -m benchmarks._exam_price FILE` reads the people of the hall and prints the figures as JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any

LETTER = "Madame, votre demande du 3 mars a retenu toute notre attention. " * 24  # 1,500 characters


def price(people: dict[str, Any]) -> dict[str, float]:
    candidate, juror = people["candidates"][0], people["jurors"][0]
    key, address = next(iter(candidate["fields"].items()))
    saves = {"base_seq": "99999", "client_id": "price:1"}
    grid = juror["grids"][0]
    mark = {
        "criterion": grid["criteria"][-1],
        "verdict": "acquired",
        "observation": "Vu.",
        "seq": "0",
        "client_id": "price:1",
    }
    save_queries, save_bytes = _priced(candidate["cookie"], address, {key: LETTER, **saves})
    mark_queries, _bytes = _priced(juror["cookie"], grid["address"], mark)
    return {
        "queries_per_save_count": save_queries,
        "queries_per_mark_count": mark_queries,
        "bytes_per_save_bytes": save_bytes,
    }


def _priced(cookie: str, address: str, body: dict[str, str]) -> tuple[int, int]:
    """Queries of one request; bytes of its body and of its answer."""
    from urllib.parse import urlencode

    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")
    client.cookies["sessionid"] = cookie
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(address, body, headers={"Accept": "application/json"})
    if len(sys.argv) > 2:
        for query in captured:
            print(query["sql"][:260], file=sys.stderr)
    return len(captured), len(urlencode(body)) + len(answer.content)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(price(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
