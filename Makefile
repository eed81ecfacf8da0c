# Everything a builder types. `make` alone shows this list.
.DEFAULT_GOAL := help
VENV := .venv
PYTHON := $(VENV)/bin/python
PROJECT := pyproject.toml scheduler/__init__.py

.PHONY: help demo test check fix bench clean

help: ## Show what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.plain ## Plan, approve and publish a year of the sample site into build/demo
	$(PYTHON) scripts/demo.py build/demo

test: $(VENV)/.dev ## Install what the tests need and run everything
	sh scripts/test-servers.sh
	$(VENV)/bin/pytest

check: $(VENV)/.dev ## Format, lint, types, import floors; no tests
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" scripts/check

fix: $(VENV)/.dev ## Format, and mend what the linter can
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(VENV)/.dev ## Measure: each figure a ratio against a named reference of the same run
	$(PYTHON) benchmarks/all.py

clean: ## Remove the virtual environment and everything built
	rm -rf $(VENV) build dist

$(VENV)/.made:
	sh scripts/venv.sh $(VENV)
	touch $@

$(VENV)/.plain: $(VENV)/.made $(PROJECT)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --editable .
	$(PYTHON) -m compileall -q scheduler
	touch $@

$(VENV)/.dev: $(VENV)/.made $(PROJECT)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(PYTHON) -m compileall -q scheduler
	touch $@ $(VENV)/.plain
