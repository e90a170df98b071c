"""One text in, numbers out; knows no clip."""
