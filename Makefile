# The door to the project: `make help` lists what can be asked for.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

LEAT := .build/release/leat
SOURCES := Package.swift Plugins Sources Tests
DEMO := examples/superside

# The shipped binary goes without the linker's symbols, which are half of its size.
ifeq ($(shell uname -s),Linux)
LINKING := -Xlinker -s
endif

# Homebrew keeps libpq out of the default search path.
ifeq ($(shell uname -s),Darwin)
export PKG_CONFIG_PATH := $(shell brew --prefix libpq 2>/dev/null)/lib/pkgconfig:$(PKG_CONFIG_PATH)
endif

.PHONY: help setup release demo test build format lint conformance bench screenshots clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what the system lacks: PostgreSQL server and headers, SQLite headers
	@scripts/setup.sh

release: setup ## Build the binary, one file with the Swift runtime in it: .build/release/leat
	swift build -c release --static-swift-stdlib $(LINKING) --product leat

demo: release ## Raw CSV -> source database -> warehouse -> tested marts, in examples/superside
	@scripts/demo.sh $(abspath $(LEAT)) $(DEMO)

test: setup ## Run the whole test suite
	@scripts/test.sh

conformance: release ## Run dbt's own adapter tests against the binary (ARGS: more arguments of pytest)
	@Tests/conformance/run.sh $(or $(LEAT_BIN),$(abspath $(LEAT))) $(ARGS)

build: setup ## Build everything for development
	swift build --build-tests

format: ## Lay out the sources
	swift format --in-place --parallel --recursive $(SOURCES)

lint: ## Check layout, names and links
	@scripts/lint.sh $(SOURCES)

bench: release ## Time the whole journey and measure the memory of leat
	@Benchmarks/journey.sh $(abspath $(LEAT))

screenshots: release ## Pictures of the pages in .build/screenshots, of the example after make demo
	@scripts/screenshots.sh $(or $(LEAT_BIN),$(abspath $(LEAT))) $(DEMO) $(or $(TO),.build/screenshots)

clean: ## Remove what was built, and the containers of make up with their data
	swift package clean
	@if [ -e .env ] && [ -n "$(COMPOSE_PROGRAM)" ]; then $(COMPOSE) down --volumes; fi

include deploy/deploy.mk
