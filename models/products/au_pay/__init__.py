"""au PAY Atobarai (P9 to P17): a card without plastic, its payment plans and its arrears.

In the order of a night: `periods` and `plans` take up what was posted, `schedules` and `revolving`
turn it into what falls due, `payment`, `prepayment` and `allocation` meet it, `arrears`, `late`
and `measures` follow what was missed; `limits`, `defence`, `foreign`, `membership` and `sale`
answer what happens in between. All of it is pure: arrays and uniforms in, arrays out.
"""

from models.products.au_pay import (
    accrual,
    allocation,
    arrears,
    defence,
    foreign,
    late,
    limits,
    measures,
    membership,
    payment,
    periods,
    plans,
    prepayment,
    revolving,
    sale,
    schedules,
)
from models.products.au_pay.terms import AuPayTerms

__all__ = [
    "AuPayTerms",
    "accrual",
    "allocation",
    "arrears",
    "defence",
    "foreign",
    "late",
    "limits",
    "measures",
    "membership",
    "payment",
    "periods",
    "plans",
    "prepayment",
    "revolving",
    "sale",
    "schedules",
]
