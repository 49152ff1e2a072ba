"""The terms of au PAY Atobarai that have a cash or state consequence."""

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
