"""Labelled clips → a model, and how good it is; the only room that knows scikit-learn."""
