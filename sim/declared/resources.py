"""From insight to working local resources (model section 2.11)."""

from sim.declared.declare import Subject, par

# One declaration a line or two, as a table.
# fmt: off


class ResourcesParameters(Subject):
    """Parameters: from insight to working local resources."""

    insight_case: float = par(0.05, unit="insights/closure", low=0.0, high=0.2, grade="D",
        en="insight from a closed case in ordinary work", ja="終結1件から得られる気づき")
    insight_review: float = par(0.3, unit="insights/case", low=0.0, high=1.0, grade="D",
        en="insight from a reviewed case", ja="検討1件から得られる気づき")
    generalising_gain: float = par(3.0, unit="ratio", low=1.0, high=6.0, grade="D", null=1.0,
        en="insight with a generalising view", ja="普遍化の視点による気づきの比")
    policy_staff_gain: float = par(1.5, unit="ratio", low=1.0, high=3.0, grade="D", null=1.0,
        en="insight with policy staff present", ja="政策担当者の同席による気づきの比")
    insight_fading: float = par(0.5, unit="1/year", low=0.2, high=1.0, grade="D",
        en="insight that is lost unused", ja="使われない気づきが失われる率")
    insight_per_trial: float = par(5.0, unit="insights", low=2.0, high=10.0, grade="D",
        en="insight that a trial takes", ja="試行1件に要する気づき")
    hours_per_trial: float = par(80, unit="h", low=30, high=200, grade="D",
        en="upstream hours that a trial takes", ja="試行1件に要する時間")
    trial_success: float = par(0.4, unit="prob", low=0.2, high=0.7, grade="D",
        en="small trial works", ja="小さな試行の成功率")
    big_design_success: float = par(0.6, unit="prob", low=0.3, high=0.8, grade="D",
        en="big design works", ja="大きな設計の成功率")
    big_design_cost: float = par(3.0, unit="ratio", low=2.0, high=5.0, grade="D",
        en="hours and insight of a big design against a trial", ja="大きな設計に要する時間の比")
    wish_overlap: float = par(1.5, unit="ratio", low=1.0, high=2.5, grade="D", null=1.0,
        en="success where a trial meets residents' wishes", ja="住民の願いと重なるときの成功の比")
    lead_weeks: float = par(52, unit="weeks", low=26, high=104, grade="D",
        en="time until a resource works", ja="資源が機能するまでの期間")
    life_years: float = par(5, unit="years", low=2, high=10, grade="D",
        en="life of a working resource", ja="資源の寿命")
    upkeep_hours: float = par(2.0, unit="h/month", low=0.5, high=6.0, grade="D",
        en="upkeep of a working resource", ja="資源の維持に要する時間")
    full_resources: float = par(2.0, unit="per 10,000 households", low=1.0, high=5.0, grade="D",
        en="working resources at which the effect is full", ja="効果が最大となる資源の数")
    resource_relief: float = par(0.05, unit="share", low=0.0, high=0.15, grade="D",
        null=0.0, en="hours per case saved with full local resources", ja="資源の充実による支援時間の軽減")
    place_each: float = par(0.2, unit="places", low=0.0, high=1.0, grade="D", null=0.0,
        en="community places that a working resource adds", ja="地域資源1つが増やす居場所")
    init_resources: float = par(0.2, unit="share of full", low=0.0, high=0.5, grade="D",
        en="working resources at the start", ja="開始時の資源の充実度")
    unpaid_trials: float = par(0.2, unit="per 10,000 households and year", low=0.0, high=2.0, grade="D",
        en="trials possible without a budget", ja="予算なしで行える試行の数")
