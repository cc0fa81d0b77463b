"""What is said of a part of a bundle that changes nothing."""

_WORDS = {
    "parts.title": (
        "それだけでは何も変えない部分（基準の案に一つずつ加えて試したもの）",
        "Parts that change nothing by themselves (each alone, on top of the reference)",
    ),
    "parts.part": ("「{words}」（{settings}）", "{words} ({settings})"),
    "parts.same": (
        "{arms}：{part}だけでは、このモデルの結果は全く変わりません（{residents}人の町、{years}年、{pairs}組で全ての値が一致）。",
        "{arms}: {part} by itself changes nothing at all in this model (every value equal in {pairs} pairs, a town of {residents}, {years} years).",
    ),
    "parts.luck": (
        "{arms}：{part}だけでは、このモデルで示せる違いはありません（{residents}人の町、{years}年、{pairs}組で、偶然を超える差なし）。効果がないことの証明ではありません。",
        "{arms}: {part} by itself changes nothing that this model can show (no difference larger than luck in {pairs} pairs, a town of {residents}, {years} years). That is no proof of no effect.",
    ),
    "parts.none": (
        "試した{number}個の部分は、どれも単独で何かを変えます（{pairs}組）。",
        "Each of the {number} parts tried changes something by itself ({pairs} pairs).",
    ),
    "parts.no_bundle": (
        "二つ以上の部分からなる案がないため、試す部分はありません。",
        "No arm has more than one part, so there is none to try.",
    ),
    "cli.parts": (
        "組み合わせの部分を一つずつ、縮めた町で何組試すか（0は試さない）",
        "pairs in which each part of a bundle is tried alone in a small copy of the town (0: none)",
    ),
    "error.parts": (
        "この組数では、偶然と違いを見分けられません",
        "with so many pairs luck cannot be told from a difference",
    ),
    "allowed.pairs": ("0（試さない）、または{low}～{high}", "0 (none), or {low} to {high}"),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
