"""Public assistance: who comes on it, how long it lasts, and the work it asks (model section 8.6)."""

from sim.declared.declare import Subject, par

# One declaration a line or two, as a table.
# fmt: off


class AssistanceParameters(Subject):
    """Parameters: public assistance, its two kinds of stay, and its caseworkers."""

    init_assistance: float = par(0.030, unit="share", low=0.024, high=0.036, grade="B", source="MHLW, Sept 2023: 1,651,187 households", source_ja="厚生労働省 2023年9月：1,651,187世帯",
        en="households on public assistance at the start, and of those that move in", ja="開始時と転入時に生活保護を受けている世帯の割合")
    entry_manifest: float = par(0.06, unit="1/year", low=0.04, high=0.20, grade="D",
        en="public assistance begins, manifest poverty", ja="生活保護の開始（顕在化した困窮）")
    entry_severe: float = par(0.18, unit="1/year", low=0.12, high=0.60, grade="D",
        en="public assistance begins, severe poverty", ja="生活保護の開始（深刻な困窮）")
    assistance_found: float = par(1.5, unit="ratio", low=1.0, high=3.0, grade="D", null=1.0,
        en="public assistance begins while the household is in support", ja="支援中の世帯で生活保護が始まる率の比")
    short_share: float = par(0.32, unit="share", low=0.20, high=0.45, grade="C", source="one month of exits in 2021 by length of stay, n = 11,599: 27 % under a year", source_ja="2021年の1か月の廃止世帯の受給期間別内訳（11,599世帯。1年未満27％）",
        en="stays on public assistance that are short", ja="短期の受給の割合")
    exit_short: float = par(1.0, unit="1/year", low=0.7, high=1.5, grade="C", source="same survey", source_ja="同じ調査",
        en="short stays end, moves and deaths apart", ja="短期の受給の終了（転出・死亡を除く）")
    exit_long: float = par(0.04, unit="1/year", low=0.02, high=0.06, grade="C", source="same survey: about .09 a year of all causes, of which moves and deaths are .05 in this model", source_ja="同じ調査：全ての理由で年およそ0.09。うち転出と死亡がこのモデルで0.05",
        en="long stays end, moves and deaths apart", ja="長期の受給の終了（転出・死亡を除く）")
    assist_return: float = par(0.3, unit="prob", low=0.1, high=0.6, grade="D",
        en="a manifest poverty need is back when assistance ends", ja="生活保護の終了時に困窮が戻る割合")
    households_per_post: float = par(80, unit="households", low=60, high=120, grade="B", source="Social Welfare Act, art. 16: one caseworker for 80 households in cities", source_ja="社会福祉法第16条：市部は80世帯に1人",
        en="households of a caseworker of public assistance at the start", ja="開始時のケースワーカー1人当たりの生活保護世帯")
    hours_month_assistance: float = par(1.0, unit="h/month", low=0.8, high=1.6, grade="D",
        en="work on a household on public assistance", ja="生活保護世帯への支援時間")
