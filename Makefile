# Every target has one sentence after ##, and `make help` shows them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
STAMP := .venv/.stamp
PACKAGES := auction bidders server
COMPILE := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links

.PHONY: help venv test lint chromium demo bench docs lock vendor clean

help: ## Show this list.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 12

venv: $(STAMP) ## Make the virtual environment from the hashed lock; nothing happens while the lock is unchanged.

$(STAMP): requirements.lock
	python3 -m venv .venv
	{ $(BIN)/pip install --quiet uv && $(BIN)/uv pip sync --quiet --require-hashes requirements.lock; } \
		|| $(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --no-index --editable .
	touch $@

test: lint chromium ## Run the linters and then every test, in a browser where there is one.
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: $(STAMP) ## Check style, types, imports between the layers and declared dependencies.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict $(PACKAGES)
	$(BIN)/lint-imports
	$(BIN)/deptry .

chromium: ## Install Chromium for the browser tests where that is allowed, or say why not.
	tools/chromium.sh

demo: $(STAMP) ## Serve a made-up auction with simulated bidders on this machine.
	$(BIN)/tenderbell demo

bench: $(STAMP) ## Measure bids a second, the live room, every heavy page, the imports and the award, each beside a reference of the same run.
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.demand_pages
	$(BIN)/python -m tests.bench.prices
	$(BIN)/python -m tests.bench.sealing
	$(BIN)/python -m tests.bench.sealing_browser
	$(BIN)/python -m tests.bench.award

docs: $(STAMP) ## Write the tables of the docs anew from the code.
	$(BIN)/python tools/describe.py

lock: $(STAMP) ## Resolve the requirements again into the lock; UPGRADE=1 moves to the newest versions.
	$(BIN)/uv $(COMPILE) $(if $(UPGRADE),--upgrade) requirements.in requirements-dev.in --output-file requirements.lock

vendor: $(STAMP) ## Fetch the browser libraries and fonts again; only this needs Node.
	$(BIN)/python tools/vendor.py

clean: ## Remove the virtual environment and everything else that was made here.
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find $(PACKAGES) tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
