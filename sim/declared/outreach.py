"""What outreach hours buy (model section 2.6)."""

from sim.declared.declare import Subject, par

# One declaration a line or two, as a table.
# fmt: off


class OutreachParameters(Subject):
    """Parameters: what outreach hours buy."""

    outreach_visits_fte: float = par(500, unit="visits/year", low=300, high=700, grade="D", source="assumption: 2-3 a day", source_ja="仮定：1日に2～3件",
        en="household visits of a full outreach post", ja="アウトリーチ職員1人の年間訪問数")
    outreach_targeting: float = par(1.4, unit="ratio", low=1.0, high=2.5, grade="D",
        en="prevalence of need among listed households against the town", ja="名簿による訪問先の課題保有率の比")
    p_detect_visit: float = par(0.60, unit="prob", low=0.35, high=0.80, grade="D",
        en="visit reveals a need that is there", ja="訪問で課題が分かる割合")
    p_engage: float = par(0.54, unit="prob", low=0.35, high=0.75, grade="A", source="PubMed 39692458 (54.2%)", source_ja="PubMed 39692458（54.2％）",
        en="found household accepts support", ja="把握した世帯が支援を受け入れる割合")
    engage_rise: float = par(0.10, unit="ratio", low=0.0, high=0.3, grade="D", null=0.0,
        en="rise of acceptance with each further contact, against the first", ja="接触を重ねるごとの受け入れの上昇")
    trust_per_contact: float = par(0.05, unit="0-1", low=0.0, high=0.15, grade="D",
        en="trust gained by an unaccepted contact", ja="受け入れに至らない接触で得られる信頼")
    go_between_gain: float = par(1.25, unit="ratio", low=1.0, high=1.6, grade="D", null=1.0,
        en="detection with a known go-between", ja="橋渡し役がいるときに課題が分かる比")
    go_between_hours: float = par(0.5, unit="h/visit", low=0.1, high=1.5, grade="D",
        en="unpaid hours of a go-between", ja="橋渡し役の無償時間")
    revisit_weeks: float = par(6, unit="weeks", low=2, high=13, grade="D",
        en="weeks until the next contact", ja="次の接触までの週数")
