# Every target sets up what it needs; `make help` lists them.
VENV   := .venv
PYTHON := $(VENV)/bin/python
BASE   ?= python3

RUNTIME := $(VENV)/.runtime
DEV     := $(VENV)/.dev

.DEFAULT_GOAL := help
.PHONY: help setup extract test check lint types format regen pictures evaluate gate regress benchmark benchmark-dates benchmark-quotes benchmark-predictions benchmark-diff benchmark-growth benchmark-speed hostile fuzz train clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

$(VENV)/bin/python:
	$(BASE) -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --upgrade "pip>=25.1"

$(RUNTIME): pyproject.toml tests/constraints.txt | $(VENV)/bin/python
	$(PYTHON) -m pip install --quiet --constraint tests/constraints.txt --editable .
	@touch $@

$(DEV): $(RUNTIME)
	$(PYTHON) -m pip install --quiet --constraint tests/constraints.txt --group dev
	@touch $@

setup: $(DEV) ## Make the virtual environment in .venv with all that work on the project needs

extract: $(RUNTIME) ## Extract the records of every article in corpus/ to outputs/
	$(VENV)/bin/claimline extract corpus --output outputs

test: $(DEV) ## Run the tests
	$(PYTHON) -m pytest

hostile: $(DEV) ## Run the tests of hostile input with large files as large as promised; takes half an hour
	CLAIMLINE_HOSTILE=full $(PYTHON) -m pytest --timeout 7200 tests/test_hostile.py

lint: $(DEV) ## Check style
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(DEV) ## Check types
	$(VENV)/bin/mypy

check: lint types test gate regress ## Everything that must hold before a change is shared

format: $(DEV) ## Rewrite the code in the project's style
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

regen: $(DEV) ## Rewrite the goldens; read the difference before committing it
	$(PYTHON) -m pytest --regen-all

pictures: $(DEV) ## Draw the pictures of the web page anew, from the sample corpus; needs Chromium
	$(PYTHON) -m docs.pictures

evaluate: $(RUNTIME) ## Score the sample corpus against its gold; GOLD=DIR for other articles, GOLD=FILE for passages
	$(VENV)/bin/claimline evaluate $(or $(GOLD),corpus)
	$(if $(GOLD),,$(VENV)/bin/claimline evaluate tests/hard_quotes.txt)
	$(if $(GOLD),,$(VENV)/bin/claimline evaluate tests/hard_predictions.txt)
	$(if $(GOLD),,$(VENV)/bin/claimline evaluate corpus/revisions)

gate: $(RUNTIME) ## Fail when a score on the sample corpus or its revisions falls below its floor
	$(VENV)/bin/claimline evaluate corpus --gate
	$(VENV)/bin/claimline evaluate corpus/revisions --gate

regress: $(RUNTIME) ## Fail when a claim of the sample corpus is another than was approved
	$(VENV)/bin/claimline baseline check corpus --fail-on minor --no-cache

benchmark: $(RUNTIME) ## Words a second by stage, and memory; TEXTS=FILE.jsonl for other texts
	$(PYTHON) -m benchmarks.stages $(TEXTS)

benchmark-dates: $(RUNTIME) ## Dates and dated events beside other finders: make benchmark-dates DATA=DIR
	$(PYTHON) -m pip install --quiet --constraint tests/constraints.txt --editable ".[bench]"
	$(PYTHON) -m benchmarks.dates $(DATA) --cross-validate

benchmark-quotes: $(RUNTIME) ## Quotes beside other finders: make benchmark-quotes DATA="DIR..." (corpus/ by default)
	$(PYTHON) -m pip install --quiet --constraint tests/constraints.txt --editable ".[bench]"
	$(PYTHON) -m benchmarks.quotes $(or $(DATA),corpus)

benchmark-predictions: $(RUNTIME) ## Cues of predictions beside other finders: make benchmark-predictions DATA="DIR..." (corpus/ by default)
	$(PYTHON) -m pip install --quiet --constraint tests/constraints.txt --editable ".[bench]"
	$(PYTHON) -m pip install --quiet --no-deps medspacy==1.3.1
	$(PYTHON) -m benchmarks.predictions $(or $(DATA),corpus) $(foreach list,$(LISTS),--list $(list))

benchmark-diff: $(RUNTIME) ## Seconds to compare two versions of 1,000 and 4,000 records; RECORDS="N..." for others
	$(PYTHON) -m benchmarks.diff $(RECORDS)

benchmark-growth: $(RUNTIME) ## How time grows on hostile input: every regular expression, and all that reads text
	$(PYTHON) -m benchmarks.growth --check

benchmark-speed: $(RUNTIME) ## Speed, start, memory, scaling, cost: TEXTS="FILE.jsonl..." ARTICLES=N ARGS="--quick --check --write docs/speed.md"
	$(PYTHON) -m pip install --quiet --constraint tests/constraints.txt --editable ".[bench,cluster]"
	$(PYTHON) -m benchmarks.speed $(if $(TEXTS),--texts $(TEXTS)) $(if $(ARTICLES),--articles $(ARTICLES)) $(ARGS)

fuzz: $(DEV) ## Look for inputs that break something, ten minutes long; FOR=SECONDS, TARGETS="NAME...", JOBS=N for others
	$(PYTHON) -m pip install --quiet --constraint tests/constraints.txt --group fuzz
	$(PYTHON) -m tests.fuzz --seconds $(or $(FOR),600) --jobs $(or $(JOBS),1) $(foreach target,$(TARGETS),--target $(target))

train: $(RUNTIME) ## Train the language model: make train DATA=DIR
	$(PYTHON) -m pip install --quiet --editable ".[train]"
	$(VENV)/bin/claimline train $(DATA)

clean: ## Remove the virtual environment, caches and outputs
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find outputs -name '*.jsonl' -delete
