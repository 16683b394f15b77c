"""Latencies, the same for every benchmark."""

from collections.abc import Sequence

from benchmarks import engines


def latencies(seconds: Sequence[float], prefix: str = "") -> dict[str, float]:
    """p50, p95, p99 and the longest, in milliseconds; nothing of nothing."""
    if not seconds:
        return {}
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {
        f"{prefix}{name}_ms": round(engines.percentile([*seconds], share) * 1000, 2)
        for name, share in shares.items()
    }
