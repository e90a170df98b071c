"""Labelled clips: read a folder, check it, keep its splits."""
