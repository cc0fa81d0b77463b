"""What the report says: its sentences, headings of its parts and tables, and what stands beneath its figures."""

_WORDS = {
    "page.range": ("{low}～{high}", "{low} to {high}"),
    "page.quoted": ("「{name}」", '"{name}"'),
    "page.then": ("。", "; "),
    "page.with_range": ("{arm}（{range}）", "{arm} ({range})"),
    "page.payer.municipality": ("市町村", "the municipality"),
    "page.payer.public": (
        "公的負担の全体（市町村・都道府県・国・保険料）",
        "all public payers together (municipality, prefecture, nation, insurance)",
    ),
    "page.payer.society": ("社会全体", "society as a whole"),
    "page.runs.seeds": ("乱数を変えた計算{number}回", "{number} seeds"),
    "page.runs.draws": ("仮定を変えた計算{number}通り", "{number} draws of the assumptions"),
    "page.pays_not.all": (
        "この町では、{years}年間の収支で見て、どの案も{payer}の費用の増加が節減を上回り、元は取れません（純費用{range}）。",
        "In this town no arm pays for itself within {years} years: each costs {payer} more than it saves (net cost {range}).",
    ),
    "page.pays_not.none": (
        "この町では、{years}年間の収支で見て、元が取れると言える案はなく、{arms}では{payer}の費用の増加が節減を上回ります（純費用{range}）。",
        "In this town no arm can be said to pay for itself within {years} years; each of these costs {payer} more than it saves: {arms} (net cost {range}).",
    ),
    "page.pays_not.some": (
        "{arms}では、{years}年間の収支で{payer}の費用の増加が節減を上回ります（純費用{range}）。",
        "Each of these costs {payer} more than it saves within {years} years: {arms} (net cost {range}).",
    ),
    "page.pays": (
        "{arms}では、{years}年間の収支で{payer}の節減が費用の増加を上回ります（純費用{range}。マイナスは節減）。",
        "These save {payer} more than they cost within {years} years: {arms} (net cost {range}; below 0 is a saving).",
    ),
    "page.pays_unclear": (
        "{arms}では、{years}年間の収支で{payer}の費用が増えるとも減るとも言えません（純費用{range}）。",
        "Within {years} years it cannot be told whether these cost {payer} more or less: {arms} (net cost {range}).",
    ),
    "page.pays_few": (
        "{arms}については、計算の回数が足りないため、{payer}の収支の判断はできません（{years}年間の純費用の点推定{range}）。",
        "Too few runs, so nothing can be concluded about {payer} for {arms} (point estimate of the net cost within {years} years: {range}).",
    ),
    "page.pays_same": (
        "{arms}では、{years}年間の{payer}の費用は基準と同じです。",
        "Within {years} years these cost {payer} the same as the reference: {arms}.",
    ),
    "page.back_head": ("{payer}の回収年：{list}。", "Break-even for {payer}: {list}."),
    "page.back": (
        "{arm}は{years}年以内に回収できる見込み{chance}％（{runs}。中央値は{median}）",
        "{arm} within {years} years with a chance of {chance} % ({runs}; median: {median})",
    ),
    "page.back_never": (
        "どの案も、{runs}のうち、{years}年以内に回収できた例は一つもありません（見込みの95％区間の上限は{high}％）",
        "no arm within {years} years in any of {runs} (upper end of the 95 % interval of the chance: {high} %)",
    ),
    "page.back_never_rest": (
        "{arms}は、{runs}のうち、{years}年以内に回収できた例が一つもありません（見込みの95％区間の上限は{high}％）",
        "{arms} within {years} years in none of {runs} (upper end of the 95 % interval of the chance: {high} %)",
    ),
    "page.back_few": (
        "{arms}は、計算の回数が足りないため、回収の見込みを示せません（{runs}）",
        "too few runs to tell with {arms} ({runs})",
    ),
    "page.back_same": (
        "{arms}は、費用が基準と全く同じで、回収するものがありません",
        "nothing to be paid back, at exactly the cost of the reference, with {arms}",
    ),
    "page.answer": (
        "{measure}（{year}年目の基準との差、{unit}）：{parts}。",
        "{measure} (difference from the reference in year {year}, {unit}): {parts}.",
    ),
    "page.answer.less": ("基準を下回るのは{arms}", "below the reference with {arms}"),
    "page.answer.more": ("基準を上回るのは{arms}", "above the reference with {arms}"),
    "page.answer.unclear": ("上下どちらとも言えないのは{arms}", "cannot be told with {arms}"),
    "page.answer.few": (
        "計算の回数が足りず判断できないのは{arms}",
        "too few runs to tell with {arms}",
    ),
    "page.answer.same": ("基準と全く同じなのは{arms}", "identical with {arms}"),
    "page.course": ("{arm}：{parts}。", "{arm}: {parts}."),
    "page.course.more": (
        "{years}年目は基準より高い（{range}）",
        "above the reference in year {years} (by {range})",
    ),
    "page.course.mores": (
        "{years}年目は基準より高い（{last}年目で{range}）",
        "above the reference in years {years} (in year {last} by {range})",
    ),
    "page.course.less": (
        "{years}年目は基準より低い（{range}）",
        "below the reference in year {years} (by {range})",
    ),
    "page.course.lesss": (
        "{years}年目は基準より低い（{last}年目で{range}）",
        "below the reference in years {years} (in year {last} by {range})",
    ),
    "page.course.rest": ("ほかの年はどちらとも言えない", "cannot be told in the other years"),
    "page.course.same": ("どの年も基準と全く同じ", "identical with the reference in every year"),
    "page.course.few": ("計算の回数が足りず、判断できない", "too few runs to tell"),
    "page.course.none": (
        "どの年も、基準との差があるとは言えない",
        "no difference can be told in any year",
    ),
    "page.worse": ("{arm}：{list}", "{arm}: {list}"),
    "page.worse_item": ("{measure}（{years}年目）", "{measure} (year {years})"),
    "page.worse_items": ("{measure}（{years}年目）", "{measure} (years {years})"),
    "page.few_worse": (
        "計算の回数が足りないため、悪くなるものがあるかは判断できません。",
        "Too few runs to tell what gets worse.",
    ),
    "page.nothing_worse": (
        "初めの{years}年間に、はっきり悪くなる指標はありません。",
        "Nothing clearly gets worse within the first {years} years.",
    ),
    "page.believe.times": (
        "{arm}の元が取れるには、サービス・危機対応の費用の減少が、この試算（{range}）の{least}～{most}倍でなければなりません。",
        "For {arm} to pay for itself, the fall in the cost of services and crises would have to be {least} to {most} times what it is here ({range}).",
    ),
    "page.believe.pays": (
        "{arm}は、この試算の仮定が当たっていれば元が取れます（純費用{range}）。",
        "{arm} pays for itself if the assumptions of this estimate hold (net cost {range}).",
    ),
    "page.believe.more": (
        "{arms}では、つながる世帯が増える分、サービス・危機対応の費用が事業費とは別に増えます。事業費がかからなくても元は取れず、元が取れるには、この増加が減少に変わると考えなければなりません。",
        "With {arms} the cost of services and crises rises on top of the programme. They would not pay even if the programme were free: one would have to believe that this rise is a fall.",
    ),
    "page.believe.unclear": (
        "{arms}では、サービス・危機対応の費用が減るとは言えません。元が取れるには、ここでは確かめられない減少があると考えなければなりません。",
        "With {arms} the cost of services and crises cannot be said to fall. One would have to believe in a fall that cannot be seen here.",
    ),
    "page.believe.same": (
        "{arms}では、サービス・危機対応の費用は基準と全く変わりません。元が取れるには、ここには表れない減少があると考えなければなりません。",
        "With {arms} the cost of services and crises is exactly that of the reference. One would have to believe in a fall that is not seen here.",
    ),
    "page.believe.equal": (
        "{arms}の費用は基準と全く同じで、元を取るべき費用がありません。",
        "At exactly the cost of the reference there is nothing to pay for: {arms}.",
    ),
    "page.believe.few": (
        "{arms}では、計算の回数が足りず、サービス・危機対応の費用の増減を判断できません。",
        "With {arms} too few runs to say whether the cost of services and crises rises or falls.",
    ),
    "page.worth.costs": (
        "{arm}を選ぶのは、複雑化・複合化した世帯を1世帯・1年減らすことに{amount}（{range}）を払う価値があると考えることです。",
        "To choose {arm} is to hold one household-year with compounded needs averted to be worth {amount} ({range}).",
    ),
    "page.worth.saves": (
        "{arm}では、費用が減る代わりに、複雑化・複合化した世帯が増えます（1世帯・年あたり{amount}の減、{range}）。",
        "{arm} costs less, and leaves more households with compounded needs ({amount} saved per household-year, {range}).",
    ),
    "page.worth.dominant": (
        "{arms}では、費用が減り、複雑化・複合化した世帯も減ります。",
        "With {arms} both costs and households with compounded needs fall.",
    ),
    "page.worth.dominated": (
        "{arms}では、費用が増え、期間中の複雑化・複合化した世帯の延べ年数も増えます。",
        "With {arms} costs rise, and so do the years that households live with compounded needs within the run.",
    ),
    "page.worth.undefined": (
        "{arms}では、複雑化・複合化した世帯が減るとも増えるとも言えず、1世帯・年あたりの費用は示せません。",
        "With {arms} households with compounded needs cannot be said to fall or rise, so there is no cost per household-year.",
    ),
    "page.worth.unchanged": (
        "{arms}では、複雑化・複合化した世帯の延べ年数は基準と全く同じで、費用だけが違います。",
        "With {arms} the years that households live with compounded needs are exactly those of the reference; costs alone differ.",
    ),
    "page.worth.same": (
        "{arms}では、費用も、複雑化・複合化した世帯の延べ年数も、基準と全く同じです。",
        "With {arms} costs, and the years that households live with compounded needs, are exactly those of the reference.",
    ),
    "page.price_turns": (
        "{arm}：{item}の単価が{price}円で純費用が0になります（価格表の幅{low}～{high}円の中）。",
        '{arm}: net cost is 0 where the price of "{item}" is {price} yen (its range: {low} to {high} yen).',
    ),
    "page.no_price_turns": (
        "価格表の幅の中で、一つだけ変えて収支の正負を変える単価はありません。",
        "No price, changed alone within its range, turns the sign of the net cost of any arm.",
    ),
    "page.idle.all": (
        "全ての効果がないと仮定すると、どの案でも{years}年間の{payer}の費用の増加が節減を上回ります（純費用の点推定{range}）。",
        "With every effect set to none, each arm costs {payer} more than it saves within {years} years (net cost, point estimates: {range}).",
    ),
    "page.idle.some": (
        "全ての効果がないと仮定すると、{arms}では{years}年間の{payer}の費用の増加が節減を上回ります（全ての案の純費用の点推定{range}）。",
        "With every effect set to none, these cost {payer} more than they save within {years} years: {arms} (net cost of all arms, point estimates: {range}).",
    ),
    "page.idle.none": (
        "全ての効果がないと仮定すると、費用が増える案はありません（{years}年間の{payer}の純費用の点推定{range}）。",
        "With every effect set to none no arm costs {payer} more within {years} years (net cost, point estimates: {range}).",
    ),
    "page.to": ("～", "-"),
    "page.no_idle": (
        "この結果には、全ての効果がないと仮定した計算がありません。",
        "These results hold no runs with every effect set to none.",
    ),
    "page.space": ("", " "),
    "page.by_year": ("年ごとに：{measure}", "Year by year: {measure}"),
    "page.no_claims": ("検証する主張はありません。", "No claims to test."),
    "page.appendix": (
        "付録：結果の再現と報告基準",
        "Appendix: how to reproduce this, and reporting standards",
    ),
    "page.h.prices": ("単価", "Prices"),
    "page.h.assumptions": ("仮定", "Assumptions"),
    "page.h.idle": ("効果がないとしたら", "If there were no effect"),
    "page.alt": ("{title}。{shows}", "{title}. {shows}"),
    "page.title": ("政策比較報告書", "Report of a comparison"),
    "page.contents": ("目次", "Contents"),
    "page.skip": ("本文へ", "Skip to the report"),
    "page.summary": ("財政担当のための一枚", "One page for the budget section"),
    "page.h.answer": ("元は取れるか", "Does it pay?"),
    "page.h.people": ("住民と職員はどうなるか", "What becomes of residents and staff"),
    "page.h.worse": ("先に悪くなるもの", "What gets worse first"),
    "page.h.payers": ("誰の負担がいくら変わるか", "Who pays how much more or less"),
    "page.h.believe": ("元が取れると考えるには", "What you would have to believe"),
    "page.h.back": ("いつ回収できるか", "When the money comes back"),
    "page.part.1": ("問いへの答え", "Answers to the questions"),
    "page.part.2": ("基準との差", "Differences from the reference"),
    "page.part.3": ("費用", "Money"),
    "page.part.4": ("スパイラルの向き", "Which way the spiral turns"),
    "page.part.5": ("見えている世帯、見えていない世帯", "Seen and unseen households"),
    "page.part.6": ("主張の検証", "Claims"),
    "page.part.7": ("結果を変えるもの", "What would turn the result"),
    "page.part.8": ("仮定と出典", "Assumptions and sources"),
    "page.model": (
        "これはモデルによる試算であり、実証された根拠ではありません。",
        "This is a model, not evidence.",
    ),
    "page.basis.seeds": (
        "数値は案と基準との差。区間は95％、偶然によるばらつきのみで、仮定の不確かさは含みません（乱数の種{number}個）。金額は割引率{rate}％の現在価値、第1年度は割り引かない。",
        "Figures are differences from the reference. Intervals (95 %) hold luck alone, not how sure the assumptions are ({number} seeds). Money: present value at {rate} % a year, the first fiscal year not discounted.",
    ),
    "page.basis.draws": (
        "数値は案と基準との差。収支の判断の区間は仮定の組{number}個の95％の幅（仮定の不確かさと偶然）、そのほかの区間は偶然によるばらつきのみ。金額は割引率{rate}％の現在価値、第1年度は割り引かない。",
        "Figures are differences from the reference. Intervals of the verdict on money hold 95 % of {number} draws of the assumptions (assumptions and luck), the other intervals luck alone. Money: present value at {rate} % a year, the first fiscal year not discounted.",
    ),
    "page.grades": (
        "仮定は{number}個（等級 A {A}・B {B}・C {C}・D {D}。D は本プロジェクトの仮定）。",
        "It stands on {number} assumptions (grade A: {A}, B: {B}, C: {C}, D, our own: {D}).",
    ),
    "page.convention": (
        "「案－比較の基準」。プラスは費用の増加、マイナスは節減。",
        "Arm less reference: above 0 costs more, below 0 saves.",
    ),
    "page.t.payers": (
        "{years}年間の純費用、負担者別（百万円、現在価値）",
        "Net cost over {years} years by payer (million yen, present value)",
    ),
    "page.t.impact": (
        "予算への影響：{arm}（百万円／年、割引なし）",
        "Budget impact: {arm} (million yen a year, undiscounted)",
    ),
    "page.t.impact_of": ("{payer}：{part}", "{payer}: {part}"),
    "page.t.total5": ("{years}年計", "{years} years"),
    "page.t.back": ("回収年と回収の見込み", "Break-even year and its chance"),
    "page.t.back_payer": ("負担者", "Payer"),
    "page.t.arm": ("案", "Arm"),
    "page.t.median": ("回収年の中央値（5～95％）", "Median year (5 to 95 %)"),
    "page.t.by": ("{year}年目まで（％）", "By year {year} (%)"),
    "page.t.never": ("期間内に回収できない（％）", "Never within the run (%)"),
    "page.t.cash": (
        "市町村の節減のうち現金になるもの（{years}年計、百万円、割引なし）",
        "What of the municipality's savings is cash (sum of {years} years, million yen, undiscounted)",
    ),
    "page.t.views": (
        "純費用、立場と割引率別（百万円）",
        "Net cost by perspective and discount rate (million yen)",
    ),
    "page.t.view": ("立場", "Perspective"),
    "page.t.rate": ("割引率{rate}％{mark}", "{rate} %{mark}"),
    "page.t.chosen": ("（採用）", " (chosen)"),
    "page.t.worth": (
        "複雑化・複合化した世帯を1世帯・年減らす費用（{view}）",
        "Cost per household-year with compounded needs averted ({view})",
    ),
    "page.t.cost": ("純費用（百万円）", "Net cost (million yen)"),
    "page.t.effect": ("減った延べ世帯・年", "Household-years averted"),
    "page.t.status": ("位置づけ", "Status"),
    "page.t.icer": ("1世帯・年あたり（万円）", "Per household-year (10,000 yen)"),
    "page.t.frontier": ("全ての案を互いに比べた位置づけ", "Against all other arms"),
    "page.t.optimism": (
        "楽観バイアスの補正（公的負担の全体、百万円）：事業費を{programme}％増し、節減を{benefits}％減らす",
        "Corrected for optimism (all public payers, million yen): programme costs up by {programme} %, savings down by {benefits} %",
    ),
    "page.t.plain": ("補正なし", "As estimated"),
    "page.t.corrected": ("補正後", "Corrected"),
    "page.t.span_of": ("幅", "Range"),
    "page.t.turns": (
        "収支を最も動かす単価（公的負担の全体、百万円）",
        "Prices that move the net cost most (all public payers, million yen)",
    ),
    "page.t.item": ("数えたもの", "What is counted"),
    "page.t.price": ("単価（円）", "Price (yen)"),
    "page.t.range": ("幅（円）", "Range (yen)"),
    "page.t.at": ("幅の両端での純費用", "Net cost at both ends"),
    "page.t.threshold": ("純費用が0になる単価（円）", "Price at which net cost is 0 (yen)"),
    "page.t.parameters": (
        "収支を最も動かす仮定（公的負担の全体、仮定の組{number}個）",
        "Assumptions that move the net cost most (all public payers, {number} draws)",
    ),
    "page.t.parameter": ("仮定", "Assumption"),
    "page.t.rank": ("順位相関", "Rank correlation"),
    "page.t.fifths": (
        "下位2割・上位2割での純費用（百万円）",
        "Net cost in lowest and highest fifth (million yen)",
    ),
    "page.t.turn": ("純費用が0になる値", "Value at which net cost is 0"),
    "page.few_draws": (
        "使えた仮定の組が30組に満たないため、どの仮定が結果を左右するかは示せません。",
        "Fewer than 30 draws of the assumptions could be used, so it cannot be shown which of them carry the result.",
    ),
    "page.no_draws": (
        "仮定を動かした計算（--draws）がないため、どの仮定が結果を左右するかは示せません。",
        "No runs with drawn assumptions (--draws), so it cannot be shown which of them carry the result.",
    ),
    "page.no_clear": (
        "偶然と区別できるほど収支を左右する仮定は見つかりませんでした。",
        "No single assumption moves the net cost more than chance would.",
    ),
    "page.t.idle": (
        "効果がない場合（百万円、現在価値）",
        "With no effect (million yen, present value)",
    ),
    "page.t.main": ("この試算", "As estimated"),
    "page.t.without": ("効果なし", "No effect"),
    "page.t.information": (
        "仮定を調べることの価値（公的負担の全体、百万円、1世帯・年の価値{worth}円）",
        "What it would be worth to know (all public payers, million yen, at {worth} yen a household-year)",
    ),
    "page.t.group": ("仮定の群", "Group of assumptions"),
    "page.t.evppi": ("価値", "Worth"),
    "page.t.floor": ("偶然で出る値", "By chance"),
    "page.t.held": (
        "見えない予防：つながりだけで支えられている世帯",
        "Invisible prevention: households held by ties alone",
    ),
    "page.t.unpaid": ("住民の無償の活動時間と負担", "Unpaid hours and load of residents"),
    "page.t.prices": ("単価と出典（価格表「{book}」）", 'Prices and sources (book "{book}")'),
    "page.t.grade": ("等級", "Grade"),
    "page.t.source": ("出典", "Source"),
    "page.t.year": ("価格年", "Price year"),
    "page.t.cashable": ("節減の現金化", "Cash"),
    "page.t.assumptions": ("仮定の等級", "Grades of the assumptions"),
    "page.t.count": ("個数", "Number"),
    "page.t.all": (
        "全ての仮定の値・幅・等級・出典（画面で開く）",
        "Every assumption with value, range, grade and source (open on screen)",
    ),
    "page.t.fiscal": ("{year}年目（{fiscal}年度）", "Year {year} (FY{fiscal})"),
    "page.t.span": ("{middle}（{low}～{high}）", "{middle} ({low} to {high})"),
    "page.t.unit": ("単位", "Unit"),
    "page.t.value": ("値", "Value"),
    "page.t.name": ("名称", "Name"),
    "page.t.town": ("自治体の出典：{source}", "Source of the town: {source}"),
    "page.quote": (
        "原典の表記（英語）のまま示します。",
        "Sources are given as they stand in the price book and the table of parameters.",
    ),
    "page.three_views": (
        "三つの立場は並べて示すもので、足し合わせることはできません。",
        "The three perspectives stand side by side and are never added.",
    ),
    "page.cash_words": (
        "節減が現金になるのは、職員や契約を一つずつ実際に減らせたときだけです。残りは余力であり、予算は減りません。",
        "A saving is cash only where whole posts or contracts are in fact given up. The rest is capacity: the budget does not shrink.",
    ),
    "page.cash_same": ("{arm}は基準と同じ", "the same as the reference with {arm}"),
    "page.cash_item": ("{arm}は{saving}のうち{cash}", "{cash} of {saving} with {arm}"),
    "page.cash_sentence": (
        "市町村の節減（{years}年計、割引なし）のうち、職員や契約を実際に減らして現金にできるのは、{list}です。残りは余力で、予算は減りません。",
        "Of the municipality's savings (sum of {years} years, undiscounted) this can be taken as cash, by giving up posts or contracts: {list}. The rest is capacity: the budget does not shrink.",
    ),
    "page.cash_line": (
        "{arm}：節減{saving}のうち、現金にできるのは{cash}、余力は{freed}",
        "{arm}: of savings of {saving}, {cash} can be taken as cash, {freed} is capacity",
    ),
    "page.cash_line_same": ("{arm}：基準と全く同じ", "{arm}: exactly the reference"),
    "page.font": (
        "文字は、この文書を表示するためだけに埋め込んだフォントの一部です（IPAフォントライセンス v1.0。全文は画面版の末尾にあります）。",
        "The letters are a part of a font, embedded for the display of this document alone (IPA Font License v1.0; its full text stands at the end of the page on screen).",
    ),
    "page.font_title": ("フォントの使用許諾", "Licence of the font"),
    "page.figure": ("図{number}", "Figure {number}"),
    "page.table": ("表{number}", "Table {number}"),
    "page.look": (
        "比較対象：{reference}。{town}、人口{population}人、{first}年4月から{years}年間。価格表「{book}」。",
        'Compared with {reference}. {town}, {population} residents, {years} years from April {first}. Price book "{book}".',
    ),
    "figure.money.note": (
        "{name}。基準：{reference}。価格表「{book}」、割引率{rate}％。乱数の種{seeds}個。モデルによる試算であり、実証された根拠ではありません。",
        '{name}. Reference: {reference}. Price book "{book}", {rate} % a year. {seeds} seeds. A model, not evidence.',
    ),
    "figure.money.note_draws": (
        "{name}。基準：{reference}。価格表「{book}」、割引率{rate}％。仮定の組{seeds}個。モデルによる試算であり、実証された根拠ではありません。",
        '{name}. Reference: {reference}. Price book "{book}", {rate} % a year. {seeds} draws of the assumptions. A model, not evidence.',
    ),
    "figure.cumulative.back": (
        "累計の純費用：公的負担の全体で見て、{years}年間で元が取れる案は{number}",
        "Cumulative net cost: arms that pay for themselves within {years} years, all public payers together: {number}",
    ),
    "figure.cumulative.never": (
        "累計の純費用：公的負担の全体で見て、{years}年間で元が取れると言える案はない",
        "Cumulative net cost: no arm can be said to pay for itself within {years} years, all public payers together",
    ),
    "figure.cumulative.few": (
        "累計の純費用：計算の回数が足りず、元が取れるかは判断できない",
        "Cumulative net cost: too few runs to tell whether any arm pays for itself",
    ),
    "figure.cumulative.axis": ("百万円、現在価値", "million yen, present value"),
    "figure.payers.title": (
        "{years}年間の負担の増減、負担者別（百万円）",
        "Who pays more or less over {years} years (million yen)",
    ),
    "figure.cash.title": (
        "市町村の支出の増加と節減：現金になる節減はどれだけか（{years}年計、百万円）",
        "The municipality's extra spending and savings: how much is cash ({years} years, million yen)",
    ),
    "figure.tornado.title": (
        "単価を幅の端まで動かしたときの純費用（公的負担の全体、百万円）",
        "Net cost when a price moves through its range (all public payers, million yen)",
    ),
    "figure.tornado.zero": ("0＝収支が合う線", "0: pays for itself"),
    "figure.plane.title": (
        "費用と効果：どこに位置するか（公的負担の全体）",
        "Cost and effect: where the arms lie (all public payers)",
    ),
    "figure.plane.x": (
        "減った複雑化・複合化世帯（延べ世帯・年、現在価値）→ 良い",
        "household-years with compounded needs averted (present value), better to the right",
    ),
    "figure.plane.y": ("純費用（百万円）", "net cost (million yen)"),
    "figure.acceptability.title": (
        "1世帯・年の価値をいくらと見れば、どの案が最善になりやすいか（公的負担の全体）",
        "Which arm is likely the best buy at which worth of a household-year (all public payers)",
    ),
    "figure.acceptability.same": (
        "結果が基準と全く同じ案は省きました（{arms}）。",
        " Left out, being exactly the reference: {arms}.",
    ),
    "figure.acceptability.x": (
        "1世帯・年減らすことの価値（百万円）",
        "worth of a household-year averted (million yen)",
    ),
    "figure.acceptability.y": ("最善である見込み（％）", "chance of being the best (%)"),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
