"""Moves, ageing and deaths, and the background trend. All of it is exogenous: the same in every arm."""

from sim.declared.declare import RECALLED, Subject, par

# One declaration a line or two, as a table.
# fmt: off


class PopulationParameters(Subject):
    """Parameters: moves, ageing and deaths, and the background trend. All of it is exogenous: the same in every arm."""

    turnover: float = par(0.04, unit="1/year", low=0.02, high=0.07, grade="C", source=RECALLED,
        en="household moves away and is replaced", ja="世帯の転出入率")
    death_rate_65: float = par(0.009, unit="1/year", low=0.007, high=0.012, grade="C", source="life table of Japan, " + RECALLED, source_ja="日本の生命表（記憶による。未確認）",
        en="death rate at age 65", ja="65歳の死亡率")
    death_slope: float = par(0.11, unit="1/year of age", low=0.10, high=0.12, most=0.15, grade="C", source="life table of Japan, " + RECALLED, source_ja="日本の生命表（記憶による。未確認）",
        en="growth of the death rate with age", ja="年齢による死亡率の上昇")
    home_leaving: float = par(0.75, unit="prob", low=0.5, high=0.95, grade="D",
        en="grown child leaves the household at 19", ja="19歳で世帯を離れる割合")
    trend_onset: float = par(0.008, unit="change/year", low=-0.02, high=0.02, grade="D",
        en="trend of need onset", ja="課題の発生の趨勢（年率）")
    trend_staff: float = par(-0.005, unit="change/year", low=-0.015, high=0.015, grade="D",
        en="trend of staff supply", ja="職員数の趨勢（年率）")
    trend_ties: float = par(-0.005, unit="change/year", low=-0.05, high=0.02, grade="D",
        en="trend of mean ties", ja="つながりの趨勢（年率）")
    trend_alone: float = par(0.0, unit="change/year", low=-0.02, high=0.02, grade="D",
        en="trend of the share living alone", ja="単独世帯の割合の趨勢（年率）")
