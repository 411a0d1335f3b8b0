# Everything is set up by these commands themselves; nothing is installed by hand.
# On Windows, or without make: README, "Without make".

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A Python that was named is the one to use; else an environment that is ready stays.
SETUP := $(PYTHON) tools/setup.py $(VENV) $(if $(filter file,$(origin PYTHON)),,--this-python)
READY := ready-for-tests

# Where this is set (many containers do), each process of the tests compiles all that it imports: three times the work of
# what people's machines do.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: ready ready-for-tests lock workshop test test-long lint audit bench pictures readability frontend release clean

workshop: ready ## make a workshop and serve it on this machine
	$(BIN)/kit workshop $(ARGS)

test: $(READY) ## set everything up, a browser and a database included, and run all tests
	$(BIN)/python tools/browser.py
	$(BIN)/python tools/services.py
	$(BIN)/ruff check .
	$(MAKE) --no-print-directory --jobs 3 types-linux types-win32 types-darwin
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder -r fER $(ARGS)

lint: $(READY) ## Python and, where Node is there, JavaScript
	$(BIN)/ruff check .
	$(MAKE) --no-print-directory --jobs 3 types-linux types-win32 types-darwin
	$(BIN)/python tools/javascript.py

types-%: # what Python's types say there; each with a cache of its own, so that none undoes another's
	$(BIN)/mypy --platform $* --cache-dir .mypy_cache/$*

test-long: $(READY) ## what takes minutes: more with the lowest versions, a laptop without the internet, every page everywhere
	KIT_LONG=1 $(BIN)/python -m pytest tests/test_pythons.py tests/test_take_along.py tests/test_binder.py \
		tests/test_ways.py tests/test_bench.py tests/test_astray.py tests/browser/test_outside.py \
		tests/browser/test_alone_elsewhere.py tests/browser/test_alone.py tests/browser/test_send.py tests/browser/test_reports.py \
		tests/browser/test_conducting.py tests/browser/test_slides.py tests/test_crowd.py tests/test_commands.py \
		tests/test_usefulness.py tests/test_pressing.py \
		tests/test_action_plan.py tests/test_disclosure.py tests/test_foresight.py tests/test_pulse.py \
		tests/test_reflection.py tests/test_resources.py tests/test_resources_group.py tests/test_send.py tests/test_tables.py $(ARGS)

audit: $(READY) ## look through larger rooms for anything that is proven, for ten minutes or ARGS="--minutes M"
	$(BIN)/python -m tests.auditor $(ARGS)

bench: $(READY) ## measure every row of the table in README (about eight minutes)
	$(BIN)/python tools/browser.py
	$(BIN)/python -m bench

pictures: $(READY) ## take README's pictures again, and those of a half-day
	$(BIN)/python tools/browser.py
	$(BIN)/python tools/pictures.py
	$(BIN)/python tools/half_day.py

readability: $(READY) ## how easy each text is to read, the hardest ten of each language with their longest sentences
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[readability]"
	$(BIN)/python tools/readability.py $(ARGS)

frontend: ## build the page's script and the views' again (needs Node)
	cd kit/serving/frontend && npm ci && npm run build

release: $(READY) ## the files of a release; stops until tools/release.py --at NAME/REPOSITORY has said where it is published
	PATH="$(BIN):$$PATH" $(BIN)/python tools/release.py

clean:
	rm -rf $(VENV)

ready: ## what a workshop needs
	$(SETUP)

ready-for-tests: ## and what the tests need
	$(SETUP) --test

lock: $(READY) ## the versions of everything, for every Python and system at once; newer ones with ARGS=--upgrade
	$(BIN)/uv pip compile pyproject.toml $(ARGS) --all-extras --universal --no-annotate --quiet \
		--custom-compile-command "make lock" --output-file constraints.txt
	$(BIN)/uv pip compile pyproject.toml --constraint constraints.txt --universal --no-annotate --quiet \
		--custom-compile-command "make lock" --output-file kit/packages.txt
