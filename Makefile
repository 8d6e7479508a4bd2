# Pas à Pas: « make help » lists what can be done.
# Needs: git, make, Python 3.11. Everything else is installed inside this folder.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

# An environment activated elsewhere must not receive our packages, nor lend us its own.
unexport VIRTUAL_ENV
unexport PYTHONPATH
unexport PYTHONHOME

TOOLS := .tools/.installed
UV := .ci/uv
PYTHON := .venv/bin/python
ASSISTANT := .venv/bin/assistant
COMMUNES_URL := https://geo.api.gouv.fr/communes?fields=nom,code,codesPostaux,centre,population,codeDepartement&format=json
INSTALLED := .venv/.installed nlu/.venv/.installed
NLU_SOURCES := $(shell find nlu/domain.yml nlu/config.yml nlu/data nlu/components -type f \
	-not -path '*/__pycache__/*' 2>/dev/null)

##@ Utiliser

.PHONY: run
# On a desk the telephone of /dev/phone stands in for Twilio, and the communes are renewed if they can be.
run: $(INSTALLED) ## tout installer si besoin, puis lancer Pas à Pas (Ctrl-C pour arrêter)
	@PASAPAS_COMMUNES_URL="$${PASAPAS_COMMUNES_URL-$(COMMUNES_URL)}" \
		PASAPAS_SMS=$${PASAPAS_SMS:-$$([ "$$PASAPAS_ENVIRONMENT" = production ] && echo off || echo phone)} $(ASSISTANT) run

.PHONY: setup
setup: $(INSTALLED) ## installer les deux environnements, sans rien lancer
	@echo "Tout est installé. Pour lancer Pas à Pas : make run"

.PHONY: train
train: $(INSTALLED) ## entraîner le modèle de compréhension si ses données ont changé
	@$(ASSISTANT) train

##@ Vérifier

.PHONY: check
check: format lint types imports content locales pins spelling nlu-data docs ## tout ce qui se vérifie sans lancer le produit
	@echo "make check : tout est bon."

.PHONY: test
test: .venv/.installed-dev ## les tests rapides : sans réseau, sans Rasa
	@$(PYTHON) -m pytest -n auto --dist worksteal

.PHONY: e2e
e2e: .venv/.installed-dev nlu/.venv/.installed chromium ## les tests avec les trois vrais processus et un vrai navigateur
	@$(ASSISTANT) train
	@$(PYTHON) -m pytest tests/e2e

.PHONY: bench
# BENCH_PLACES="--places 1000000 --postgres URL" : a quarter of an hour more.
bench: .venv/.installed-dev nlu/.venv/.installed ## mesurer les temps et la mémoire, à côté d'un Rasa nu
	@$(ASSISTANT) train
	@$(PYTHON) -m tests.bench
	@$(PYTHON) -m tests.bench.sms
	@$(PYTHON) -m tests.bench.gazetteer
	@$(PYTHON) -m tests.bench.places $(BENCH_PLACES)
	@PASAPAS_TEST_CRASH_TURNS=1000 $(PYTHON) -m pytest -s tests/e2e/test_sms_crashes_of_all.py

.PHONY: release-check
release-check: check ## avant une mise en service : aucun fait à revoir, essais approfondis, tout le reste
	@$(ASSISTANT) check-content --strict
	@$(PYTHON) -m pytest -n auto --dist worksteal --hypothesis-profile=thorough
	@$(MAKE) e2e

##@ Entretenir

.PHONY: lock
lock: $(TOOLS) ## recompiler les versions figées (UPGRADE=1 pour prendre les plus récentes)
	@.tools/bin/python .ci/pins.py lock $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## effacer ce qui se réinstalle ; les données (var/) restent
	rm -rf .venv .tools nlu/.venv nlu/.rasa nlu/models nlu/results
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## cette liste
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# ------------------------------------------------------------------ the parts of « make check »

.PHONY: format lint types imports content locales pins spelling nlu-data docs
format: .venv/.installed-dev
	@$(PYTHON) -m ruff format --check .

lint: .venv/.installed-dev
	@$(PYTHON) -m ruff check .

types: .venv/.installed-dev
	@$(PYTHON) -m mypy assistant actions tests .ci/pins.py .ci/directory_data.py .ci/commune_coordinates.py

imports: .venv/.installed-dev
	@.venv/bin/lint-imports

content: .venv/.installed-dev
	@$(ASSISTANT) check-content

locales: .venv/.installed-dev
	@$(ASSISTANT) messages --check

pins: $(TOOLS)
	@.tools/bin/python .ci/pins.py check

spelling: .venv/.installed-dev
	@.venv/bin/codespell docs CONTRIBUTING.md

docs: .venv/.installed-dev
	@$(PYTHON) -m pytest -q tests/docs

nlu-data: nlu/.venv/.data-valid

nlu/.venv/.data-valid: $(NLU_SOURCES) | nlu/.venv/.installed
	@cd nlu && RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=3 \
		.venv/bin/python -m rasa data validate --fail-on-warnings
	@touch $@

# ------------------------------------------------------------------------------ installation

# Each stamp is newer than the pins it was made from: when nothing changed, nothing is done.

$(TOOLS): requirements-tools.txt
	@python=$$(.ci/find-python) && echo "Installation des outils (uv)…" && \
		"$$python" -m venv .tools && \
		.tools/bin/python -m pip install --quiet --disable-pip-version-check \
			--require-hashes --requirement requirements-tools.txt
	@touch $@

# What runs the product. An environment that already serves to develop holds more, and keeps it.
.venv/.installed: requirements.txt | $(TOOLS)
	@if [ -e .venv/.installed-dev ]; then $(MAKE) .venv/.installed-dev; else \
		echo "Installation du programme (environ 1 minute la première fois)…"; \
		.ci/install .venv requirements.txt; fi
	@touch $@

# What checks and tests it besides: the same versions (the pins are compiled so), and more.
.venv/.installed-dev: requirements-dev.txt requirements.txt | $(TOOLS)
	@echo "Installation du programme et des outils de développement…"
	@.ci/install .venv requirements-dev.txt
	@touch $@ .venv/.installed

nlu/.venv/.installed: nlu/requirements.txt | $(TOOLS)
	@echo "Installation de la compréhension (Rasa, environ 2,5 Go, quelques minutes la première fois)…"
	@.ci/install nlu/.venv nlu/requirements.txt
	@touch $@

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || .ci/install-chromium
