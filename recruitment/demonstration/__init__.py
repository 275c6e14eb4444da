"""The demonstration: a campaign of 2004, rooms around today, a year of invented leads. Deterministic from a seed."""

from recruitment.demonstration.accounts import ACCOUNTS
from recruitment.demonstration.programme import keep
from recruitment.demonstration.seeding import seed
from recruitment.demonstration.traffic import EVERY, send_traffic

__all__ = ["ACCOUNTS", "EVERY", "keep", "seed", "send_traffic"]
