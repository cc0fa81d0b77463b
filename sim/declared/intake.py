"""Doors, hand-ons, assessment and waiting (model section 2.7)."""

from sim.declared.declare import Subject, par

# One declaration a line or two, as a table.
# fmt: off


class IntakeParameters(Subject):
    """Parameters: doors, hand-ons, assessment and waiting."""

    hours_intake: float = par(4, unit="h", low=2, high=6, grade="D",
        en="first consultation with its record", ja="初回相談（記録を含む）の時間")
    hours_household_assessment: float = par(2, unit="h", low=1, high=4, grade="D",
        en="extra hours of a household assessment", ja="世帯全体のアセスメントの追加時間")
    hours_any_door: float = par(1, unit="h", low=0, high=3, grade="D",
        en="extra hours of a contact at any door", ja="断らない相談の追加時間")
    wrong_desk_first: float = par(0.25, unit="prob", low=0.10, high=0.40, grade="D",
        en="household comes to another field's desk first", ja="最初に別の分野の窓口に来る割合")
    referral_success_plain: float = par(0.54, unit="prob", low=0.36, high=0.65, grade="A", source="PubMed 39692458; 211", source_ja="PubMed 39692458、211",
        en="hand-on arrives, no coordination", ja="紹介がつながる割合（連携なし）")
    referral_success_coord: float = par(0.72, unit="prob", low=0.60, high=0.90, grade="D", null="intake.referral_success_plain", source="assumption; direction A", source_ja="仮定。向きは等級A",
        en="warm hand-on arrives", ja="紹介がつながる割合（つなぎの支援あり）")
    referred_on_share: float = par(0.21, unit="share", low=0.15, high=0.27, grade="A", source="MHLW 2024", source_ja="厚生労働省 2024",
        en="consultations referred on to another scheme and closed here", ja="他制度へつないで終える相談の割合")
    no_return_share: float = par(0.10, unit="share", low=0.0, high=0.20, grade="D",
        en="consultations after which a household is not seen again", ja="初回相談のあと再び来ない割合")
    severe_outcome_factor: float = par(0.5, unit="ratio", low=0.3, high=1.0, grade="D",
        en="consultations that end without a case, with a severe need against others", ja="深刻な課題がある世帯で支援に至らず終わる比")
    referral_help: float = par(0.5, unit="share", low=0.0, high=1.0, grade="D", null=0.0,
        en="of what light support here adds, what the other scheme adds", ja="つないだ先の支援の効果（当方の軽い支援に対する割合）")
    memory_fading: float = par(0.3, unit="1/year", low=0.1, high=1.0, grade="D",
        en="agencies forget a household that they have met", ja="相談した世帯の記録・記憶が失われる率")
    repeat_hours: float = par(0.7, unit="ratio", low=0.5, high=1.0, grade="D",
        en="hours of a consultation with a household that is remembered, against others", ja="記録・記憶のある世帯の初回相談の時間の比")
    trust_per_hop: float = par(0.05, unit="0-1", low=0.0, high=0.15, grade="D",
        en="trust lost at each hop", ja="たらいまわし1回で失う信頼")
    gap_refusal: float = par(0.8, unit="prob", low=0.5, high=0.95, grade="D",
        en="gap need refused at a field window", ja="制度の狭間の課題が断られる割合")
    authority_refusal: float = par(0.5, unit="share", low=0.0, high=1.0, grade="D", null=0.0,
        en="refusals of gap needs that authority to decide prevents", ja="決定権限により防げる受付拒否の割合")
    resource_refusal: float = par(0.5, unit="share", low=0.0, high=1.0, grade="D", null=0.0,
        en="refusals of gap needs that full local resources prevent", ja="地域資源の充実により防げる受付拒否の割合")
    tie_respect_hours: float = par(1.0, unit="h/case", low=0.0, high=4.0, grade="D",
        en="extra hours at the start of a case that keeps informal ties", ja="既存のつながりを尊重する支援の開始時の追加時間")
    assessment_find: float = par(0.6, unit="prob", low=0.3, high=0.9, grade="D",
        en="household assessment finds another need (orientation and skill 1)", ja="世帯全体のアセスメントで他の課題が分かる割合")
    dumping: float = par(0.25, unit="prob", low=0.05, high=0.5, grade="D",
        en="any door without briefing: desk passes on what it could do", ja="事前説明なしの場合に抱えられる相談を回す割合")
    renege: float = par(0.5, unit="1/year", low=0.1, high=1.0, grade="D",
        en="waiting household gives up", ja="待機中にあきらめる率")
    trust_waiting: float = par(0.01, unit="0-1/week", low=0.0, high=0.03, grade="D",
        en="trust lost in each week of a long wait", ja="長く待つ間に週ごとに失う信頼")
    admission_patience: float = par(8, unit="weeks", low=4, high=16, grade="D",
        en="weeks on the admission list after which trust falls", ja="支援待ちで信頼が下がり始めるまでの週数")
    door_giveup: float = par(0.05, unit="prob/week", low=0.02, high=0.15, grade="D",
        en="household at the door gives up before its first consultation", ja="初回相談を待つ間にあきらめる割合（週）")
    door_patience: float = par(4, unit="weeks", low=2, high=8, grade="D",
        en="weeks at the door after which trust falls", ja="初回相談の待ちで信頼が下がり始めるまでの週数")
    intake_floor: float = par(0.15, unit="share", low=0.05, high=0.30, grade="D",
        en="usable hours kept for first consultations before open cases", ja="支援中の世帯に先立って初回相談に充てる時間の割合")
    admission_limit: float = par(1.25, unit="ratio", low=1.0, high=1.6, grade="D",
        en="asked hours over usable hours up to which a worker opens cases", ja="新規受理を続ける負荷の上限")
