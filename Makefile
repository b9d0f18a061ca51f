# Leeway: `make help` lists the targets.
GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty --abbrev=10 2>/dev/null || echo dev)
COMMIT  ?= $(shell git rev-parse --short=10 HEAD 2>/dev/null || echo unknown)
LDFLAGS  = -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)

.DEFAULT_GOAL := help
.PHONY: help build test race e2e bench golden golden-check calibrate estimates fuzz generate terraform lint sizes package-aws e2e-aws e2e-terraform e2e-selfhosted demo clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/leeway
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "$(LDFLAGS)" -o bin/leeway ./functions/local

test: ## run every test that needs no network (Go alone)
	$(GO) test -timeout 60m ./...

race: ## run the tests of what runs at once under the race detector (needs a C compiler)
	scripts/race.sh

e2e: build ## drive the real binary, a real browser and real servers
	scripts/e2e/run.sh

e2e-aws: build ## drop files into a real bucket of an emulated AWS, with the real function behind it
	scripts/e2e/aws.sh
	scripts/e2e/moto.sh

e2e-selfhosted: build ## the same function on a self-hosted S3, versitygw (VERSITYGW names it; built once otherwise, some minutes)
	scripts/e2e/versitygw.sh

e2e-terraform: ## run the workflow that Terraform makes, and with TF_PLUGIN_DIR apply the module, in an emulated AWS
	scripts/e2e/terraform.sh

bench: build ## time leeway and whatever peers are installed, as ratios
	scripts/bench/run.sh

golden: ## recompute the reference values with SciPy and others (needs Python and a package index)
	scripts/golden/run.sh

golden-check: ## compare with all stored reference values (Go alone)
	scripts/golden/check.sh

calibrate: ## write docs/calibration.md of docs/calibration.json, simulating what it lacks, and run the long tests (hours)
	$(GO) run ./scripts/calibrate
	LEEWAY_CALIBRATE=1 $(GO) test -run Calibrat -timeout 90m ./core/policy ./core/stat ./scripts/calibrate

estimates: build ## write docs/estimates.md: estimates without labels against the truth, beside NannyML's (needs Python and data)
	scripts/estimates/run.sh

FUZZTIME ?= 30s
fuzz: ## fuzz every parser and decoder for FUZZTIME each
	scripts/fuzz.sh $(FUZZTIME)

generate: ## regenerate what is made from tables (docs/{causes,config,cost,glossary,metrics}.md, terraform/aws/generated and its README)
	$(GO) run ./scripts/gen

terraform: ## format, validate and test the Terraform modules and plan their examples (no account)
	scripts/terraform.sh

lint: ## gofmt, vet, staticcheck, purity of the core, known vulnerabilities
	scripts/lint.sh

sizes: build ## report the sizes of binary and packages
	scripts/sizes.sh

package-aws: ## build dist/leeway-aws-{arm64,amd64}.zip, with checksums and bills of materials
	LEEWAY_VERSION=$(VERSION) LEEWAY_COMMIT=$(COMMIT) scripts/package.sh aws

demo: build ## process a generated month and serve it until Ctrl-C (make ends with 130 then, bin/leeway demo with 0)
	bin/leeway demo

clean: ## remove what was built
	rm -rf bin dist .cache
