# weir: build, try, test, install. Each target says what it does in `make help`.
PREFIX ?= /usr/local
DESTDIR ?=
STRICT := WEIR_STRICT=1
IMPORTS := --explicit-target-dependency-import-check error
RELEASE := --configuration release --static-swift-stdlib
BIN = $(shell swift build $(RELEASE) --show-bin-path)

.PHONY: help build demo test bench install lint format clean
.DEFAULT_GOAL := help

help: ## List the targets.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## Build weir and weir-sim in release.
	@scripts/setup
	swift build $(RELEASE) --product weir
	swift build $(RELEASE) --product weir-sim

demo: build ## Start a fleet in a box and open the dashboard on it.
	@$(BIN)/weir demo

test: ## Check the formatting, build with warnings as errors, run every test.
	@scripts/setup --tests
	@scripts/test

lint: ## Check formatting and house rules.
	@scripts/lint

format: ## Format the sources in place.
	swift format --in-place --recursive --parallel --configuration .swift-format Sources Tests

bench: build ## Measure the budgets, as ratios to a peer in the same run where there is one.
	@scripts/bench $(BIN)

install: build ## Install under PREFIX.
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/weir/themes
	install -s -m 0755 $(BIN)/weir $(BIN)/weir-sim $(DESTDIR)$(PREFIX)/bin
	install -m 0644 themes/*.toml $(DESTDIR)$(PREFIX)/share/weir/themes
	install -m 0644 config.example.toml $(DESTDIR)$(PREFIX)/share/weir

clean: ## Remove what was built.
	rm -rf .build
