# Tasks for people; .ci/run calls the same ones. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help build test race lint rego fuzz bench image container bench-container act ci

help: ## list the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

build: ## the static binary, ./tljh-policy
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o tljh-policy ./cmd/tljh-policy

test: ## all tests
	go test ./...

# Texts made by pure functions, whose many tests are ten times slower with the detector, run without it.
PURE := ./internal/comment ./internal/report/sarif ./policies

race: ## all tests, with the race detector wherever anything runs side by side
	go test -race $$(go list ./... | grep -v -e /internal/comment$$ -e /internal/report/sarif$$ -e /policies$$)
	go test $(PURE)

lint: ## formatting, go vet, static analysis, Rego linter, workflows
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "not formatted: $$unformatted"; exit 1; }
	go vet ./...
	go tool -modfile=tools/lint/go.mod staticcheck ./...
	go tool -modfile=tools/regal/go.mod regal lint policies
	scripts/lint-workflows

rego: ## Rego unit tests with their coverage
	go test -count=1 -v ./policies

fuzz: ## each fuzzer for 20 seconds
	scripts/fuzz 20s

bench: ## Go benchmarks, and the whole command against conftest
	go test -run=- -bench=. -benchmem ./...
	scripts/bench-conftest

image: ## the container image, tljh-policy:dev (needs a Docker engine)
	scripts/builder-image
	docker build --build-arg VERSION=dev --build-arg REVISION=$$(git rev-parse HEAD) -t tljh-policy:dev .

container: image ## the image's tests: run as GitHub's runner runs it, against the tests' own GitHub
	TLJH_POLICY_IMAGE=tljh-policy:dev go test -count=1 -v -skip Act ./internal/containertest

bench-container: image ## from `docker run` to the verdict, against a container of an empty binary
	go run ./tools/benchcontainer -image tljh-policy:dev

act: ## whole workflows, offline (needs a Docker engine)
	scripts/builder-image
	scripts/act-runner-image
	go build -modfile=tools/act/go.mod -o bin/act github.com/nektos/act
	TLJH_POLICY_ACT=$(CURDIR)/bin/act go test -count=1 -v -run Act ./internal/containertest

ci: ## what CI runs
	bash .ci/run
