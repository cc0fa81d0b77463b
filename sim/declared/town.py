"""The people at week 0: household composition, ties, stocks of need, helpers (used by the builder and by newcomers)."""

from sim.declared.declare import RECALLED, Subject, par

# One declaration a line or two, as a table.
# fmt: off


class TownParameters(Subject):
    """Parameters: the people at week 0: household composition, ties, stocks of need, helpers (used by the builder and by newcomers)."""

    persons_per_household: float = par(2.23, unit="persons", low=2.0, high=2.6, grade="B", source="KKCT 2023", source_ja="国民生活基礎調査 2023",
        en="persons per household", ja="1世帯あたり人員")
    share_elder_alone: float = par(0.157, unit="share", low=0.10, high=0.22, grade="B", source="KKCT 2023", source_ja="国民生活基礎調査 2023",
        en="households of an older person living alone", ja="高齢者の単独世帯の割合")
    share_with_children: float = par(0.181, unit="share", low=0.12, high=0.25, grade="B", source="KKCT 2023", source_ja="国民生活基礎調査 2023",
        en="households with a child under 18", ja="18歳未満の子どもがいる世帯の割合")
    init_latent: float = par(0.084, unit="share", low=0.07, high=0.16, grade="D", source="assumption: where the reference town settles", source_ja="仮定：標準の町が落ち着く値",
        en="households in latent need at the start", ja="開始時の潜在的な課題がある世帯の割合")
    init_manifest: float = par(0.083, unit="share", low=0.04, high=0.09, grade="D", source="assumption: where the reference town settles", source_ja="仮定：標準の町が落ち着く値",
        en="households in manifest need at the start", ja="開始時の顕在化した課題がある世帯の割合")
    init_compounded: float = par(0.033, unit="share", low=0.01, high=0.036, grade="D", source="assumption: where the reference town settles", source_ja="仮定：標準の町が落ち着く値",
        en="households in compounded need at the start", ja="開始時の複雑化・複合化した世帯の割合")
    second_latent: float = par(0.18, unit="share", low=0.08, high=0.30, grade="D", source="assumption: where the reference town settles", source_ja="仮定：標準の町が落ち着く値",
        en="households in latent need with a second need at the start", ja="開始時に潜在的な課題が二つある割合（潜在の世帯）")
    second_manifest: float = par(0.33, unit="share", low=0.15, high=0.45, grade="D", source="assumption: where the reference town settles", source_ja="仮定：標準の町が落ち着く値",
        en="households in manifest need with a latent need beside it at the start", ja="開始時に潜在的な課題もある割合（顕在の世帯）")
    lone_severe: float = par(0.19, unit="share", low=0.08, high=0.30, grade="D", source="assumption: where the reference town settles", source_ja="仮定：標準の町が落ち着く値",
        en="households in manifest need whose need is severe at the start", ja="開始時に課題が深刻である割合（顕在の世帯）")
    compounded_severe: float = par(0.75, unit="share", low=0.35, high=0.85, grade="D", source="assumption: where the reference town settles", source_ja="仮定：標準の町が落ち着く値",
        en="compounded households with a severe need at the start", ja="開始時に深刻な課題がある割合（複雑化・複合化した世帯）")
    severe_with_latent: float = par(0.50, unit="share", low=0.30, high=0.65, grade="D", source="assumption: where the reference town settles", source_ja="仮定：標準の町が落ち着く値",
        en="of these, with a latent need beside it", ja="そのうち、もう一つの課題が潜在的である割合")
    init_known_latent: float = par(0.04, unit="share", low=0.01, high=0.12, grade="B", source="Edogawa City, FY2021, widened", source_ja="江戸川区 2021年度（幅を広げた）",
        en="latent needs already known to an agency", ja="潜在的な課題のうち既に把握されている割合")
    frailty_var: float = par(2.0, unit="variance", low=0.0, high=6.0, most=12, grade="D",
        en="variance of household frailty (gamma, mean 1, cut at 6)", ja="世帯の脆弱性の分散（平均1のガンマ分布）")
    mean_strong_ties: float = par(2.1, unit="ties", low=1.5, high=3.0, grade="A", source="McPherson 2006; Brashears 2011", source_ja="McPherson 2006、Brashears 2011",
        en="confidants outside the household", ja="世帯外の相談相手の数")
    mean_neigh_ties: float = par(4.0, unit="ties", low=2.0, high=8.0, grade="D",
        en="neighbour ties of a household", ja="近所づきあいの数")
    share_no_neigh_ties: float = par(0.12, unit="share", low=0.06, high=0.18, most=0.5, grade="A", source="CAO 2021", source_ja="内閣府 2021",
        en="households without neighbour ties", ja="近所づきあいがない世帯の割合")
    tie_rewiring: float = par(0.10, unit="share", low=0.02, high=0.30, grade="D",
        en="neighbour ties that reach across the district (small world)", ja="地区内の離れた世帯と結ばれる近所づきあいの割合")
    dormant_ties: float = par(0.5, unit="ratio", low=0.2, high=1.0, grade="D",
        en="acquaintances that are no ties yet, per tie", ja="つながりになり得る顔見知りの数（つながり1つあたり）")
    helper_share: float = par(0.18, unit="share", low=0.12, high=0.26, grade="B", source="社会生活基本調査 2021",
        en="households with an acting resident", ja="地域で活動する人がいる世帯の割合")
    interested_share: float = par(0.25, unit="share", low=0.10, high=0.40, grade="D",
        en="households with an interested resident who does not act", ja="関心はあるが活動していない人がいる世帯の割合")
    minsei_per_1000hh: float = par(4.06, unit="per 1,000 households", low=3.0, high=6.0, grade="B",
        source="全国民生委員児童委員連合会 2025 over KKCT 2023", source_ja="全国民生委員児童委員連合会 2025（国民生活基礎調査 2023の世帯数で除した）", en="posts of welfare commissioners", ja="民生委員の定数")
    minsei_fill: float = par(0.92, unit="share", low=0.75, high=0.99, grade="A", source="全国民生委員児童委員連合会 2025",
        en="filled posts of commissioners", ja="民生委員の充足率")
    low_perceived_need: float = par(0.64, unit="share", low=0.5, high=0.75, grade="A", source="WMH-Japan (Kanehara 2015)",
        en="households that see no need to ask", ja="支援の必要を感じていない世帯の割合")
    trust_init: float = par(0.5, unit="0-1", low=0.3, high=0.7, grade="D",
        en="mean trust in the town hall at the start", ja="開始時の役所への信頼の平均")
    readiness_init: float = par(0.5, unit="0-1", low=0.3, high=0.7, grade="D",
        en="mean readiness to ask at the start", ja="開始時の相談しやすさの平均")
    trust_spread: float = par(0.15, unit="sd", low=0.05, high=0.25, grade="D",
        en="spread of trust and of readiness between households", ja="信頼・相談しやすさの世帯間のばらつき")
    salon_uptake: float = par(0.08, unit="share", low=0.03, high=0.15, grade="D",
        en="households using a community place at the start", ja="開始時に通いの場を利用している世帯の割合")
    horizon: float = par(10, unit="years", low=5, high=20, grade="C", source=RECALLED,
        en="evaluation horizon", ja="評価期間")
