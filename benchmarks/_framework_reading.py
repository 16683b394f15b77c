"""Reads one document in a process of its own, and prints its seconds and its memory as JSON."""

import json
import re
import sys
from pathlib import Path
from time import perf_counter

from acquis.certification.frameworks.readers import SourceDocument, read_documents
from benchmarks import engines


def main(path: Path, times: int) -> None:
    document = SourceDocument(path.name, path.read_bytes())
    spent = []
    for _turn in range(times):
        start = perf_counter()
        found = read_documents([document])
        spent.append(perf_counter() - start)
    criteria = sum(len(b["criteria"]) for one in found for b in one.framework["blocks"])
    figures = {"s": round(min(spent), 3), "peak_mb": own_peak_mb(), "criteria_count": criteria}
    print(json.dumps(figures))


def own_peak_mb() -> float:
    """The most memory since this program began.

    What the system counts for the process (`engines.peak_mb`) starts from the parent's size.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        return engines.peak_mb()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return round(int(found[1]) / 1024, 1) if found else engines.peak_mb()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
