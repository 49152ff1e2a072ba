"""Registry of the clause ids that postings, events, parameters and tests name."""

from models.clauses.clause import Clause, Product, Status
from models.clauses.registry import (
    CLAUSES,
    IMPLEMENTATIONS,
    RESOLUTIONS,
    clause_of,
    implements,
)

__all__ = [
    "CLAUSES",
    "IMPLEMENTATIONS",
    "RESOLUTIONS",
    "Clause",
    "Product",
    "Status",
    "clause_of",
    "implements",
]
