"""Servers forked from a process that has imported what is not the project's, which is most of the time of a start."""

import multiprocessing
import os
import runpy
import subprocess
import sys
from multiprocessing.reduction import DupFd

starts = multiprocessing.get_context("forkserver")
starts.set_forkserver_preload(["tests.preloaded"])


def run(module: str, environment: dict[str, str], out: DupFd, err: DupFd) -> None:
    for stream, given in ((1, out), (2, err)):  # what it says belongs to the test that starts it
        os.dup2(given.detach(), stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__")


class Forked:
    """`python -m module` in an environment; to its starter like a `subprocess.Popen`."""

    def __init__(self, module: str, environment: dict[str, str]):
        arguments = (module, environment, DupFd(1), DupFd(2))
        self.process = starts.Process(target=run, args=arguments, daemon=True)
        self.process.start()
        self.pid = self.process.pid

    @property
    def returncode(self) -> int | None:
        return self.process.exitcode

    def poll(self) -> int | None:
        return self.process.exitcode

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)

    def wait(self, timeout: float | None = None) -> int:
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise subprocess.TimeoutExpired(self.process.name, timeout)
        return self.process.exitcode
