"""The night at au PAY Atobarai: what closes a business day there and what opens the next.

Order of rulebook 0.6. Closing: postings, plans, returns, stops and payouts (2), the end of a fee
month before what it bills is debited, payments (3), credits and debit run (4), due-date evaluation
(5), damages (6), cut-off and statement (8). Opening: acceleration (7), release, measures, limits
(9), collections (10), applications and purchases (11).
"""

from collections.abc import Callable

from models.arrays import Ints
from sim.engine.agenda import Task
from sim.engine.arrangements import arrange, file_petitions, pay_plans, plan_troubles, retain
from sim.engine.arrears import accrue_month, fall_due, release_use, stop_use
from sim.engine.au_acceleration import accelerate_missed, end_cures, learn_of_attachment
from sim.engine.au_admission import (
    answer_applications,
    check_identity_at_au,
    receive_applications,
)
from sim.engine.au_bills import (
    give_back,
    object_to_statement,
    retry_debits,
    run_debits,
    send_statements,
)
from sim.engine.au_bureau import close_files, report_arrears
from sim.engine.au_continuing import charge_continuing, charge_former
from sim.engine.au_costs import charge_annual_fee, pay_arrears_at_au
from sim.engine.au_demand import end_demands, send_demands
from sim.engine.au_legs import announce, bill_claims
from sim.engine.au_life import (
    end_cards,
    learn_grounds,
    learn_of_deaths,
    live_at_au,
    plan_life_at_au,
)
from sim.engine.au_limits import re_review_at_au, revert_limits
from sim.engine.au_prepayment import plan_prepayments, prepay
from sim.engine.au_revolving import capture_uses, cut_off, end_fee_month
from sim.engine.au_sale import sell, serve_securitised
from sim.engine.au_stops import declare_stops, end_stops
from sim.engine.au_uses import ask_to_switch
from sim.engine.calls import end_promises, take_calls
from sim.engine.cash_out import answer_breach, find_cash_out
from sim.engine.default import default
from sim.engine.dunning import dun
from sim.engine.execution import garnish
from sim.engine.inquiries import end_inquiries, open_inquiries
from sim.engine.law_firm import take_agency_work
from sim.engine.leaving import settle_estates
from sim.engine.misuse import begin_misuse, decide_misuse, end_misuse_stop, report_misuse
from sim.engine.payments import do_as_told
from sim.engine.payouts import pay_merchants
from sim.engine.prescription import prescribe
from sim.engine.proceed import end_clocks, take_papers, take_up_papers
from sim.engine.purchases import ask, cancel, end_holds, post, take_reviews
from sim.engine.wishes import begin_month
from sim.engine.world import World
from sim.engine.write_off import write_off

Steps = tuple[tuple[Task | None, Callable[[World, int, Ints], None]], ...]

CLOSING_AT_AU: Steps = (
    (Task.REVIEWED, take_reviews),
    (Task.HOLD_ENDS, end_holds),
    (Task.POST, post),
    (Task.SWITCH, ask_to_switch),
    (Task.CANCEL, cancel),
    (Task.PAYMENT_STOP, declare_stops),
    (Task.STOP_OVER, end_stops),
    (Task.QUESTION, open_inquiries),
    (Task.LOOKED_INTO, end_inquiries),
    (Task.DECIDE, decide_misuse),
    (Task.PAYOUT, pay_merchants),
    (Task.CALLED, take_calls),
    (Task.TOLD, do_as_told),
    (Task.PREPAY, prepay),
    (Task.FEE_MONTH, end_fee_month),
    (Task.PAY_ARREARS, pay_arrears_at_au),
    (Task.AGENCY_WORKED, take_agency_work),
    (Task.GARNISH, garnish),
    (Task.PLAN_PAYMENT, pay_plans),
    (Task.PAPERS_READY, take_papers),
    (Task.DOCKETED, take_up_papers),
    (None, give_back),
    (Task.DEBIT, run_debits),
    (Task.DEBIT_AGAIN, retry_debits),
    (Task.FALL_DUE, fall_due),
    (None, accrue_month),
    (Task.CAPTURE, capture_uses),
    (Task.CUT_OFF, cut_off),
    (None, bill_claims),
    (Task.ANNOUNCE, announce),
    (None, close_files),
    (None, serve_securitised),
)
OPENING_AT_AU: Steps = (
    (Task.DEFAULT, default),
    (Task.ACCELERATE, accelerate_missed),
    (Task.DEMAND_ENDS, end_demands),
    (Task.DEMAND, send_demands),
    (Task.CURE_ENDS, end_cures),
    (Task.REPORTABLE, report_arrears),
    (Task.LEARN, learn_grounds),
    (Task.REVERT, revert_limits),
    (Task.CARD_ENDS, end_cards),
    (Task.DIED, learn_of_deaths),
    (Task.CARD_FEE, charge_annual_fee),
    (Task.SELL, sell),
    (Task.RELEASE, release_use),
    (Task.STOP_ENDS, end_misuse_stop),
    (Task.REPORT, report_misuse),
    (Task.CASH_OUT, find_cash_out),
    (Task.BREACH, answer_breach),
    (Task.STOP, stop_use),
    (Task.RE_REVIEW, re_review_at_au),
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
    (None, begin_month),
    (None, plan_life_at_au),
    (None, plan_prepayments),
    (None, charge_continuing),
    (None, begin_misuse),
    (Task.AU_EVENT, live_at_au),
    (Task.IDENTITY, check_identity_at_au),
    (Task.APPLY, receive_applications),
    (Task.SCREENED, answer_applications),
    (Task.STATED, send_statements),
    (Task.OBJECT, object_to_statement),
    (Task.CHARGE, charge_former),
    (Task.WISH, ask),
)
