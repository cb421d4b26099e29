.DEFAULT_GOAL := help
.PHONY: help demo test chaos bench lint release docs venv engine-up engine-down clean
ARGS ?=

help:  ## show this help
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo:  ## watch containers of a real engine being operated (as root on Debian: nothing else is needed)
	@scripts/demo

test:  ## run all tests (ARGS="-k name" for some)
	@scripts/test $(ARGS)

# Most of a run is waiting: each engine has many processes (SHARDS), with a place of its own for each of them.
chaos: SHARDS ?= 8
chaos:  ## do everything many times while requests are delayed, cut, repeated and refused (RUNS=100 seeds each)
	@NEKZUS_CHAOS_RUNS=$(or $(RUNS),100) NEKZUS_CHAOS_SHARDS=$(SHARDS) NEKZUS_CHAOS_FAKE_RUNS=1000 \
	  scripts/test tests/integration/test_chaos.py tests/unit/contract/test_chaos.py \
	  -n $$((3 * $(SHARDS))) --dist load

bench:  ## measure ours beside its peers, and write docs/benchmarks.md (ARGS="restart" for some, which are printed)
	@scripts/bench $(ARGS)

lint:  ## run every other check that CI runs (ARGS="ruff mypy" for some)
	@scripts/lint $(ARGS)

release:  ## build the package, and use it with every ansible-core and Python there is; prints the matrix
	@scripts/release

docs:  ## build the guides and the reference as HTML; prints where it begins
	@scripts/docs

venv:  ## make .venv with all that development needs
	@scripts/venv lint

engine-up:  ## start the private Docker engine; prints its DOCKER_HOST
	@scripts/engine docker up

engine-down:  ## end the private engines and remove all they hold
	@scripts/engine docker down
	@scripts/engine podman down

clean: engine-down  ## remove all that was made in the checkout
	rm -rf .venv .cache .ansible .mypy_cache .pytest_cache .ruff_cache tests/output nekzus-runtime-*.tar.gz importer_result.json
