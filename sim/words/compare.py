"""What `sim compare` says: comparison files, claims, progress, the tables of differences."""

_WORDS = {
    "compare.base": ("今のまま（施策なし）", "As it is (no policy)"),
    "error.pack": ("取組のファイル（packs）には、この項目は書けません", "a pack may not hold this setting"),
    "error.arms": ("比較には二つ以上の案（arms）が必要です", "a comparison needs two arms or more"),
    "allowed.arms": ("[[arms]] を2～{most}個", "2 to {most} tables [[arms]]"),
    "error.arm_id": ("案の識別名（id）は半角の英小文字・数字・ハイフン・下線で、40文字以内としてください",
                     "the id of an arm is made of small letters, digits, hyphen and underscore, at most 40 of them"),
    "error.arm_key": ("この項目は案ごとには書けません。比較全体の行として書いてください", "an arm may not hold this; it belongs to the comparison as a whole"),
    "error.arm_twice": ("同じ識別名の案が二つあります", "two arms have the same id"),
    "error.unknown_arm": ("この名前の案はありません", "there is no arm of this name"),
    "error.unknown_measure": ("この名前の指標はありません", "there is no measure of this name"),
    "error.claim_arm": ("どの案についての主張かを arm で示してください", "say with `arm` which arm the claim is about"),
    "error.weights": ("重みは0より大きい数としてください", "the weights must be above 0"),
    "error.not_alone": ("これは比較のファイルです。単独で指定してください", "this is a comparison file; give it alone"),
    "error.arms_seeds": ("シナリオごとに乱数の種が違います。--seeds で共通の種を指定してください",
                         "the scenarios name different seeds; give those of all with --seeds"),
    "error.arms_people": ("案によって自治体（住民）が違うため、比べられません", "the arms have different towns and cannot be compared"),
    "error.arms_years": ("案によって計算する年数が違うため、比べられません", "the arms run for different numbers of years and cannot be compared"),
    "error.arms_start_year": ("案によって開始年度が違うため、比べられません", "the arms start in different years and cannot be compared"),
    "error.arms_run_in_weeks": ("案によって助走の週数が違うため、比べられません", "the arms have run-ins of different length and cannot be compared"),
    "allowed.groups": ("案の識別名の組のリスト（例 [[\"a\", \"b\"]]）", "a list of groups of arms, such as [[\"a\", \"b\"]]"),
    "error.same_cost": ("同じ年額とされた案の費用が違います", "arms that are to cost the same do not"),
    "allowed.same_cost": ("差は{percent}％以内（年額、百万円：{costs}）", "within {percent} % of each other (million yen a year: {costs})"),
    "error.cluster_extra": ("クラスタで計算するには追加の部品が必要です：pip install \"municipal-support-sim[cluster]\"",
                            "a cluster needs the extra: pip install \"municipal-support-sim[cluster]\""),
    "error.cluster": ("クラスタにつながりません（{detail}）。計算済みの結果は残っています", "the cluster cannot be reached ({detail}); what was computed before is kept"),
    "error.draws": ("パラメータの抽出数は0以上としてください", "the number of draws must be 0 or more"),
    "error.minutes": ("時間の上限は0より大きい数としてください", "the time limit must be above 0"),
    "error.most": ("種の上限は2以上としてください", "the most seeds must be 2 or more"),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
