"""Randomness without state: a uniform is a pure function of what it is for.

Every draw is one Philox4x32-10 block (Salmon et al., 2011, SC11) of four uniforms. Its key is the
seed; its counter is (entity, occurrence, stream, replication), so that no two purposes can ever
share a block and nothing depends on the order in which draws are made. The four lanes of a block
answer the four questions that its stream declares. No code outside this module and
`sim.philox` produces randomness; the models take uniforms as arguments.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import Floats, Ints
from models.codes import Code
from sim.philox import philox4x32_scalar, uniforms


class Stream(Code):
    """What a block of four uniforms decides; the comments name its four lanes and its occurrence.

    The numbers are part of every result: a new stream takes a new number, none is ever reused.
    """

    MACRO = 1  # shock of the month, -, -, -; entity 0, occurrence: month
    MEMBER_TRAITS = 2  # age, income, ability, attention; occurrence 0
    MEMBER_HISTORY = 3  # NP uses, NP uses paid late, pay method, payday; occurrence 0
    MEMBER_ENTRY = 4  # application day, intent, uses a year, ticket size; occurrence 0; at other
    # lenders the second lane is whether a person applies at all
    MONTH = 5  # purchase wishes, day of the method, -, new pay method; occurrence: month
    PURCHASE = 6  # minute, price, held for review, cancelled; occurrence: (product, month, wish)
    REVIEW = 7  # minutes of review, answer, patience, -; occurrence: as PURCHASE
    BILL = 8  # why late, how late, day of punctual payment, paid twice or missed in hardship;
    # occurrence: billing month
    REMINDER = 9  # heeded, -, -, -; occurrence: billing month
    CONTACT = 10  # reached, days until paid, -, -; occurrence: (first day overdue, ladder step)
    CALL = 11  # minutes, right party, promise, kept; occurrence: (first day overdue, attempt)
    PROMISE = 12  # days until paid, -, -, -; occurrence: as CALL
    HAND_OVER = 13  # handed over, -, -, -; occurrence: first day overdue
    AGENCY = 14  # minutes of work, success, whole or part, -; occurrence: as CALL
    HARDSHIP = 15  # hardship begins, lasts, is a job lost, -; a person's, not a lender's; month
    RELEASE = 16  # released after arrears, -, -, -; occurrence: day
    ADMISSION = 17  # ground exists, is feared, is seen, is found later; occurrence: ground; at 0:
    # incomplete particulars, guest, -, -
    IDENTIFIER = 18  # phone shared, whose, e-mail shared, whose; a person's; occurrence 0
    TIES = 19  # antisocial, formerly so, years since, -; occurrence 0; at 1 + day of suspicion:
    # cooperates, -, -, -
    IDENTITY_CHECK = 20  # asked, never finishes, days, -; occurrence 0
    MEMBERSHIP = 21  # happens, day, two details; occurrence: (month, kind of event)
    DEATH = 22  # dies, day, -, -; a person's; occurrence: month
    LADDER = 23  # meets a step's condition by chance, -, -, -; occurrence: as CONTACT
    DEBT_COLLECTION = 24  # strategy, wrong number, -, -; occurrence 0
    SUE = 25  # taken to court, -, -, -; occurrence: (first day overdue, number of the papers)
    FILING = 26  # minutes of the legal clerk, -, -, -; occurrence: number of the papers
    DOCKET = 27  # minutes of the court's clerk, -, -, -; occurrence: number of the papers
    COURT = 28  # service, answer, judgment or day of payment, days until the judgment; occurrence:
    # number of the papers
    EXECUTION = 29  # employer found, job left, bank tried, bank found; occurrence: day; on that of
    # the title the second lane is whether it is executed
    ARRANGEMENT = 30  # retains an intermediary, day, -, -; a person's; occurrence: month
    INSOLVENCY = 31  # petitions, day, -, -; a person's; occurrence: month
    PLAN = 32  # payment missed, -, -, -; occurrence: day
    PRESCRIPTION = 33  # pleads it, -, -, -; occurrence: first day overdue
    ORDERER = 40  # orders at all, orders a year, ticket size, invoice method; occurrence: product
    ORDERS = 41  # orders of a month, -, -, -; occurrence: (product, month)
    POINTS = 42  # pays with points, -, -, -; occurrence 0
    INSTALMENTS = 43  # splits a use, number of payments, -, -; occurrence: (month, wish)
    USE_KIND = 44  # cash-out, found out, merchant, by card; occurrence: as PURCHASE
    INQUIRY = 45  # ground, day, outcome, -; occurrence: as PURCHASE
    MISUSE = 46  # third party, first day, uses, days to the notice; occurrence: month
    MISUSE_USE = 47  # minute, price, held for review, charge-back; occurrence: (month, number)
    RELIEF = 48  # procedure, exclusion, liability, cooperation; occurrence: as MISUSE
    SUBSCRIPTION = 49  # has one, day, price, -; occurrence 0
    SUBSCRIPTION_HOLD = 50  # held for review, -, -, -; occurrence: month
    APP_CARD = 51  # asks, -, -, -; occurrence: month
    REPOSSESSION = 52  # goods taken back, -, -, -; occurrence: day
    PRICE_CUT = 53  # happens, day, -, -; occurrence: as PURCHASE
    AU_USE = 70  # plan, number of payments, abroad, plan after a switch; occurrence: as PURCHASE
    AU_SWITCH = 71  # switches, day, stops paying, -; occurrence: as PURCHASE
    AU_MEMBER = 72  # suitable, all-revolving, course, paper; occurrence 0
    AU_MONTH = 73  # prepays, day, whole or part, top-up; occurrence: month
    AU_STOP = 74  # day, upheld, returned by agreement, -; occurrence: as PURCHASE
    AU_CONTINUING = 75  # tells the merchant of a withdrawal, -, -, -; occurrence 0
    AU_DISPUTE = 76  # objects to a statement, day, -, -; occurrence: month
    DEMAND = 80  # comes back, good reason, -, -; occurrence: day of dispatch
    KNOWLEDGE = 81  # happens, day, demanded, how late; (month, ground) or day
    AU_KIND = 82  # kind of a use, -, -, -; occurrence: as PURCHASE
    AU_SCREENING = 83  # points of the form, consent, ties, identity checks; occurrence 0
    AU_LIFE = 84  # happens, day, two details; occurrence: (month, kind of event)
    USE_TEST = 85  # above the limit, without authorisation, restricted, wrong code; as PURCHASE
    AU_REVIEW = 86  # documents refused, -, -, -; occurrence: 1 + day; at 0: -, raises declined,
    # politically exposed, -
    DUTY = 90  # absent, falls ill, when, -; entity: desk and person, occurrence: day
    # Experiments; the third argument of a draw is what the comment calls entity.
    MACRO_MIXTURE = 60  # plain or shifted, -, -, -; entity 0, occurrence 0
    MACRO_SCRAMBLE = 61  # digit, -, -, -; replication: net, entity: node, occurrence: month
    BOOTSTRAP = 62  # four resampled rows; replication: resample, entity: block of four


UNIT = 2.0**-32
Four = tuple[float, float, float, float]

STREAMS_PER_LENDER = 1000
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
        self,
        stream: Stream | Sequence[Stream],
        replication: Ints | int,
        entity: Ints | int,
        occurrence: Ints | int,
        lender: int = 0,
    ) -> Floats:
        """Draw the block of four uniforms of each entity.

        Parameters
        ----------
        stream
            What the block decides; several streams stand for one each in a first dimension, with
            which the other arguments broadcast.
        replication, entity, occurrence
            Broadcastable integers below 2**32, shape (n,).
        lender
            Whose business the draw is about; each lender has its own set of streams.

        Returns
        -------
        Floats
            Shape (4, n), float64 strictly between 0 and 1, multiples of 2**-33.
        """
        key = (self.seed & 0xFFFFFFFF, self.seed >> 32)
        if isinstance(stream, int):
            number: Ints | int = number_of(stream, lender)
        else:
            number = np.array([[number_of(one, lender)] for one in stream])
        return uniforms(key, entity, occurrence, number, replication)

    def one(
        self, stream: Stream, replication: int, entity: int, occurrence: int, lender: int = 0
    ) -> Four:
        """Draw the block of one entity; the same bits as `uniforms` gives, without arrays."""
        key = (self.seed & 0xFFFFFFFF, self.seed >> 32)
        number = number_of(stream, lender)
        a, b, c, d = philox4x32_scalar(key, entity, occurrence, number, replication)
        return (a + 0.5) * UNIT, (b + 0.5) * UNIT, (c + 0.5) * UNIT, (d + 0.5) * UNIT


def number_of(stream: Stream, lender: int) -> int:
    """Give the number of a lender's stream."""
    return int(stream) + STREAMS_PER_LENDER * lender


def repeated(key: Ints | int, number: Ints | int) -> Ints:
    """Combine occurrence keys with the numbers of repetitions (below 64)."""
    return np.asarray(key, dtype=np.int64) * OCCURRENCES_PER_KEY + number
