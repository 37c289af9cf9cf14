# The targets a person uses; `make help` lists them.
GO ?= go
SHELL := /bin/sh

.PHONY: help demo test check fmt generate fuzz bench build

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

build: ## build the one binary
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w' -o linli ./cmd/linli

demo: ## run the invented district
	$(GO) run ./cmd/linli demo

test: ## run every test on SQLite and PostgreSQL, pages in a real browser; installs nothing, says what is missing
	@scripts/need
	scripts/with-postgres $(GO) test -timeout 50m ./...

check: ## generated files, format, vet, lint, modules, known vulnerabilities
	scripts/check

fmt: ## format Go and templ files
	gofmt -w $$(git ls-files -co --exclude-standard '*.go' | grep -v '_templ\.go$$')
	$(GO) tool templ fmt internal

generate: ## make the generated files again
	$(GO) tool templ generate -path .
	$(GO) run ./internal/api/genclient

fuzz: ## run every fuzz target for FUZZTIME (1m)
	scripts/fuzz $${FUZZTIME:-1m}

bench: build ## measure speed; figures belong into docs/performance.md
	LINLI_TEST_POSTGRES_FSYNC=on scripts/with-postgres ./linli bench
