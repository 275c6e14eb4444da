# `make setup` and all that it takes is Python 3.11 or newer with venv, make and a shell.
VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
MAKEMESSAGES := makemessages -l fr -l en --no-location --no-obsolete -i $(VENV) -i .venv -i var -i node_modules

# A stamp carries the sum of its lock file: another lock is another stamp, and time plays no part.
BASE := $(VENV)/.base-$(shell cksum < requirements/base.txt | cut -d' ' -f1)
DEV := $(VENV)/.dev-$(shell cksum < requirements/dev.txt | cut -d' ' -f1)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r

.PHONY: setup demo serve worker test bench lint messages screenshots lock

setup: $(BASE)
	@:

$(BIN)/pip:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none is on the PATH." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing: on Debian, apt-get install python3-venv." >&2; exit 1; }

$(BASE): | $(BIN)/pip
	@echo "Installing what it runs on into $(VENV)…"
	@$(INSTALL) requirements/base.txt
	@touch $@

$(DEV): | $(BIN)/pip
	@echo "Installing what it runs on and what tests it into $(VENV)…"
	@$(INSTALL) requirements/dev.txt
	@touch $@ $(BASE)

# EMPLOYER=hospital shows another employer, in a database of its own.
demo: $(BASE)
	@if [ -n "$(EMPLOYER)" ]; then export DEMO_EMPLOYER="$(EMPLOYER)" VAR_DIR="$${VAR_DIR:-var/$(EMPLOYER)}"; fi; \
		exec $(BIN)/python manage.py demo

serve: $(BASE)
	@exec $(BIN)/python manage.py serve

worker: $(BASE)
	@exec $(BIN)/python manage.py worker

test: $(DEV)
	@PYTHON=$(BIN)/python tests/run

bench: $(DEV)
	@PYTHON=$(BIN)/python bench/run

lint: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python .ci/translations.py

messages: $(DEV)
	$(BIN)/python manage.py $(MAKEMESSAGES)
	$(BIN)/python manage.py compilemessages -i $(VENV) -i .venv

screenshots: $(DEV)
	@$(BIN)/python docs/screenshots.py

# Needs the network; resolves anew from requirements/*.in.
lock:
	$(PYTHON) -m venv var/lock
	var/lock/bin/pip install --quiet pip-tools
	cd requirements && for part in base dev; do ../var/lock/bin/pip-compile --quiet --upgrade --generate-hashes \
		--strip-extras --allow-unsafe --no-header --no-emit-index-url --no-emit-find-links $$part.in -o $$part.txt; done
