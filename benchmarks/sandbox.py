"""Private copies of a fictitious enterprise, one for each candidate at the start of an exam."""

from time import perf_counter

from benchmarks import engines

NAME = "sandbox"
TITLE = "private copies of the enterprise that ships; size = copies"
SIZES = (10, 60, 200)


def run(size: int, engine: str) -> dict[str, float]:
    """Load the enterprise once, then copy it `size` times, each in its own transaction."""
    with engines.database(engine):
        from django.utils import timezone

        from acquis.accounts.models import Organisation
        from acquis.practice.enterprises.actions.copy_workspace import copy_workspace
        from acquis.practice.enterprises.actions.load_pack import load_pack
        from acquis.practice.enterprises.tables import row_counts

        centre = Organisation.objects.create(name="Centre mesuré", slug="centre-mesure")
        start = perf_counter()
        model = load_pack(organisation=centre, slug="valbrenne", by=None, at=timezone.now())
        load = perf_counter() - start
        rows = sum(row_counts(model).values())
        times = []
        for number in range(size):
            start = perf_counter()
            copy = copy_workspace(source=model, name=f"Copie {number}", by=None, at=timezone.now())
            times.append(perf_counter() - start)
        if row_counts(copy) != row_counts(model):
            raise RuntimeError("the last copy is not whole")
        spent = sum(times)
        return {
            "copies_per_s": round(size / spent, 2),
            "rows_per_s": round(size * rows / spent),
            "p50_ms": round(engines.percentile(times, 0.5) * 1000, 1),
            "p95_ms": round(engines.percentile(times, 0.95) * 1000, 1),
            "load_ms": round(load * 1000, 1),
            "rows_count": rows,
            "peak_mb": engines.peak_mb(),
        }
