"""Familiarity between agencies, conferences and the hub (model section 2.8)."""

from sim.declared.declare import Subject, par

# One declaration a line or two, as a table.
# fmt: off


class CoordinationParameters(Subject):
    """Parameters: familiarity between agencies, conferences and the hub."""

    coord_setup_months: float = par(18, unit="months", low=6, high=36, grade="D",
        en="time until hand-over works under conferences", ja="連携が機能するまでの期間")
    familiarity_init: float = par(0.2, unit="0-1", low=0.0, high=0.5, grade="D",
        en="familiarity between agencies at the start", ja="開始時の機関間の顔の見える関係")
    familiarity_joint: float = par(0.02, unit="per joint household-year", low=0.0, high=0.1, grade="D",
        en="familiarity from handling a household together, for each worker of the two agencies", ja="世帯を共に支えることで育つ関係（職員1人あたり）")
    familiarity_fading: float = par(0.2, unit="1/year", low=0.05, high=0.5, grade="D",
        en="familiarity lost with time", ja="時間とともに薄れる関係")
    bring_rate: float = par(0.5, unit="1/year", low=0.1, high=2.0, grade="D",
        en="compounded household that consents is brought to a well-known conference or hub by workers of orientation 1", ja="複合化した世帯を支援会議・多機関協働につなぐ率（職員の志向が1、会議が定着し、本人が同意する場合）")
    consent: float = par(0.6, unit="prob", low=0.3, high=0.9, grade="D",
        en="household of mean trust consents to a joint case", ja="多機関での支援に同意する割合（信頼が平均的な世帯）")
    consent_weeks: float = par(26, unit="weeks", low=13, high=52, grade="D",
        en="time for which a yes or no to a joint case holds", ja="同意・不同意が続く期間")
    mediator_gain: float = par(0.3, unit="1/year", low=0.0, high=1.0, grade="D", null=0.0,
        en="familiarity from a mediator", ja="調整役により育つ関係")
    hours_mediation: float = par(8, unit="h/month", low=2, high=20, grade="D",
        en="manager's hours of mediation, each agency", ja="調整に要する管理職の時間（機関ごと）")
    hours_authority: float = par(4, unit="h/month", low=1, high=12, grade="D",
        en="manager's hours of a decision by authority, each agency", ja="決定権限の行使に要する管理職の時間（機関ごと）")
    preparation: float = par(0.3, unit="h/h", low=0.1, high=0.6, grade="D",
        en="preparation per conference hour", ja="会議1時間あたりの準備時間")
    review_sittings: float = par(2.5, unit="sittings", low=2, high=3, grade="D", source="assumption: 2-3 sittings, as towns of the guidebook report", source_ja="仮定：2～3回（手引きの自治体の記述による）",
        en="sittings of a review", ja="検討に要する会議の回数")
    generalising_minutes: float = par(0.10, unit="share", low=0.0, high=0.3, grade="D",
        en="further conference time that a generalising view takes", ja="普遍化の視点に要する会議時間の増")
    hours_personnel: float = par(1.0, unit="h/month", low=0.2, high=4.0, grade="D",
        en="manager's hours of each personnel rule in use, each agency", ja="人事上の取り組みに要する管理職の時間（機関ごと）")
    conference_breadth: float = par(0.05, unit="per 10 h", low=0.0, high=0.15, grade="D", null=0.0,
        en="breadth learned in ten conference hours", ja="会議10時間で広がる対応力")
    hub_weeks: float = par(26, unit="weeks", low=13, high=52, grade="D",
        en="time a back-up hub joins the field workers", ja="後方支援が現場に加わる期間")
