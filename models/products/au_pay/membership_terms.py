"""Terms of membership of au PAY Atobarai: admission, limits, card, duties, leaving."""

from typing import Literal, Self

from pydantic import model_validator

from models.parameters import Parameters, Share, parameter


class AdmissionTerms(Parameters):
    """Screening and the checks that go with it."""

    screen_delay_days: int = parameter(
        3, "Days from application to admission.", unit="days", source="AU-2.1", ge=0, le=60
    )
    cut_off: float = parameter(
        34.0,
        "Score below which applicants are refused.",
        unit="points",
        source="AU-2.1; facts 7 (approval rate .85)",
    )
    form_points: float = parameter(
        8.5,
        "Points by which what the applicant states moves a score at most, up or down.",
        unit="points",
        source="AU-2.1; facts 7 (approval rate .85); assumption",
        ge=0,
        le=100,
    )
    derogatory_points: float = parameter(
        -40.0,
        "Points for arrears in the bureau's files.",
        unit="points",
        source="AU-15.1; assumption",
    )
    inquiry_points: float = parameter(
        -2.0,
        "Points for another lender's recent query.",
        unit="points",
        source="AU-15.1; assumption",
    )
    kyc_deadline_days: int = parameter(
        30,
        "Days within which identity checks must be finished.",
        unit="days",
        source="AU-10.1; AU-10.2",
        ge=1,
        le=365,
    )
    kyc_unfinished_share: Share = parameter(
        0.0,
        "Members whose checks are not finished by then.",
        unit="share",
        source="AU-10.2; assumption",
    )
    kyc_action: Literal["restrict", "suspend", "cancel"] = parameter(
        "suspend", "What follows.", unit="-", source="AU-10.2; assumption"
    )
    refuses_consent_share: Share = parameter(
        0.0, "Applicants who refuse data or consent.", unit="share", source="AU-17.1; assumption"
    )
    exposed_person_share: Share = parameter(
        0.0,
        "Members who are foreign politically exposed persons.",
        unit="share",
        source="AU-10.3; AU-22.2; assumption",
    )
    antisocial_share: Share = parameter(
        0.0,
        "Members suspected of antisocial ties or under sanctions.",
        unit="share",
        source="AU-11.1; assumption",
    )
    antisocial_cooloff_years: int = parameter(
        5,
        "Years for which ex-members count; ties in the model are present ones.",
        unit="years",
        source="AU-11.1",
        ge=0,
        le=50,
    )


class ShoppingBand(Parameters):
    """Members whose score reaches a value get a shopping limit."""

    from_score: float = parameter(
        0.0, "Lowest score of the band.", unit="points", source="AU-22.1; assumption"
    )
    limit_yen: int = parameter(
        50_000,
        "Shopping limit.",
        unit="yen",
        source="AU-22.1; assumption",
        ge=0,
        le=100_000_000,
    )


DEFAULT_BANDS = tuple(
    ShoppingBand(from_score=score, limit_yen=limit)
    for score, limit in [
        (0.0, 50_000),
        (42.0, 100_000),
        (50.0, 200_000),
        (60.0, 300_000),
        (72.0, 500_000),
    ]
)


class LimitTerms(Parameters):
    """The shopping limit."""

    bands: tuple[ShoppingBand, ...] = parameter(
        DEFAULT_BANDS,
        "Limits by score, ascending.",
        unit="-",
        source="AU-22.1; assumption",
        min_length=1,
        max_length=50,
    )

    count_fees: bool = parameter(
        False,
        "Whether fees other than those of revolving and instalments use up the limit.",
        unit="-",
        source="AU-27.1; C-34",
    )
    cap_yen: int = parameter(
        500_000,
        "Highest shopping limit.",
        unit="yen",
        source="AU-22.1; assumption",
        ge=0,
        le=100_000_000,
    )
    review_every_days: int = parameter(
        180, "Days between reviews.", unit="days", source="AU-22.3; assumption", ge=1, le=3650
    )
    raise_declined_share: Share = parameter(
        0.05, "Members who declined raises.", unit="share", source="AU-22.3; assumption"
    )
    noncomply_share: Share = parameter(
        0.02,
        "Members who refuse documents after admission.",
        unit="share",
        source="AU-22.7; assumption",
    )
    noncomply_action: Literal["cut", "suspend", "cancel"] = parameter(
        "cut", "What follows.", unit="-", source="AU-22.7; assumption"
    )
    temporary_yen: int = parameter(
        100_000,
        "Temporary increase.",
        unit="yen",
        source="AU-22.4; assumption",
        ge=0,
        le=100_000_000,
    )
    temporary_days: int = parameter(
        30, "Days it lasts.", unit="days", source="AU-22.4; assumption", ge=1, le=365
    )
    temporary_per_month: Share = parameter(
        0.005,
        "Chance a month that a member asks.",
        unit="a month",
        source="AU-22.4; assumption",
    )
    temporary_approved_share: Share = parameter(
        0.5, "Requests that are approved.", unit="share", source="AU-22.4; assumption"
    )
    over_limit_approved_share: Share = parameter(
        0.0, "Uses above the limit that are approved.", unit="share", source="AU-22.5"
    )
    over_limit_claim: bool = parameter(
        True,
        "Whether the excess falls due in one sum on the next due date.",
        unit="-",
        source="AU-22.6; assumption",
    )
    offline_share: Share = parameter(
        0.0, "Uses without authorisation.", unit="share", source="AU-24.6; assumption"
    )
    block_on_overdue: bool = parameter(
        True, "Whether nothing is authorised while overdue.", unit="-", source="AU-24.11; C-61"
    )
    restricted_share: Share = parameter(
        0.0,
        "Uses for restricted goods, which are refused.",
        unit="share",
        source="AU-24.11; assumption",
    )

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        scores = [band.from_score for band in self.bands]
        if scores != sorted(set(scores)):
            raise ValueError(f"bands: got from_score {scores}; from_score must ascend")
        return self


class CardTerms(Parameters):
    """Validity of the card data, and what stops its use."""

    valid_months: int = parameter(
        60, "Months of validity.", unit="months", source="AU-7.1; assumption", ge=1, le=240
    )
    renewal: Literal["no_arrears", "always"] = parameter(
        "no_arrears", "Who is renewed.", unit="-", source="AU-7.2; assumption"
    )
    reissue_days: int = parameter(
        7, "Days until a re-issue.", unit="days", source="AU-4.1; assumption", ge=0, le=90
    )
    security_code_wrong_share: Share = parameter(
        0.001, "Uses with a wrong security code.", unit="share", source="AU-24.9; assumption"
    )
    security_code_block_days: int = parameter(
        1, "Days of the block.", unit="days", source="AU-24.9; assumption", ge=0, le=90
    )
    held_share: Share = parameter(
        0.004, "Uses held on suspicion.", unit="share", source="AU-24.8; assumption"
    )


class ContinuingTerms(Parameters):
    """Continuing charges of merchants that hold the card data."""

    share: Share = parameter(
        0.2, "Members with a subscription.", unit="share", source="AU-24.5; assumption"
    )
    monthly_yen: int = parameter(
        1_200, "Charge a month.", unit="yen", source="AU-24.5; assumption", ge=0, le=1_000_000
    )
    informs_merchant_share: Share = parameter(
        0.8,
        "Members who tell the merchant of a change or their withdrawal.",
        unit="share",
        source="AU-24.5; AU-40.1; assumption",
    )


class ConductTerms(Parameters):
    """Duties of members and how often they fail them."""

    move_unreported_share: Share = parameter(
        0.1, "Moves that are not reported.", unit="share", source="AU-9.1; assumption"
    )
    moves_per_month: Share = parameter(
        0.0, "Chance a month to move.", unit="a month", source="AU-9.1; assumption"
    )
    move_inferred_share: Share = parameter(
        0.2,
        "Unreported moves that the lender finds out and takes as reported.",
        unit="share",
        source="AU-9.2; assumption",
    )
    inquiry_per_month: Share = parameter(
        0.0005,
        "Chance a month of questions about use out of line.",
        unit="a month",
        source="AU-10.4; assumption",
    )
    inquiry_unanswered_share: Share = parameter(
        0.1, "Questions without an answer.", unit="share", source="AU-10.4; assumption"
    )
    money_laundering_per_month: Share = parameter(
        0.0,
        "Chance a month of a money-laundering concern.",
        unit="a month",
        source="AU-13.1; assumption",
    )
    withdraws_per_month: Share = parameter(
        0.002, "Chance a month to withdraw.", unit="a month", source="AU-40.1; assumption"
    )
