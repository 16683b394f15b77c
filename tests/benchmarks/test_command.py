import json

import pytest
from benchmarks._figures import latencies

from benchmarks import __main__ as command
from benchmarks import engines


def test_without_a_name_every_benchmark_is_listed(capsys):
    assert command.main([]) == 0
    listed = capsys.readouterr().out
    assert all(module.NAME in listed for module in command.modules())


@pytest.mark.parametrize("module", [*command.modules()], ids=lambda module: module.NAME)
def test_benchmark_declares_its_sizes_smallest_first(module):
    assert module.TITLE
    assert list(module.SIZES) == sorted(module.SIZES)
    assert all(isinstance(size, int) and size > 0 for size in module.SIZES)


def test_unknown_name_is_a_wrong_call(capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(["nothing"])
    assert ended.value.code == 2
    assert "nothing" in capsys.readouterr().err


@pytest.fixture
def figures(monkeypatch):
    """Figures that a benchmark of the tests reports."""
    reported = {"p95_ms": 1.5}

    class Benchmark:
        NAME, TITLE, SIZES = "still", "measures nothing", (1, 2)

        @staticmethod
        def run(*_size_and_engine):
            return reported

    monkeypatch.setattr(command, "modules", lambda: iter([Benchmark]))
    return reported


@pytest.mark.usefixtures("figures")
def test_json_is_one_object_and_nothing_else(capsys):
    assert command.main(["still", "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert set(measured) == {"name", "size", "engine", "machine", "figures"}
    assert (measured["size"], measured["engine"]) == (1, "sqlite")
    assert measured["machine"]["cores_count"]


def test_lost_work_is_a_failure(figures):
    figures["lost_count"] = 1
    assert command.main(["still"]) == 1


def test_figure_without_a_unit_is_refused(figures):
    figures["speed"] = 1
    with pytest.raises(ValueError, match="unit"):
        command.main(["still"])


def test_percentiles_are_those_of_the_nearest_rank():
    assert engines.percentile([float(n) for n in range(1, 101)], 0.95) == 96.0
    assert latencies([0.001]) == {"p50_ms": 1.0, "p95_ms": 1.0, "p99_ms": 1.0, "max_ms": 1.0}
