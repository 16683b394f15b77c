"""Lines of the trace written one transaction each, and a whole stream verified."""

import time
from datetime import UTC, datetime

from benchmarks import engines
from benchmarks._figures import latencies

NAME = "trace"
TITLE = "lines written one transaction each, then verified"
SIZES = (1_000, 10_000, 100_000)


def run(size: int, engine: str) -> dict[str, float]:
    with engines.database(engine):
        from django.db import transaction

        from acquis.kernel import trace

        at = datetime.now(UTC)
        spent = []
        for number in range(size):
            start = time.perf_counter()
            with transaction.atomic():
                trace.record("bench.written", None, by=None, at=at, stream="bench:1", number=number)
            spent.append(time.perf_counter() - start)
        start = time.perf_counter()
        faults = trace.verify("bench:1")
        verified = time.perf_counter() - start
        return {
            **latencies(spent),
            "written_lines_per_s": round(size / sum(spent)),
            "verified_lines_per_s": round(size / verified),
            "fault_count": len(faults),
            "peak_mb": engines.peak_mb(),
        }
