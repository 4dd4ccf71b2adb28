# `make test` is everything that CI runs. `make` alone lists the targets.

GO        ?= go
TOOLS     := bin/tools
NODE_DEPS := e2e/node_modules/.package-lock.json
BENCH_EXPRESS := bench/express/node_modules/.package-lock.json
NODE_LINES := tools/node/node_modules/.package-lock.json
LIGHTHOUSE := tools/lighthouse/node_modules/.package-lock.json
SCRIPTS    = $(wildcard static/js/*.js static/worker/*.js e2e/*.js e2e/*/*.js bench/express/*.js)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## one static binary: bin/rehearse
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o bin/rehearse ./cmd/server

.PHONY: run
run: ## serve on http://localhost:8080 with data/rehearse.db
	$(GO) run ./cmd/server

.PHONY: generate
generate: ## write *_templ.go from *.templ, and the script of the pages from static/js
	$(GO) tool templ generate
	$(GO) test ./static -run Bundle -update

.PHONY: test
test: deps lint verify ## all checks, tests with the race detector, the browser suite
	@$(MAKE) --no-print-directory -j2 -Otarget race-store race
	REHEARSE_TEST_ENGINE=sqlite $(GO) test -vet=off $$($(GO) list ./... | grep -v -e '/torture$$' -e '/store$$' -e '/admin$$' -e '/web$$')
	REHEARSE_TEST_ENGINE=postgres $(GO) test -vet=off ./admin ./practice ./web
	$(GO) test -vet=off -run TestBothEnginesAnswerAlike ./store
	@cd torture && $(GO) test -count=1 -timeout 20m
	@$(MAKE) --no-print-directory e2e

# The store waits for the disk half of its time: the others have the processors meanwhile.
.PHONY: race-store race
race-store:
	$(GO) test -race -vet=off ./store

race:
	REHEARSE_TEST_ENGINE=sqlite $(GO) test -race -vet=off ./admin ./web
	REHEARSE_TEST_ENGINE=sqlite $(GO) test -race -vet=off -run 'While|Equal|Answer|Memory|Background|Score|CatchUp|Merge|Late' ./practice
	REHEARSE_TEST_ENGINE=sqlite $(GO) test -race -vet=off -run 'Watch|Anew|Preview|Stop' ./cmd/server
	$(GO) test -race -vet=off -run 'Pool|ManyAtOnce|TestRun$$|Interrupt' ./sandbox

.PHONY: lint
lint: deps $(TOOLS) ## formatting, vet, staticcheck, generated code, scripts, question banks
	@unformatted="$$($(TOOLS)/gofumpt -l .)"; \
	  if [ -n "$$unformatted" ]; then echo "gofumpt -w would change:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(TOOLS)/staticcheck ./...
	$(GO) tool templ generate -check -log-level warn
	@for script in $(SCRIPTS); do \
	  node --check --input-type=module - < "$$script" || { echo "$$script: does not parse"; exit 1; }; \
	done
	$(GO) run ./cmd/server lint
	$(GO) run ./cmd/server fmt --check

# The key of every question that ships is executed on all supported lines of Node, which come as packages for Linux on
# x64. Elsewhere the node on PATH has to do, and questions that name other lines are not verified.
.PHONY: verify
ifeq ($(shell uname -sm),Linux x86_64)
verify: deps $(NODE_LINES) ## execute the keys of the questions that ship
	$(GO) run ./cmd/server verify --all --strict --node "$$(ls tools/node/node_modules/*/bin/node | paste -sd, -)" content
else
verify: deps ## execute the keys of the questions that ship
	@echo "the supported lines of Node are packaged for Linux on x64: keys are executed with the node on PATH alone"
	$(GO) run ./cmd/server verify --all content
endif

.PHONY: e2e
e2e: deps build $(NODE_DEPS) ## journeys, accessibility and page weight in Chromium
	@cd e2e && node run.js

.PHONY: e2e-all
e2e-all: ## the browser suite in all widths and themes, zoomed, and in German
	@E2E=all $(MAKE) --no-print-directory e2e

.PHONY: lighthouse
lighthouse: build $(NODE_DEPS) $(LIGHTHOUSE) ## Lighthouse on the main pages, as a phone
	@cd tools/lighthouse && node run.js

.PHONY: torture
torture: ## the long form of the torture tests: hours, root and /dev/fuse
	cd torture && TORTURE=long $(GO) test -count=1 -timeout 24h

.PHONY: bench
bench: bench-programs ## the program against its yardsticks, one table: ten minutes, a machine that does nothing else
	bench/out/bench -node "$(BENCH_NODE)"

.PHONY: bench-short
bench-short: bench-programs ## the same in two minutes: pages, answers, growth
	bench/out/bench -short -node "$(BENCH_NODE)"

# What is compared with needs Node 22 or later; on Linux x64 the one that comes as a package is taken.
BENCH_NODE = $(or $(wildcard $(CURDIR)/tools/node/node_modules/node24/bin/node),node)

.PHONY: bench-programs
bench-programs: build $(BENCH_EXPRESS)
	mkdir -p bench/out
	cp bin/rehearse bench/out/rehearse
	$(GO) build -o bench/out/ ./bench ./bench/raw ./bench/record
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w -X rehearse/store.synchronous=NORMAL" -o bench/out/normal ./cmd/server
	$(CC) -O2 -Wall -o bench/out/replay bench/c/replay.c -lsqlite3

.PHONY: bench-go
bench-go: ## Go benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: science
science: ## what the measurement of skill is worth: the simulations of docs/science.md, minutes
	SCIENCE=full $(GO) test -count=1 -timeout 1h -v -run Science -bench 'Next|Result|Calibration' ./assess ./progress

.PHONY: deps
deps: ## install what the tests need, or say what is missing
	@tools/deps

# Its own module, so that what the tools need stays out of the server's go.mod.
$(TOOLS): tools/go.mod tools/go.sum
	$(GO) build -C tools -o ../$(TOOLS)/ tool
	@touch $(TOOLS)

$(NODE_DEPS): e2e/package.json e2e/package-lock.json
	cd e2e && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(LIGHTHOUSE): tools/lighthouse/package.json tools/lighthouse/package-lock.json
	cd tools/lighthouse && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(BENCH_EXPRESS): bench/express/package.json bench/express/package-lock.json
	cd bench/express && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(NODE_LINES): tools/node/package.json tools/node/package-lock.json
	cd tools/node && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
