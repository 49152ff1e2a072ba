"""The terms of au PAY Atobarai that have a cash or state consequence."""

from typing import Self

from pydantic import model_validator

from models.parameters import parameter
from models.products.au_pay.accrual import DayCount
from models.products.au_pay.default_terms import (
    AccelerationTerms,
    CureTerms,
    DemandTerms,
    KnowledgeHazards,
    LateDamagesTerms,
    MeasureTerms,
)
from models.products.au_pay.membership_terms import (
    AdmissionTerms,
    CardTerms,
    ConductTerms,
    ContinuingTerms,
    LimitTerms,
)
from models.products.au_pay.payment_terms import (
    AllocationTerms,
    CostTerms,
    DueTerms,
    ForeignTerms,
    SaleTerms,
    StatementTerms,
)
from models.products.au_pay.plan_terms import (
    BonusTerms,
    InstalmentTerms,
    PeriodTerms,
    PlanTerms,
    PrepayTerms,
    RevolvingTerms,
)
from models.products.au_pay.relief_terms import LossTerms, PurchaseKinds, StopTerms
from models.products.common import LenderTerms


class AuPayTerms(LenderTerms):
    """The terms of au PAY Atobarai."""

    enabled: bool = parameter(
        False, "Whether the product is on offer.", unit="-", source="assumption"
    )
    period: PeriodTerms = PeriodTerms()
    plan: PlanTerms = PlanTerms()
    bonus: BonusTerms = BonusTerms()
    revolving: RevolvingTerms = RevolvingTerms()
    instalments: InstalmentTerms = InstalmentTerms()
    prepay: PrepayTerms = PrepayTerms()
    kinds: PurchaseKinds = PurchaseKinds()
    due: DueTerms = DueTerms()
    statement: StatementTerms = StatementTerms()
    allocation: AllocationTerms = AllocationTerms()
    costs: CostTerms = CostTerms()
    foreign: ForeignTerms = ForeignTerms()
    sale: SaleTerms = SaleTerms()
    daycount: DayCount = DayCount()
    late: LateDamagesTerms = LateDamagesTerms()
    acceleration: AccelerationTerms = AccelerationTerms()
    hazards: KnowledgeHazards = KnowledgeHazards()
    demand: DemandTerms = DemandTerms()
    cure: CureTerms = CureTerms()
    measures: MeasureTerms = MeasureTerms()
    admission: AdmissionTerms = AdmissionTerms()
    limit: LimitTerms = LimitTerms()
    card: CardTerms = CardTerms()
    continuing: ContinuingTerms = ContinuingTerms()
    conduct: ConductTerms = ConductTerms()
    loss: LossTerms = LossTerms()
    stop: StopTerms = StopTerms()

    @model_validator(mode="after")
    def _bills_accounts_in_time(self) -> Self:
        ends, due = self.revolving.fee_to_day, self.due.day
        if self.revolving.nominal_days and ends > due:
            raise ValueError(
                f"got revolving.fee_to_day {ends} and due.day {due}; fee_to_day must not be after "
                "the due day, on which what the fee month bills is debited"
            )
        return self
