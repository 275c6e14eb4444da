"""The hall: wires the two rooms, `chat` and `leads`, to servers, settings and each other.

Its ground floor (`text`, `limits`, `geography`) imports no app and is all of `recruitment` that the apps may import.
"""
