"""What the library says to those who use it from Python: towns that are changed on their way, seeds, workers, summaries."""

_WORDS = {
    "error.is_comparison": (
        "これは複数の案を比べるファイルで、一つのシナリオではありません",
        "this file is a comparison of several arms, not one scenario",
    ),
    "allowed.as_comparison": (
        "sim.load_comparison(…)、sim.compare(…)、または python -m sim compare",
        "sim.load_comparison(...), sim.compare(...), or python -m sim compare",
    ),
    "error.arm_name": (
        "案の名称は、空でない60文字以内の文字列としてください",
        "the name of an arm is text of 1 to 60 characters",
    ),
    "error.seed": (
        "乱数の種（seed）は0以上の整数としてください",
        "a seed is a whole number, 0 or more",
    ),
    "allowed.seed": ("0から{most}までの整数", "a whole number from 0 to {most}"),
    "error.seed_twice": (
        "seed と rng は、どちらか一方だけを指定してください",
        "give seed or rng, not both",
    ),
    "error.seed_of_state": (
        "渡された町は別の種（{seed}）のものです",
        "the town given was lived with another seed ({seed})",
    ),
    "error.overrides_on_scenario": (
        "値の上書きは、シナリオのファイルに対してだけできます。load(ファイル, overrides=…) で読み込んだものを渡してください",
        "values can be laid over a scenario file alone; give the file, or what load(file, overrides=...) returns",
    ),
    "error.lived": ("この週は既に過ぎています", "this week has already been lived"),
    "allowed.from_now": (
        "{first}から{last}まで、または第{week}週から第{weeks}週まで",
        "{first} to {last}, or week {week} to {weeks}",
    ),
    "error.over": (
        "計算期間が終わっているため、これからの変更はできません",
        "the run is over; nothing to come can be changed",
    ),
    "error.lever_argument": ("施策の設定ではありません", "this is no setting of the lever"),
    "error.fork_start": (
        "この町からは分岐できません。今の町と出発点（第0週まで）が違います",
        "the town cannot go on under this scenario: its start (up to week 0) is another one",
    ),
    "error.fork_short": (
        "計算する年数が、既に過ぎた週数より短くなります",
        "the years of the run are shorter than what has been lived",
    ),
    "allowed.fork_weeks": ("{weeks}週以上", "{weeks} weeks or more"),
    "error.main_guard": (
        '複数のプロセスを使うスクリプトでは、呼び出しを if __name__ == "__main__": の中に書いてください（または workers=1 としてください）。',
        'A script that uses more than one process makes its calls inside if __name__ == "__main__": (or takes workers=1).',
    ),
    "error.main_input": (
        '標準入力から実行するスクリプトでは、複数のプロセスを使えません。ファイルに保存して呼び出しを if __name__ == "__main__": の中に書くか、workers=1 としてください。',
        'A script read from standard input cannot use more than one process: save it as a file with its calls inside if __name__ == "__main__":, or take workers=1.',
    ),
    "card.town": ("自治体", "Town"),
    "card.people": (
        "{town}、人口{population}人、高齢化率{ageing}",
        "{town}, {population} residents, {ageing} aged 65 or over",
    ),
    "card.organisation": ("相談支援の体制", "Organisation"),
    "card.posts": ("{organisation}、職員{posts}人（常勤換算）", "{organisation}, {posts} posts"),
    "card.period": ("計算する期間", "Period"),
    "card.years": ("{first}年4月～{last}年3月", "April {first} to March {last}"),
    "card.none": ("なし（今のまま）", "none (as it is)"),
    "card.more": ("ほか{number}件", "and {number} more"),
    "card.week": ("今の時点", "Now"),
    "card.week_of": (
        "{date}からの週（第{week}週／全{weeks}週）",
        "the week of {date} (week {week} of {weeks})",
    ),
    "card.over": ("終了（全{weeks}週）", "finished ({weeks} weeks)"),
    "card.seed_of": ("乱数の種", "Seed"),
    "card.here": ("世帯と住民", "Households"),
    "card.numbers": (
        "{households}世帯、{residents}人",
        "{households} households, {residents} residents",
    ),
    "card.stages": ("世帯の状況", "Households by stage"),
    "card.by_stage": (
        "課題なし {none}、潜在 {latent}、顕在 {manifest}、複合 {compounded}",
        "{none} without need, {latent} latent, {manifest} manifest, {compounded} compounded",
    ),
    "card.changes": ("途中の変更", "Changed on the way"),
    "card.model": ("モデルの計算であり、現実の予測ではありません。", "A model, not a forecast."),
    "card.seeds": (
        "種{seeds}個で対にした{year}年目の差（平均と95％信頼区間）。基準：{reference}",
        "Differences in year {year}, paired over {seeds} seeds (mean and 95 % interval). Reference: {reference}",
    ),
    "card.seed": (
        "種1個での{year}年目の差（区間はありません）。基準：{reference}",
        "Differences in year {year}, one seed (no interval). Reference: {reference}",
    ),
    "card.failed": (
        "失敗した計算：{number}件（failures にあります）",
        "{number} cells failed (see failures)",
    ),
    "card.interval": ("{difference}（{low}～{high}）", "{difference} ({low} to {high})"),
    "card.arm": ("案", "Arm"),
    "shock.disaster": ("災害", "Disaster"),
    "shock.recession": ("景気の後退", "Recession"),
    "shock.budget_cut": ("予算の削減", "Budget cut"),
    "shock.key_person_leaves": ("中心となる職員の離職", "A key person leaves"),
    "change.fork": ("「{name}」へ分岐", "fork to {name}"),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
