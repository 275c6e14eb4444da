"""`python -m tests.leads.mondays <moment> <module> …`: a command of the project by a clock that starts at a moment."""

import runpy
import sys
from datetime import datetime

from django.utils import timezone

if __name__ == "__main__":
    _, moment, module, *arguments = sys.argv
    by_the_clock = timezone.now
    ahead = datetime.fromisoformat(moment) - by_the_clock()
    timezone.now = lambda: by_the_clock() + ahead
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
