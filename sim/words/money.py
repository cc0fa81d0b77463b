"""Money: payers, perspectives, parts of a budget, what a saving is, and what is wrong with a price book or its quantities."""

_WORDS = {
    "error.payer_shares": (
        "負担割合の合計が{total}です。合計を1としてください",
        "what the payers bear sums to {total}; it must sum to 1",
    ),
    "error.lag_years": (
        "lag_years は0以上で、短い年数、長い年数の順に記入してください（{lag}）",
        "lag_years {lag} must be 0 or more, the shortest first",
    ),
    "error.currency": (
        "通貨が {currency} です。単価はすべて日本円（JPY）とします",
        "the currency is {currency}; all prices are in yen (JPY)",
    ),
    "error.price_incomplete": (
        "price・low・high は三つとも記入するか、三つとも空けてください",
        "low, price and high belong together: give all three or none",
    ),
    "error.price_order": (
        "単価 {price} が下限 {low} から上限 {high} の間にありません",
        "the price {price} does not lie between low {low} and high {high}",
    ),
    "error.price_row_twice": ("id {id} の行が二つあります", "two rows have the id {id}"),
    "error.price_rows": (
        "行は [[items]] または [[mixes]] の形で記入してください",
        "rows are written as [[items]] or [[mixes]]",
    ),
    "error.price_far": (
        "この値は{yen}円となり、元の価格表の{book}円の{times}です。単位を確かめてください",
        "this means {yen} yen, {times} the {book} yen of the book it is laid over; check the unit",
    ),
    "allowed.price_unit": (
        '{unit}の値（{yen}円）なら、この行に unit = "{unit}" と書き添える。記入どおりでよければ sure = true と書き添える',
        'if it is in {unit} ({yen} yen), add unit = "{unit}" to the row; if it is meant as typed, add sure = true',
    ),
    "allowed.price_sure": (
        "元の価格表の十分の一から十倍まで。記入どおりでよければ、この行に sure = true と書き添える",
        "a tenth to ten times the book's; if it is meant as typed, add sure = true to the row",
    ),
    "price_far.times": ("{number}倍", "{number} times"),
    "price_far.part": ("約{number}分の1", "about 1/{number} of"),
    "price_far.nothing": ("0倍", "0 times"),
    "error.money_unit": ("金額の単位として読み取れません", "this is no unit of money"),
    "error.unit_without_price": (
        "金額の単位が書かれていますが、単価（price・low・high）がありません",
        "a unit of money is stated, and no price, low or high",
    ),
    "allowed.with_price": ("単価を記入するか、unit を消す", "state a price, or leave unit out"),
    "error.counting_unit": (
        "この行の単位は変えられません（金額の単位は記入できます）",
        "what this row counts has a unit of its own; only the unit of money can be stated",
    ),
    "error.other_kind": (
        "この行の種類（kind）は変えられません",
        "the kind of this row cannot be changed",
    ),
    "error.mix_and_shares": (
        "一つの行に mix と shares の両方は書けません",
        "a row names a mix or has shares of its own, not both",
    ),
    "error.no_effect.row": (
        "モデルはこの行を数えないため、記入しても結果は変わりません。この行を消してください",
        "the model does not count this row, so it would change no result; leave it out",
    ),
    "error.no_effect.mix": (
        "この負担区分（mix）はどの行にも使われないため、記入しても結果は変わりません",
        "no row takes this mix, so it would change no result",
    ),
    "allowed.take_mix": (
        '職員または居場所の行に mix = "{id}" と書く。または、この行を消す',
        'write mix = "{id}" on the row of a post or a place; or leave this row out',
    ),
    "error.no_effect.variant": (
        "この負担の区分（variant）は使われないため、記入しても結果は変わりません",
        "this variant is not taken, so it would change no result",
    ),
    "allowed.take_variant": (
        '行 {row} に variant = "{id}" と書く。または、この区分を消す',
        'write variant = "{id}" on the row {row}; or leave it out',
    ),
    "error.no_effect.cash": (
        "cashable が {cashable} の行では使われないため、記入しても結果は変わりません",
        "where cashable is {cashable} this is not used, so it would change no result",
    ),
    "error.no_effect.society": (
        '社会全体の見方だけに入る行（view = "society"）では使われないため、記入しても結果は変わりません',
        'on a row that stands in the view of society alone (view = "society") this is not used, so it would change no result',
    ),
    "error.not_as_counted": (
        "モデルはこの行を別の単位・種類で数えています",
        "the model counts this row as something else",
    ),
    "price_book.whole": ("{name}（{file}）", "{name} ({file})"),
    "price_book.over": ("{name}（{file}。{under} に上書き）", "{name} ({file}, over {under})"),
    "price_book.of_file": ("{file}（{under} に上書き）", "{file} (over {under})"),
    "money_unit.1": ("円", "yen"),
    "money_unit.1000": ("千円", "thousand yen"),
    "money_unit.10000": ("万円", "ten thousand yen"),
    "money_unit.1000000": ("百万円", "million yen"),
    "money_unit.100000000": ("億円", "hundred million yen"),
    "error.names_no_row": (
        "行 {id} が、価格表にない行 {other} を参照しています",
        "the row {id} names {other}, which is no row of the book",
    ),
    "error.no_price_row": (
        "この id の行が価格表にありません",
        "the price book has no row of this id",
    ),
    "error.no_mix_row": (
        "この id の負担区分（mix）が価格表にありません",
        "the price book has no mix of this id",
    ),
    "error.no_variant": (
        "この行にその負担の区分（variant）はありません",
        "the row has no such variant",
    ),
    "error.no_price": (
        "単価が記入されていません。地域の単価を記入してください（空欄を0円とはみなしません）",
        "the row has no price; enter a local one (an empty price is never taken as 0)",
    ),
    "error.takes_no_mix": (
        "負担区分（mix）は職員と居場所にのみ指定できます",
        "a mix belongs to posts and places only",
    ),
    "error.same_money": (
        "{id} と {other} は同じ費用を数えています。どちらか一方だけを使ってください",
        "{id} and {other} count the same money; use one of them",
    ),
    "error.quantity_column": (
        "数量の表に必要な列がありません",
        "the table of quantities lacks a column",
    ),
    "error.quantity_reserved": (
        "数量の表に、計算結果のための列名が使われています",
        "the table of quantities has columns of the result",
    ),
    "error.amount": ("数量が有限の数値ではありません", "the amount is not a finite number"),
    "error.quantity_gap": (
        "{arm}（組 {draw}、種 {seed}）に{year}年目の数量がありません",
        "{arm} (draw {draw}, seed {seed}) has no quantities of year {year}",
    ),
    "error.unpaired": (
        "{arm} と {reference} の乱数の種・組・年がそろっていません（組 {draw}、種 {seed}、{year}年目）",
        "{arm} and {reference} do not have the same draws, seeds and years (draw {draw}, seed {seed}, year {year})",
    ),
    "error.outcomes_unpaired": (
        "{arm}（組 {draw}、種 {seed}）の費用と複合世帯数の表がそろっていません",
        "{arm} (draw {draw}, seed {seed}) stands in the table of money or of household-years alone",
    ),
    "error.no_arm": ("この名前の案はありません", "there is no arm of this name"),
    "error.few_draws": (
        "情報の価値の推定には{needed}組以上の計算結果が必要です（現在 {kept}組）。--draws を増やしてください",
        "the value of information needs {needed} or more kept draws; there are {kept}. Run with more --draws",
    ),
    "error.no_parameter_of_group": (
        "群 {group} の項目 {name} が入力の表にありません",
        "the table of inputs lacks {name} of the group {group}",
    ),
    "money.estimate": (
        "割引率{rate}％、第1年度は割り引かない",
        "discounted at {rate} % a year, the first fiscal year not discounted",
    ),
    "money.convention": (
        "純費用は「案－比較の基準」。プラスは費用の増加、マイナスは節減",
        "net cost is the arm less the reference: above 0 it costs more, below 0 it saves",
    ),
    "money.luck_only": (
        "偶然によるばらつきのみ（仮定の不確かさは含みません）",
        "luck alone, not how sure the assumptions are",
    ),
    "money.assumptions_too": (
        "仮定の不確かさと偶然の両方",
        "how sure the assumptions are, and luck",
    ),
    "money.same": ("基準と同じ（回収するものなし）", "same as the reference, nothing to pay back"),
    "money.never": ("期間内に回収できない", "not within the horizon"),
}
_PAYERS = {
    "municipality": ("市町村", "Municipality"),
    "prefecture": ("都道府県", "Prefecture"),
    "nation": ("国", "Nation"),
    "insurance": ("保険料（医療・介護）", "Insurance premiums (health, care)"),
    "household": ("世帯・民間", "Households and private"),
    "unpaid": (
        "住民の無償の時間など（支払いなし）",
        "Unpaid hours of residents and other unpaid value",
    ),
    "public": ("公費・保険料の計", "All public payers"),
}
_PERSPECTIVES = {
    "municipality": ("市町村の財政", "Municipal budget"),
    "public": ("公的負担の全体（市町村・都道府県・国・保険料）", "All public payers"),
    "society": (
        "社会全体（世帯の負担と住民の時間を含み、現金給付は移転として除く）",
        "Society (with households and residents' hours; cash benefits are transfers and left out)",
    ),
}
_PARTS = {
    "programme": ("事業費（職員・居場所・会議）", "Programme (posts, places, conferences)"),
    "other": ("サービス・危機対応の費用", "Services and crises"),
    "planned": ("計画額（職員・居場所）", "Planned (posts, places)"),
    "vacancies": ("欠員などによる計画との差", "Vacancies: difference from the plan"),
    "net": ("差引き（純費用）", "Net cost"),
}
_KINDS = {
    "post": ("職員", "Posts"),
    "place": ("居場所", "Places"),
    "conference": ("会議", "Conferences"),
    "crisis": ("危機", "Crises"),
    "stay": ("入所・措置", "Stays"),
    "service": ("サービス・給付", "Services and benefits"),
    "society": ("社会の費用", "Value to society"),
}
_CASH = {
    "extra": ("増える支出", "Extra spending"),
    "saving": ("節減（数量×単価）", "Saving (quantity x price)"),
    "cash": ("現金化できる節減", "Cashable saving"),
    "freed": ("生まれる余力（現金にならない）", "Freed capacity, not cash"),
    "later": ("後の年度に現金化", "Cash of later years"),
    "freed_units": ("生まれる余力（数量）", "Freed capacity (units)"),
    "net_cash": ("現金ベースの純支出", "Net cash"),
    "yes": ("現金化できる", "cashable"),
    "capacity_step": (
        "職員・契約などを単位ごとに減らしたときに限る",
        "only in whole posts or contracts",
    ),
    "no": ("現金化できない", "not cashable"),
}
_STATUSES = {
    "reference": ("比較の基準", "Reference"),
    "frontier": ("効率的な案", "On the frontier"),
    "dominated": ("劣位（他の案より費用が高く、効果が大きくない）", "Dominated"),
    "extendedly_dominated": ("拡張劣位（他の二案の組合せに劣る）", "Extendedly dominated"),
    "dominant": ("優位（費用が減り、効果もある）", "Dominant"),
    "costs": ("費用をかけて効果を得る", "Costs more, does more"),
    "saves": ("費用は減るが効果も減る", "Saves, does less"),
    "undefined": (
        "効果の差が0と区別できず、比を示せない",
        "No ratio: the effect cannot be told from 0",
    ),
    "unchanged": (
        "効果は基準と全く同じで、費用だけが違う",
        "Exactly the effect of the reference, at another cost",
    ),
    "same": ("費用も効果も基準と全く同じ", "Exactly the cost and effect of the reference"),
    "few": ("試し計算（判断しない）", "Trial run, not judged"),
}
_BIASES = {
    "programme": ("事業費の上乗せ", "Programme costs up by"),
    "benefits": ("便益の割引き", "Benefits down by"),
}
_UNITS = {
    "post-year": ("人・年", "post-year"),
    "place-year": ("か所・年", "place-year"),
    "person-hour": ("人・時間", "person-hour"),
    "event": ("件", "event"),
    "child-year": ("児童1人・年", "child-year"),
    "household-year": ("世帯・年", "household-year"),
    "person-year": ("人・年", "person-year"),
    "hour": ("時間", "hour"),
    "death": ("人（死亡）", "death"),
    "yen": ("円", "yen"),
    "yen per household-year": ("円／世帯・年", "yen per household-year"),
}
_GRADES = {"own": ("自団体の値", "own value")}
_ALL = {
    "unit": _UNITS,
    "grade": _GRADES,
    "payer": _PAYERS,
    "perspective": _PERSPECTIVES,
    "part": _PARTS,
    "price_kind": _KINDS,
    "cash": _CASH,
    "status": _STATUSES,
    "optimism": _BIASES,
}

JA = {key: pair[0] for key, pair in _WORDS.items()} | {
    f"{kind}.{name}": pair[0] for kind, names in _ALL.items() for name, pair in names.items()
}
EN = {key: pair[1] for key, pair in _WORDS.items()} | {
    f"{kind}.{name}": pair[1] for kind, names in _ALL.items() for name, pair in names.items()
}
