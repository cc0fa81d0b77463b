"""What `sim check` says of a comparison, and what is left out of a run that was shortened."""

_WORDS = {
    "note.late": (
        "計算する年数を短くしたため、期間の後に始まるものを除きました：{list}",
        "Left out, since it lies after the end of the shortened run: {list}",
    ),
    "check.arms": (
        "比べる案：{town}、{first}年4月から{years}年間、乱数の種 {seeds}",
        "Arms: {town}, {years} years from April {first}, seeds {seeds}",
    ),
    "check.reference": ("比較の基準", "reference"),
    "check.lower": ("下がる", "lower"),
    "check.higher": ("上がる", "higher"),
    "check.cumulative": ("（累計）", " (sum)"),
    "check.same_cost": ("同じ年額とする案", "Arms that are to cost the same"),
    "check.combination": ("組み合わせ", "Combination"),
    "check.parts": (
        "{arm} と、次の加重平均との差：{parts}",
        "{arm} less the weighted mean of {parts}",
    ),
    "section.common": ("全ての案に共通する施策", "Policies that all arms have"),
    "section.own": ("案ごとの違い", "What each arm has of its own"),
    "section.groups": ("費用のそろえ方と組み合わせ", "Equal costs and combinations"),
    "column.arm": ("案", "Arm"),
    "column.role": ("役割", "Role"),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
