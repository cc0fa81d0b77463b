"""What `sim report` and `sim reproduce` say."""

_WORDS = {
    "cli.report": (
        "計算済みの比較を、単価・割引率・言語を変えて出し直します（計算はしません）",
        "Show a finished comparison again with other prices, discount rate or language; nothing is run",
    ),
    "cli.results": ("`sim compare` の結果のフォルダ", "folder of the results of `sim compare`"),
    "cli.prices": (
        "単価表（TOML）。省略時は、そのフォルダの結果に使われた単価表",
        "price book (TOML); left out, the one that the folder was priced with",
    ),
    "cli.discount": (
        "割引率（年2％は0.02）。省略時は、そのフォルダの結果と同じ",
        "discount rate (0.02 is 2 % a year); left out, as the folder has it",
    ),
    "cli.optimism": (
        "楽観の補正（事業費を上乗せし、便益を割り引く）を加えて示す",
        "show with the correction for optimism (programme costs up, benefits down)",
    ),
    "error.discount": (
        "割引率の範囲を外れています（2％は0.02と書きます）",
        "this is no discount rate (2 % is written 0.02)",
    ),
    "error.results_older": (
        "このフォルダの結果は別の版で作られたため、読み取れません（{detail}）。同じ比較を `sim compare` で計算し直してください",
        "these results were made by another version and cannot be read ({detail}); run the comparison again with `sim compare`",
    ),
    "error.results_damaged": (
        "このフォルダの結果は壊れているか、書き換えられています（{detail}）。同じ比較を `sim compare` で出し直してください",
        "these results are damaged or were changed ({detail}); run `sim compare` again, finished cells are found again",
    ),
    "report.terms": (
        "金額：価格表 {id}：{name}、割引率 年{rate}％、{optimism}。",
        "Money: price book {id}: {name}; discounted at {rate} % a year, {optimism}.",
    ),
    "report.optimism": ("楽観の補正あり", "with the correction for optimism"),
    "report.no_optimism": ("楽観の補正なし", "no correction for optimism"),
    "report.unequal": (
        "この単価では、年額をそろえたはずの案の費用がそろいません。\n{detail}",
        "At these prices, arms that were to cost the same do not.\n{detail}",
    ),
    "cli.reproduce": (
        "マニフェストに書かれた計算をやり直し、同じ結果になるかを確かめます",
        "Run again what a manifest describes; say identical, or what differs",
    ),
    "cli.manifest": (
        "`sim compare` または `sim run` の manifest.json、またはそのフォルダ",
        "manifest.json of a `sim compare` or a `sim run`, or its folder",
    ),
    "cli.keep": (
        "やり直した結果を残すフォルダ（空か、新しい名前）",
        "folder (empty or new) in which the new results are kept",
    ),
    "error.keep": (
        "やり直した結果は、空のフォルダか新しい名前のフォルダに残してください",
        "give an empty folder or a new name for what is run again",
    ),
    "error.no_run_manifest": (
        "これは `sim compare` または `sim run` の結果のマニフェストではありません",
        "this is no manifest of finished results of `sim compare` or `sim run`",
    ),
    "reproduce.identical": (
        "{id}：同じ結果になりました（表{tables}個が全て一致）。",
        "{id}: identical ({tables} tables).",
    ),
    "reproduce.differs": (
        "{id}：結果が違います（表{tables}個のうち{number}個）。",
        "{id}: differs ({number} of {tables} tables).",
    ),
    "reproduce.other": (
        "計算の環境が違います：{what}　元 {then}、今回 {now}",
        "not the same as then: {what} was {then}, now {now}",
    ),
    "reproduce.gone": (
        "{table}：今回の結果にこの表がありません",
        "{table}: this table is not among the new results",
    ),
    "reproduce.new": (
        "{table}：元の結果にこの表がありません",
        "{table}: this table was not among the old results",
    ),
    "reproduce.not_at_hand": (
        "{table}：ハッシュが一致しません。元の表が手元にないか壊れているため、差の大きさは示せません",
        "{table}: its hash is not the same; the old table is not at hand or damaged, so the size of the difference cannot be shown",
    ),
    "reproduce.shape": (
        "{table}：行と列の数が違います（元 {then}、今回 {now}）",
        "{table}: rows and columns differ (then {then}, now {now})",
    ),
    "reproduce.largest": (
        "{table}：{of}行のうち{rows}行が違います。相対差の最大は{size}（{column}、{place}：元 {then}、今回 {now}）",
        "{table}: {rows} of {of} rows differ; largest relative difference {size} ({column} at {place}: then {then}, now {now})",
    ),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
