"""How neighbours and commissioners notice, watch over and tell, and what it costs them (model section 2.4)."""

from sim.declared.declare import Subject, par

# One declaration a line or two, as a table.
# fmt: off


class NoticingParameters(Subject):
    """Parameters: how neighbours and commissioners notice, watch over and tell, and what it costs them."""

    notice_latent: float = par(0.003, unit="prob/tie-month", low=0.001, high=0.01, grade="D",
        en="acting neighbour notices latent need", ja="潜在的な課題への気づき（つながり・月あたり）")
    notice_manifest: float = par(0.01, unit="prob/tie-month", low=0.003, high=0.03, grade="D",
        en="acting neighbour notices manifest need", ja="顕在化した課題への気づき（つながり・月あたり）")
    notice_severe: float = par(0.02, unit="prob/tie-month", low=0.006, high=0.06, grade="D",
        en="acting neighbour notices severe need", ja="深刻な課題への気づき（つながり・月あたり）")
    minsei_visits: float = par(150, unit="visits/year", low=120, high=170, grade="A", source="White Paper R5", source_ja="令和5年版厚生労働白書",
        en="visits of a commissioner", ja="民生委員の訪問回数")
    visits_of_a_tie: float = par(150, unit="visits/year", low=75, high=600, grade="D",
        en="commissioner's visits at which a household of the beat is seen as by one acting tie",
        ja="担当世帯をつながり1つ分見ることになる民生委員の訪問回数")
    watch_weeks: float = par(52, unit="weeks", low=13, high=104, grade="D",
        en="watching lasts without renewal", ja="見守りが続く週数（更新なし）")
    notice_to_referral: float = par(0.25, unit="prob", low=0.10, high=0.50, grade="D",
        en="neighbour who notices tells an agency or the person", ja="気づきを機関や本人に伝える割合")
    tell_person: float = par(0.5, unit="share", low=0.2, high=0.8, grade="D",
        en="tellings that go to the person and not to an agency", ja="伝える先が本人である割合")
    told_readiness: float = par(0.10, unit="0-1", low=0.0, high=0.3, grade="D",
        en="readiness to ask gained when a neighbour tells the person", ja="声かけによる相談しやすさの上昇")
    knows_init: float = par(0.5, unit="0-1", low=0.2, high=0.8, grade="D",
        en="how well acting residents know whom to tell, at the start", ja="誰に伝えるかを知っている度合い（開始時）")
    knows_gain: float = par(0.10, unit="0-1", low=0.0, high=0.3, grade="D",
        en="gain when a told worry is answered, loss when it is not", ja="応答の有無による変化")
    knows_backing: float = par(0.5, unit="1/year", low=0.1, high=1.0, grade="D", null=0.0,
        en="growth of knowing whom to tell under full backing", ja="後ろ盾による上昇率")
    answer_weeks: float = par(13, unit="weeks", low=4, high=26, grade="D",
        en="weeks until a told worry counts as unanswered", ja="応答なしとみなすまでの週数")
    worry_per_unanswered: float = par(1.0, unit="worries", low=0.5, high=2.0, grade="D",
        en="load of an unanswered worry", ja="応答のない気がかりの負担")
    worry_per_watched: float = par(0.25, unit="worries", low=0.0, high=1.0, grade="D",
        en="load of a watched household each year", ja="見守り1世帯の年間の負担")
    worry_fading: float = par(0.7, unit="1/year", low=0.3, high=1.5, grade="D",
        en="fading of the worry load", ja="気がかりの負担の軽減")
    worry_relief: float = par(1.0, unit="1/year", low=0.0, high=3.0, grade="D", null=0.0,
        en="further fading under backing (valued, has a contact point)", ja="後ろ盾による負担の軽減")
    worry_limit: float = par(2.5, unit="worries", low=1.5, high=5.0, grade="D",
        en="load above which a neighbour steps back", ja="活動から退く負担の限度")
    hours_per_watched: float = par(0.5, unit="h/month", low=0.1, high=2.0, grade="D",
        en="unpaid hours of watching one household", ja="見守り1世帯の無償時間")
    hours_per_acting: float = par(2.0, unit="h/month", low=0.5, high=8.0, grade="D",
        en="unpaid hours of an acting resident", ja="活動する住民の無償時間")
