"""A CPF file written as a stream, sealed, read again by its schema; no passage held longer than needed."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks import engines

if TYPE_CHECKING:
    from acquis.certification.cpf.policy import Entry

NAME = "cpf"
TITLE = "a CPF file: written, sealed and validated against the official schema"
SIZES = (50_000, 5_000)
_CODES = (("RNCP", "RNCP35304"), ("RNCP", "RNCP35304BC01"), ("RS", "RS5500"))


def run(size: int, engine: str) -> dict[str, float]:
    """`size` is the passages; no database is asked, whatever the engine."""
    del engine
    from acquis.certification.cpf import checking, policy, schemas, writing
    from acquis.certification.cpf.schemas.reading import read
    from acquis.certification.cpf.sealing import Sealer, Unsealed

    schema = read(schemas.shipped(policy.SHIPPED_VERSION))
    sender = writing.Sender("00TEST00", "00TEST00", "MCFCER000000", "CERTIFICATEUR")
    flux = writing.Flux("00TEST00-CPF-2026-0001-1", datetime(2026, 11, 25, 9, tzinfo=UTC), sender)
    before = engines.peak_mb()
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        sealer = Sealer(out)
        faults = 0
        for entry in writing.write(sealer, flux, entries(size), schema):  # type: ignore[arg-type]
            faults += len(policy.faults(entry))
        sealer.end()
        written = time.perf_counter() - start
        out.seek(0)
        start = time.perf_counter()
        valid, seen = checking.is_valid(Unsealed(out), schema)  # type: ignore[arg-type]
        checked = time.perf_counter() - start
    return {
        "written_s": round(written, 2),
        "checked_s": round(checked, 2),
        "passages_per_s": round(size / (written + checked)),
        "file_mb": round(sealer.size / 1_000_000, 1),
        "valid_count": seen if valid else 0,
        "faults_count": faults,
        "passages_lost_count": size - seen,
        "before_mb": before,
        "peak_mb": engines.peak_mb(),
    }


def entries(size: int) -> "Iterator[Entry]":
    """Invented holders: three certifications, one in ten by VAE, one in ten born abroad."""
    from acquis.certification.cpf.policy import Entry, Holder

    for rank in range(size):
        register, code = _CODES[rank * len(_CODES) // size]
        vae, abroad = rank % 10 == 3, rank % 10 == 7
        day = date(2026, 9, 1) + timedelta(days=rank % 60)
        yield Entry(
            technical_id=f"CPF-2026-0001-{rank + 1:06}",
            register=register,
            code=code,
            is_block="BC" in code,
            obtained="PAR_ADMISSION",
            exam_from=day,
            exam_to=day,
            modality="EN_PRESENTIEL",
            exam_postcode="44000",
            valid_from=day,
            valid_to=None if rank % 2 else day + timedelta(days=730),
            score="",
            mention="",
            access="VAE" if vae else "CANDIDAT_LIBRE",
            vae_way="VAE_CLASSIQUE" if vae else "",
            initiative="CERTIFIE" if vae else "",
            enrolled_on=day - timedelta(days=90),
            holder=Holder(
                birth_name=f"Inventé-{rank}",
                usual_name="Ozanne" if rank % 4 == 0 else "",
                first_names=["Zoé", "Lou"],
                sex="F" if rank % 2 else "M",
                born=date(1970, 1, 1) + timedelta(days=rank % 10_000),
                city="Köln" if abroad else "Nantes",
                insee="99109" if abroad else "44109",
                postcode="",
                country="Allemagne" if abroad else "France",
                in_france=not abroad,
            ),
        )
