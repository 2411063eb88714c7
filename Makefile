# make book      the book, in _build/html
# make draft     the same from committed outputs, in seconds: for editing prose
# make test      every check there is; needs chromium for the last but one
# make execute   run the chapters again and keep their outputs (after a change that is meant)
# make pdf       the built book as one PDF, _build/html/impbook.pdf, checked; needs chromium
# make worksheets  every chapter without solutions, with problems to hand in: build/worksheets
# make teachers  the same chapters with every answer: build/teachers
# make versions  the tests on other Pythons, libraries and BLAS kernels (an hour; noxfile.py)
# make lock      requirements.lock, the hashes of environment.yml's versions, made anew
# make audit     known vulnerabilities of those versions, and sbom.json, the list of all of them
# make bench     times against peers
# make test-long random problems against refitting: N=100000 JOBS=2 FIRST=0
# make mutants   does a test fail when the code is changed? MUTANTS=200 JOBS=2; a quarter of an hour or more
# make proofs    check the proofs in Coq: half a minute; says what Debian packages that takes
# make live      Python for the browser, in _vendor/pyodide and the built book: FROM=a mirror's folder or zip
# make test-live every page verified in a browser; after make live and make book
# make clean     delete what was built; .venv stays
#
# The first call makes .venv with the versions of environment.yml; make PYTHON=python3.12 chooses
# the Python. Parts of `make test`: lint, unit, notebooks (with book), site, citation.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BOOK_READY := $(VENV)/book-ready
READY := $(VENV)/ready
PIP := $(BIN)/python -m pip install -qq --no-compile --disable-pip-version-check
BOOK := _build/html/index.html
EXECUTED := _build/executed
SOURCES := $(shell find _config.yml _toc.yml index.ipynb *.md *.cff *.yml LICENSE* chapters impbook* proofs _ext _static _vendor tools \
  -type f -not -path '*/.*' -not -path '*/__pycache__/*' -not -path '*.egg-info/*')
N := 100000
JOBS := 2
FIRST := 0
MUTANTS := 200
KERNEL := $(if $(filter x86_64,$(shell uname -m)),OPENBLAS_CORETYPE=Nehalem)
TOOLS := $(VENV)/tools/ready
PINS := sed -n 's/^ *- \([^ ]*==.*\)$$/\1/p' environment.yml

# The book's matrices are small: threads would wait for each other, not help.
$(EXECUTED) draft unit notebooks execute test-long mutants: export OPENBLAS_NUM_THREADS := 1

# Sixty processes import the same libraries: some compile them, the others read what was compiled.
unexport PYTHONDONTWRITEBYTECODE

# The checks share two cores and _build: one after the other.
.NOTPARALLEL:
.PHONY: live test-live proofs book draft test test-long mutants lint unit notebooks site citation execute pdf worksheets teachers \
  bench versions lock audit clean

# Built again only if something in it is newer.
book: $(EXECUTED)
	@echo "the book: $(CURDIR)/$(BOOK)"

$(EXECUTED): CONFIG := _config.yml
$(EXECUTED): $(BOOK_READY) $(SOURCES)
	@echo "== building the book"
	@$(BUILD)
	@touch $@

# What the chapters would give today is not looked at, so nothing may compare with it.
draft: CONFIG := $(VENV)/draft.yml
draft: $(BOOK_READY)
	@echo "== building the book from committed outputs"
	@sed 's/execute_notebooks: force/execute_notebooks: "off"/' _config.yml > $(CONFIG)
	@$(BUILD)
	@rm -rf _build/jupyter_execute
	@echo "the draft: $(CURDIR)/$(BOOK)"

define BUILD
rm -rf _build; \
PYTHONPATH=_ext:. $(BIN)/jupyter-book build -q -W -n --keep-going --config $(CONFIG) . \
  > $(VENV)/book.log 2>&1 || { cat $(VENV)/book.log; exit 1; }
endef

test: lint unit notebooks site citation
	@echo "== all checks passed"

lint: $(READY)
	@echo "== ruff, mypy and import-linter"
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check . || { $(BIN)/ruff format --check .; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }

unit: $(READY)
	@echo "== tests and docstring examples"
	@$(BIN)/pytest -q -n 2 -m "not (built or pdf)" --ignore=tests/book/test_outputs.py

# Committed outputs against those of the book just built and of another run; on x86 as on an old processor.
notebooks: $(READY) book
	@echo "== chapters give their outputs again$(if $(KERNEL), (on Nehalem too))"
	@$(KERNEL) $(BIN)/pytest -q -n 2 --dist loadscope \
	  --nbval --nbval-current-env index.ipynb chapters tests/book/test_outputs.py

site: $(READY)
	@echo "== the built book, in a browser"
	@test -f $(BOOK) || { echo "the book is not built: run make book first"; exit 1; }
	@$(BIN)/pytest -q -n 2 --dist loadfile -m built tests/book

# cffconvert wants older companions than the book, hence an environment of its own.
citation: $(VENV)/cff/ready
	@echo "== CITATION.cff"
	@$(VENV)/cff/bin/cffconvert --validate -i CITATION.cff > /dev/null

execute: $(READY)
	@$(BIN)/python -m tools.execute index.ipynb chapters/*.ipynb

worksheets teachers: $(BOOK_READY)
	@$(BIN)/python -m tools.plain $@ build/$@
	@echo "$@: $(CURDIR)/build/$@"

pdf: $(READY)
	@echo "== printing the book (two minutes or less)"
	@$(BIN)/python -m tools.pdf
	@$(BIN)/pytest -q tests/book/test_pdf.py
	@echo "the PDF: $(CURDIR)/_build/html/impbook.pdf"

mutants: $(READY)
	@$(BIN)/python -m tools.mutants --count $(MUTANTS) --jobs $(JOBS)

test-long: $(READY)
	@$(BIN)/python tests/module/random_problems.py --first $(FIRST) --count $(N) --jobs $(JOBS)

versions: $(TOOLS)
	@PATH="$(CURDIR)/$(VENV)/tools/bin:$$PATH" nox --envdir $(VENV)/nox $(if $(PART),-s $(PART))

LOCK := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: $(TOOLS)
	@$(PINS) > $(VENV)/constraints.txt
	@$(VENV)/tools/bin/uv pip compile -q $(LOCK) $(VENV)/constraints.txt -o requirements.lock

audit: $(TOOLS)
	@$(VENV)/tools/bin/pip-audit -r requirements.lock --require-hashes --disable-pip
	@mkdir -p _build
	@$(VENV)/tools/bin/pip-audit -r requirements.lock --require-hashes --disable-pip -f cyclonedx-json -o _build/sbom.json
	@echo "the list of what the book is built with: $(CURDIR)/_build/sbom.json"

live: $(BOOK_READY)
	@$(BIN)/python -m tools.live $(FROM)

test-live: $(READY)
	@LIVE=all $(BIN)/pytest -q -s tests/book/test_live.py

# Coq is no part of .venv, and this no part of `make test`.
proofs:
	@$(PYTHON) -m tools.proofs

bench: $(READY)
	@$(BIN)/python -m benchmarks

clean:
	@rm -rf _build build .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	@find . -name __pycache__ -not -path "./$(VENV)/*" -prune -exec rm -rf {} +

$(BOOK_READY): pyproject.toml environment.yml
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info < (3, 16) or sys.exit("the book needs Python 3.11 to 3.15, not %d.%d: make PYTHON=python3.13" % sys.version_info[:2])'
	@echo "== installing into $(VENV) (less than a minute)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PINS) > $(VENV)/constraints.txt
	@$(PIP) -c $(VENV)/constraints.txt -e ".[book]"
	@mkdir -p $(VENV)/etc/ipython
	@echo "c.IPKernelApp.log_level = 40  # no warning that the kernel speaks plain TCP to itself" > $(VENV)/etc/ipython/ipython_kernel_config.py
	@touch $@

# The checks' own packages, which the book does not wait for.
$(READY): $(BOOK_READY)
	@echo "== installing what the checks need"
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["test"], sep="\n")' > $(VENV)/test.txt
	@$(PIP) -c $(VENV)/constraints.txt -r $(VENV)/test.txt
	@touch $@

# Tools that look at the project from outside.
$(TOOLS): $(READY)
	@$(PYTHON) -m venv --clear $(VENV)/tools
	@$(VENV)/tools/bin/python -m pip install -qq --no-compile --disable-pip-version-check "nox==2026.10.20" "uv==0.13.9" "pip-audit==2.10.1"
	@touch $@

$(VENV)/cff/ready: $(READY)
	@$(PYTHON) -m venv --clear $(VENV)/cff
	@$(VENV)/cff/bin/python -m pip install -qq --no-compile --disable-pip-version-check "cffconvert==2.0.0"
	@touch $@
