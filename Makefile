# What one does with this project, one line each; `make run` is the first that a newcomer needs.
# Every recipe goes through .venv/bin/python, so nothing has to be activated and a moved folder still works.

PYTHON := .venv/bin/python
PRODUCT := queue_server kiosk display printer
CHECKED := $(PRODUCT) $(wildcard tests bench)
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check style types scripts layers spelling format bench soak shots requirements

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup:  ## what the program needs, in .venv; quick when nothing changed
	@scripts/system-packages run
	@scripts/setup run

setup-dev:  ## the same, and what tests and checks need
	@scripts/system-packages test
	@scripts/setup dev

run: setup  ## a whole demonstration mall on this machine: kiosks, counters, displays, virtual printers
	@$(PYTHON) -m queue_server demo $(ARGS)

test: setup-dev  ## every test, side by side; ARGS="tests/domain -k dispatch" for some
	@$(PYTHON) -m pytest --dist loadfile -n auto $(ARGS)

check: style types scripts layers spelling  ## style, types, layers, spelling, of the pages' scripts too; `make -k check` does not stop at the first

style: setup-dev
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

types: setup-dev
	$(PYTHON) -m mypy $(CHECKED)

scripts: setup-dev
	$(PYTHON) scripts/wire-types
	scripts/check-pages

layers: setup-dev
	$(PYTHON) scripts/lint-imports

spelling: setup-dev
	$(PYTHON) -m codespell_lib

format:  ## put the code into the form that `make check` wants
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

bench: setup-dev  ## benchmarks, each with its limit or a peer beside it
	@$(PYTHON) -m bench $(ARGS)

soak: setup-dev  ## the full counts: hundreds of kills and malls by chance, damaged files, every language
	@$(PYTHON) -m pytest -m soak $(ARGS)

shots: setup-dev  ## pictures of every screen, into docs/screens; every state of phone and kiosk in every language, into out/shots
	@$(PYTHON) -m tests.whole.shots $(ARGS)
	@$(PYTHON) -m tests.web.phone_shots out/shots
	@$(PYTHON) -m tests.kiosk.shots out/shots

requirements:  ## pin requirements/*.in anew, with hashes (needs the package index)
	@scripts/pin-requirements $(ARGS)
