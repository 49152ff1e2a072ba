"""Closed forms of queueing theory, from their formulas; times in the unit of the rates."""

import math
from collections.abc import Sequence
from itertools import pairwise


def erlang_b(load: float, n_staff: int) -> float:
    """Return the blocking probability of M/M/c/c by B_k = a B_{k-1} / (k + a B_{k-1})."""
    blocking = 1.0
    for k in range(1, n_staff + 1):
        blocking = load * blocking / (k + load * blocking)
    return blocking


def erlang_c(load: float, n_staff: int) -> float:
    """Return the probability of waiting in M/M/c: B / (1 - (a/c)(1 - B))."""
    blocking = erlang_b(load, n_staff)
    return blocking / (1 - load / n_staff * (1 - blocking))


def mean_wait(arrival_rate: float, service_rate: float, n_staff: int) -> float:
    """Return the mean wait in M/M/c: C / (c mu - lambda)."""
    spare_rate = n_staff * service_rate - arrival_rate
    return erlang_c(arrival_rate / service_rate, n_staff) / spare_rate


def p_wait_longer(arrival_rate: float, service_rate: float, n_staff: int, wait: float) -> float:
    """Return P(W > t) in M/M/c, served in order of arrival: C exp(-(c mu - lambda) t)."""
    spare_rate = n_staff * service_rate - arrival_rate
    return erlang_c(arrival_rate / service_rate, n_staff) * math.exp(-spare_rate * wait)


def mean_priority_waits(
    arrival_rates: Sequence[float], service_rate: float, n_staff: int
) -> list[float]:
    """Return Cobham's mean waits of non-preemptive classes with one service rate, first first.

    W_k = (C / (c mu)) / ((1 - s_{k-1})(1 - s_k)) with s_k the load a person has from classes 1..k.
    """
    capacity = n_staff * service_rate
    first = erlang_c(sum(arrival_rates) / service_rate, n_staff) / capacity
    loads = [sum(arrival_rates[:k]) / capacity for k in range(len(arrival_rates) + 1)]
    return [first / ((1 - before) * (1 - upto)) for before, upto in pairwise(loads)]


def finite_room(
    arrival_rate: float, service_rate: float, n_staff: int, capacity: int
) -> tuple[float, float]:
    """Return blocking and mean wait of the admitted in M/M/c/K, from the birth-death chain."""
    weights = [1.0]
    for n in range(1, capacity + 1):
        weights.append(weights[-1] * arrival_rate / (service_rate * min(n, n_staff)))
    blocking = weights[-1] / sum(weights)
    n_waiting = sum((n - n_staff) * weights[n] for n in range(n_staff, capacity + 1)) / sum(weights)
    return blocking, n_waiting / (arrival_rate * (1 - blocking))


def pollaczek_khinchine(
    arrival_rate: float, mean_service: float, squared_variation: float
) -> float:
    """Return the mean wait in M/G/1: rho E[S] (1 + cv^2) / (2 (1 - rho))."""
    load = arrival_rate * mean_service
    return load * mean_service * (1 + squared_variation) / (2 * (1 - load))
