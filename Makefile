# `make test` is everything that CI runs. `make` alone lists the targets.

GO        ?= go
TOOLS     := bin/tools
NODE_DEPS := e2e/node_modules/.package-lock.json
SCRIPTS    = $(wildcard static/js/*.js e2e/*.js e2e/*/*.js)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## one static binary: bin/rehearse
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o bin/rehearse ./cmd/server

.PHONY: run
run: ## serve on http://localhost:8080 with data/rehearse.db
	$(GO) run ./cmd/server

.PHONY: generate
generate: ## write *_templ.go from *.templ
	$(GO) tool templ generate

.PHONY: test
test: deps lint ## all checks, tests with the race detector, the browser suite
	$(GO) test -race -vet=off ./...
	$(GO) test -vet=off -run LiveEqualsRebuilt ./practice
	$(GO) test -vet=off -run TestBothEnginesAnswerAlike ./store
	@$(MAKE) --no-print-directory e2e

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

.PHONY: e2e
e2e: deps build $(NODE_DEPS) ## journeys, accessibility and page weight in Chromium
	@cd e2e && node run.js

.PHONY: bench
bench: ## Go benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...

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
