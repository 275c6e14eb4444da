"""A few child processes in the foreground, in this process group: they live and die together."""

import logging
import signal
import subprocess
import time
from collections.abc import Sequence

logger = logging.getLogger(__name__)
GONE_WITHIN = 9.0  # seconds from SIGTERM to SIGKILL
LOOKS_EVERY = 0.2


class Terminated(Exception):
    """SIGTERM or SIGINT has come."""


def run_together(commands: Sequence[Sequence[str]], *, pass_fds: Sequence[int] = ()) -> int:
    """Run the commands until SIGTERM (0) or until one of them ends (1, whatever it ended with); then end them all."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _raise_terminated)
    children: list[subprocess.Popen] = []
    try:
        for command in commands:
            children.append(subprocess.Popen(command, pass_fds=pass_fds))  # noqa: S603  our own commands
        return _wait_for_a_death(children)
    except Terminated:
        return 0
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        end_all(children)


def _raise_terminated(number: int, frame: object) -> None:
    raise Terminated


def _wait_for_a_death(children: Sequence[subprocess.Popen]) -> int:
    while all(child.poll() is None for child in children):
        time.sleep(LOOKS_EVERY)
    for child in children:
        if child.returncode is not None:
            logger.error("%s ended with %s: the others end too", child.args, child.returncode)
    return 1


def end_all(children: Sequence[subprocess.Popen]) -> None:
    """SIGTERM to each, SIGKILL to whoever is there after GONE_WITHIN seconds."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + GONE_WITHIN
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            logger.warning("%s does not end: killed", child.args)
            child.kill()
            child.wait()
