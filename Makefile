# make book      the book, in _build/html
# make draft     the same from committed outputs, in seconds: for editing prose
# make test      all checks; the tests of the built book need chromium
# make execute   run the chapters again and store their outputs, after an intended change
# make pdf       print the built book as one PDF, _build/html/impbook.pdf, and check it; needs chromium
# make worksheets  every chapter without solutions, with problems to hand in (build/worksheets)
# make teachers  every chapter with its solutions and the answers to the problems (build/teachers)
# make versions  the tests on other Pythons, libraries and BLAS kernels (an hour; noxfile.py)
# make lock      regenerate requirements.lock, the hashes of the versions in environment.yml
# make audit     report known vulnerabilities of those versions; list all packages in _build/sbom.json
# make bench     compare running times with peers
# make test-long compare `imp` with refitting on random problems; by default N=100000 JOBS=2 FIRST=0
# make mutants   change the code in one place at a time and see whether a test fails (15 minutes); MUTANTS='impbook.flow.*' for one module
# make proofs    check the proofs in Coq (a minute); if Coq is missing, say which Debian packages to install
# make live      put Python for the browser in _vendor/pyodide and in the built book; FROM=wheels.zip for wheels from a zip or a folder
# make test-live verify every page in a browser, after make live and make book
# make clean     delete everything that was built, except .venv
#
# The first call creates .venv with the versions in environment.yml; make PYTHON=python3.12 chooses
# the Python. The parts of `make test` are lint, unit, notebooks (which makes the book), site, citation.

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
MUTANTS := *__mutmut_13
KERNEL := $(if $(filter x86_64,$(shell uname -m)),OPENBLAS_CORETYPE=Nehalem)
TOOLS := $(VENV)/tools/ready
PINS := sed -n 's/^ *- \([^ ]*==.*\)$$/\1/p' environment.yml

# The book's matrices are so small that several threads would only wait for each other.
$(EXECUTED) draft unit notebooks execute test-long mutants: export OPENBLAS_NUM_THREADS := 1

# Sixty processes import the same libraries, so let the first ones store the compiled bytecode.
unexport PYTHONDONTWRITEBYTECODE

# The checks share two cores and the folder _build, so they run one after the other.
.NOTPARALLEL:
.PHONY: live test-live proofs book draft test test-long mutants lint unit notebooks site citation execute pdf worksheets teachers \
  bench versions lock audit clean

# The book is built again only if one of its sources is newer.
book: $(EXECUTED)
	@echo "the book: $(CURDIR)/$(BOOK)"

$(EXECUTED): CONFIG := _config.yml
$(EXECUTED): $(BOOK_READY) $(SOURCES)
	@echo "== building the book"
	@$(BUILD)
	@touch $@

# A draft runs no chapters, so _build/jupyter_execute is removed: no test may compare outputs with it.
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

# Compare committed outputs with those of the book just built, and with a second run. On x86 the
# second run uses the BLAS kernel of an old processor.
notebooks: $(READY) book
	@echo "== committed outputs are reproduced$(if $(KERNEL), (on Nehalem too))"
	@$(KERNEL) $(BIN)/pytest -q -n 2 --dist loadscope \
	  --nbval --nbval-current-env index.ipynb chapters tests/book/test_outputs.py

site: $(READY)
	@echo "== the built book, in a browser"
	@test -f $(BOOK) || { echo "the book is not built: run make book first"; exit 1; }
	@$(BIN)/pytest -q -n 2 --dist loadfile -m built tests/book

# cffconvert needs older versions of some packages than the book, so it has its own environment.
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

# mutmut first runs all tests once, to find out which of them call each function. It numbers the mutants
# of a function from 1, so the pattern *__mutmut_13 picks at most one mutant of each function.
# The limit on memory, in KB, stops an endless loop that fills a list; some systems do not enforce it.
mutants: export HYPOTHESIS_PROFILE := mutants
mutants: $(VENV)/mutmut-ready
	@rm -rf mutants
	@ulimit -v 8000000 2> /dev/null; $(BIN)/mutmut run --max-children $(JOBS) "$(MUTANTS)"
	@echo "== survivors"
	@for mutant in $$($(BIN)/mutmut results | sed -n 's/^ *\(.*\): survived$$/\1/p'); do $(BIN)/mutmut show $$mutant; done

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
	@echo "the list of packages that build the book: $(CURDIR)/_build/sbom.json"

live: $(BOOK_READY)
	@$(BIN)/python -m tools.live $(FROM)

test-live: $(READY)
	@LIVE=all $(BIN)/pytest -q -s tests/book/test_live.py

# Coq cannot be installed in .venv, so `make test` does not include the proofs.
proofs:
	@$(PYTHON) -m tools.proofs

bench: $(READY)
	@bash -o pipefail -c '$(BIN)/python -m benchmarks | tee $(VENV)/results.md'
	@mv $(VENV)/results.md benchmarks/results.md

clean:
	@rm -rf _build build mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	@find . -name __pycache__ -not -path "./$(VENV)/*" -prune -exec rm -rf {} +

$(BOOK_READY): pyproject.toml environment.yml
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info < (3, 16) or sys.exit("the book needs Python 3.11 to 3.15, not %d.%d: make PYTHON=python3.13" % sys.version_info[:2])'
	@echo "== installing into $(VENV) (less than a minute)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PINS) > $(VENV)/constraints.txt
	@$(PIP) -c $(VENV)/constraints.txt -e ".[book]"
	@mkdir -p $(VENV)/etc/ipython
	@echo "c.IPKernelApp.log_level = 40  # hide the warning that the kernel uses unencrypted TCP" > $(VENV)/etc/ipython/ipython_kernel_config.py
	@touch $@

# Packages for the checks are installed separately, so that building the book need not wait for them.
$(READY): $(BOOK_READY)
	@echo "== installing what the checks need"
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["test"], sep="\n")' > $(VENV)/test.txt
	@$(PIP) -c $(VENV)/constraints.txt -r $(VENV)/test.txt
	@touch $@

# Tools that need their own environment, since they install or inspect the project's packages.
$(TOOLS): $(READY)
	@$(PYTHON) -m venv --clear $(VENV)/tools
	@$(VENV)/tools/bin/python -m pip install -qq --no-compile --disable-pip-version-check "nox==2026.10.20" "uv==0.13.9" "pip-audit==2.10.1"
	@touch $@

$(VENV)/mutmut-ready: $(READY)
	@$(PIP) "mutmut==3.8.1"
	@touch $@

$(VENV)/cff/ready: $(READY)
	@$(PYTHON) -m venv --clear $(VENV)/cff
	@$(VENV)/cff/bin/python -m pip install -qq --no-compile --disable-pip-version-check "cffconvert==2.0.0"
	@touch $@
