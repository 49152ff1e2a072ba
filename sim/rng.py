"""Randomness without state: a uniform is a pure function of what it is for.

Every draw is one Philox4x32-10 block (Salmon et al., 2011, SC11) of four uniforms. Its key is the
seed; its counter is (entity, occurrence, stream, replication), so that no two purposes can ever
share a block and nothing depends on the order in which draws are made. The four lanes of a block
answer the four questions that its stream declares. No code outside this module and
`sim.philox` produces randomness; the models take uniforms as arguments.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from models.arrays import Floats, Ints
from sim.philox import philox4x32_scalar, uniforms


class Stream(IntEnum):
    """What a block of four uniforms decides; the comments name its four lanes and its occurrence.

    The numbers are part of every result: a new stream takes a new number, none is ever reused.
    """

    MACRO = 1  # shock of the month, -, -, -; entity 0, occurrence: month
    MEMBER_TRAITS = 2  # age, income, ability, attention; occurrence 0
    MEMBER_HISTORY = 3  # NP uses, NP uses paid late, pay method, payday; occurrence 0
    MEMBER_ENTRY = 4  # application day, intent, uses a year, ticket size; occurrence 0
    MONTH = 5  # purchase wishes, hardship begins, hardship lasts, new pay method; occurrence: month
    PURCHASE = 6  # minute, price, held for review, cancelled; occurrence: (month, wish)
    REVIEW = 7  # minutes of review, answer, patience, -; occurrence: (month, wish)
    BILL = 8  # why late, how late, day of punctual payment, paid twice; occurrence: billing month
    REMINDER = 9  # heeded, -, -, -; occurrence: billing month
    CONTACT = 10  # reached, days until paid, -, -; occurrence: (first day overdue, ladder step)
    CALL = 11  # minutes, right party, promise, kept; occurrence: (first day overdue, attempt)
    PROMISE = 12  # days until paid, -, -, -; occurrence: as CALL
    HAND_OVER = 13  # handed over, -, -, -; occurrence: first day overdue
    AGENCY = (
        14  # minutes of work, success, whole or part, -; occurrence: (first day overdue, attempt)
    )
    # Experiments; the third argument of a draw is what the comment calls entity.
    MACRO_MIXTURE = 60  # plain or shifted, -, -, -; entity 0, occurrence 0
    MACRO_SCRAMBLE = 61  # digit, -, -, -; replication: net, entity: node, occurrence: month
    BOOTSTRAP = 62  # four resampled rows; replication: resample, entity: block of four


UNIT = 2.0**-32
Four = tuple[float, float, float, float]

OCCURRENCES_PER_KEY = 64
"""Room for numbered repetitions (wishes in a month, attempts of a spell) in one occurrence key."""


@dataclass(frozen=True)
class Randomness:
    """The uniforms of one run.

    Parameters
    ----------
    seed
        Seed of the run, 0 to 2**64 - 1; the Philox key.
    """

    seed: int

    def uniforms(
        self, stream: Stream, replication: Ints | int, entity: Ints | int, occurrence: Ints | int
    ) -> Floats:
        """Draw the block of four uniforms of each entity.

        Parameters
        ----------
        stream
            What the block decides.
        replication, entity, occurrence
            Broadcastable integers below 2**32, shape (n,).

        Returns
        -------
        Floats
            Shape (4, n), float64 strictly between 0 and 1, multiples of 2**-33.
        """
        key = (self.seed & 0xFFFFFFFF, self.seed >> 32)
        return uniforms(key, entity, occurrence, int(stream), replication)

    def one(self, stream: Stream, replication: int, entity: int, occurrence: int) -> Four:
        """Draw the block of one entity; the same bits as `uniforms` gives, without arrays."""
        key = (self.seed & 0xFFFFFFFF, self.seed >> 32)
        a, b, c, d = philox4x32_scalar(key, entity, occurrence, int(stream), replication)
        return (a + 0.5) * UNIT, (b + 0.5) * UNIT, (c + 0.5) * UNIT, (d + 0.5) * UNIT


def repeated(key: Ints | int, number: Ints | int) -> Ints:
    """Combine occurrence keys with the numbers of repetitions (below 64)."""
    return np.asarray(key, dtype=np.int64) * OCCURRENCES_PER_KEY + number


def repeated_one(key: int, number: int) -> int:
    """Combine one key with one number as `repeated` does, without arrays."""
    return key * OCCURRENCES_PER_KEY + number
