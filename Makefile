# `make` alone lists the commands.
SHELL := /bin/bash
.DEFAULT_GOAL := help
STAGE ?= prepared
PORT ?= 8000
PYTHON := .venv/bin/python
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help setup demo test check fix e2e bench run messages

help:  ## this list
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup:  ## everything the other commands need; quick when nothing changed
	@scripts/setup.sh

demo: setup  ## a practice to try on this machine (STAGE=booked|prepared|live|closed, PORT=8000)
	@STAGE=$(STAGE) PORT=$(PORT) $(PYTHON) -m tatap demo

test: setup  ## everything that must pass, on SQLite and PostgreSQL
	@scripts/test.sh

check: setup  ## style, types, import walls, translations, migrations, deployment settings
	@scripts/check.sh

fix: setup  ## what can be put right by a program
	@ruff check --fix -q . ; ruff format -q tatap/lib ; npm run --silent lint -- --fix || true

e2e: setup  ## the journeys in Chromium alone
	@$(PYTHON) -m pytest -q -m browser

bench: setup  ## every bench, quickly
	@for name in booking room_sockets uploads pages join quality recovery senses noise forecast; do $(PYTHON) -m bench.$$name --quick || exit 1; done

run: setup  ## serve with what is in var/, in debug
	@TATAP_DEBUG=1 $(PYTHON) -m tatap migrate -v 0 && TATAP_DEBUG=1 $(PYTHON) -m tatap serve --port $(PORT)

messages: setup  ## gather and compile translations (needs gettext)
	@scripts/messages.sh
