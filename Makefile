# Two commands: `make run` and `make test`. Everything else serves them.

PORT ?= 8000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install dev run demo-reset test check cover clean

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml requirements.lock
	@scripts/install runtime "$(PYTHON)" "$(VENV)"
	@touch $@

dev: $(VENV)/.installed-dev

$(VENV)/.installed-dev: $(VENV)/.installed
	@scripts/install dev "$(PYTHON)" "$(VENV)"
	@touch $@

run: install
	@scripts/optional
	@$(BIN)/python scripts/compile-catalogues
	@exec $(BIN)/acquis run --demo --port $(PORT)

demo-reset: install
	@$(BIN)/acquis demo reset

test: dev
	@scripts/test "$(BIN)"

check: dev
	@scripts/check "$(BIN)"

cover: dev
	@$(BIN)/python scripts/cover-rules

clean:
	rm -rf build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
