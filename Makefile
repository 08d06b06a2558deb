# The verbs of this repository. `make` prints them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help up demo doctor test gen lint check contract bench clean fmt vet arch gen-diff modules ts bin/updspace

GOLANGCI_LINT := bin/golangci-lint-v2.15.0
OASDIFF := bin/oasdiff-v1.36.0

help: ## Print this
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

up: bin/updspace ## Run the whole platform, data and all; Ctrl-C stops it
	@exec $< up

demo: bin/updspace ## Walk the journey of a member over HTTP, against a running platform
	@exec $< demo

doctor: bin/updspace ## Say what this machine has, lacks, and has in use
	@exec $< doctor

test: bin/updspace ## Run every test of every module; starts what they need
	@exec $< stack -- tools/test.sh

gen: api/ts/node_modules ## Regenerate Go and TypeScript from api/openapi
	@go -C tools run ./gen && npm --prefix api/ts run --silent gen

lint: $(GOLANGCI_LINT) api/ts/node_modules ## Lint the code and the specs
	@$(GOLANGCI_LINT) run $$(go list -m -f '{{.Dir}}/...') && npm --prefix api/ts run --silent lint

check: fmt vet lint gen-diff ts arch modules contract ## Everything CI checks besides the tests

contract: $(OASDIFF) ## Fail on a breaking change of a spec since the last release
	@OASDIFF=$(OASDIFF) tools/contract/breaking.sh

bench: ## Measure the platform beside its floors
	@go run ./tools/bench

clean: bin/updspace ## Forget the development data and the built tools
	@$< clean && rm -rf bin api/ts/node_modules api/ts/.build

# Parts of check.

fmt:
	@out=$$(gofmt -l $$(go list -m -f '{{.Dir}}')) && [ -z "$$out" ] || { echo "gofmt these: $$out"; exit 1; }

vet:
	@go vet $$(go list -m -f '{{.Dir}}/...')

arch: # The rules of the house
	@go test -count=1 ./tools/arch

gen-diff: api/ts/node_modules # Generated code is what the specs say
	@tools/gen/diff.sh

modules: # Every module builds alone, and its go.mod says exactly what it needs
	@tools/modules.sh

ts: api/ts/node_modules
	@npm --prefix api/ts run --silent check && npm --prefix api/ts run --silent test

# Built and not `go run`, which reports a failure after every Ctrl-C. The go command knows best whether anything changed.
bin/updspace:
	@[ -x $@ ] || echo "Building the platform. The first time takes some minutes."
	@go build -buildvcs=false -o $@ ./tools/cmd/updspace

# Tools, installed once per version.

$(GOLANGCI_LINT):
	tools/install.sh github.com/golangci/golangci-lint/v2/cmd/golangci-lint $@

$(OASDIFF):
	tools/install.sh github.com/oasdiff/oasdiff $@

api/ts/node_modules: api/ts/package-lock.json
	npm --prefix api/ts ci --no-audit --no-fund --silent && touch $@
