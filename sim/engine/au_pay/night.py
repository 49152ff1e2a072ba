"""The night at au PAY Atobarai: what closes a business day there and what opens the next.

Order of rulebook 0.6. Closing: postings, plans, returns, stops and payouts (2), the end of a fee
month before what it bills is debited, payments (3), credits and debit run (4), due-date evaluation
(5), damages (6), cut-off and statement (8). Opening: acceleration (7), release, measures, limits
(9), collections (10), applications and purchases (11).
"""

from sim.engine.agenda import Task
from sim.engine.au_pay.acceleration import accelerate_missed, end_cures
from sim.engine.au_pay.accounts import put_back
from sim.engine.au_pay.admission import (
    answer_applications,
    check_identity_at_au,
    receive_applications,
)
from sim.engine.au_pay.bills import (
    give_back,
    object_to_statement,
    retry_debits,
    run_debits,
    send_statements,
)
from sim.engine.au_pay.bureau import close_files, report_arrears
from sim.engine.au_pay.continuing import charge_continuing, charge_former
from sim.engine.au_pay.costs import charge_annual_fee, pay_arrears_at_au
from sim.engine.au_pay.demand import end_demands, send_demands
from sim.engine.au_pay.legs import announce, bill_claims
from sim.engine.au_pay.life import (
    end_cards,
    end_reissues,
    learn_grounds,
    learn_of_deaths,
    live_at_au,
    plan_life_at_au,
)
from sim.engine.au_pay.limits import re_review_at_au, revert_limits
from sim.engine.au_pay.measures import act_on_arrears
from sim.engine.au_pay.prepayment import plan_prepayments, prepay
from sim.engine.au_pay.revolving import capture_uses, cut_off, end_fee_month
from sim.engine.au_pay.sale import sell, serve_securitised
from sim.engine.au_pay.stops import declare_stops, end_stops
from sim.engine.au_pay.uses import ask_to_switch
from sim.engine.collection.arrears import accrue_month, fall_due
from sim.engine.collection.calls import take_calls
from sim.engine.collection.default import default
from sim.engine.common_night import (
    ACQUIRE,
    COLLECT,
    ENFORCE,
    LOOK_INTO_AND_PAY_OUT,
    STOP_AND_RELEASE,
    Steps,
)
from sim.engine.dues.payments import do_as_told
from sim.engine.uses.misuse import begin_misuse
from sim.engine.uses.purchases import ask, cancel
from sim.engine.uses.wishes import begin_month

CLOSING_AT_AU: Steps = (
    *ACQUIRE,
    (Task.SWITCH, ask_to_switch),
    (Task.CANCEL, cancel),
    (Task.PAYMENT_STOP, declare_stops),
    (Task.STOP_OVER, end_stops),
    *LOOK_INTO_AND_PAY_OUT,
    (Task.CALLED, take_calls),
    (Task.TOLD, do_as_told),
    (Task.PREPAY, prepay),
    (Task.FEE_MONTH, end_fee_month),
    (Task.PAY_ARREARS, pay_arrears_at_au),
    *ENFORCE,
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
    (Task.PUT_BACK, put_back),
    (Task.REPORTABLE, report_arrears),
    (Task.LEARN, learn_grounds),
    (Task.REVERT, revert_limits),
    (Task.CARD_BACK, end_reissues),
    (Task.CARD_ENDS, end_cards),
    (Task.DIED, learn_of_deaths),
    (Task.CARD_FEE, charge_annual_fee),
    (Task.SELL, sell),
    *STOP_AND_RELEASE,
    (Task.STOP, act_on_arrears),
    (Task.RE_REVIEW, re_review_at_au),
    *COLLECT,
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
