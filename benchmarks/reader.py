"""Everything that a reader is judged by, in one run: beside ordinary baselines, with 95 % intervals.

Run: ``python benchmarks/reader.py [--data DIR] [--stance] [--model DIR] [--against DIR or JSON] [--json FILE]``. DIR holds public data that
is not in this repository: ``tone/dev.jsonl``, ``goemotions/train.jsonl`` and ``stance/*/{train,dev}.jsonl``; what is absent is skipped, and
said so. All else is the corpus's test split and ``data/behaviour``: nothing may be chosen by what this prints. ``--against`` sets another
model beside it: its folder, or, where this misread cannot load it, what ``--json`` wrote when it was measured by its own.
Intervals: bootstrap over events (texts in transfer and features, groups in stance sets); Wilson's for the behaviour cases.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import features
import stance
import transfer
from rivals import RIVALS, SEED, SIDED, Answers, Asked, of_rival, rates, stances_of

from misread import load_model, score
from misread.corpus.read import Corpus, read_corpus
from misread.errors import InputError, MisreadError, Problem
from misread.model.bundle import Model
from misread.model.verdict import p_misread
from misread.training import metrics
from misread.training.behaviour import read_cases
from misread.training.evaluate import in_family, indirect_decisive
from misread.training.metrics import Estimate, estimate
from misread.training.pairs import read_pairs

REPOSITORY = Path(__file__).resolve().parent.parent
OURS = "misread"
ABOUT = """Rivals learn from the corpus's train and calibrate splits, of evidence from the items of its clips alone (misread has single
statements beside them), for transfer from GoEmotions. VADER learns nothing, and its p is (1 - compound) / 2. They read a clip as one text,
the crowd from all but the evidence, and rank items by stance times relevance. Indirect: of relevance 3, without a word that says it."""
Floats = np.ndarray


def of_model(model: Model, asked: Asked) -> Answers:
    verdicts = [score(model, clip) for clip in asked.clips]
    ranked = [{r.evidence_id: r for r in v.evidence} for v in verdicts]
    found = [ranked[i][e.evidence_id] for i, e in asked.items]
    return Answers(
        verdict=np.array([v.p_conflict for v in verdicts]),
        stance=np.array([r.p_stance["conflict"] - r.p_stance["friendly"] for r in found]),
        crowd=np.array([v.p_conflict_crowd for v in verdicts]),
        caption=np.array([score(model, clip).p_conflict for clip in asked.telling]),
        relevance=np.array([r.relevance for r in found]),
        effect=np.array([r.effect for r in found]),
        passed=rates(asked.cases, lambda clips: [score(model, clip) for clip in clips]),
    )


def keyed(answers: Answers, asked: Asked) -> dict[str, dict[str, float]]:
    """The answers that differences are taken of, by clip and by item."""
    items = [f"{asked.clips[i].clip_id}/{e.evidence_id}" for i, e in asked.items]
    clips = [c.clip_id for c in asked.clips]
    return {"verdict": dict(zip(clips, answers.verdict, strict=True)), "stance": dict(zip(items, answers.stance, strict=True))}


def written(path: Path, asked: Asked) -> Answers:
    """Another model's answers, as an earlier run wrote them down."""
    order = keyed(Answers(np.zeros(len(asked.clips)), np.zeros(len(asked.items))), asked)
    try:
        known = json.loads(path.read_bytes())["answers"]
        return Answers(*(np.array([known[what][name] for name in order[what]]) for what in ("verdict", "stance")))
    except (ValueError, KeyError, TypeError) as err:
        cure = "name a model folder, or what --json wrote on the same test split"
        raise InputError(Problem(f"no answers to what is asked: {err}", file=str(path), cure=cure)) from err


def ndcg(answers: Answers, asked: Asked) -> Floats | None:
    """NDCG@5 of the evidence that supports the truth, in the order of support for the reader's own verdict, by clip."""
    if answers.effect is None:
        return None
    rows: list[list[tuple[float, float]]] = [[] for _ in asked.clips]
    for (i, e), effect in zip(asked.items, answers.effect, strict=True):
        gain = float(e.relevance or 0) if e.stance == asked.clips[i].label else 0.0
        rows[i].append((-effect if answers.verdict[i] >= 0.5 else effect, gain))
    return np.array([metrics.ndcg([gain for _, gain in sorted(row, key=lambda pair: pair[0])], 5) for row in rows])


class Table:
    """Prints rows as they come, a column a reader, and keeps them for JSON."""

    def __init__(self, readers: Sequence[str], n_draws: int) -> None:
        self.readers, self.n_draws, self.rows, self.skipped, self.section = readers, n_draws, [], [], ""

    def head(self, section: str) -> None:
        self.section = section
        print(f"\n{section:<40}{'n':>6}" + "".join(f"  {name:<23}" for name in self.readers).rstrip())

    def skip(self, why: str) -> None:
        self.skipped.append(why)
        print(f"skipped: {why}", flush=True)

    def put(self, name: str, found: dict[str, Estimate], spec: str = ".3f") -> None:
        cells = [f"{e.value:{spec}} [{e.low:{spec}}, {e.high:{spec}}]" if (e := found.get(r)) else "–" for r in self.readers]
        n = max(e.n for e in found.values())
        print(f"{name:<40}{n:>6}" + "".join(f"  {cell:<23}" for cell in cells).rstrip(), flush=True)
        plain = {r: {k: None if v != v else round(v, 6) for k, v in asdict(e).items()} for r, e in found.items()}
        self.rows.append({"section": self.section, "name": name, "n": n, "readers": plain})

    def measure(
        self,
        name: str,
        figure: Callable[[Floats, Floats], float],
        values: dict[str, Floats | None],
        y: Floats,
        events: Floats,
        mask: Floats | None = None,
        beside: str = "",
    ) -> None:
        """A figure of each reader on the rows of a mask; or, with ``beside``, by how much that reader's is above the others'."""
        rows = np.flatnonzero(np.ones(len(y), bool) if mask is None else mask)
        if not len(rows):
            return self.skip(f"{name}, as the corpus has none")
        known = {reader: value[rows] for reader, value in values.items() if value is not None}
        ours, truth, of = known.pop(beside, None), y[rows], events[rows]

        def drawn(at: Floats, value: Floats) -> float:
            one = figure(value[at], truth[at])
            return one if ours is None else figure(ours[at], truth[at]) - one

        found = {reader: estimate(lambda at, v=v: drawn(at, v), of, SEED, self.n_draws) for reader, v in known.items()}
        return self.put(name, found, "+.3f" if beside else ".3f")


def evidence(table: Table, asked: Asked, answers: dict[str, Answers]) -> None:
    table.head("Evidence, test split")
    events = np.array([asked.clips[i].event for i, _ in asked.items])
    bears = np.array([e.relevance >= 2 for _, e in asked.items])
    sided = bears & np.array([e.stance in SIDED for _, e in asked.items])
    indirect = np.array([indirect_decisive(asked.clips[i], e) for i, e in asked.items])
    hard = np.array([in_family(asked.clips[i]) for i, _ in asked.items])
    y = np.array([float(e.stance == SIDED[0]) for _, e in asked.items])
    stances = {name: a.stance for name, a in answers.items()}
    for where, mask in (("all", sided), ("indirect decisive items", sided & indirect), ("in families", sided & hard)):
        table.measure(f"stance AUROC, {where}", metrics.auroc, stances, y, events, mask)
    table.measure("stance AUROC, misread minus", metrics.auroc, stances, y, events, sided, OURS)
    table.measure("relevance AUROC", metrics.auroc, {n: a.relevance for n, a in answers.items()}, bears.astype(float), events)
    gained = {name: ndcg(a, asked) for name, a in answers.items()}
    kept = ~np.isnan(gained[OURS])
    of = np.array([c.event for c in asked.clips])
    table.measure("NDCG@5", lambda v, _: float(v.mean()), gained, np.zeros(len(of)), of, kept)


def verdicts(table: Table, asked: Asked, answers: dict[str, Answers]) -> None:
    table.head("Verdict, test split")
    figures = {"accuracy": metrics.accuracy, "Brier": metrics.brier, "log loss": metrics.log_loss}
    events = np.array([c.event for c in asked.clips])
    y = np.array([float(c.label == SIDED[0]) for c in asked.clips])
    first = np.array([float(c.first_impression == SIDED[0]) for c in asked.clips])
    known = np.array([c.first_impression is not None for c in asked.clips])
    said = {name: a.verdict for name, a in answers.items()}
    for where, mask in (("all", None), ("crowd wrong", known & (first != y)), ("crowd right", known & (first == y))):
        for name, figure in figures.items():
            table.measure(f"{name}, {where}", figure, said, y, events, mask)
    table.measure("Brier, all, misread minus", metrics.brier, said, y, events, None, OURS)
    of, told = np.array([c.event for c in asked.telling]), np.array([float(c.label == SIDED[0]) for c in asked.telling])
    for name, figure in figures.items():
        table.measure(f"{name}, caption alone where it tells", figure, {n: a.caption for n, a in answers.items()}, told, of)
    table.measure("Brier, crowd's reading", metrics.brier, {n: a.crowd for n, a in answers.items()}, first, events, known)
    misread = {n: None if a.crowd is None else p_misread(a.verdict, a.crowd) for n, a in answers.items()}
    table.measure("Brier, p_misread", metrics.brier, misread, (first != y).astype(float), events, known)


def behaviour(table: Table, answers: dict[str, Answers]) -> None:
    table.head("Behaviour cases passed")
    for name in sorted(answers[OURS].passed):
        counts = {reader: a.passed[name] for reader, a in answers.items() if a.passed}
        found = {reader: (k / n, binomtest(k, n).proportion_ci(method="wilson"), n) for reader, (k, n) in counts.items()}
        table.put(name, {reader: Estimate(share, ci.low, ci.high, n) for reader, (share, ci, n) in found.items()})


def transfers(table: Table, data: Path | None, models: dict[str, Model]) -> None:
    table.head("Transfer: AUROC of a caption alone")
    tone, train = (data / "tone" / "dev.jsonl", data / "goemotions" / "train.jsonl") if data else (None, None)
    if tone is None or not tone.is_file():
        return table.skip(f"transfer, as there is no {tone}" if tone else "transfer, as --data is not given")
    if not train.is_file():
        table.skip(f"rivals that learn for transfer, as there is no {train}")
    readers = {name: transfer.of_model(model) for name, model in models.items()}
    for task, found in transfer.measure(tone, readers | transfer.of_rivals(train if train.is_file() else None), table.n_draws):
        table.put(task, found)
    return None


def stances(table: Table, data: Path | None) -> None:
    table.head("Stance sets: macro-F1, cross-validated")
    folders = sorted((data / "stance").glob("*/")) if data else []
    if not folders:
        table.skip(f"stance sets, as there is no {data / 'stance'}" if data else "stance sets, as --data is not given")
    for folder in folders:  # a file of any other name may be a test split that is held back
        files = [file for file in (folder / "train.jsonl", folder / "dev.jsonl") if file.is_file()]
        if files:
            pairs = read_pairs(files)
            found = {OURS: stance.run(pairs, None)}
            # a word list knows nothing of a target
            found |= {name: stances_of(pairs, teach) for name, teach in RIVALS.items() if name != "VADER"}
            table.put(folder.name, {name: Estimate(f["macro_f1"], *f["interval"], f["n"]) for name, f in found.items()})


def sizes(table: Table, corpus: Corpus) -> None:
    table.head("Features a text")
    found = features.measure(corpus, table.n_draws)
    for name, figure in found.items():
        table.put(name, {OURS: figure}, ".2f")
    if len(found) == 1:
        table.skip(f"features of the first reader, as there is no git history with {features.FIRST}")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--stance", action="store_true", help="the stance sets too, some minutes")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--against", type=Path, metavar="DIR or JSON")
    parser.add_argument("--corpus", type=Path, default=REPOSITORY / "data" / "corpus")
    parser.add_argument("--behaviour", type=Path, default=REPOSITORY / "data" / "behaviour")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def run(given: argparse.Namespace) -> None:
    models = {OURS: load_model(given.model)}
    if given.against and given.against.is_dir():
        models["against"] = load_model(given.against)
    corpus = read_corpus([given.corpus])
    asked = Asked([c for c in corpus.split("test") if c.label], read_cases(given.behaviour))
    answers = {name: of_model(model, asked) for name, model in models.items()}
    if given.against and "against" not in models:
        answers["against"] = written(given.against, asked)
    train = [c for split in ("train", "calibrate") for c in corpus.split(split) if c.label]
    answers |= {name: of_rival(teach, train, asked) for name, teach in RIVALS.items()}
    table = Table(list(answers), given.draws)
    print(f"{models[OURS].meta.model_id}, corpus {corpus.sha256[:12]}, seed {SEED}, {given.draws} draws; against: {given.against or '–'}")
    if "fastText" not in RIVALS:
        table.skip("fastText, as it is not installed: pip install '.[bench]'")
    transfers(table, given.data, models)
    evidence(table, asked, answers)
    verdicts(table, asked, answers)
    behaviour(table, answers)
    if given.stance:
        stances(table, given.data)
    sizes(table, corpus)
    print(f"\n{ABOUT}")
    if given.json:
        about = {"model_id": models[OURS].meta.model_id, "corpus_sha256": corpus.sha256, "seed": SEED, "n_draws": given.draws}
        found = about | {"rows": table.rows, "skipped": table.skipped, "about": ABOUT, "answers": keyed(answers[OURS], asked)}
        given.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    given = options()
    try:
        run(given)
    except (MisreadError, OSError) as err:
        print(f"reader.py: {err}", file=sys.stderr)
        raise SystemExit(2) from err


if __name__ == "__main__":
    main()
