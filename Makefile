# Works with GNU make 3.81 (macOS) and later, from any folder: make -C path/to/the/project test
PYTHON ?= python3
VENV := .venv/bin/python
BENCH := .venv-bench/bin/python
SYNC = @"$(PYTHON)" requirements/sync.py
FAST = tests/handlers tests/database/services tests/test_application.py tests/test_routing.py tests/specfirst/contract \
	tests/specfirst/codegen --ignore=tests/specfirst/codegen/test_catalogue.py
PARALLEL = -n logical --dist loadfile --no-loadscope-reorder # a worker for each core, with a database of its own
RELEASED = openapi/openapi.yaml --released openapi/released.yaml
SELF = $(MAKE) # recipes use SELF, because make runs lines with MAKE even under --dry-run

.DEFAULT_GOAL := help
.PHONY: help run dev mock test test-fast test-slow chaos fuzz mutate bench bench-scale bench-memory check lint types imports drift contract changes
.PHONY: fmt generate handlers clients release migrate migration seed token lock clean

help: ## show this help
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

run: ## serve the API on an embedded PostgreSQL
	$(SYNC) run
	@$(VENV) -m app serve --exit-with-parent

dev: ## the same, but generate when the contract changes and reload when a file does
	$(SYNC) dev
	@$(VENV) -m app serve --reload --exit-with-parent

mock: ## serve the contract's examples, without a database, before the backend exists
	$(SYNC) run
	@$(VENV) -m app mock --exit-with-parent

test: ## run the tests (args="-k cursor" or args=tests/handlers for some of them)
	$(SYNC) dev
	$(SYNC) node
	@$(VENV) -m pytest -m "not slow" $(if $(args),$(args),$(PARALLEL))

test-fast: ## run the tests of the handlers, the services and the code generator: what to run after each change
	$(SYNC) dev
	@$(VENV) -m pytest -m "not slow" $(PARALLEL) $(FAST) $(args)

test-slow: ## run the tests that are slow by nature: the embedded server, fuzzing, the README, generated clients
	$(SYNC) dev
	$(SYNC) node
	@$(VENV) -m pytest -m slow $(PARALLEL) $(args)

chaos: ## kill the database, the service and the primary under load, again and again (CHAOS_REPEATS=10)
	$(SYNC) dev
	@CHAOS_REPEATS="$${CHAOS_REPEATS:-10}" $(VENV) -m pytest tests/reliability $(args)

fuzz: ## look longer for violations of the contract, with a new seed (FUZZ_EXAMPLES=500 FUZZ_SEED=1)
	$(SYNC) dev
	@FUZZ_EXAMPLES="$${FUZZ_EXAMPLES:-500}" $(VENV) -m pytest -m fuzz -s $(args)

check: ## run the other checks of CI: lint, types, imports, drift, the contract and its changes
	$(SYNC) dev
	@$(VENV) .ci/check.py "$(SELF)" "PYTHON=$(PYTHON)" lint types imports drift contract changes

lint:
	$(SYNC) dev
	@$(VENV) -m ruff check --quiet || $(call failed,lint,make fmt fixes what can be fixed automatically; fix the rest by hand)
	@$(VENV) -m ruff format --quiet --check || $(call failed,lint,run make fmt)

types:
	$(SYNC) dev
	@$(VENV) -m mypy || $(call failed,types,fix the annotations above; generated/ has the types of the contract)

imports:
	$(SYNC) dev
	@.venv/bin/lint-imports --no-logo || $(call failed,imports,the contracts are in pyproject.toml: app.main > app.handlers > app.database)

drift:
	$(SYNC) dev
	@$(VENV) -m specfirst.codegen.generate --check || $(call failed,drift,run make generate and commit what it changes)

changes:
	$(SYNC) dev
	@$(VENV) -m specfirst.checks.changes $(RELEASED) || $(call failed,changes,docs/versioning.md says what breaks clients and which version that needs)

release: drift ## release the contract, date the changelog, and store the service and a dump of its seeded database
	@$(VENV) -m specfirst.checks.release $(RELEASED) || $(call failed,release,nothing was changed; the reasons are above)
	@$(VENV) -m tests.migrations.dump

contract: ## lint the contract with Redocly, Spectral, openapi-spec-validator and our own rules
	$(SYNC) dev
	$(SYNC) node
	@$(VENV) -m specfirst.checks.lint openapi/openapi.yaml --config openapi/lint.toml --node-modules tests/node_modules || \
		$(call failed,contract,fix openapi/openapi.yaml at the places above)

fmt: ## format the code, fix what the linter can fix, and show the rest
	$(SYNC) dev
	@$(VENV) -m ruff format --quiet
	@$(VENV) -m ruff check --fix-only --quiet --extend-exclude generated
	@$(VENV) -m ruff format
	@$(VENV) -m ruff check --extend-exclude generated

generate: ## write generated/ from openapi/openapi.yaml (SPEC=other.yaml OUT=folder for another API)
	$(SYNC) dev
	@$(VENV) -m specfirst.codegen.generate $(if $(SPEC),--spec "$(SPEC)") $(if $(OUT),--out "$(OUT)")

handlers: ## write a first handler module for each tag without one (SPEC, PACKAGE, FOLDER for another API, PRINCIPAL)
	$(SYNC) dev
	@$(VENV) -m specfirst.codegen.scaffold $(if $(SPEC),--spec "$(SPEC)") $(if $(PACKAGE),--package "$(PACKAGE)") \
		$(if $(FOLDER),--folder "$(FOLDER)") $(if $(PRINCIPAL),--principal "$(PRINCIPAL)")

clients: ## generate clients in Python, TypeScript, Java, Go and Rust, run them, and record in the docs what works
	$(SYNC) dev
	$(SYNC) node
	@CLIENTS_WRITE=1 $(VENV) -m pytest -q tests/clients $(args) || \
		$(call failed,clients,fix the contract or, where it changed on purpose, the programs in tests/clients/)

mutate: ## break the service in thousands of ways and see which test notices each (args="cursor" for some, MATRIX=1)
	$(SYNC) dev
	@$(VENV) -m tests.mutants $(args)

migrate: ## apply all migrations to the database
	$(SYNC) run
	@$(VENV) -m app migrate

migration: ## write a migration for changed models: make migration m="add slugs" (args=--empty to change data)
	@test -n "$$m" || { echo 'Say what it does: make migration m="add slugs"' >&2; exit 2; }
	$(SYNC) dev
	@$(VENV) -m app migration $(args) "$$m"

token: ## make a token that may do everything (args="--scope articles:write --author 1" for one that may do less)
	$(SYNC) run
	@$(VENV) -m app token create $(args)

seed: ## load sample authors and articles
	$(SYNC) run
	@$(VENV) -m app seed

bench: ## measure the service and others (BENCH_SECONDS, BENCH_ROUNDS, BENCH_ONLY=floor: see docs/performance.md)
	$(SYNC) bench
	@$(BENCH) -m tests.benchmarks.compare

bench-scale: ## measure the service with 1 000 to 1 000 000 articles
	$(SYNC) bench
	@$(BENCH) -m tests.benchmarks.scale

bench-memory: ## check that the service's memory stays flat over 200 000 requests
	$(SYNC) bench
	@$(BENCH) -m tests.benchmarks.memory

lock: ## update the lock files from requirements/*.in (args=--upgrade for newer versions)
	$(SYNC) dev
	@cd requirements && $(call compile,run) && $(call compile,dev) && $(call compile,bench)
	@cd tests && npm install --package-lock-only --loglevel=error && ../$(VENV) -c '$(strip_addresses)'
	@cd tests/benchmarks/contestants/fastify && npm install --package-lock-only --omit-lockfile-registry-resolved \
		--loglevel=error && ../../../../$(VENV) -c '$(strip_addresses)'

clean: ## remove the environment and caches, but no data
	rm -rf .venv .venv-bench tests/node_modules tests/benchmarks/contestants/fastify/node_modules build
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .schemathesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Says which check failed and how to fix it.
failed = { printf '\n%s failed: %s\n\n' '$(1)' '$(2)' >&2; exit 1; }

# Lock files name no registry, path or date, so they are the same wherever they are written.
compile = ../$(VENV) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header $(args) --output-file $(1).txt $(1).in

# npm omits the registry, but writes down where authors take donations: remove that.
strip_addresses = import json; file = "package-lock.json"; lock = json.load(open(file)); \
	[package.pop("funding", None) for package in lock["packages"].values()]; \
	open(file, "w").write(json.dumps(lock, indent=2) + "\n")
