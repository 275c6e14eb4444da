"""Logs tell what happened, not to whom: secrets of candidates never reach them."""

import logging
import re

_SECRETS = (
    (re.compile(r"(/(?:follow|files)/)[^/\s?\"']+"), r"\1…"),
    (re.compile(r"([?&](?:token|signature|s)=)[^&\s\"']+"), r"\1…"),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "…@…"),
)


def redact(line: str) -> str:
    for pattern, replacement in _SECRETS:
        line = pattern.sub(replacement, line)
    return line


class RedactingFormatter(logging.Formatter):
    """Formats as usual, then takes out tokens and addresses: a database's error quotes the row it refused."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class RefusalFilter(logging.Filter):
    """Lets all pass; of a refusal (403, 404, 429) the line is enough, where in the code it was is no news."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True
