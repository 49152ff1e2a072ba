"""Terms of default at au PAY Atobarai: late damages, acceleration, demand, cure, measures."""

from typing import Literal

from models.parameters import Parameters, Rate, Share, parameter

MeasureName = Literal["none", "restrict", "suspend", "stop", "cancel"]


class LateDamagesTerms(Parameters):
    """What a missed due date costs."""

    rate: Rate = parameter(
        [1455, 10000],
        "Late damages on what is late, revolving fee excluded.",
        unit="a year",
        source="AU-37.1(3); AU-37.2(1); AU-37.2(3)",
    )
    cap_rate: Rate = parameter(
        [299, 10000],
        "Cap on all that is unpaid of instalments, two-time and bonus.",
        unit="a year",
        source="AU-37.1(1); AU-37.1(2); AU-37.2(1); AU-37.2(2)",
    )
    accel_inclusive: bool = parameter(
        False,
        "Whether the day of acceleration itself bears damages on what was accelerated.",
        unit="-",
        source="AU-37.1(1); C-16",
    )
    cap_scope: Literal["per_purchase", "per_plan_total"] = parameter(
        "per_purchase",
        "Whole unpaid debt that caps two-time and bonus: of the use, or of all such uses.",
        unit="-",
        source="AU-37.2(2); C-30",
    )
    inst_cap_mode: Literal["per_purchase_sum", "per_instalment"] = parameter(
        "per_purchase_sum",
        "The cap bears on the sum of a purchase's late payments, or on each.",
        unit="-",
        source="AU-37.2(1); C-48",
    )
    collect: Literal["with_payment", "next_bill"] = parameter(
        "next_bill",
        "Whether late damages are paid with the late amount or put on the next statement.",
        unit="-",
        source="C-60",
    )
    min_yen: int = parameter(
        0, "Damages below are not claimed.", unit="yen", source="C-54", ge=0, le=10_000
    )


class AccelerationTerms(Parameters):
    """When debts fall due at once."""

    auto_one_time: bool = parameter(
        True, "Whether a missed one-time payment accelerates.", unit="-", source="AU-39.1(1)"
    )
    day_offset: int = parameter(
        1,
        "Days from the due date to the automatic acceleration.",
        unit="days",
        source="AU-39.1(1); assumption",
        ge=1,
        le=60,
    )
    auto_scope: Literal["posted_all", "billed_only"] = parameter(
        "posted_all",
        "Which uses of kinds (1) to (4) fall due with the missed one.",
        unit="-",
        source="AU-39.1(1); C-31",
    )
    rebate_unearned: bool = parameter(
        False, "Whether unearned instalment fees are rebated.", unit="-", source="C-32"
    )
    on_demand_serious: Share = parameter(
        1.0,
        "Chance that acceleration is demanded for a false statement or a serious breach.",
        unit="share",
        source="AU-39.3(1); AU-39.3(4); assumption",
    )
    on_demand_other: Share = parameter(
        0.5,
        "Chance that it is demanded for a failed company or marked deterioration.",
        unit="share",
        source="AU-39.3(2); AU-39.3(3); assumption",
    )
    antisocial: bool = parameter(
        True,
        "Whether proven antisocial ties are accelerated as a serious breach; nothing in the model "
        "proves them.",
        unit="-",
        source="AU-11.1; AU-39.3(4); assumption",
    )


class KnowledgeHazards(Parameters):
    """Chances a month of grounds that accelerate once the lender knows of them."""

    payments_suspended: Share = parameter(
        0.0,
        "Dishonoured bill or general suspension of payments.",
        unit="a month",
        source="AU-39.2(2); assumption",
    )
    attachment: Share = parameter(
        0.0,
        "Attachment by a creditor outside the simulation.",
        unit="a month",
        source="AU-39.2(3); assumption",
    )
    title_harmed: Share = parameter(
        0.0, "Card lent or goods pledged.", unit="a month", source="AU-39.2(5); assumption"
    )
    whereabouts_unknown: Share = parameter(
        0.0005,
        "Moved without notice, whereabouts unknown.",
        unit="a month",
        source="AU-39.2(7); AU-9.1; assumption",
    )
    false_statement: Share = parameter(
        0.0,
        "False statement at application found out.",
        unit="a month",
        source="AU-39.3(1); assumption",
    )
    company_failed: Share = parameter(
        0.0, "Company of the member fails.", unit="a month", source="AU-39.3(2); assumption"
    )
    deterioration: Share = parameter(
        0.0, "Marked credit deterioration.", unit="a month", source="AU-39.3(3); assumption"
    )
    serious_breach: Share = parameter(
        0.0, "Serious breach.", unit="a month", source="AU-39.3(4); assumption"
    )


class DemandTerms(Parameters):
    """The written demand before acceleration."""

    send_day: int = parameter(
        30,
        "Days from the due date to the demand.",
        unit="days",
        source="AU-39.2(1); COLL-03; C-38",
        ge=1,
        le=365,
    )
    days: int = parameter(
        20,
        "Days the demand leaves from its receipt; 20 is the minimum.",
        unit="days",
        source="AU-39.2(1); C-38",
        ge=20,
        le=365,
    )
    post_lag_days: int = parameter(
        2,
        "Days from dispatch to receipt, real or deemed.",
        unit="days",
        source="AU-9.3; C-38",
        ge=0,
        le=14,
    )
    undeliverable_days: int = parameter(
        25,
        "Days from dispatch after which an undelivered notice accelerates.",
        unit="days",
        source="AU-39.2(8); C-38",
        ge=1,
        le=365,
    )
    undeliverable_share: Share = parameter(
        0.02, "Demands that come back.", unit="share", source="AU-39.2(8); assumption"
    )
    good_reason_share: Share = parameter(
        0.0,
        "Members who prove good reason for a demand that came back.",
        unit="share",
        source="AU-39.2(8); AU-9.3; assumption",
    )


class CureTerms(Parameters):
    """Reinstatement after an automatic acceleration."""

    reinstate_days: int = parameter(
        30,
        "Days from the acceleration within which paying reinstates.",
        unit="days",
        source="C-55",
        ge=0,
        le=365,
    )
    scope: Literal["missed_amount", "whole_accelerated"] = parameter(
        "missed_amount", "What must be paid.", unit="-", source="C-55"
    )


class MeasureTerms(Parameters):
    """What the lender does on each ground of AU-41.1."""

    report_refused: MeasureName = parameter(
        "suspend", "(1) Report not made, false or refused.", unit="-", source="AU-41.1(1)"
    )
    breach: MeasureName = parameter(
        "suspend", "(2) Breach or risk of it.", unit="-", source="AU-41.1(2)"
    )
    unpaid: MeasureName = parameter(
        "suspend",
        "(3) Any debt to the lender unpaid, after `usage_stop_day`; use stops unless this is none, "
        "restrict or cancel.",
        unit="-",
        source="AU-41.1(3); C-61; COLL-01",
    )
    deterioration: MeasureName = parameter(
        "suspend", "(4) Attachment, insolvency, deterioration.", unit="-", source="AU-41.1(4)"
    )
    accelerated: MeasureName = parameter(
        "cancel",
        "(5) Acceleration; suspended while it can still be cured.",
        unit="-",
        source="AU-41.1(5); C-55",
    )
    cash_out: MeasureName = parameter(
        "suspend", "(6) Cash-out or abnormal use.", unit="-", source="AU-41.1(6)"
    )
    suspicious: MeasureName = parameter(
        "suspend", "(7) Unsuitable or suspicious use.", unit="-", source="AU-41.1(7)"
    )
    antisocial: MeasureName = parameter(
        "cancel",
        "(8) Antisocial ties, found out after the admission; nothing in the model finds them out.",
        unit="-",
        source="AU-41.1(8)",
    )
    unlawful_demand: MeasureName = parameter(
        "cancel",
        "(9) Violent or unlawful demands; nobody in the model makes them.",
        unit="-",
        source="AU-41.1(9)",
    )
    crime_proceeds: MeasureName = parameter(
        "cancel", "(10) Law on crime proceeds.", unit="-", source="AU-41.1(10)"
    )
    death: MeasureName = parameter("stop", "(11) Death.", unit="-", source="AU-41.1(11)")
    other: MeasureName = parameter(
        "suspend",
        "(12) Other reasonable ground; there is none in the model.",
        unit="-",
        source="AU-41.1(12)",
    )
