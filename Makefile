# Everything a person or a pipeline asks of this repository. `make help` lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GOLANGCI_VERSION := v2.6.2
GOVULNCHECK_VERSION := v1.3.0
BIN := $(CURDIR)/.cache/bin
GOLANGCI := $(BIN)/golangci-lint-$(GOLANGCI_VERSION)
GOVULNCHECK := $(BIN)/govulncheck-$(GOVULNCHECK_VERSION)
UI := web/ui
CHROMIUM ?= $(shell command -v chromium)
# Expanded where it is used, because a goal before may install it.
POSTGRES = $(shell ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null || command -v postgres)
TELEPHONES = $(and $(shell command -v sipp),$(shell command -v baresip),$(wildcard /usr/sbin/kamailio),$(wildcard /usr/lib/*/kamailio/modules/tls.so))

# The race detector needs four times the memory and twice the time. Packages that
# link Microsoft's SDK go without: they have little concurrency of their own.
SDK_PACKAGES := teamsbridge/graph/msgraph teamsbridge/cmd/teamsbridge

# Go gives the tests of a package ten minutes, which a slow machine that runs
# others beside them may need for what takes two.
TIMEOUT := -timeout 30m

# SQLite is C that was translated: its memory lies outside of Go's heap, where the
# race detector sees nothing and only doubles the time. Only this package goes
# without: one that calls sync.Map, as its neighbours do, would bring a copy of it
# that the detector cannot see into, and whichever copy is linked serves everybody.
RACE := -race '-gcflags=modernc.org/sqlite/lib=-race=false'

.PHONY: help
help: ## list what can be made
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.PHONY: demo
demo: ## run the service in a simulated world (no tenant, no telephones)
	go run ./cmd/teamsbridge demo

.PHONY: build
build: ## build the binary
	go build -o teamsbridge ./cmd/teamsbridge

.PHONY: ui
ui: node-modules ## build the page into web/ui/dist
	cd $(UI) && npm run build

.PHONY: test
test: browser postgres telephones ui-test ui-e2e go-test interop ## run all tests

.PHONY: interop
interop: ## sign in at an OpenID provider that others wrote; a module of its own
	cd sso/interop && go vet ./... && go test ./...

.PHONY: go-test
go-test: ## run the Go tests
	go vet ./...
	@[ -n "$(POSTGRES)" ] || echo "NOT RUN: the tests of PostgreSQL (install the package postgresql)"
	@[ -n "$(TELEPHONES)" ] || echo "NOT RUN: real calls with telephones that others wrote (install the packages $(TELEPHONE_PACKAGES))"
	$(if $(POSTGRES),,TEAMSBRIDGE_WITHOUT_POSTGRES=1) $(if $(TELEPHONES),,TEAMSBRIDGE_WITHOUT_TELEPHONES=1) go test $(RACE) $(TIMEOUT) -shuffle=on $$(go list ./... | grep -vxF $(foreach p,$(SDK_PACKAGES),-e $(p)))
	$(if $(POSTGRES),,TEAMSBRIDGE_WITHOUT_POSTGRES=1) go test $(TIMEOUT) -shuffle=on $(SDK_PACKAGES)
	@echo "100,000 random histories of a call:"
	go test ./consult $(TIMEOUT) -run TestWhateverHappensTheRulesHold -v -rapid.checks=100000 -rapid.seed=$$(( RANDOM * 32768 + RANDOM + 1 ))

.PHONY: ui-test
ui-test: ## type-check and test the page (needs Node)
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node-modules && cd $(UI) && npm run typecheck && npm run test; \
	else echo "NOT RUN: the page's own tests need Node 20.19 or later (npm is missing)"; fi

.PHONY: ui-e2e
ui-e2e: ## drive the page in Chromium against the real binary (needs Node and Chromium)
	@if ! command -v npm >/dev/null; then echo "NOT RUN: the browser tests need Node 20.19 or later (npm is missing)"; \
	elif [ ! -x "$(CHROMIUM)" ]; then echo "NOT RUN: the browser tests need Chromium (install the package chromium, or name one by CHROMIUM=…)"; \
	else $(MAKE) --no-print-directory node-modules && cd $(UI) && CHROMIUM="$(CHROMIUM)" npm run e2e; fi

.PHONY: node-modules
node-modules: $(UI)/node_modules/.package-lock.json

$(UI)/node_modules/.package-lock.json: $(UI)/package-lock.json
	cd $(UI) && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund

# $(call install,PACKAGES,PRESENT,WHAT NEEDS THEM): installs Debian packages as
# root or with sudo that asks for no password; elsewhere says what is not run.
define install
@if [ -n "$(2)" ]; then :; \
elif command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then \
  $$([ "$$(id -u)" = 0 ] || echo sudo -n) .ci/install $(1) || echo "NOT RUN: $(3) ($(1) could not be installed)"; \
else echo "NOT RUN: $(3) (install $(1))"; fi
endef

.PHONY: browser
browser: ## install Chromium for the browser tests where that is possible (Debian)
	$(call install,chromium,$(CHROMIUM),the browser tests need Chromium)

.PHONY: postgres
postgres: ## install PostgreSQL for the tests of its store where that is possible (Debian)
	$(call install,postgresql,$(POSTGRES),the tests of the PostgreSQL store need its server)

TELEPHONE_PACKAGES := sip-tester baresip kamailio kamailio-tls-modules

.PHONY: telephones
telephones: ## install telephones that others wrote, for the tests of real calls, where that is possible (Debian)
	$(call install,$(TELEPHONE_PACKAGES),$(TELEPHONES),the tests of real calls need telephones)

.PHONY: check
check: lint vuln test ## everything that must be green before a change is pushed

.PHONY: lint
lint: fmt-check tidy-check generated-check lint-go lint-ui ## all checks that run nothing

.PHONY: fmt-check
fmt-check:
	@out="$$(git ls-files -z '*.go' | xargs -0 gofmt -l)"; if [ -n "$$out" ]; then echo "not formatted by gofmt:"; echo "$$out"; exit 1; fi

.PHONY: tidy-check
tidy-check:
	go mod tidy -diff

.PHONY: lint-go
lint-go: $(GOLANGCI)
	go vet ./...
	$(GOLANGCI) run --allow-parallel-runners ./...

$(GOLANGCI):
	mkdir -p $(BIN)
	GOBIN=$(BIN) GOFLAGS=-mod=mod go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	mv $(BIN)/golangci-lint $@

.PHONY: vuln
vuln: ## look for known weaknesses in what the binary links (needs vuln.go.dev)
	@if ! curl -fsS -m 10 -o /dev/null https://vuln.go.dev/index/db.json 2>/dev/null; then \
	  echo "NOT RUN: looking for known weaknesses needs the database at vuln.go.dev"; \
	else $(MAKE) --no-print-directory $(GOVULNCHECK) && $(GOVULNCHECK) ./...; fi

$(GOVULNCHECK):
	mkdir -p $(BIN)
	GOBIN=$(BIN) GOFLAGS=-mod=mod go install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)
	mv $(BIN)/govulncheck $@

.PHONY: lint-ui
lint-ui: ## lint the page (needs Node)
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node-modules && cd $(UI) && npm run lint; \
	else echo "NOT RUN: linting the page needs Node"; fi

# Golden files are compared by ordinary tests (docs/states.md, web/testdata/openapi.json);
# what is left is the page: its types and its dist must be what their sources give.
.PHONY: generated-check
generated-check: ## check that committed generated files are what their sources give
	@if ! command -v npm >/dev/null; then echo "NOT RUN: comparing web/ui/dist with its sources needs Node"; exit 0; fi; \
	$(MAKE) --no-print-directory node-modules; kept="$$(mktemp -d)"; trap 'rm -rf "$$kept"' EXIT; \
	(cd $(UI) && npm run --silent types -- --check) || { echo "web/ui/src/api/openapi.d.ts is not what web/testdata/openapi.json gives: run make update"; exit 1; }; \
	cp -a $(UI)/dist "$$kept/dist"; (cd $(UI) && npm run build >"$$kept/log" 2>&1) || { cat "$$kept/log"; exit 1; }; \
	diff -rq "$$kept/dist" $(UI)/dist || { echo "web/ui/dist is not what its sources give: commit the result of make ui"; exit 1; }

.PHONY: update
update: ## rewrite golden files from what the code gives now
	go test ./consult ./consult/sip/sdp ./web ./cmd/teamsbridge ./configs/teamsapp ./graph/msgraph ./sso/entraplan -update
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node-modules && cd $(UI) && npm run types; \
	else echo "NOT RUN: the page's types (npm is missing)"; fi

.PHONY: bench
bench: node-modules ## print this machine's figures beside rivals and limits of the same run
	go run ./internal/bench

.PHONY: soak
soak: ## many kills and every power cut (make test tries some)
	go test -count=1 -v -timeout 60m -run Killed ./internal/crash -kills $(or $(KILLS),100)
	go test -count=1 -v -timeout 60m -run PowerCut ./store/sqlite -cuts 0

.PHONY: fuzz
fuzz: ## fuzz every parser for a short while
	@for target in $$(grep -rlE '^func Fuzz' --include='*_test.go' . | grep -v node_modules); do \
	  for name in $$(grep -oE '^func Fuzz[A-Za-z0-9_]*' $$target | sed 's/func //'); do \
	    echo "== $$name ($$(dirname $$target))"; go test -run '^$$' -fuzz "^$$name\$$" -fuzztime 20s -fuzzminimizetime 1s "$$(dirname $$target)"; \
	  done; done
