"""The law behind collections (COLL-05 to COLL-10, COLL-13), after the dunning ladder has failed.

`proceedings` decides who is sued and with what outcome, `court_costs` what that costs, `execution`
what a title brings; `settlement` and `insolvency` are the members' ways out, `prescription` the
end. All of it is pure: arrays, dates and uniforms in, arrays out.
"""

from models.parameters import Parameters
from models.policy.law import (
    court_costs,
    execution,
    insolvency,
    prescription,
    proceedings,
    settlement,
)
from models.policy.law.court_costs import CourtFees
from models.policy.law.desks import PaperDesk
from models.policy.law.execution import BankAttachment, Garnishment
from models.policy.law.insolvency import Insolvency
from models.policy.law.prescription import Prescription
from models.policy.law.proceedings import Court
from models.policy.law.settlement import DebtSettlement

__all__ = [
    "Law",
    "court_costs",
    "execution",
    "insolvency",
    "prescription",
    "proceedings",
    "settlement",
]


class Law(Parameters):
    """What happens to claims that dunning did not collect.

    Each step is switched off by itself: court, garnishment and bank account by a probability of
    0, settlement and insolvency by ``enabled: false``, prescription by a share of 0 who plead it.
    """

    court: Court = Court()
    fees: CourtFees = CourtFees()
    clerk_desk: PaperDesk = PaperDesk()
    court_desk: PaperDesk = PaperDesk(mean_minutes=20.0)
    garnishment: Garnishment = Garnishment()
    bank_account: BankAttachment = BankAttachment()
    settlement: DebtSettlement = DebtSettlement()
    insolvency: Insolvency = Insolvency()
    prescription: Prescription = Prescription()
