"""Verdicts → terminal, pages, plots; takes data, knows no model."""
