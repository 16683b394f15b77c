"""Lists the benchmarks, or runs one and prints its figures."""

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import benchmarks
from benchmarks import engines

UNITS = ("_per_s", "_ms", "_s", "_mb", "_bytes", "_count", "_percent")


def modules() -> Iterator[ModuleType]:
    """Every module of the package that is a benchmark, by name."""
    for found in pkgutil.iter_modules(benchmarks.__path__):
        if not found.name.startswith("_"):
            module = importlib.import_module(f"benchmarks.{found.name}")
            if hasattr(module, "NAME"):
                yield module


def measure(module: ModuleType, size: int, engine: str) -> dict[str, Any]:
    machine = engines.machine(engine)  # before the run, which loads it
    figures = module.run(size, engine)
    for name in figures:
        if not name.endswith(UNITS):
            raise ValueError(f"{name}: the name of a figure ends in its unit")
    return {
        "name": module.NAME,
        "size": size,
        "engine": engine,
        "machine": machine,
        "figures": figures,
    }


def lost_anything(figures: dict[str, float]) -> bool:
    return any(name.endswith("lost_count") and value for name, value in figures.items())


def main(argv: list[str]) -> int:
    """Exit status: 0 when measured, 1 when acknowledged work was lost, 2 for a wrong call."""
    known = {module.NAME: module for module in modules()}
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("name", nargs="?", choices=sorted(known))
    parser.add_argument("--size", type=int, help="what it counts is said by the list")
    parser.add_argument("--engine", choices=engines.ENGINES, default="sqlite")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(argv)
    if options.name is None:
        for name, module in sorted(known.items()):
            print(f"{name:<14} {module.TITLE} (sizes: {', '.join(map(str, module.SIZES))})")
        return 0
    module = known[options.name]
    try:
        result = measure(module, options.size or module.SIZES[0], options.engine)
    except engines.EngineMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        print(f"{result['name']} · {result['size']} · {result['engine']} · {result['machine']}")
        for name, value in result["figures"].items():
            print(f"  {name:<20} {value}")
    return 1 if lost_anything(result["figures"]) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
