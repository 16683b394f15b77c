"""Looks up, in the database, every message that the server acknowledged.

`python -m benchmarks._conversations_check FILE` reads the acknowledgements (lists of an exchange, a
client key and a text) and prints, as JSON, how many messages are lost and how many stand twice.
"""

import json
import sys
from collections import Counter
from pathlib import Path


def check(told: list[tuple[int, str, str]]) -> dict[str, float]:
    from acquis.desk.conversations.models import Message
    from acquis.kernel import trace

    kept = {
        (conversation, key): body
        for conversation, key, body in Message.objects.values_list(
            "conversation_id", "client_key", "body"
        )
    }
    bodies = Counter(body for (_conversation, _key), body in kept.items() if body.endswith("]"))
    lost = sum(kept.get((conversation, key)) != body for conversation, key, body in told)
    return {
        "lost_count": lost,
        "doubled_count": sum(count - 1 for count in bodies.values()),
        "trace_fault_count": len(trace.verify()),
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(check(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
