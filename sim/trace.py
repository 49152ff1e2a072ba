"""One member's life as a statement of account, clause by clause and yen by yen.

The recorded lines of one member flow in (`sim.facts.recorded_lines`), lines in order of time flow
out. Invariant: each line's balances are those of the line before plus its own debit less its own
credit, and the last balances are those of the member's accounts in the ledger.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence

import polars as pl

from models.products.catalogue import PayMethod
from sim.config import Config
from sim.engine.simulation import run_worlds
from sim.engine.state.portfolio import Status
from sim.engine.state.world import World
from sim.facts.recorded_lines import event_frame, ledger_frame
from sim.record.eventlog import Activity, Record
from sim.record.ledger import LedgerError
from sim.record.postings import Posting
from sim.report.statement import BALANCE_OF, Balances, Line, Row, statement_text

END_OF_DAY = dt.time(23, 59)
_PARTS = ("principal", "fee", "late_damages", "late_admin_fee", "cost")
_PAID = (*(f"{part}_paid" for part in _PARTS), "agency_fee")
_NETTED = (*(f"{part}_netted" for part in _PARTS), "credit_recovered")
_WRITTEN_OFF = ("late_damages", *(f"{part}_written_off" for part in _PARTS))
_EXEMPTED = (
    "exempted",
    "exempted_paid",
    "exempted_written_off",
    "exempted_fee",
    "exempted_fee_tax",
    "exempted_fee_paid",
    "exempted_fee_tax_paid",
    *("exempted_points", "exempted_fee_points", "exempted_fee_tax_points"),
    "exempted_late_damages",
    "exempted_charged_back",
    *("merchant_refunded", "merchant_discount_returned"),
)
_RELIEFS = ("use_exempted", "id_use_exempted", "card_use_exempted", "strangers_use_exempted")
_RETURN = ("merchant_refunded", "merchant_discount_returned")
_CONTACTS = ("reminder_sent", "contact_sent", "call_no_contact", "call_reached", "promise_made")
_REVIEWS = ("review_approved", "review_refused", "review_too_late")
POSTINGS_OF: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_CONTACTS, ("contact_cost",)),
    **dict.fromkeys(_REVIEWS, ("review_cost",)),
    **dict.fromkeys(_RELIEFS, _EXEMPTED),
    "goods_taken": ("goods_taken", "repossession_cost"),
    "card_fee_charged": ("card_fee", "card_fee_tax"),
    "billed_apart": ("service_fee", "service_fee_tax"),
    "use_fee_fixed": ("service_fee", "service_fee_tax"),
    "purchase_posted": ("purchase_posted",),
    "purchase_cancelled": ("purchase_cancelled", *_RETURN),
    "purchase_returned": (
        "purchase_returned",
        "points_returned",
        "points_not_returned",
        *_RETURN,
    ),
    "instalments_ended": ("purchase_cancelled",),
    "invoice_issued": ("order_fee", "order_fee_tax", "bill_cost"),
    "instalment_billed": ("instalment_fee", "instalment_fee_tax"),
    "points_used": ("fee_paid_by_points", "principal_paid_by_points"),
    "points_awarded": ("points_awarded",),
    "points_expired": ("points_expired",),
    "points_reversed": ("points_reversed",),
    "points_forfeited": ("points_forfeited",),
    "bill_closed": ("service_fee", "service_fee_tax"),
    "statement_shown": ("bill_cost", "paper_fee", "paper_fee_tax"),
    "revolving_billed": ("revolving_fee", "finance_charge_tax"),
    "plan_switched": ("finance_charge", "finance_charge_returned", "finance_charge_tax_returned"),
    "prepaid": _PAID,
    "debit_failed": ("failed_debit_fee", "failed_debit_fee_tax"),
    "late_admin_fee_charged": ("late_admin_fee", "late_admin_fee_tax"),
    "bill_paid": _PAID,
    "bill_paid_late": _PAID,
    "part_paid": _PAID,
    "overpaid": ("overpaid",),
    "claim_raised": (
        "indemnity_claimed",
        "rescission_damages_claimed",
        "agency_fee_claimed",
    ),
    "data_disclosed": ("disclosure_fee", "disclosure_fee_tax"),
    "bill_netted": _NETTED,
    "refund_paid": ("refund_paid", "refund_fee"),
    "written_off": _WRITTEN_OFF,
    "recovered": ("recovered", "agency_fee"),
}
"""Which postings of its day an activity stands for."""

COSTS = frozenset({"contact_cost", "review_cost"})
"""Postings that only repeat the cost of the event they belong to."""

_OF_A_BILL = """
    bill_closed high_bill statement_shown reminder_sent bill_paid overpaid debit_failed
    payment_missed invoice_issued instalment_billed points_used bills_combined
"""
OF_A_BILL = frozenset(_OF_A_BILL.split())
"""Activities whose reference is a billing month."""


def account_lines(ledger: pl.DataFrame, events: pl.DataFrame) -> list[Line]:
    """Merge the postings and events of one member into a statement of account.

    Parameters
    ----------
    ledger, events
        Recorded lines of one member in one replication, columns of `sim.facts.recorded_lines`.

    Returns
    -------
    list of Line
        In order of time; every posting on an account of the member is in exactly one line.
    """
    lines: list[Line] = []
    balances = Balances()
    for moment, event, postings in _groups(ledger, events):
        for line in _lines_of(moment, event, postings, balances):
            lines.append(line)
            balances = line.balances or balances
    return lines


def balances_of(ledger: pl.DataFrame) -> Balances:
    """Give the balances of a member straight from the ledger's accounts."""
    totals = dict.fromkeys(Balances._fields, 0)
    for account, name in BALANCE_OF.items():
        debited, credited = _sum(ledger, "debit", account), _sum(ledger, "credit", account)
        totals[name] = credited - debited if name == "credit" else debited - credited
    return Balances(**totals)


def _sum(ledger: pl.DataFrame, side: str, account: str) -> int:
    """Sum what was posted to one side of an account."""
    return int(ledger.filter(pl.col(side) == account)["yen"].sum())


Group = tuple[dt.datetime, Row | None, list[Row]]


def _by_day(rows: Iterable[Row], day_of: Callable[[Row], dt.date]) -> dict[dt.date, list[Row]]:
    """Sort rows into days, keeping their order."""
    days: dict[dt.date, list[Row]] = {}
    for row in rows:
        days.setdefault(day_of(row), []).append(row)
    return days


def _groups(ledger: pl.DataFrame, events: pl.DataFrame) -> Iterator[Group]:
    """Give each event with the postings it stands for, and the postings without event."""
    postings = _by_day(ledger.iter_rows(named=True), lambda row: row["day"])
    happened = _by_day(events.iter_rows(named=True), lambda row: row["timestamp"].date())
    for day in sorted(postings.keys() | happened.keys()):
        yield from _groups_of_day(day, postings.get(day, []), happened.get(day, []))


def _groups_of_day(day: dt.date, postings: list[Row], events: list[Row]) -> list[Group]:
    """Pair the postings of a day with its events; what stays alone comes first in the evening."""
    rest = list(postings)
    groups: list[Group] = []
    for event in events:
        taken = _take(event, rest)
        groups.append((event["timestamp"], event, taken))
    evening = dt.datetime.combine(day, END_OF_DAY)
    alone: list[Group] = [(evening, None, [posting]) for posting in rest]
    # Stable: late damages accrue before the payment of the same night that they are a part of.
    return sorted(alone + groups, key=lambda group: group[0])


def _take(event: Row, rest: list[Row]) -> list[Row]:
    """Take the postings of an event out of those of its day."""
    activity = event["activity"]
    kinds = POSTINGS_OF.get(activity, ())
    found = [posting for posting in rest if posting["kind"] in kinds]
    if activity == "bill_paid":
        found = [posting for posting in found if posting["due"] == event["reference"]]
    elif activity.startswith("purchase_") and found:
        # Several purchases may be posted in one night: each event takes its own price.
        found = _first_of_each_kind(found, event["yen"])
    elif COSTS & set(kinds):
        found = [posting for posting in found if posting["yen"] == event["cost_yen"]][:1]
    for posting in found:
        rest.remove(posting)
    return found


def _first_of_each_kind(postings: list[Row], price_yen: int) -> list[Row]:
    """Give the posting of a price, and one of each kind that returns it."""
    found = [p for p in postings if p["kind"].startswith("purchase_") and p["yen"] == price_yen][:1]
    refunds = [p for p in postings if p["kind"] == "merchant_refunded"]
    discounts = [p for p in postings if p["kind"] == "merchant_discount_returned"]
    pairs = zip(refunds, discounts, strict=False)
    pair = next((pair for pair in pairs if pair[0]["yen"] + pair[1]["yen"] == price_yen), ())
    return [*found, *pair]


def _lines_of(
    moment: dt.datetime, event: Row | None, postings: list[Row], balances: Balances
) -> Iterator[Line]:
    """Write an event and its postings, on one line where they are the same thing."""
    own = [posting for posting in postings if _is_own(posting)]
    if event is not None:
        kinds = [posting["kind"] for posting in own]
        is_taxed = len(own) == 2 and kinds[1] == f"{kinds[0]}_tax"
        if (len(own) == 1 or is_taxed) and sum(p["yen"] for p in own) == event["yen"]:
            line = _merged(moment, event, own, balances)
            own, balances = [], line.balances or balances
        else:
            line = Line(
                moment,
                _event_text(event),
                event["clause"],
                _bill_of(event),
                kind=event["activity"],
                yen=event["yen"],
            )
        yield line
    for posting in own:
        line = _posting_line(moment, posting, balances, is_part=event is not None)
        balances = line.balances or balances
        yield line
    for posting in postings:
        is_told = event is not None and posting["kind"] in COSTS
        if not _is_own(posting) and not is_told:
            yield _lender_line(moment, posting, is_part=event is not None)


def _merged(moment: dt.datetime, event: Row, own: Sequence[Row], balances: Balances) -> Line:
    """Write an event and the postings that are the same thing on one line."""
    for posting in own:
        balances = balances.after(posting)
    clauses = dict.fromkeys([event["clause"], *(posting["clause"] for posting in own)])
    text = Activity[event["activity"].upper()].meaning
    if len(own) == 2:
        text += f", with {own[1]['yen']:,} yen of tax"
    bill = _bill_of(event) if _bill_of(event) >= 0 else own[0]["due"]
    return Line(
        moment,
        text,
        " ".join(clauses),
        bill,
        sum(posting["yen"] for posting in own if posting["debit"] in BALANCE_OF),
        sum(posting["yen"] for posting in own if posting["credit"] in BALANCE_OF),
        balances,
        kind=event["activity"],
        yen=event["yen"],
    )


def _posting_line(moment: dt.datetime, posting: Row, balances: Balances, *, is_part: bool) -> Line:
    """Write one posting."""
    yen = posting["yen"]
    sides = posting["debit"] in BALANCE_OF, posting["credit"] in BALANCE_OF
    return Line(
        moment,
        _meaning(posting),
        posting["clause"],
        posting["due"],
        yen * sides[0],
        yen * sides[1],
        balances.after(posting),
        is_part,
        kind=posting["kind"],
        yen=yen,
    )


def _lender_line(moment: dt.datetime, posting: Row, *, is_part: bool) -> Line:
    """Write a posting that is the lender's own affair."""
    text = f"[lender] {posting['kind'].replace('_', ' ')}: {posting['yen']:,} yen"
    return Line(
        moment,
        text,
        posting["clause"],
        posting["due"],
        is_part=is_part,
        kind=posting["kind"],
        yen=posting["yen"],
    )


def _is_own(posting: Row) -> bool:
    """Tell whether a posting touches an account between the member and the lender."""
    return posting["debit"] in BALANCE_OF or posting["credit"] in BALANCE_OF


def _meaning(posting: Row) -> str:
    """Say what a posting is."""
    return Posting[posting["kind"].upper()].meaning


def _bill_of(event: Row) -> int:
    """Give the billing month that an event is about; -1: none."""
    return int(event["reference"]) if event["activity"] in OF_A_BILL else -1


def _event_text(event: Row) -> str:
    """Say what happened, through whom, about how much, and what it cost the lender."""
    text = Activity[event["activity"].upper()].meaning
    if event["resource"]:
        text += f" ({event['resource'].replace('_', ' ')})"
    if event["yen"]:
        text += f": {event['yen']:,} yen"
    if event["cost_yen"]:
        text += f"; costs {event['cost_yen']:,} yen"
    return text


def trace(config: Config, member: int, replication: int = 0) -> str:
    """Tell one member's life as a statement of account.

    Parameters
    ----------
    config
        The run; all its members are simulated, since they share the desks.
    member
        Number of the member, from 0.
    replication
        Number of the replication, from 0.

    Returns
    -------
    str
        Plain text, about 140 columns wide.

    Raises
    ------
    LedgerError
        If the lines do not add up to the accounts (a defect).
    """
    worlds = run_worlds(config, [replication], "cohort", Record.of([member]))
    accounts = [_statement(world, member, replication) for world in worlds]
    return "\n\n\n".join("\n".join(lines) for lines in accounts)


def _statement(world: World, member: int, replication: int) -> Iterator[str]:
    """Write a member's account with one lender."""
    ledger = ledger_frame([world])
    lines = account_lines(ledger, event_frame([world]))
    yield from _header(world, member, replication)
    yield ""
    yield from statement_text(lines, world.config.start)
    yield ""
    yield from closing_lines(lines, ledger)


def _header(world: World, member: int, replication: int) -> Iterator[str]:
    """Write who this is, as far as the lender can see."""
    config, members, persons = world.config, world.members, world.persons
    last = world.calendar.date(world.n_days - 1)
    yield f"Statement of account of member {member}, replication {replication}"
    yield f"run {config.name}, seed {config.seed}, {config.start} to {last}"
    yield ""
    joined = int(members.joined_day[member])
    method = PayMethod(int(members.pay_method[member])).name.lower().replace("_", " ")
    yield "What the lender sees of the member on the last day:"
    yield (
        f"  age {persons.age[member]}; uses of NP Atobarai before applying: "
        f"{persons.np_uses[member]}, paid late: {persons.np_late[member]}"
    )
    state = Status(int(members.status[member])).name.lower()
    since = f", member since {world.calendar.date(joined)}" if joined >= 0 else ""
    off = ", debt written off" if members.is_written_off[member] else ""
    yield (
        f"  {state}{since}{off}; limit {members.limit_yen[member]:,} yen; pays by {method}; bills "
        f"paid on time {members.bills_on_time[member]}, missed {members.bills_late[member]}"
    )


def closing_lines(lines: Sequence[Line], ledger: pl.DataFrame) -> Iterator[str]:
    """Prove that the balance adds up, line by line and against the accounts.

    Raises LedgerError if it does not.
    """
    last = next((line.balances for line in reversed(lines) if line.balances), Balances())
    debit, credit = sum(x.debit_yen for x in lines), sum(x.credit_yen for x in lines)
    if last != balances_of(ledger) or debit - credit != last.net:
        raise LedgerError(f"the statement ends with {last}, the ledger with {balances_of(ledger)}")
    yield f"balance adds up: debits {debit:,} - credits {credit:,} = {last.net:,} yen"
    yield (
        f"  = principal {last.principal:,} + fees {last.fees:,} + late damages "
        f"{last.late_damages:,} + administration fees {last.late_admin_fees:,} "
        f"- credit {last.credit:,}"
    )
    off, back = _sum(ledger, "debit", "write_off"), _sum(ledger, "credit", "recovery")
    if off:
        yield f"  written off in the books {off:,} yen, recovered since {back:,} yen"
