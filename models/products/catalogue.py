"""Who lends, what is on offer and how it is paid: the names every layer shares."""

from typing import Literal

from models.codes import Code


class Lender(Code):
    """The two lenders; neither one's terms spill over into the other (rulebook 0.3)."""

    NP = 0  # Net Protections, Inc.
    AU = 1  # au Financial Service Corp.


class Product(Code):
    """Products and payment plans whose money is told apart (rulebook 2.1)."""

    NONE = 0  # of the lender as a whole
    ATONE = 1
    NP_ATOBARAI = 2
    NP_AIR = 3
    ATONE_INSTALMENTS = 4
    AU_ONE_TIME = 5
    AU_TWO_TIME = 6
    AU_BONUS = 7
    AU_REVOLVING = 8
    AU_INSTALMENTS = 9


class PayMethod(Code):
    """How a bill is paid (NP-28.1 (1) to (5))."""

    KONBINI_TERMINAL = 0
    EBARCODE = 1
    INVOICE = 2
    DIRECT_DEBIT = 3
    BANK_TRANSFER = 4


PayMethodName = Literal["konbini_terminal", "ebarcode", "invoice", "direct_debit", "bank_transfer"]
