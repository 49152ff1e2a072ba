"""What the nights of both lenders have in common: runs of steps in the order of rulebook 0.6.

A night splices these runs between the steps that a lender does in its own way.
"""

from collections.abc import Callable

from models.arrays import Ints
from sim.engine.agenda import Task
from sim.engine.au_pay.acceleration import learn_of_attachment
from sim.engine.collection.arrears import release_use
from sim.engine.collection.calls import end_promises
from sim.engine.collection.dunning import dun
from sim.engine.collection.law_firm import take_agency_work
from sim.engine.collection.prescription import prescribe
from sim.engine.collection.write_off import write_off
from sim.engine.law.arrangements import arrange, file_petitions, pay_plans, plan_troubles, retain
from sim.engine.law.execution import garnish
from sim.engine.law.proceed import end_clocks, take_papers, take_up_papers
from sim.engine.members.leaving import settle_estates
from sim.engine.state.world import World
from sim.engine.uses.cash_out import answer_breach, find_cash_out
from sim.engine.uses.inquiries import end_inquiries, open_inquiries
from sim.engine.uses.misuse import decide_misuse, end_misuse_stop, report_misuse
from sim.engine.uses.payouts import pay_merchants
from sim.engine.uses.purchases import end_holds, post, take_reviews

Step = Callable[[World, int, Ints], None]

Steps = tuple[tuple[Task | None, Step], ...]
"""Steps in their order, each with the task it takes its rows from; None: the members at hand."""

ACQUIRE: Steps = (
    (Task.REVIEWED, take_reviews),
    (Task.HOLD_ENDS, end_holds),
    (Task.POST, post),
)
"""Closing: reviewed uses are answered, and what was delivered becomes the lender's claim."""

LOOK_INTO_AND_PAY_OUT: Steps = (
    (Task.QUESTION, open_inquiries),
    (Task.LOOKED_INTO, end_inquiries),
    (Task.DECIDE, decide_misuse),
    (Task.PAYOUT, pay_merchants),
)
"""Closing: what is found out about a use is known before its merchant is paid."""

ENFORCE: Steps = (
    (Task.AGENCY_WORKED, take_agency_work),
    (Task.GARNISH, garnish),
    (Task.PLAN_PAYMENT, pay_plans),
    (Task.PAPERS_READY, take_papers),
    (Task.DOCKETED, take_up_papers),
)
"""Closing: money by the law firm, from wages and by plan, then the papers of the day."""

STOP_AND_RELEASE: Steps = (
    (Task.RELEASE, release_use),
    (Task.STOP_ENDS, end_misuse_stop),
    (Task.REPORT, report_misuse),
    (Task.CASH_OUT, find_cash_out),
    (Task.BREACH, answer_breach),
)
"""Opening: who may use again, and who is stopped for misuse or breach."""

COLLECT: Steps = (
    (None, plan_troubles),
    (Task.RETAIN, retain),
    (Task.PETITION, file_petitions),
    (Task.WRITE_OFF, write_off),
    (Task.PROMISE_ENDS, end_promises),
    (Task.DUN, dun),
    (Task.PROCEED, end_clocks),
    (Task.ATTACHED_ELSEWHERE, learn_of_attachment),
    (Task.ARRANGE, arrange),
    (Task.PRESCRIBE, prescribe),
    (Task.ESTATE, settle_estates),
)
"""Opening: collections, from a member's own notice to the end of the claim."""
