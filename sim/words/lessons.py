"""What is said of the lessons."""

_WORDS = {
    "cli.lessons": (
        "手引きの教訓の一覧：手引きが述べること、モデルが示すこと、結果を左右するもの",
        "The lessons of the guidebook: what it says, what the model shows, what decides",
    ),
    "cli.show": (
        "一つの教訓を詳しく示す（例 x05、kaga、kurume）",
        "one lesson in detail, such as x05, kaga or kurume",
    ),
    "error.unknown_lesson": ("この名前の教訓はありません", "there is no lesson of this name"),
    "lessons.beyond": (
        "手引きに報告があるが、モデルではまだ表現できないもの：{patterns}",
        "Reported in the guidebook, not yet to be expressed: {patterns}",
    ),
    "lessons.waiting": (
        "待つ窓口のままの同じ町（機関と職員数は同じ）",
        "The same agencies and posts, windows that wait",
    ),
    "lessons.title": ("教訓の一覧", "Lessons"),
    "lessons.remark": (
        "詳しくは --show に識別名を付けて実行してください。これはモデルであり、実証された根拠ではありません。",
        "One in detail: --show with its id. This is a model, not evidence.",
    ),
    "lessons.column.id": ("識別名", "Id"),
    "lessons.column.name": ("内容", "Lesson"),
    "lessons.column.lines": ("手引きの行", "Lines of the guidebook"),
    "lessons.column.expected": ("手引きの主張", "Claims of the guidebook"),
    "lessons.column.against": ("反対の主張", "Claims against it"),
    "lessons.column.draws": (
        "抽出のうち手引きどおりの割合",
        "Share of draws as the guidebook says",
    ),
    "lessons.column.decides": ("結果を左右するもの（実測）", "What decides (measured)"),
    "lessons.tally": (
        "成立{held}・不成立{not_held}・未決{undecided}",
        "{held} held, {not_held} not held, {undecided} undecided",
    ),
    "lessons.not_run": ("未計算", "not run"),
    "lessons.none_decides": ("際立つものなし", "nothing stands out"),
    "lessons.claim.claim": ("主張", "Claim"),
    "lessons.claim.role": ("立場", "Role"),
    "lessons.claim.verdict": ("判定", "Verdict"),
    "lessons.claim.numbers": ("根拠", "Rests on"),
    "lessons.claim.draws": ("パラメータの範囲で", "Across the ranges"),
    "lessons.role.expected": ("手引き", "guidebook"),
    "lessons.role.against": ("反対", "against it"),
    "lessons.share": (
        "{draws}回の抽出の{share}でこの向き",
        "this direction in {share} of {draws} draws",
    ),
    "lessons.nothing_stands_out": ("。際立つパラメータはない", "; no parameter stands out"),
    "lessons.stands_out": (
        "。左右するのは{parameter}（順位相関{rho}、偶然の限界{floor}）。中央値{median}以下の抽出で{low}、それより上で{high}",
        "; {parameter} decides (rank correlation {rho}, noise floor {floor}): {low} of the draws up to its median {median}, {high} above",
    ),
    "lessons.ends": (
        "見込んだパラメータだけを範囲の端に置いたとき（種{seeds}個、人口{residents}人、差の95％信頼区間。数が多いので、偶然の当たりも混じる）",
        "With one supposed parameter at an end of its range ({seeds} seeds, {residents} residents, 95 % intervals; there are many, so that some are luck)",
    ),
    "lessons.ends.claim": ("手引きの主張", "Claim of the guidebook"),
    "lessons.ends.parameter": ("パラメータ", "Parameter"),
    "lessons.ends.low": ("範囲の下端", "At the low end"),
    "lessons.ends.high": ("範囲の上端", "At the high end"),
    "lessons.ends.turns": ("結果を左右する", "Decides"),
    "lessons.ends.yes": ("はい", "yes"),
    "lessons.ends.no": ("-", "-"),
    "lessons.way.guidebook": ("手引きどおり", "as the guidebook says"),
    "lessons.way.other": ("手引きと逆", "the other way"),
    "lessons.way.open": ("どちらとも言えない", "cannot tell"),
    "lessons.watched": (
        "「{reference}」との差、{years}年目（種{seeds}個、95％信頼区間。主張の検証には用いない）",
        "Differences from: {reference}, year {years} ({seeds} seeds, 95 % intervals; not used for the claims)",
    ),
    "lessons.watched.arm": ("案", "Arm"),
    "lessons.watched.measure": ("指標", "Measure"),
    "lessons.watched.difference": ("差", "Difference"),
    "lessons.watched.unit": ("単位", "Unit"),
    "lessons.not_run_yet": ("まだ計算していない（{file}）", "Not run yet ({file})."),
    "lessons.as_written": (
        "人口{residents}人（ファイルのとおり）、{years}年間、乱数の種{seeds}個、モデルの版{model}。",
        "{residents} residents, as the file has it; {years} years, {seeds} seeds, model version {model}.",
    ),
    "lessons.reduced": (
        "人口{residents}人に縮小（ファイルでは{as_written}人）、{years}年間、乱数の種{seeds}個、モデルの版{model}。",
        "Reduced to {residents} residents (the file has {as_written}); {years} years, {seeds} seeds, model version {model}.",
    ),
    "lessons.drawn": (
        "パラメータの抽出{used}回（{asked}回中）、各{seeds}個の種、人口{residents}人。",
        " {used} of {asked} draws of the parameters, {seeds} seeds each, {residents} residents.",
    ),
    "lessons.said.question": ("問い：{text}", "Question: {text}"),
    "lessons.said.expects": ("手引き（{lines}）：{text}", "Guidebook ({lines}): {text}"),
    "lessons.said.cannot": (
        "モデルで表現できないもの：{text}",
        "What the model cannot express: {text}",
    ),
    "lessons.said.pays": ("費用の負担：{text}", "Who pays: {text}"),
    "lessons.said.supposed": (
        "結果を左右すると見込んだもの（計算前）：{text}",
        "Supposed to decide, before running: {text}",
    ),
    "lessons.count.expected": (
        "手引きの主張{all}件：成立{held}、不成立{not_held}、未決{undecided}、未計算{not_run}（パラメータは既定値）",
        "{all} claims of the guidebook: {held} held, {not_held} not held, {undecided} undecided, {not_run} not run (at the declared parameter values)",
    ),
    "lessons.count.against": (
        "反対の主張{all}件：成立{held}、不成立{not_held}、未決{undecided}、未計算{not_run}",
        "{all} claims against it: {held} held, {not_held} not held, {undecided} undecided, {not_run} not run",
    ),
    "lessons.count.draws": (
        "パラメータの範囲では、計算した手引きの主張{all}件のうち、8割以上の抽出で手引きの向きになるもの{most}件、2割以下のもの{few}件、その間{some}件。左右するパラメータが際立つもの{decided}件",
        "Across the ranges: of {all} claims of the guidebook that were lived over draws, {most} go its way in four of five draws or more, {few} in one of five or fewer, {some} in between; for {decided} a parameter stands out",
    ),
    "lessons.count.ends": (
        "見込んだパラメータを一つずつ範囲の端に置くと、既定値で成立した{held}件のうち{lost}件は端のどちらかで成り立たなくなり、成立しなかった（未決を含む）{rest}件のうち{won}件は端のどちらかで手引きどおりになる",
        "With the supposed parameters one by one at the ends of their ranges: of {held} claims held at the declared values {lost} are lost at an end; of {rest} not held or undecided {won} come out as the guidebook says at an end",
    ),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
