"""How the numbers of a run, a sweep or a comparison are estimated, in sentences for the methods."""

from sim.config import Config
from sim.report.language import say
from sim.report.numbers import counted, level_text

SAMPLINGS = {
    "plain": "drawn independently",
    "antithetic": "drawn in antithetic pairs",
    "stratified": "stratified by a score of the macro factor",
    "sobol": "points of scrambled Sobol nets (Owen 1995; Joe and Kuo 2008)",
    "importance": "drawn by importance sampling from a defensive mixture (Hesterberg 1995) with "
    "likelihood weights, in quantiles as well (Chu and Nakayama 2012)",
}
"""How macro paths are sampled, by method."""


def estimation_of_run(config: Config, replications: int) -> list[str]:
    """Say how the numbers of one run are estimated.

    Parameters
    ----------
    config
        The configuration.
    replications
        Replications that were run.
    """
    experiment = config.experiment
    replicated, *sampled = estimation_of_means(config, replications)
    tails = say(
        "Losses have value at risk at {tail}, with an interval of order statistics (Woodruff "
        "1952), and expected shortfall (Rockafellar and Uryasev 2000), with a studentised "
        "bootstrap (Efron and Tibshirani 1993; Hall 1992), which needs ten values in the tail.",
        tail=level_text(experiment.tail),
    )
    lines = [replicated, tails, *sampled]
    if experiment.control_variate is not None:
        lines.append(
            say(
                "A control variate with known expectation is subtracted, its coefficient fitted "
                "without the group it is applied to (Lavenberg and Welch 1981; Nelson 1990; "
                "Avramidis and Wilson 1993)."
            )
        )
    return lines


def estimation_of_means(config: Config, replications: int) -> list[str]:
    """Say how means are estimated, all that a sweep or a comparison has; no control variate.

    Parameters
    ----------
    config
        The configuration.
    replications
        Replications that were run.
    """
    experiment = config.experiment
    level = level_text(experiment.confidence)
    chosen = say(
        "{replications}, numbered from 0, fixed in advance."
        if experiment.precision is None
        else "{replications}, numbered from 0: as many as a sequential stopping rule took to reach "
        "the wanted half-widths (Chow and Robbins 1965; Law 2015).",
        replications=counted(replications, "{n} replication", "{n} replications"),
    )
    message = " Means have Student t intervals over replications at {level} (Law 2015)."
    lines = [chosen + say(message, level=level)]
    sampling = config.macro.sampling
    if sampling.method != "plain":
        message = "Replications are {sampling}; intervals are taken over groups of {size}."
        lines.append(
            say(message, sampling=say(SAMPLINGS[sampling.method]), size=sampling.group_size)
        )
    return lines
