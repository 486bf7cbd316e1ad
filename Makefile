# The commands of this checkout; `make` lists them. They need a POSIX shell and Python 3.11 or newer, and keep what
# they make in .venv/ (packages) and var/ (static files). A variable that is set in the environment reaches the program.

PYTHON = .venv/bin/python
MANAGE = $(PYTHON) manage.py
PORT ?= 8000

# .venv holds a copy of the requirements that it was filled from, so that filling it again is quick, and is done again
# when they change or when it was interrupted.
RUNTIME_STAMP = .venv/installed-requirements.txt
DEV_STAMP = .venv/installed-requirements-dev.txt
PIP_INSTALL = $(PYTHON) -m pip install --quiet --disable-pip-version-check

MAKEFLAGS += --no-print-directory

# One process more than there are cores, since those in a browser wait a good deal, each with a server and a browser of
# its own. One that is done takes tests from others.
PROCESSES = $(shell cores=$$(getconf _NPROCESSORS_ONLN); echo $$((cores < 3 ? cores + 1 : 4)))
PARALLEL = --numprocesses=$(PROCESSES) --dist=worksteal

PYTHONS = python3.14 python3.13 python3.12 python3.11 python3 python

.PHONY: help run dev test mutants check bench venv install install-dev static-files

help:
	@echo "make run     install and serve as in production, on http://127.0.0.1:8000"
	@echo "make dev     the same, but reload when a file changes and show errors in the browser"
	@echo "             PORT=8001 chooses another port for both"
	@echo "make test    run every test, those in a browser too; ARGS='tests/domain -x' chooses"
	@echo "make mutants change the program in many places and see that a test fails for each (20 minutes)"
	@echo "make check   format, lint, length of lines in templates, types, deployment settings"
	@echo "make bench   measure page weight and speed"

run: install static-files
	@exec $(MANAGE) serve

dev: install
	@exec $(MANAGE) runserver 127.0.0.1:$(PORT)

# Takes some seconds, hence only when a file is newer than the list that the last collection wrote, or there is no list.
static-files:
	@[ -z "$$(find static requirements.txt policybuilder/apps.py policybuilder/settings.py \
		policybuilder/web/static_files.py -newer var/static/staticfiles.json 2>&1)" ] || \
		$(MANAGE) collectstatic --noinput --verbosity 0

# Tests start Python often. Where what it compiles is not kept, each start compiles everything anew.
test: export PYTHONDONTWRITEBYTECODE =
test: install-dev
	@sh tests/processes/nginx.sh
	@CHROMIUM="$$(sh tests/browser/chromium.sh $(PYTHON))" && export CHROMIUM && \
		$(PYTHON) -m pytest $(PARALLEL) --durations=25 $(ARGS)

mutants: install-dev
	@$(PYTHON) -m tests.mutants $(ARGS)

bench: install-dev
	@CHROMIUM="$$(sh tests/browser/chromium.sh $(PYTHON))" && export CHROMIUM && $(PYTHON) -m bench $(ARGS)

# Production settings.
check: export ALLOWED_HOSTS = policies.example.com
check: export DEBUG = 0
check: export HTTPS = 1
check: install-dev
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	.venv/bin/lint-imports --no-logo --no-cache
	@echo "Lines of more than 140 characters in templates:"; ! LC_ALL=C.UTF-8 grep -rnE '^.{141,}' templates
	$(PYTHON) -m mypy
	$(MANAGE) check_catalog
	$(MANAGE) check --deploy --fail-level WARNING

install: venv
	@cmp -s requirements.txt $(RUNTIME_STAMP) || { \
		echo "Installing what requirements.txt names"; \
		rm -f $(RUNTIME_STAMP) $(DEV_STAMP) && \
		$(PIP_INSTALL) -r requirements.txt && \
		cp requirements.txt $(RUNTIME_STAMP); }

install-dev: install
	@cmp -s requirements-dev.txt $(DEV_STAMP) || { \
		echo "Installing what requirements-dev.txt names"; \
		rm -f $(DEV_STAMP) && \
		$(PIP_INSTALL) -r requirements-dev.txt && \
		cp requirements-dev.txt $(DEV_STAMP); }

# Makes .venv with the newest Python that works, unless it is there and works. A name on the PATH is no proof: it can be
# a stub, or a system Python without the modules that make a virtual environment.
venv:
	@$(PYTHON) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && exit; \
	for name in $(PYTHONS); do \
		$$name -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		echo "Making .venv with $$($$name --version)"; \
		rm -rf .venv; \
		exec $$name -m venv .venv; \
	done; \
	echo "Policy Builder needs Python 3.11 or newer with its venv module, and found none on the PATH." >&2; \
	echo "Install it: 'apt install python3 python3-venv' on Debian and Ubuntu, 'brew install python' on macOS," >&2; \
	echo "or from https://www.python.org/downloads/. Then run make again." >&2; \
	exit 1
