"""The ladder of engagement, places, and how ties form and fade (model section 2.10)."""

from sim.declared.declare import Subject, par

# One declaration a line or two, as a table.
# fmt: off


class CommunityParameters(Subject):
    """Parameters: the ladder of engagement, places, and how ties form and fade."""

    helper_contagion: float = par(0.002, unit="prob/helper-contact-month", low=0.0, high=0.01, grade="D", null=0.0, source="assumption; field experiment null", source_ja="仮定。実地試験では効果なし",
        en="interested resident starts acting by contact with a helper", ja="活動者との接触による新たな活動")
    helper_dropout: float = par(0.12, unit="1/year", low=0.08, high=0.25, grade="A", source="31% new per 3-yr term (全民児連 2013)", source_ja="3年の任期ごとに31％が新任（全民児連 2013）",
        en="helper stops", ja="活動をやめる率")
    commissioner_dropout: float = par(0.04, unit="1/year", low=0.02, high=0.08, grade="D",
        en="commissioner gives up the seat, whatever its load", ja="民生委員の退任（負担・転出・死亡を除く）")
    overload_worries: float = par(0.02, unit="1/year per worry", low=0.0, high=0.06, grade="D", null=0.0,
        en="commissioner gives up from the worries carried", ja="気がかりの負担による民生委員の退任")
    overload_visits: float = par(0.01, unit="1/year per 100 visits a year", low=0.0, high=0.02, grade="D", null=0.0,
        en="commissioner gives up from the visits made", ja="訪問の負担による民生委員の退任")
    overload_beat: float = par(0.004, unit="1/year per 100 households", low=0.0, high=0.012, grade="D", null=0.0,
        en="commissioner gives up from the size of the beat", ja="受け持ち世帯の多さによる民生委員の退任")
    seat_refill: float = par(1.3, unit="1/year", low=0.6, high=3.0, grade="D",
        en="vacant seat of a commissioner is filled, with as many residents to ask as at the start", ja="民生委員の欠員が補充される率（担い手となりうる住民が開始時と同数の場合）")
    interest_fading: float = par(0.20, unit="1/year", low=0.1, high=0.5, grade="D",
        en="interest fades", ja="関心が薄れる率")
    hours_per_step: float = par(25, unit="h", low=10, high=60, grade="D",
        en="coordinator hours that lift one resident one rung, interest-led", ja="住民1人の一段の変化に要する時間（関心起点）")
    request_speed: float = par(2.0, unit="ratio", low=1.0, high=4.0, grade="D",
        en="speed of lifting by request, against interest-led", ja="依頼型の速さの比")
    request_decay: float = par(3.0, unit="ratio", low=1.0, high=6.0, grade="D",
        en="drop-out after lifting by request, against others", ja="依頼型の離脱の比")
    place_capacity: float = par(30, unit="households", low=10, high=80, grade="D",
        en="households that a place reaches", ja="居場所1か所が届く世帯数")
    place_joining: float = par(1.0, unit="1/year", low=0.3, high=2.0, grade="D",
        en="filling of a place's free capacity", ja="居場所の空きが埋まる速さ")
    place_leaving: float = par(0.25, unit="1/year", low=0.1, high=0.5, grade="D",
        en="household stops using a place", ja="居場所の利用をやめる率")
    place_requested: float = par(0.6, unit="ratio", low=0.3, high=1.0, grade="D",
        en="reach of a requested place against one from residents' wishes", ja="依頼型の居場所の届きやすさの比")
    place_tie: float = par(0.3, unit="prob", low=0.0, high=0.6, grade="D",
        en="joining a place makes a tie", ja="居場所への参加でつながりができる割合")
    tie_fading: float = par(0.06, unit="1/year", low=0.02, high=0.15, grade="D",
        en="tie fades", ja="つながりが薄れる率")
    tie_withdrawal: float = par(2.0, unit="ratio", low=1.0, high=4.0, grade="D",
        en="fading of ties of a household in severe need", ja="深刻な世帯のつながりの薄れやすさの比")
    participation_isolates_fte: float = par(25, unit="households/year", low=10, high=50, grade="D",
        en="isolated households that a participation post brings into a tie", ja="参加支援1人がつなぐ孤立世帯数")
    participation_stepwise: float = par(0.6, unit="ratio", low=0.4, high=1.0, grade="D",
        en="households reached with stepwise roles, each of which then gains two ties", ja="段階的な役割がある場合に届く世帯数の比（つながりは2つ）")
    hours_coordinator: float = par(0.7, unit="share", low=0.4, high=0.9, grade="D",
        en="coordinator's usable hours spent with residents", ja="住民と関わる時間の割合")
    backing_hours: float = par(0.25, unit="h/month", low=0.1, high=1.0, grade="D",
        en="coordinator hours that give one acting resident a contact point", ja="住民の支え手1人の後ろ盾に要する時間")
    place_step: float = par(0.05, unit="1/year", low=0.0, high=0.2, grade="D",
        en="interested member of a place born of residents' wishes starts acting", ja="住民発の居場所から活動が始まる率")
    plan_ask: float = par(0.10, unit="1/year", low=0.0, high=0.4, grade="D",
        en="neighbour who is asked in a joint plan steps up", ja="支援プランで頼まれた近隣が活動を始める率")
