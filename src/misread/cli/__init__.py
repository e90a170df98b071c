"""The command line: one file a command; parse, call, print.

The commands' files do without postponed annotations: typer would have to evaluate each of them at every start.
"""
