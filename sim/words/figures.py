"""What the figures say."""

_WORDS = {
    "figure.iceberg.title": (
        "課題のある世帯100のうち、支援につながっていないのは{year}年目で{last}（1年目は{first}）",
        "Of 100 households in need, {last} are not in support in year {year} ({first} in year 1)",
    ),
    "figure.iceberg.axis": ("世帯の％", "% of households"),
    "figure.iceberg.seen": ("支援中", "in support"),
    "figure.iceberg.unseen": ("支援につながっていない", "not in support"),
    "figure.stage.latent": ("潜在", "latent"),
    "figure.stage.manifest": ("顕在", "manifest"),
    "figure.stage.compounded": ("複合", "compounded"),
    "figure.staff.title.up": (
        "職員の負荷は上がる（{first} → {last}）",
        "Staff load rises ({first} to {last})",
    ),
    "figure.staff.title.down": (
        "職員の負荷は下がる（{first} → {last}）",
        "Staff load falls ({first} to {last})",
    ),
    "figure.staff.title.flat": (
        "職員の負荷にはっきりした変化はない（{first} → {last}）",
        "Staff load does not clearly change ({first} to {last})",
    ),
    "figure.staff.load": (
        "負荷（必要な時間／使える時間）",
        "Load (hours asked for / hours available)",
    ),
    "figure.staff.exhaustion": ("疲弊（0から1）", "Exhaustion (0 to 1)"),
    "figure.staff.vacancies": ("欠員（定数の％）", "Vacancies (% of posts)"),
    "figure.staff.full": ("手一杯", "hands full"),
    "figure.staff.cut": ("燃え尽きの水準", "burnout cut"),
    "figure.spiral.title.up": (
        "余裕が増え、複合化した世帯が減る：正のスパイラルの向き",
        "More slack, fewer compounded households: towards the positive spiral",
    ),
    "figure.spiral.title.down": (
        "余裕が減り、複合化した世帯が増える：負のスパイラルの向き",
        "Less slack, more compounded households: towards the negative spiral",
    ),
    "figure.spiral.title.flat": (
        "正のスパイラルにも負のスパイラルにもはっきりとは向かわない",
        "No clear turn into a positive or a negative spiral",
    ),
    "figure.spiral.x": (
        "複雑化・複合化した世帯（世帯の％、1年間の平均）",
        "Households with compounded needs (% of households, mean of 52 weeks)",
    ),
    "figure.spiral.y": (
        "職員の余裕（使える時間の％、1年間の平均）",
        "Slack of the staff (% of available hours, mean of 52 weeks)",
    ),
    "figure.spiral.good": ("正のスパイラル", "positive spiral"),
    "figure.spiral.bad": ("負のスパイラル", "negative spiral"),
    "figure.hours.title": (
        "{year}年目、時間100のうち個別支援は{cases}、予防・アウトリーチ・地域づくりは{early}",
        "In year {year}, cases take {cases} of 100 hours; prevention, outreach and community building {early}",
    ),
    "figure.hours.axis": ("職員の時間の％", "% of the hours of all workers"),
    "figure.years": ("{start}年4月からの年数", "Years from April {start}"),
    "figure.year_mark": ("{year}年目", "year {year}"),
    "figure.letters": (
        "図の書体にない文字があるため、図の画像では□で表示されます：{letters}。別の字に替えるか、案の short に図用の短い名前を付けてください。",
        "The fonts of the figures lack these letters, which show as boxes in the pictures: {letters}. Use others, or give the arm a name for figures (short).",
    ),
    "figure.note": (
        "{name}。乱数の種{seeds}個の平均と5～95％の幅（13週の平均）。モデルによる試算であり、実証された根拠ではありません。",
        "{name}. Mean over {seeds} seeds and band from 5 to 95 % (means of 13 weeks). A model, not evidence.",
    ),
    "figure.note_mean": (
        "{name}。乱数の種{seeds}個の平均（13週の平均）。モデルによる試算であり、実証された根拠ではありません。",
        "{name}. Mean over {seeds} seeds (means of 13 weeks). A model, not evidence.",
    ),
    "figure.note_paths": (
        "{name}。太線は乱数の種{seeds}個の平均、細線は種ごと。モデルによる試算であり、実証された根拠ではありません。",
        "{name}. Thick: mean over {seeds} seeds; thin: each seed. A model, not evidence.",
    ),
    "figure.note_one": (
        "{name}。乱数の種は1個。モデルによる試算であり、実証された根拠ではありません。",
        "{name}. One seed. A model, not evidence.",
    ),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
