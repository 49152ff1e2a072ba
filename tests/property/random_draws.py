"""Draws that every strategy of random configurations uses."""

from fractions import Fraction
from random import Random

METHODS = ("konbini_terminal", "ebarcode", "invoice", "direct_debit", "bank_transfer")


def share(random: Random, highest: float) -> float:
    """Draw a share, now and then 0 or the highest one."""
    return highest * random.choice((0.0, random.random(), random.random(), random.random(), 1.0))


def rate(random: Random, denominator: int, *numerators: int) -> Fraction:
    """Draw an exact rate."""
    return Fraction(random.choice(numerators), denominator)
