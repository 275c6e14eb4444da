"""The demonstration: an employer's rooms around today, a year of invented leads; of the police, a campaign of 2004 too.

Deterministic from a seed. What is an employer's own is data (`employers`).
"""

from recruitment.demonstration.accounts import ACCOUNTS
from recruitment.demonstration.employers import UnknownEmployer, employer_of
from recruitment.demonstration.programme import keep
from recruitment.demonstration.seeding import AnotherEmployer, load_employer, seed
from recruitment.demonstration.traffic import EVERY, send_traffic

__all__ = [
    "ACCOUNTS",
    "EVERY",
    "AnotherEmployer",
    "UnknownEmployer",
    "employer_of",
    "keep",
    "load_employer",
    "seed",
    "send_traffic",
]
