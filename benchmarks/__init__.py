"""What Acquis is measured on. `python -m benchmarks` lists the benchmarks.

A benchmark is a module of this package with NAME, TITLE, SIZES and
``run(size: int, engine: str) -> dict[str, float]``; the name of a figure ends in its unit.
The engine's database is made for the run and dropped after it.
"""

import sys
from pathlib import Path

# What is measured is this checkout, installed or not.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
