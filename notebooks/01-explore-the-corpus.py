# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Explore the corpus
#
# What a labelled corpus is made of, what a verdict on one of its clips looks like, and how the readings of the test split lie.
# Everything here is a call into the package; point `CORPUS` at your own labelled files to look at those.

# %% tags=["parameters"]
CORPUS = "../data/corpus"
N_CLIPS = None  # a number reads only so many clips of the test split

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from misread import load_model, score
from misread.corpus.read import read_corpus
from misread.corpus.stats import stats
from misread.present.style import Style
from misread.present.terminal import render

corpus = read_corpus([Path(CORPUS)])
found = stats(corpus)
pd.DataFrame(found["family"]).T

# %% [markdown]
# No kind of evidence is always right, and none speaks for one side only:

# %%
pd.DataFrame(found["kind_stance"]).T[["conflict", "friendly", "neutral"]]

# %% [markdown]
# One clip, as `misread score` shows it:

# %%
model = load_model()
tested = corpus.split("test")[:N_CLIPS]
print(render(tested[0], score(model, tested[0]), Style(96)))

# %% [markdown]
# The verdict beside the crowd's reading, for every clip of the test split. Clips in the upper left and lower right corner are those that
# the crowd misread, says the model; colour is what really happened.

# %%
table = pd.DataFrame(
    [
        {"clip_id": c.clip_id, "label": c.label, "p_conflict": v.p_conflict, "p_conflict_crowd": v.p_conflict_crowd, "misread": v.misread}
        for c, v in ((c, score(model, c)) for c in tested)
    ]
)
figure, axes = plt.subplots(figsize=(6, 6))
for label, colour in (("conflict", "#b2182b"), ("friendly", "#2166ac")):
    rows = table[table["label"] == label]
    axes.scatter(rows["p_conflict_crowd"], rows["p_conflict"], s=14, alpha=0.7, color=colour, label=f"really {label}")
axes.axhline(0.5, color="grey", lw=0.8)
axes.axvline(0.5, color="grey", lw=0.8)
axes.set(xlabel="crowd's reading, p(conflict)", ylabel="verdict, p(conflict)", xlim=(0, 1), ylim=(0, 1))
axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
plt.show()

# %%
table.groupby("label")["misread"].mean().rename("share that the model calls misread")
