"""Where candidates meet speakers: moderated rooms, live.

Five storeys, words, rows, rules, acts and edges: a module imports only from storeys above its own. The contract "chat's
storeys" in `pyproject.toml` names every module's place, and `make lint` holds it.
"""
