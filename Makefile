# Everything is done with these targets, here and in CI. They need Python 3.11 or newer, Go 1.26 or newer and make.

STACK ?= dev
PYTHON ?= python3

VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup tools test-tools demo preview down explain generate test bench lint format lock

help:  ## Show these targets
	@echo "make TARGET [STACK=dev]"
	@while IFS= read -r line; do case "$$line" in [a-z]*:*'## '*) \
	  printf '  %-10s %s\n' "$${line%%:*}" "$${line##*## }";; esac; done < $(firstword $(MAKEFILE_LIST))

setup: $(STAMP) tools  ## Install the Python packages in .venv and build the tools of the local cloud; done once

$(STAMP): requirements/project.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "$(PYTHON) is older than Python 3.11: run 'make PYTHON=/path/to/python3.11 ...'" >&2; exit 1; }
	@echo "Python packages, in $(VENV) from requirements/project.txt: usually 90 s the first time"
	@$(PYTHON) -m venv $(VENV)
	@PYTHONPATH=. $(RUN) -m localcloud.toolchain --packages requirements/project.txt
	@touch $@

tools: $(STAMP)  ## Build the tools of the local cloud into the user's cache, unless they are there
	@$(RUN) -m localcloud.toolchain

test-tools: $(STAMP)  ## Build also what only tests and figures need: Feast, in an environment of its own of 630 MB, and what checks the workflows
	@$(RUN) -m localcloud.toolchain --tests

demo: setup  ## Bring STACK up on this machine with the real Pulumi engine, and show what is there
	@$(RUN) -m localcloud demo $(STACK)

# A stack that is not there yet is made for the preview and removed after it; its file stays as it is.
preview: setup  ## Show what an update of STACK would change on this machine, and change nothing
	@$(RUN) -m localcloud start
	@variables=$$($(RUN) -m localcloud env $(STACK)) || exit 1; eval "$$variables"; \
	  if ! pulumi stack export --stack $(STACK) >/dev/null 2>&1; then \
	    pulumi stack init --no-select $(STACK) || exit 1; \
	    trap 'pulumi stack rm --yes --preserve-config --stack $(STACK)' EXIT; trap 'exit 130' INT TERM; \
	  fi; \
	  pulumi preview --policy-pack policies --stack $(STACK)

down: setup  ## Take STACK away and stop the local cloud
	@$(RUN) -m localcloud down $(STACK)

explain: $(STAMP)  ## Show every setting that STACK has, and where each comes from
	@$(RUN) -m scripts.explain $(STACK)

generate: $(STAMP)  ## Write again what is made from the models, the profiles and the program: schema, settings, the README's picture
	@$(RUN) -m stacks.generate
	@$(RUN) -m tests.unit.picture

lint: $(STAMP)  ## Check format, lint and types
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(VENV)/bin/basedpyright

# Each process has a local cloud of its own: four of them take about 4 GiB.
test: setup test-tools lint  ## Check format, lint and types, and run all tests, those on the real engine included
	@# In the order of the files: those on the real engine, of minutes each, come first, and the many short ones even the workers out.
	$(RUN) -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

bench: setup test-tools  ## Measure what is promised, each figure beside what it is compared to; ONLY=NAME takes one of them
	@$(RUN) -m bench $(if $(ONLY),--only $(ONLY))

format:  ## Format the code and repair what ruff can
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

# uv comes from an environment of its own, and neither it nor where it looked is named in what is committed.
lock:  ## Write the lock files again from requirements/*.in
	@$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/python -m pip install --quiet uv==0.13.9
	@for name in requirements/project requirements/emulator requirements/awscli requirements/feast requirements/zizmor examples/database-admin/requirements; do \
	  UV_FIND_LINKS= $(VENV)/lock/bin/uv pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	    $$name.in --output-file $$name.txt || exit 1; \
	done
