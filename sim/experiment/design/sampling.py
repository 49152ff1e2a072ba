"""Samples of the unit cube for the analyses of SALib, and what SALib is told about them.

SALib is an extra (``tsuke[experiments]``): it is imported when a design needs it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.arrays import Floats
from models.errors import InputError

EXTRA = "pip install 'tsuke[experiments]'"


def problem_of(names: Sequence[str]) -> dict[str, Any]:
    """Describe the unit cube to SALib."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def missing(package: str, purpose: str) -> InputError:
    """Say that an extra has to be installed."""
    return InputError(f"{purpose} needs the package {package}; install it with {EXTRA}")


def morris_sample(names: Sequence[str], trajectories: int, levels: int, seed: int) -> Floats:
    """Draw trajectories on a lattice (Morris, 1991), shape (trajectories * (d + 1), d)."""
    try:
        from SALib.sample import morris
    except ImportError as error:
        raise missing("SALib", "a Morris design") from error
    sample = morris.sample(problem_of(names), trajectories, num_levels=levels, seed=seed)
    return np.asarray(sample, dtype=np.float64)


def saltelli_sample(names: Sequence[str], samples: int, seed: int) -> Floats:
    """Draw the points for first and total order (Saltelli et al., 2010), shape (n (d + 2), d)."""
    try:
        from SALib.sample import sobol
    except ImportError as error:
        raise missing("SALib", "a design for Sobol indices") from error
    sample = sobol.sample(problem_of(names), samples, calc_second_order=False, seed=seed)
    return np.asarray(sample, dtype=np.float64)
