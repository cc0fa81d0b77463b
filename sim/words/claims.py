"""What is said of claims."""

_WORDS = {
    "claims.title": (
        "主張の検証（区間は、途中で見る回数と主張の数に応じて広げたもの）",
        "Claims tested (intervals widened for the looks taken and the number of claims)",
    ),
    "claims.claim": ("主張", "Claim"),
    "claims.verdict": ("判定", "Verdict"),
    "claims.numbers": ("根拠", "Rests on"),
    "claims.held": ("成り立つ", "held"),
    "claims.not_held": ("成り立たない", "not held"),
    "claims.undecided": ("未決", "undecided"),
    "claims.more": ("（あと約{more}個の種が必要）", " (about {more} more seeds)"),
    "claims.never": ("（種を増やしても決まらない見込み）", " (more seeds would hardly decide it)"),
    "claims.year": ("{year}年目", "year {year}"),
    "claims.sum": ("{year}年目までの累計", "sum up to year {year}"),
    "claims.rests": (
        "{measure}の差、{when}：{difference}（{unit}、種{n}個）",
        "{measure}, {when}: {difference} ({unit}, {n} seeds)",
    ),
    "claims.summed": ("{unit} の{years}年分の和", "{unit}, summed over {years} years"),
    "claims.look": (
        "種{seeds}個：成り立つ {held}、成り立たない {not_held}、未決 {undecided}",
        "{seeds} seeds: {held} held, {not_held} not held, {undecided} undecided",
    ),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
