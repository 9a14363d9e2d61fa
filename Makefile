# Works with the make of macOS (GNU make 3.81) as well as with any later one.

PYTHON = python3.13 python3.12 python3.11 python3.14 python3 python
PY = .venv/bin/python
PIP = $(PY) -m pip install --disable-pip-version-check --quiet
NODE = .venv/bin/node

# What is compiled is kept: the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

# What `make check` takes for production; the key signs nothing.
PRODUCTION = DEBUG=0 ALLOWED_HOSTS=example.com \
	SECRET_KEY=for-make-check-alone-it-signs-nothing-0123456789-abcdefghij

# No file is written for a command that only looks at the models.
NO_DATABASE = DATABASE_URL=sqlite://:memory:

# No test found (5) is an error, but where PYTEST_ARGS chooses some: on SQLite there may be none of these.
OR_NONE = $(if $(filter -k -m tests/%,$(PYTEST_ARGS)),|| test $$? -eq 5)

.PHONY: setup setup-web demo test quick quick-on-sqlite quick-on-the-best proofs check \
	check-code check-types check-templates check-models \
	check-web check-web-if-there bench bench-quick screenshots requirements audit sbom clean

setup: .venv/installed

# Node and the checks of styles and scripts; nothing else needs them.
setup-web: node_modules/.package-lock.json

demo: setup
	DEBUG=1 REFUND_HOLD_SECONDS=$${REFUND_HOLD_SECONDS:-30} $(PY) manage.py demo

# What reads and writes rows on SQLite first, then everything on the best database there is. Pages
# ask both databases the same questions: make proofs PROOFS=sqlite asks all of them on SQLite too.
ROWS = tests/orders tests/cancellations/acts tests/cancellations/documents
ON_SQLITE = $(ROWS) tests/cancellations/commands tests/cancellations/refunds tests/console/test_demo.py \
	tests/proofs/acceptance
# One more than there are cores: much of what is tried waits for a process that it started.
HANDS = $$($(PY) -c 'import os; print((os.cpu_count() or 1) + 1)')
test: setup
	DEBUG=1 $(PY) -m pytest -n $(HANDS) --dist worksteal --database sqlite -m "both_databases and not postgresql" $(if $(filter tests/%,$(PYTEST_ARGS)),,$(ON_SQLITE)) $(PYTEST_ARGS) $(OR_NONE)
	DEBUG=1 $(PY) -m pytest -n $(HANDS) --dist worksteal $(PYTEST_ARGS)

# What is not slow, after every change; the databases side by side.
quick: setup
	@$(MAKE) --no-print-directory -j2 quick-on-sqlite quick-on-the-best

quick-on-sqlite: setup
	DEBUG=1 $(PY) -m pytest --database sqlite -m "both_databases and not postgresql and not slow" $(ROWS)

quick-on-the-best: setup
	DEBUG=1 PROPERTY_EXAMPLES=20 $(PY) -m pytest -n auto --dist worksteal -m "not slow" --ignore tests/proofs $(PYTEST_ARGS)

# The long forms of the proofs; PROOFS names some of them.
proofs: setup
	$(PY) -m tests.proofs $(PROOFS)

check: check-code check-types check-templates check-models check-web-if-there

check-code: setup
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	.venv/bin/lint-imports --no-cache --no-logo

check-types: setup
	DEBUG=1 $(PY) -m mypy

check-templates: setup
	$(PY) -m djlint --check templates
	$(PY) -m djlint --lint templates

check-models: setup
	DEBUG=1 $(NO_DATABASE) $(PY) -W error manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(NO_DATABASE) $(PY) -W error manage.py check --deploy --fail-level WARNING

check-web-if-there: setup
	@if [ -e .venv/web ]; then $(MAKE) --no-print-directory check-web; \
	else echo "Styles and scripts were not checked. To check them too: make setup-web" >&2; fi

check-web: setup-web
	$(NODE) node_modules/stylelint/bin/stylelint.mjs "static/css/**/*.css"
	$(NODE) node_modules/@biomejs/biome/bin/biome check

# Every page in every state, light and dark, wide and narrow, in screenshots/.
screenshots: setup
	DEBUG=1 $(PY) -m tests.proofs.looks.screenshots screenshots

bench: setup
	DEBUG=1 $(PY) -m tests.benchmarks $(BENCH)

# Statements that pages and acts take, and how 200,000 orders are read; nothing is timed.
bench-quick: setup
	DEBUG=1 SHOP_ORDERS=$${SHOP_ORDERS:-200000} $(PY) -m pytest -n $(HANDS) --dist worksteal -m budget $(PYTEST_ARGS)

# What production installs, in the versions of constraints.txt and by their hashes.
requirements: setup
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --constraint constraints.txt pyproject.toml -o requirements.txt

# Known vulnerabilities of what production installs; says so where no advisories can be had.
audit: setup
	@found=$$($(PY) -m pip_audit --require-hashes --disable-pip -r requirements.txt 2>&1); status=$$?; \
	if echo "$$found" | grep -q "could not be audited\|requests.exceptions\|ConnectionError\|ServiceError"; then \
		echo "Nothing was audited: no advisories can be had from here. Elsewhere: make audit" >&2; \
	else echo "$$found"; exit $$status; fi

# What production installs, as a bill of materials.
sbom: setup
	$(PY) -m cyclonedx_py requirements requirements.txt --pyproject pyproject.toml \
		--output-reproducible --output-file sbom.json

# Everything that can be made again; the embedded database stays.
clean:
	rm -rf .venv node_modules screenshots mutants .proofs .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# $(1): the requirements, found in the project's own file. uv installs them in a tenth of pip's time
# from the index that pip's environment names; where it cannot, pip does.
define install
	@$(PY) -c 'import pathlib, tomllib; \
	project = tomllib.loads(pathlib.Path("pyproject.toml").read_text()); \
	wanted = $(1); \
	pathlib.Path(".venv/wanted.txt").write_text("\n".join(wanted))'
	@$(PIP) uv -c constraints.txt 2>.venv/uv.log && \
	$(PY) -m uv pip install --quiet --compile-bytecode --python $(PY) $${PIP_INDEX_URL:+--default-index "$$PIP_INDEX_URL"} \
		-r .venv/wanted.txt -c constraints.txt 2>.venv/uv.log || \
	{ echo "uv could not install (.venv/uv.log says why): pip does." >&2; \
		$(PIP) -r .venv/wanted.txt -c constraints.txt; }
	@touch $@
endef

.venv/installed: $(PY) pyproject.toml constraints.txt
	$(call install,project["project"]["dependencies"] + project["dependency-groups"]["dev"])

.venv/web: .venv/installed
	$(call install,project["dependency-groups"]["web"])

node_modules/.package-lock.json: .venv/web package.json package-lock.json
	.venv/bin/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(PY):
	@for python in $(PYTHON); do \
		if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "$$python -m venv .venv"; exec $$python -m venv --clear .venv; \
		fi; \
	done; \
	echo "Countermand needs Python 3.11 or newer with venv: apt-get install python3 python3-venv, or brew install python@3.13" >&2; \
	exit 1
