"""Which points an experiment evaluates, and what their results say about the parameters.

A sweep file becomes points (`load_sweep`); their results become tornado data, Morris screening and
Sobol indices (`analyse`), or steer a search (`optimise`).
"""

from sim.experiment.design.optimisation import Evaluate, Optimum, optimise
from sim.experiment.design.sensitivity import analyse
from sim.experiment.design.settings import settings_frame
from sim.experiment.design.sweep import Sweep
from sim.experiment.design.sweep_file import load_sweep, sweep_schema

__all__ = [
    "Evaluate",
    "Optimum",
    "Sweep",
    "analyse",
    "load_sweep",
    "optimise",
    "settings_frame",
    "sweep_schema",
]
