# make book      the book, in _build/html
# make test      every check there is; needs chromium for the last one
# make execute   run the chapters again and keep their outputs (after a change that is meant)
# make bench     times against peers
# make clean     delete what was built; .venv stays
#
# The first call makes .venv with the versions of environment.yml; make PYTHON=python3.12 chooses
# the Python. Parts of `make test`: lint, unit, notebooks, book, site, citation.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
PIP := $(BIN)/python -m pip install -qq --no-compile --disable-pip-version-check
BOOK := _build/html/index.html

# The book's matrices are small: threads would wait for each other, not help.
book unit notebooks execute: export OPENBLAS_NUM_THREADS := 1

# The checks share two cores and _build: one after the other.
.NOTPARALLEL:
.PHONY: book test lint unit notebooks site citation execute bench clean

book: $(READY)
	@echo "== building the book"
	@rm -rf _build
	@$(BIN)/jupyter-book build -q -W -n --keep-going . > $(VENV)/book.log 2>&1 || { cat $(VENV)/book.log; exit 1; }
	@echo "the book: $(CURDIR)/$(BOOK)"

test: lint unit notebooks book site citation
	@echo "== all checks passed"

lint: $(READY)
	@echo "== ruff and mypy"
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check . || { $(BIN)/ruff format --check .; exit 1; }
	@$(BIN)/mypy --no-error-summary

unit: $(READY)
	@echo "== tests and docstring examples"
	@$(BIN)/pytest -q -n 2 --ignore tests/test_site.py

# Committed outputs against a fresh run; where there are several kinds of processor, on two.
CORES := $(if $(filter x86_64,$(shell uname -m)),Haswell Nehalem,native)
notebooks: $(READY)
	@set -e; for core in $(CORES); do \
	  echo "== chapters give their outputs again ($$core)"; \
	  if [ $$core != native ]; then export OPENBLAS_CORETYPE=$$core; fi; \
	  $(BIN)/pytest -q -n 2 --dist loadscope --nbval --nbval-current-env index.ipynb chapters; \
	done

site: $(READY)
	@echo "== the built book, in a browser"
	@test -f $(BOOK) || { echo "no built book: run make book first"; exit 1; }
	@$(BIN)/pytest -q tests/test_site.py

# cffconvert wants older companions than the book, hence an environment of its own.
citation: $(VENV)/cff/ready
	@echo "== CITATION.cff"
	@$(VENV)/cff/bin/cffconvert --validate -i CITATION.cff > /dev/null

execute: $(READY)
	@$(BIN)/python .ci/execute.py index.ipynb chapters/*.ipynb

bench: $(READY)
	@$(BIN)/python -m benchmarks

clean:
	@rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	@find . -name __pycache__ -not -path "./$(VENV)/*" -prune -exec rm -rf {} +

$(READY): pyproject.toml environment.yml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("impbook needs Python 3.11 or newer: make PYTHON=...")'
	@echo "== installing into $(VENV) (about a minute)"
	@$(PYTHON) -m venv --clear $(VENV)
	@sed -n 's/^ *- \([^ ]*==[^ ]*\)$$/\1/p' environment.yml > $(VENV)/constraints.txt
	@$(PIP) -c $(VENV)/constraints.txt -e ".[book,test]"
	@mkdir -p $(VENV)/etc/ipython
	@echo "c.IPKernelApp.log_level = 40  # no warning that the kernel speaks plain TCP to itself" > $(VENV)/etc/ipython/ipython_kernel_config.py
	@touch $@

$(VENV)/cff/ready: $(READY)
	@$(PYTHON) -m venv --clear $(VENV)/cff
	@$(VENV)/cff/bin/python -m pip install -qq --no-compile --disable-pip-version-check "cffconvert==2.0.0"
	@touch $@
