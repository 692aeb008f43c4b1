# The project's tasks. `make help` lists them.
GO   := CGO_ENABLED=0 go
TOOL := CGO_ENABLED=0 go tool -modfile=tools/go.mod

.DEFAULT_GOAL := all
.PHONY: all help check fmt lint test race foreign gen gen-diff tidy-diff fix-diff deadcode apidiff fuzz bench cover demo build size canary

all: fmt lint test ## format, lint, test

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

check: tidy-diff gen-diff fix-diff lint deadcode race foreign canary size apidiff ## exactly what CI runs after the tests

fmt: ## format the files
	$(TOOL) golangci-lint fmt ./...

lint: ## golangci-lint
	$(TOOL) golangci-lint run ./...

test: ## the tests
	$(GO) test ./...

race: ## the tests under the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race ./...

foreign: ## clients of others, whose modules only bench/ needs, on the emulator
	cd bench && $(GO) test -run 'WorksWithTheEmulator$$|^TestGuide' ./...

canary: ## fail if a test prints a token, a code or another secret
	@$(GO) test -json -tags canary ./... 2>&1 | $(GO) run ./internal/canary/cmd

gen: ## regenerate from spec/; twice gives no diff
	$(GO) run ./internal/gen/cmd

gen-diff:
	$(GO) run ./internal/gen/cmd -check

tidy-diff:
	$(GO) mod tidy -diff
	cd bench && $(GO) mod tidy -diff

fix-diff:
	$(GO) fix -diff ./...

deadcode: ## list functions that no program and no test can reach
	@out=$$($(TOOL) deadcode -test ./... | grep -v '_gen\.go' || true); \
	if [ -n "$$out" ]; then echo "$$out"; exit 1; fi

apidiff: ## list incompatible changes since the last tag
	@sh .ci/apidiff

build: ## bin/larkspur, stripped
	$(GO) build -trimpath -ldflags '-s -w -funcalign=16' -o bin/larkspur ./cmd/larkspur

size: build ## fail if the stripped binary is over 32 MB or contains unused methods
	@bytes=$$(wc -c < bin/larkspur); echo "bin/larkspur: $$bytes bytes"; \
	test "$$bytes" -le 32000000
	@sh .ci/reflection ./cmd/larkspur

fuzz: ## 30 s per fuzz target
	@sh .ci/fuzz 30s

bench: ## benchmarks beside other libraries, then those of the program's packages
	cd bench && $(GO) test -run '^$$' -bench . -benchmem ./...
	$(GO) test -run '^$$' -bench . -benchmem ./cmd/larkspur/internal/...

cover: ## coverage per package
	$(GO) test -cover ./...

demo: ## run the example bot on the emulator
	$(GO) run ./cmd/larkspur demo
