# The one entry point for people. The work itself is in scripts/.

.DEFAULT_GOAL := help
.PHONY: help install man build assets demo test test-long bench lint golden clean
MAKEFLAGS += --no-print-directory
PREFIX ?= /usr/local

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## a real cluster on this machine, from nothing to nothing (as root)
	@scripts/demo

build: ## install what is needed and build slipway (.build/debug/slipway)
	@scripts/setup
	@scripts/build

install: ## build for release and install to PREFIX (/usr/local), with manual pages and completion
	@scripts/setup
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install

man: build ## write the manual pages to artifacts/man/man1
	@.build/debug/slipway man artifacts/man/man1

assets: ## prepare the mirror of Kubernetes' binaries; prints its path last
	@scripts/assets

lint: ## check the format, the scripts and that nothing warns
	@scripts/setup
	@scripts/lint

test: ## set up and test everything, unit to end to end (as root)
	@scripts/test

test-long: ## the tests that take too long for every day (as root)
	@scripts/test --long

bench: ## measure beside floors and peers in one run; prints ratios (as root; scripts/bench PART for a part)
	@scripts/bench

golden: ## write the golden files anew from what the code gives now
	@scripts/setup
	@scripts/build --build-tests
	SLIPWAY_REFRESH_GOLDEN=1 swift test --skip-build --disable-xctest --skip EndToEndTests --skip CrashMatrixTests
	@git status --short -- Tests

clean: ## remove what was built here (the caches stay)
	rm -rf .build artifacts
