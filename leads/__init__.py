"""Where recruiters follow up: requests, candidates, files, counts.

Five storeys, words, rows, rules, acts and edges: a module imports only from storeys above its own. The contract "leads'
storeys" in `pyproject.toml` names every module's place, and `make lint` holds it.
"""
