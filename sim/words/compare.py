"""What `sim compare` says: comparison files, claims, progress, the tables of differences."""

_WORDS = {
    "compare.base": ("今のまま（施策なし）", "As it is (no policy)"),
    "error.pack": (
        "取組のファイル（packs）には、この項目は書けません",
        "a pack may not hold this setting",
    ),
    "error.arms": ("比較には二つ以上の案（arms）が必要です", "a comparison needs two arms or more"),
    "allowed.arms": ("[[arms]] を2～{most}個", "2 to {most} tables [[arms]]"),
    "error.arm_id": (
        "案の識別名（id）は半角の英小文字・数字・ハイフン・下線で、40文字以内としてください",
        "the id of an arm is made of small letters, digits, hyphen and underscore, at most 40 of them",
    ),
    "error.arm_key": (
        "この項目は案ごとには書けません。比較全体の行として書いてください",
        "an arm may not hold this; it belongs to the comparison as a whole",
    ),
    "error.arm_twice": ("同じ識別名の案が二つあります", "two arms have the same id"),
    "error.unknown_arm": ("この名前の案はありません", "there is no arm of this name"),
    "error.unknown_measure": ("この名前の指標はありません", "there is no measure of this name"),
    "error.claim_arm": (
        "どの案についての主張かを arm で示してください",
        "say with `arm` which arm the claim is about",
    ),
    "error.weights": ("重みは0より大きい数としてください", "the weights must be above 0"),
    "error.not_alone": (
        "これは比較のファイルです。単独で指定してください",
        "this is a comparison file; give it alone",
    ),
    "error.arms_seeds": (
        "シナリオごとに乱数の種が違います。--seeds で共通の種を指定してください",
        "the scenarios name different seeds; give those of all with --seeds",
    ),
    "error.arms_people": (
        "案によって自治体（住民）が違うため、比べられません",
        "the arms have different towns and cannot be compared",
    ),
    "error.arms_years": (
        "案によって計算する年数が違うため、比べられません",
        "the arms run for different numbers of years and cannot be compared",
    ),
    "error.arms_start_year": (
        "案によって開始年度が違うため、比べられません",
        "the arms start in different years and cannot be compared",
    ),
    "error.arms_run_in_weeks": (
        "案によって助走の週数が違うため、比べられません",
        "the arms have run-ins of different length and cannot be compared",
    ),
    "allowed.label": (
        "引用符で囲んだ文字、または ja と en の表",
        "text in quotes, or a table with ja and en",
    ),
    "allowed.groups": (
        '案の識別名の組のリスト（例 [["a", "b"]]）',
        'a list of groups of arms, such as [["a", "b"]]',
    ),
    "error.same_cost": (
        "同じ年額とされた案の費用が違います",
        "arms that are to cost the same do not",
    ),
    "allowed.same_cost": (
        "差は{percent}％以内（{years}年間の計画額、百万円：{costs}）",
        "within {percent} % of each other (planned cost over {years} years, million yen: {costs})",
    ),
    "error.cluster_extra": (
        'クラスタで計算するには追加の部品が必要です：python -m pip install -c constraints.txt -e ".[cluster]"',
        'a cluster needs the extra: python -m pip install -c constraints.txt -e ".[cluster]"',
    ),
    "error.cluster": (
        "クラスタにつながりません（{detail}）。計算済みの結果は残っています",
        "the cluster cannot be reached ({detail}); what was computed before is kept",
    ),
    "cli.compare": (
        "複数の案を、同じ住民・同じ運で比べます（差を先に示します）",
        "Compare arms on the same people and the same luck: differences first",
    ),
    "cli.files": (
        "比較のファイル、シナリオ（今のままと比べる）、または複数のシナリオ（最初が基準）",
        "a comparison file, one scenario (compared with its base), or several (the first is the reference)",
    ),
    "cli.arms": (
        "比較のファイルから並べる案を二つまで（例 waiting,outreach）",
        "up to two arms of a comparison to show side by side, such as waiting,outreach",
    ),
    "error.two_arms": ("並べられる案は二つまでです", "at most two arms can stand side by side"),
    "error.no_manifest": (
        "このフォルダには比較の結果（manifest.json）がありません",
        "this folder holds no results of a comparison (manifest.json)",
    ),
    "cli.cluster": (
        "dask.distributed のスケジューラのアドレス（例 tcp://host:8786）",
        "address of a scheduler of dask.distributed, such as tcp://host:8786",
    ),
    "cli.until_decided": (
        "全ての主張の成否が決まるまで種を増やします",
        "add seeds until every claim is held or not held",
    ),
    "cli.most": ("--until-decided で使う種の上限", "the most seeds that --until-decided may use"),
    "cli.draws": (
        "パラメータの抽出数（範囲からのラテン超方格抽出。抽出ごとに種2個）",
        "draws of the graded parameters (Latin hypercube; two seeds each)",
    ),
    "cli.minutes": (
        "一つの計算にかけてよい時間（分）",
        "minutes that one cell may take; one that takes longer counts as failed",
    ),
    "cli.fail_on_claims": (
        "成り立たない、または未決の主張があれば終了コードを3にする",
        "exit with code 3 unless every claim is held",
    ),
    "cli.ledger": (
        "一つの種について、案によって暮らしが分かれた世帯の台帳を作ります",
        "write the ledger of households whose lives part between the arms (one seed)",
    ),
    "error.draws": (
        "パラメータの抽出数は0以上としてください",
        "the number of draws must be 0 or more",
    ),
    "compare.head": (
        "{name}：{town}（人口{population}人、{households}世帯）、{first}年4月から{years}年間。",
        "{name}. {town}: {population} residents, {households} households; {years} years from April {first}.",
    ),
    "compare.paired": (
        "各案と「{reference}」との差。同じ住民・同じ運（乱数の種{seeds}個：{list}）で対にした平均と95％信頼区間。区間は偶然のばらつきだけを表し、仮定の不確かさは含みません。",
        "Differences from: {reference}. Same people, same luck: means paired over {seeds} seeds ({list}) with 95 % intervals. The intervals hold luck alone, not how sure the assumptions are.",
    ),
    "compare.pairing": (
        "対にしなければ、同じ幅の区間を得るのに種が約{ratio}倍必要です（中央値）。",
        "Without pairing, intervals as narrow would need about {ratio} times the seeds (median).",
    ),
    "compare.marks": (
        "{better}＝良くなる、{worse}＝悪くなる（区間が0を含まない）。印のないものは、どちらとも言えません。",
        "{better} better, {worse} worse, where the interval excludes zero; without a mark the sign is not known.",
    ),
    "compare.marks_claims": (
        "{better}＝良くなる、{worse}＝悪くなる（区間が0を含まない）。印のないものは、どちらとも言えません。主張の検証の対象とした数値の印は、その判定に従います。",
        "{better} better, {worse} worse, where the interval excludes zero; without a mark the sign is not known. A number that a claim tests is marked as the claim's verdict says.",
    ),
    "compare.no_marks": (
        "種が{fewest}個に満たないため、印を付けていません。",
        "Fewer than {fewest} seeds, so no marks.",
    ),
    "compare.same": (
        "{arm}：結果は基準と全く同じです",
        "{arm}: its results are exactly those of the reference",
    ),
    "compare.worse_few": (
        "{arm}：種が足りないため、判断できません",
        "{arm}: too few seeds to tell",
    ),
    "compare.one_seed": (
        "種が一つなので、区間も印もありません。",
        "One seed, so no intervals and no marks.",
    ),
    "compare.first_look": (
        "最初の見通し（種{seeds}個、{year}年目の基準との差と95％信頼区間。まだ確かではありません）",
        "First look ({seeds} seeds, difference from the reference in year {year} with its 95 % interval; not yet sure)",
    ),
    "compare.stopped": (
        "全ての主張の成否が決まり、途中で計算を終えた案：{list}。金額と図は、全ての案に共通する種だけで計算しています。",
        "Arms of which every claim was decided, lived no further: {list}. Money and figures rest on the seeds that all arms share.",
    ),
    "compare.stopped_arm": ("{arm}（種{seeds}個）", "{arm} ({seeds} seeds)"),
    "compare.colon": ("：", ": "),
    "compare.differences": ("基準との差", "Differences from the reference"),
    "compare.combination": (
        "{arm} － 構成要素の加重平均",
        "{arm}, less the weighted mean of its parts",
    ),
    "compare.combinations": (
        "組み合わせは、同じ額の単独策の平均を上回るか",
        "Does the combination do more than the mean of its parts at the same cost?",
    ),
    "compare.crossings": (
        "先に悪化し、後で改善するか（負荷の52週平均）",
        "Worse before better (load, means of 52 weeks)",
    ),
    "compare.crossing.never": (
        "{arm}：負荷は、どの種（{seeds}個）でも一度も基準を上回りません。",
        "{arm}: in none of {seeds} seeds is the load ever above the reference.",
    ),
    "compare.crossing.always": (
        "{arm}：負荷は、どの種（{seeds}個）でも{years}年目の終わりまで基準を上回ったままです。",
        "{arm}: in all {seeds} seeds the load is still above the reference at the end of year {years}.",
    ),
    "compare.crossing.mixed": (
        "{arm}：種{seeds}個のうち、一度も上回らない{never}、上回った後に下回り続ける{crossed}、{years}年目の終わりにも上回ったまま{censored}。下回り始める時期の中央値：{median}。",
        "{arm}: of {seeds} seeds, load never above the reference in {never}, above and then below for good in {crossed}, still above at the end of year {years} in {censored}. Median time of the turn: {median}.",
    ),
    "compare.not_within": ("期間内に来ない", "not within the run"),
    "compare.years_in": ("{years}年後", "{years} years in"),
    "compare.worse_title": (
        "悪くなるもの（区間が0を含まない年）",
        "What gets worse (years in which the interval excludes zero)",
    ),
    "compare.worse": ("{arm}：{list}", "{arm}: {list}"),
    "compare.nothing_worse": (
        "{arm}：示した指標の中にはありません",
        "{arm}: nothing among the measures shown",
    ),
    "compare.worse_year": ("{measure}（{years}年目）", "{measure} (year {years})"),
    "compare.worse_years": ("{measure}（{years}年目）", "{measure} (years {years})"),
    "compare.budget": (
        "計画額：基準より多く見込む職員・居場所の費用（百万円。全員が在職した場合。開始日から数え、段階的な増員は増やした分だけ）",
        "Planned cost: posts and places beyond the reference (million yen; every post filled, from its start date; while a lever ramps, what it has reached)",
    ),
    "plan.of_scenario": (
        "計画額：施策で組織の現状より多く見込む職員・居場所の費用（百万円。全員が在職した場合。開始日から数え、段階的な増員は増やした分だけ）",
        "Planned cost: posts and places that the levers add to the organisation (million yen; every post filled, from its start date; while a lever ramps, what it has reached)",
    ),
    "plan.levers": ("施策", "Levers"),
    "plan.fiscal": ("{fiscal}年度", "FY{fiscal}"),
    "plan.fiscals": ("{fiscal}～{last}年度（毎年）", "FY{fiscal} to {last}, each"),
    "plan.vacancies": ("欠員などによる差（計）", "Vacancies (sum)"),
    "compare.damaged": (
        "壊れていた計算結果{number}個を計算し直します。",
        "{number} damaged results are computed again.",
    ),
    "compare.resumed": (
        "計算済み：{done}／{all}。残りを計算します。",
        "Already computed: {done} of {all}; going on with the rest.",
    ),
    "compare.cell_done": (
        "{arm}・種{seed}が終わりました（{done}／{all}、失敗{failed}）。残り約{left}",
        "{arm}, seed {seed} finished ({done} of {all}, {failed} failed), about {left} left",
    ),
    "compare.cell_failed": (
        "{arm}・種{seed}は計算に失敗しました：{reason}",
        "{arm}, seed {seed} failed: {reason}",
    ),
    "compare.failed": (
        "{number}個の計算が失敗しました。残りの結果は有効です。詳しくは {file} にあります。",
        "{number} cells failed; the results of the others stand. Details are in {file}.",
    ),
    "compare.none": (
        "全ての案がそろった種が一つもないため、比べられません。",
        "There is no seed for which every arm could be computed, so nothing can be compared.",
    ),
    "compare.kept": (
        "中断しました。終わった計算は残っています。同じコマンドで続きから計算します。",
        "Interrupted. What was finished is kept; the same command goes on from there.",
    ),
    "compare.written": ("結果：{folder}", "Results: {folder}"),
    "compare.draws": (
        "仮定の不確かさ：{asked}組の仮定のうち{kept}組（{percent}％）を使いました。組ごとに、基準の案の負荷が標準の値のときと同じになるよう職員数を合わせています（人数で定めた職員は変えません）。",
        "How sure the assumptions are: {kept} of {asked} draws ({percent} %) were used. In each the posts are tuned so that the reference carries the load that it carries at the declared values (posts given by number stay).",
    ),
    "draws.dropped": (
        "使わなかった{number}組の理由：{reasons}。いまの町を表していないためです。",
        "Not used, since the town would be another one: {number} ({reasons}).",
    ),
    "draws.times": ("{why}（{number}組）", "{why}: {number}"),
    "draws.failed": ("計算に失敗した", "a cell failed"),
    "draws.load": (
        "職員数を合わせても負荷が標準の値のときと離れている",
        "a load far from that at the declared values, whatever the posts",
    ),
    "draws.given": (
        "職員数が人数で定められていて、負荷が標準の値のときと離れている",
        "a load far from that at the declared values, with posts given by number",
    ),
    "draws.latent_percent": (
        "潜在的な課題の世帯の割合が想定の範囲を外れる",
        "households in latent need outside their band",
    ),
    "draws.manifest_percent": (
        "顕在化した世帯の割合が想定の範囲を外れる",
        "households in manifest need outside their band",
    ),
    "draws.compounded_percent": (
        "複雑化・複合化した世帯の割合が想定の範囲を外れる",
        "compounded households outside their band",
    ),
    "draws.first_contacts_per_100k_month": (
        "初回相談の件数が想定の範囲を外れる",
        "first consultations outside their band",
    ),
    "draws.none": (
        "使える組が一つも残らなかったため、仮定の不確かさは示せません。ほかの結果は有効です。",
        "No draw is left, so how sure the assumptions are cannot be shown. The other results stand.",
    ),
    "draws.do_more": (
        "組を増やしてください（たとえば --draws 40）。終わった計算は使われます。",
        "Ask for more draws (such as --draws 40); finished cells are used again.",
    ),
    "draws.do_given": (
        "職員数を人口10万人あたりで与えた組織（posts_per_100k）を基準の案にするか、組を増やしてください（たとえば --draws 40）。",
        "Let the reference have an organisation whose posts are given for each 100,000 residents (posts_per_100k), or ask for more draws (such as --draws 40).",
    ),
    "compare.ignorance": (
        "偶然と、知らないこと（{year}年目の差。範囲は抽出の95％）",
        "Luck, and what is not known (differences in year {year}; ranges hold 95 % of the draws)",
    ),
    "compare.draw_mean": ("平均", "mean"),
    "compare.draw_range": ("95％の範囲", "95 % range"),
    "compare.draw_share": ("ばらつきのうち仮定によるもの", "part of the variance from assumptions"),
    "unit.million yen a year": ("百万円／年", "million yen a year"),
    "unit.M yen": ("百万円", "million yen"),
    "figure.arms.note": (
        "{name}。モデルによる試算であり、実証された根拠ではありません。",
        "{name}. A model, not evidence.",
    ),
    "figure.arms.note_fan": (
        "{name}。「{reference}」との差。種{seeds}個で対にした平均、濃い帯＝95％信頼区間、薄い帯＝全ての年を同時に含む95％の帯。モデルによる試算であり、実証された根拠ではありません。",
        "{name}. Difference from: {reference}. Mean over {seeds} paired seeds; dark: 95 % interval, light: 95 % band over all years at once. A model, not evidence.",
    ),
    "figure.arms.note_mean": (
        "{name}。乱数の種{seeds}個の平均。モデルによる試算であり、実証された根拠ではありません。",
        "{name}. Mean over {seeds} seeds. A model, not evidence.",
    ),
    "figure.fan.title": (
        "{measure}：基準との差（{unit}）",
        "{measure}: difference from the reference ({unit})",
    ),
    "figure.fan.years": ("年目", "year"),
    "figure.arms.spiral": (
        "どちらへ回るか：職員の余裕と、複雑化・複合化した世帯",
        "Which way it turns: slack of the staff, and households with compounded needs",
    ),
    "figure.arms.note_paths": (
        "{name}。乱数の種{seeds}個の平均、1年間の移動平均。白抜きの印＝1年目、塗った印＝最後の年。モデルによる試算であり、実証された根拠ではありません。",
        "{name}. Mean over {seeds} seeds, running means of a year. Hollow mark: first year; full mark: last year. A model, not evidence.",
    ),
    "figure.arms.iceberg": (
        "{year}年目に、課題のある世帯のうち見えているもの、見えていないもの",
        "Year {year}: households in need that are seen, and those that are not",
    ),
    "error.minutes": ("時間の上限は0より大きい数としてください", "the time limit must be above 0"),
    "error.most": ("種の上限は2以上としてください", "the most seeds must be 2 or more"),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
