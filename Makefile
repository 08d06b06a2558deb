# The verbs of this repository. `make` prints them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help up demo doctor test drill gen lint check contract bench mutate new-service clean release baseline migrations vuln licences secrets fmt arch duplicates words gen-diff modules ts built bin/updspace web web-dev web-check browser-tests screens

# Builds hold no paths of this machine, so every checkout shares the build cache.
export GOFLAGS := -trimpath -buildvcs=false $(GOFLAGS)

GOLANGCI_LINT := bin/golangci-lint-v2.15.0
OASDIFF := bin/oasdiff-v1.36.0
GOVULNCHECK := bin/govulncheck-v1.9.0

# Releases are built with this version of Go, whatever the machine has: the standard library is part of every program.
GO_RELEASE := go1.26.10

help: ## Print this
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

up: built ## Run the whole platform, data and all; Ctrl-C stops it
	@exec bin/updspace up

demo: bin/updspace ## Walk the journey of a member over HTTP, against a running platform
	@exec $< demo

doctor: bin/updspace ## Say what this machine has, lacks, and has in use
	@exec $< doctor

test: built ## Run every test of every module; starts what they need
	@exec bin/updspace stack -- tools/test.sh

drill: ## Run the platform as a cluster, kill each of its parts and upgrade it under load, and print what was felt
	@go test -count=1 -v -timeout 20m ./tools/drill -run "Nothing|Hardly"

gen: node_modules ## Regenerate Go and TypeScript from api/openapi, and the reference of settings
	@go -C tools run ./gen && npm --prefix api/ts run --silent gen
	@mkdir -p bin && go run ./tools/cmd/updspace config reference >bin/settings.md && mv bin/settings.md docs/operate/settings.md

lint: $(GOLANGCI_LINT) node_modules ## Lint the code and the specs
	@$(GOLANGCI_LINT) run $$(go list -m -f '{{.Dir}}/...') && npm --prefix api/ts run --silent lint

check: fmt lint gen-diff ts web-check arch duplicates words modules contract migrations vuln licences secrets ## Everything CI checks besides the tests

contract: $(OASDIFF) ## Fail on a breaking change of a spec since the last release
	@OASDIFF=$(OASDIFF) tools/contract/breaking.sh

web: web/dist/.built ## Build the two frontends into web/dist, which the binaries carry

web-dev: node_modules ## Serve web/portal with live reload at http://aef.localhost:5173, against a running platform
	@node web/scripts/messages.mjs && npm --workspace web/portal run --silent dev

browser-tests: web ## Only every page and all journeys in a browser, against a running platform (make up)
	@npx playwright test --config web/e2e/playwright.config.ts $(ARGS)

screens: node_modules ## Take the pictures of the README, of a running platform with fresh demo data
	@npx playwright test --config web/e2e/screens/playwright.config.ts

bench: web ## Measure the platform and its pages beside their baselines
	@go run ./tools/bench

mutate: bin/updspace ## Break the domain and app code in small ways and print which share the tests notice
	@exec $< stack -- go run ./tools/mutate $(ARGS)

new-service: ## Add a service with one resource to the workspace: make new-service NAME=quests
	@go run ./tools/newservice $(NAME)

release: web ## Make what is published of a version, in bin/release: make release VERSION=v0.1.0
	@GO_RELEASE=$(GO_RELEASE) tools/release.sh $(VERSION)

baseline: node_modules ## Record the specs and migrations that a release promises: make baseline VERSION=v0.1.0
	@go run ./tools/baseline record $(VERSION)

clean: bin/updspace ## Forget the development data and the built tools
	@$< clean && rm -rf bin node_modules api/ts/.build web/dist/portal/* web/dist/id/*

# Built when a source is newer than the last build.
web/dist/.built: node_modules $(shell find web api/ts/src -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path '*/src/words/*' -not -name routeTree.gen.ts -not -name '*.go' 2>/dev/null)
	@echo "Building the frontends." && npm run --silent build && touch $@

# All of the platform. The first time, services that hold no frontend compile while the frontends are built.
built:
	@[ -x bin/updspace ] || go build ./access ./portal ./voting ./events & $(MAKE) --no-print-directory web && wait
	@$(MAKE) --no-print-directory bin/updspace

# Parts of check.

fmt:
	@out=$$(gofmt -l $$(go list -m -f '{{.Dir}}')) && [ -z "$$out" ] || { echo "gofmt these: $$out"; exit 1; }

arch: # The rules of the house
	@go test -count=1 ./tools/arch

duplicates: # No code stands in two services
	@go run ./tools/duplicates

words: # Comments, specs and documents name their subject
	@go run ./tools/words

gen-diff: node_modules # Generated code is what the specs say
	@tools/gen/diff.sh

modules: # Every module builds alone, and its go.mod says exactly what it needs
	@tools/modules.sh

web-check: web/dist/.built # Types, lint, format and messages of the frontends
	@npm run --silent types && npm run --silent lint && npx oxfmt --check web && node web/scripts/messages.mjs --check

ts: node_modules
	@npm --prefix api/ts run --silent check && npm --prefix api/ts run --silent test

# Built and not `go run`, which reports a failure after every Ctrl-C. The go command knows best whether anything changed.
bin/updspace:
	@[ -x $@ ] || echo "Building the platform. The first time takes some minutes."
	@go build -o $@ ./tools/cmd/updspace

migrations: node_modules # Released migrations stay, and instances of the last release run on what new ones make
	@go run ./tools/baseline check

vuln: $(GOVULNCHECK) # No known vulnerability can be reached from our code
	@GO_RELEASE=$(GO_RELEASE) GOVULNCHECK=$(CURDIR)/$(GOVULNCHECK) tools/vuln.sh

licences: node_modules # What we ship is under licences of the list
	@go run ./tools/licences

secrets: node_modules # No file of the repository holds a credential
	@git ls-files -z | xargs -0 node_modules/.bin/secretlint --no-color --secretlintrc .secretlintrc.yml --secretlintignore .secretlintignore

# Tools, installed once per version.

$(GOLANGCI_LINT):
	tools/install.sh github.com/golangci/golangci-lint/v2/cmd/golangci-lint $@

$(GOVULNCHECK):
	tools/install.sh golang.org/x/vuln/cmd/govulncheck $@

$(OASDIFF):
	tools/install.sh github.com/oasdiff/oasdiff $@

# npm downloads no browser: tests use $CHROMIUM or /usr/bin/chromium; `make test` finds or fetches one (tools/devkit/devstack).
node_modules: package-lock.json
	PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --silent && touch $@
