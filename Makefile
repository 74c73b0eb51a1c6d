# `make` alone lists what there is.
#
# Variables: PORT and HOST (where the site listens), DATA (its folder, var/), PYTHON (3.11 or newer),
# VENV (where packages go, .venv), TORCH (what to install torch as), ARGS (more words for pytest).
# For a build of torch that pip does not find by itself, say so to pip in its own ways
# (PIP_FIND_LINKS, PIP_EXTRA_INDEX_URL), or install it into the virtual environment beforehand.

PYTHON ?= python3
VENV ?= .venv
TORCH ?= torch==2.13.0
JOBS ?= 2
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
CLIENTS := $(VENV)/clients
MANAGE := $(BIN)/python manage.py
# What commands need that only look at the code.
WITHOUT_SERVICES := DEBUG=1

export PIP_DISABLE_PIP_VERSION_CHECK := 1
ifdef PORT
export PORT
endif
ifdef HOST
export HOST
endif
ifdef DATA
export DATA
endif

.DEFAULT_GOAL := help
.PHONY: help setup demo up test lint types contracts check messages bench format

help:  ## list what make can do
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(STAMPS)/dev  ## install everything, for working on the code

demo: $(STAMPS)/hub  ## start the hub with demo adapters, and open it at the address printed
	@exec $(MANAGE) up --demo

up: $(STAMPS)/hub  ## start the hub
	@exec $(MANAGE) up

test: $(STAMPS)/dev  ## run all tests
	$(BIN)/pytest -n $(JOBS) --dist loadgroup $(ARGS)

lint: $(STAMPS)/dev  ## look for faults of style in Python and templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	git ls-files -z 'templates/*.html' | xargs -0 -r $(BIN)/djade --target-version 5.2 --check

types: $(STAMPS)/dev  ## check types
	$(BIN)/mypy hub registry workers

contracts: $(STAMPS)/dev  ## check who imports whom
	$(BIN)/lint-imports

check: lint types contracts  ## lint, types, contracts, migrations, settings and the API's description
	$(WITHOUT_SERVICES) $(BIN)/python -W ignore manage.py makemigrations --check --dry-run
	$(WITHOUT_SERVICES) $(MANAGE) check
	$(WITHOUT_SERVICES) $(MANAGE) spectacular --validate --fail-on-warn --file /dev/null

format: $(STAMPS)/dev  ## put Python and templates into their form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	git ls-files -z 'templates/*.html' | xargs -0 -r $(BIN)/djade --target-version 5.2

messages: $(STAMPS)/dev  ## gather strings to translate, and compile translations (needs gettext)
	$(WITHOUT_SERVICES) $(MANAGE) makemessages --locale zh_Hans --no-obsolete --no-location \
		--ignore '$(VENV)' --ignore var --ignore tests
	$(WITHOUT_SERVICES) $(MANAGE) compilemessages --ignore '$(VENV)'

bench: $(STAMPS)/dev  ## run every benchmark
	@set -e; for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script; done

# Clients of others, each in a folder of its own, where nothing of ours meets what they need.
# A stamp is made when an installation is through, and again when pyproject.toml changes.

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Loradex needs Python 3.11 or newer: name one, as in make demo PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo 'This Python makes no virtual environments: apt-get install python3-venv (or name another with PYTHON=…)' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/hub: $(STAMPS)/venv pyproject.toml
	@echo 'Installing, once; this takes a few minutes.'
	$(BIN)/pip install --quiet '$(TORCH)'
	$(BIN)/pip install --quiet --editable '.[embedded,worker]'
	@touch $@

$(STAMPS)/dev: $(STAMPS)/hub
	$(BIN)/pip install --quiet --editable '.[embedded,worker,dev]'
	@rm -rf $(CLIENTS)/civitai
	$(BIN)/pip install --quiet --target $(CLIENTS)/civitai civitapy==0.1.3 civitai-hub==0.3.2 civitai==1.0.0
	@rm -rf $(CLIENTS)/hub-*
	$(BIN)/pip install --quiet --target $(CLIENTS)/hub-0.36 huggingface_hub==0.36.2 2>/dev/null
	$(BIN)/pip install --quiet --target $(CLIENTS)/hub-1 huggingface_hub==1.33.0 2>/dev/null
	$(BIN)/pip install --quiet --target $(CLIENTS)/hub-2 huggingface_hub==2.4.0 2>/dev/null
	@rm -rf $(CLIENTS)/llama-cpp
	$(BIN)/pip install --quiet --no-deps --target $(CLIENTS)/llama-cpp xllamacpp==2026.10.11549
	@touch $@
