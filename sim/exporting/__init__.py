"""Exports: what single members owed, paid and did, as files for other tools.

A run reduces on the fly and keeps no member. An export simulates its replications again, which
gives the same lives bit for bit, and writes each month as it closes. Nothing of the run changes,
and nothing is held longer than a month.
"""

from sim.exporting.choice import FORMATS, TABLES, Choice
from sim.exporting.exports import Export, export

__all__ = ["FORMATS", "TABLES", "Choice", "Export", "export"]
