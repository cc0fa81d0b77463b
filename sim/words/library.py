"""What the library says to those who use it from Python: towns that are changed on their way, seeds, workers, summaries."""

_WORDS = {
    "error.is_comparison": ("これは複数の案を比べるファイルで、一つのシナリオではありません",
                            "this file is a comparison of several arms, not one scenario"),
    "allowed.as_comparison": ("sim.load_comparison(…)、sim.compare(…)、または python -m sim compare",
                              "sim.load_comparison(...), sim.compare(...), or python -m sim compare"),
    "error.arm_name": ("案の名称は、空でない60文字以内の文字列としてください", "the name of an arm is text of 1 to 60 characters"),
    "error.seed": ("乱数の種（seed）は0以上の整数としてください", "a seed is a whole number, 0 or more"),
    "allowed.seed": ("0から{most}までの整数", "a whole number from 0 to {most}"),
    "error.seed_twice": ("seed と rng は、どちらか一方だけを指定してください", "give seed or rng, not both"),
    "error.seed_of_state": ("渡された町は別の種（{seed}）のものです", "the town given was lived with another seed ({seed})"),
    "error.overrides_on_scenario": ("値の上書きは、シナリオのファイルに対してだけできます。load(ファイル, overrides=…) で読み込んだものを渡してください",
                                    "values can be laid over a scenario file alone; give the file, or what load(file, overrides=...) returns"),
    "error.lived": ("この週は既に過ぎています", "this week has already been lived"),
    "allowed.from_now": ("{first}から{last}まで、または第{week}週から第{weeks}週まで", "{first} to {last}, or week {week} to {weeks}"),
    "error.over": ("計算期間が終わっているため、これからの変更はできません", "the run is over; nothing to come can be changed"),
    "error.lever_argument": ("施策の設定ではありません", "this is no setting of the lever"),
    "error.fork_start": ("この町からは分岐できません。今の町と出発点（第0週まで）が違います", "the town cannot go on under this scenario: its start (up to week 0) is another one"),
    "error.fork_short": ("計算する年数が、既に過ぎた週数より短くなります", "the years of the run are shorter than what has been lived"),
    "allowed.fork_weeks": ("{weeks}週以上", "{weeks} weeks or more"),
    "error.main_guard": ("複数のプロセスを使うスクリプトでは、呼び出しを if __name__ == \"__main__\": の中に書いてください（または workers=1 としてください）。",
                         "A script that uses more than one process makes its calls inside if __name__ == \"__main__\": (or takes workers=1)."),
    "error.main_input": ("標準入力から実行するスクリプトでは、複数のプロセスを使えません。ファイルに保存して呼び出しを if __name__ == \"__main__\": の中に書くか、workers=1 としてください。",
                         "A script read from standard input cannot use more than one process: save it as a file with its calls inside if __name__ == \"__main__\":, or take workers=1."),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
