# Every command of the project. `make` alone explains them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON := .venv/bin/python
STATE ?= var
# A hall that starts from compiled modules is there in two thirds of the time, and the tests start a hundred.
unexport PYTHONDONTWRITEBYTECODE
MATTER ?= hk-macau-permit

.PHONY: help
help: ## Explain every command
	@echo "Yimen: a self-service terminal, its hall service and the clerk's page. Commands:"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: run
run: setup ## Start everything on this machine: reader, departments, hall, clerk's page, terminal
	@$(PYTHON) -m scripts.run --state $(STATE)

.PHONY: tour
tour: setup ## The same, unattended: one visit from card to counter, in var/tour/ (another matter: MATTER=passport)
	@$(PYTHON) -m scripts.tour --into $(STATE)/tour --matter $(MATTER)

.PHONY: test
test: setup check ## Check, then run every test, three processes on two cores and the devices beside them
	@sh scripts/suite.sh $(PYTHON)

.PHONY: check
check: setup ## Format, lint, strict types, import rules, documentation
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@$(PYTHON) -m flows check & matters=$$!; .venv/bin/mypy && wait $$matters
	@$(PYTHON) -m pytest tests/test_architecture.py tests/test_docs.py

.PHONY: format
format: setup ## Put the code into its format
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

.PHONY: walks
walks: setup ## Walk every matter 10,000 times as random citizens do
	@$(PYTHON) -m scripts.walks

.PHONY: pictures
pictures: setup ## Draw every screen and page anew, into build/pictures/ and docs/pictures/
	@$(PYTHON) -m scripts.pictures

.PHONY: flowcharts
flowcharts: setup ## Draw every matter for a reviewer, into docs/flowcharts/
	@$(PYTHON) -m flows chart docs/flowcharts

.PHONY: fuzz
fuzz: setup ## Feed the devices with any bytes for 10 minutes, by coverage; call the hall 10,000 times as its description allows and as it does not
	@$(PYTHON) -m fuzz --minutes 10
	@$(PYTHON) -m tests.hall.wild_requests 10000

.PHONY: bench
bench: setup ## Measure the hall's store and pages against the bare databases, shared records against the slowest department, readers against their line and bare pcscd, in the same run; a collection of 100,000 entries
	@$(PYTHON) -m benchmarks.hall
	@$(PYTHON) -m benchmarks.physics
	@$(PYTHON) -m benchmarks.exchange
	@$(PYTHON) -m benchmarks.collect
	@$(PYTHON) -m benchmarks.devices_sam_v
	@$(PYTHON) -m benchmarks.devices_pcsc

.PHONY: race
race: setup ## 64 clerks over HTTP while the hall's processes are killed at random, on SQLite and PostgreSQL
	@$(PYTHON) -m benchmarks.race

.PHONY: soak-devices
soak-devices: setup ## Pull and swap 1,000 cards, kill pcscd 200 times, unplug 1,000 adapters: about half an hour
	@$(PYTHON) -m benchmarks.soak_devices

.PHONY: long
long: setup ## What `make test` leaves out: the same once more from another side, and properties with inputs never seen before
	@$(PYTHON) -m pytest -m long
	@$(PYTHON) -m pytest --hypothesis-profile other-inputs --numprocesses $$(nproc) $$(grep -rlE '@given|RuleBasedStateMachine' tests --include='test_*.py')

.PHONY: slow-line
slow-line: setup ## The stories in a browser once more, every answer of the hall late: about 10 minutes (other delays: SEED=2)
	@$(PYTHON) -m pytest -p tests.hall.slow_line tests/hall --numprocesses $$((2 * $$(nproc))) --dist loadfile

.PHONY: lock
lock: setup ## Work out the hashes of requirements/*.in anew
	@sh scripts/lock.sh

.PHONY: setup
setup: .venv/ready assets/fonts/ready hall/console/static/vendor/ready ## Install what is missing (every command does it)

.PHONY: clean
clean: ## Forget everything that was built or stored here
	rm -rf .venv var build assets/fonts hall/console/static/vendor .mypy_cache .ruff_cache .hypothesis

# pip reads requirements with hashes only; --no-deps for packages of which only files are taken (page scripts, face models)
.venv/ready: requirements/develop.txt requirements/files.txt requirements/packages.txt
	@sh scripts/packages.sh
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@echo "Preparing .venv"
	@python3 -m venv --clear .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/develop.txt
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/files.txt
	@touch $@

assets/fonts/ready: scripts/fonts.py .venv/ready
	@$(PYTHON) -m scripts.fonts
	@touch $@

hall/console/static/vendor/ready: scripts/vendor.py .venv/ready
	@$(PYTHON) -m scripts.vendor
	@touch $@
