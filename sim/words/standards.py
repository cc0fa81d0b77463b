"""The items of three reporting standards in our own words, and what this project can say of each; in braces, facts of a report.

Sources: CHEERS 2022 (28 items): Husereau et al. 2022, BMC Medicine 20:23, https://doi.org/10.1186/s12916-021-02204-0 (checklist:
table 1). STRESS-ABS (20 items): Monks et al. 2019, Journal of Simulation 13(1):55-67, https://doi.org/10.1080/17477778.2018.1442155.
ODD (7 elements): Grimm et al. 2020, JASSS 23(2):7, https://doi.org/10.18564/jasss.4259. Numbers are theirs, words are not.
"""

_WORDS = {
    "standards.title": (
        "報告の基準との対応（項目名は要約）",
        "Reporting standards (items in our own words)",
    ),
    "standards.cheers": (
        "経済評価の報告基準 CHEERS 2022（Husereau ら 2022、28項目）",
        "CHEERS 2022, economic evaluations (Husereau et al. 2022, 28 items)",
    ),
    "standards.stress": (
        "シミュレーション研究の報告基準 STRESS-ABS（Monks ら 2019、20項目）",
        "STRESS-ABS, agent-based simulation studies (Monks et al. 2019, 20 items)",
    ),
    "standards.odd": (
        "モデル記述の様式 ODD（Grimm ら 2020、7要素）",
        "ODD, descriptions of agent-based models (Grimm et al. 2020, 7 elements)",
    ),
    "standards.number": ("番号", "No."),
    "standards.item": ("項目", "Item"),
    "standards.state": ("状況", "State"),
    "standards.text": ("記載、または欠けている理由", "What is declared, or why it is missing"),
    "standards.reported": ("記載", "reported"),
    "standards.partly": ("一部", "in part"),
    "standards.missing": ("なし", "missing"),
    "standards.counts": (
        "{title}：記載{reported}、一部{partly}、なし{missing}",
        "{title}: {reported} reported, {partly} in part, {missing} missing",
    ),
    "standards.none": ("記載なし", "none declared"),
    "standards.and": ("、", ", "),
}
# number: (name ja, name en, text ja, text en); a text may have another for a case of its own, "1.other"
_CHEERS = {
    "1": (
        "表題",
        "Title",
        "「{name}」。{arms}を比べる、シミュレーションによる経済評価。",
        "{name}: an economic evaluation by simulation of {arms}.",
    ),
    "2": (
        "要約",
        "Summary",
        "報告の1ページ目に、問い・方法・結果・前提を変えた結果を示す。",
        "The first page of the report gives question, method, results, and results under other assumptions.",
    ),
    "3": ("背景と問い", "Background and question", "問い：{question}", "Question: {question}"),
    "3.other": (
        "",
        "",
        "シナリオのファイルに問い（question）の記入がない。",
        "The scenario file declares no question.",
    ),
    "4": (
        "分析計画",
        "Analysis plan",
        "計算の前にシナリオのファイルに書いた主張{claims}件を検証した。公表した分析計画はない。",
        "{claims} claims were written in the file before the run and tested; no analysis plan was published.",
    ),
    "4.other": (
        "",
        "",
        "事前に書かれた主張も、公表した分析計画もない。",
        "No claims were written beforehand, and no analysis plan was published.",
    ),
    "5": (
        "対象の住民",
        "Study population",
        "{town}：人口{population}人、{households}世帯、高齢化率{ageing}。少数の統計から作った合成の住民であり、実在の個人ではない。",
        "{town}: {population} residents, {households} households, {ageing} aged 65 or over; made from a few statistics, nobody real.",
    ),
    "6": (
        "場と文脈",
        "Setting",
        "基準の案の体制は「{organisation}」（相談支援の組織{agencies}）。{first}年4月から。",
        "The reference is run as: {organisation} ({agencies} agencies at its desks), from April {first}.",
    ),
    "7": (
        "比べる案",
        "Comparators",
        "比較の基準は「{reference}」。比べる案は{others}。",
        "Reference: {reference}. Compared with it: {others}.",
    ),
    "8": (
        "立場",
        "Perspective",
        "市町村の財政、公的負担の全体、社会全体の三つを並べ、合算しない。予算を決める市町村と、費用を分け合う国・都道府県・保険の双方に示すため。",
        "Municipal budget, all public payers, and society, side by side and never added: the budget is the municipality's, the cost is shared.",
    ),
    "9": (
        "期間",
        "Time horizon",
        "{years}年間。この後に生じる効果と費用は数えない。",
        "{years} years; what comes afterwards is not counted.",
    ),
    "10": (
        "割引率",
        "Discount rate",
        "年{rate}％（効果も同率、第1年度は割り引かない）。0・2・4％の結果も並べる。",
        "{rate} % a year for costs and effects, the first fiscal year not discounted; results at 0, 2 and 4 % stand beside it.",
    ),
    "11": (
        "成果の選び方",
        "Outcomes chosen",
        "主な成果は、複雑化・複合化した世帯・年の減少。ほかに把握、待機、職員の負担、危機など{measures}の指標を示す。",
        "The outcome is the compounded household-year averted; {measures} measures of contact, waiting, staff and crises stand beside it.",
    ),
    "12": (
        "成果の測り方",
        "Outcomes measured",
        "週ごとの世帯の状態から年ごとに集計（式は docs/measures.md）。モデルの中の値であり、調査による値ではない。",
        "Counted by year from the weekly state of households (formulas in docs/measures.md): values of the model, not of a survey.",
    ),
    "13": (
        "成果の価値づけ",
        "Outcomes valued",
        "世帯の生活の質を金額や効用値に換算していない。住民の選好の調査がないため、1世帯・年を減らす費用までを示す。",
        "No money or utility is put on how households fare, since no preferences were asked for; cost per household-year averted is given.",
    ),
    "14": (
        "資源と費用の評価",
        "Resources and costs",
        "{counted}種類の数量（職員、居場所、危機、入所、サービスなど）に単価と負担割合を一つずつ掛ける。単価表「{book}」。",
        "{counted} counted quantities (posts, places, crises, stays, services), each with one price and one split over payers; price book: {book}.",
    ),
    "15": (
        "通貨と価格の年次",
        "Currency and price year",
        "日本円。{price_years}年の単価を、物価の調整をせずに使う。通貨の換算はない。",
        "Yen, at prices of {price_years}; no price index is applied and nothing is converted.",
    ),
    "16": (
        "モデルの考え方",
        "Model",
        "世帯を単位とし、週ごとに進む個体ベースのモデル。人・職員・つながりが互いに影響するため。記述は docs/model.md、コードは公開の条件（MIT）で付属。",
        "A weekly individual-based model of households, since people, staff and ties act on each other. Described in docs/model.md; code under the MIT licence.",
    ),
    "17": (
        "分析の方法と前提",
        "Analysis and assumptions",
        "全ての案を同じ住民・同じ運で計算し、乱数の種ごとの差を平均する。期間の外への延長はしない。前提{parameters}個のうち{D}個は本プロジェクトの仮定（等級D）。",
        "Arms share people and luck; differences are taken seed by seed. Nothing is extrapolated. Of {parameters} parameters {D} are our own assumptions (grade D).",
    ),
    "18": (
        "対象による違い",
        "Heterogeneity",
        "課題の段階別・分野別・地区別の値は `sim run` の表にあるが、どの世帯に効くかの分析はしていない。",
        "Values by stage, field and district stand in the tables of `sim run`; which households gain is not analysed.",
    ),
    "19": (
        "分配の影響",
        "Distribution",
        "費用は負担者別（世帯を含む）に示す。所得・性・年齢による得失は分析していない。",
        "Costs are shown by payer, households among them; gains by income, sex or age are not analysed.",
    ),
    "20": (
        "不確かさの扱い",
        "Uncertainty",
        "偶然は種{seeds}個、前提は{asked}組の抽出（採用{kept}組）、単価は一つずつの上下で示す。",
        "Luck by {seeds} seeds, assumptions by {asked} draws ({kept} kept), prices one by one over their ranges.",
    ),
    "20.other": (
        "",
        "",
        "偶然は種{seeds}個、単価は一つずつの上下で示す。前提を同時に動かす抽出（--draws）はしていない。",
        "Luck by {seeds} seeds, prices one by one over their ranges; assumptions were not drawn together (--draws).",
    ),
    "21": (
        "関係者の参加",
        "Engagement",
        "住民・当事者・職員の参加についての記録がない。あれば書き加える。",
        "Nothing is recorded of how residents, people concerned or staff took part; add it where they did.",
    ),
    "22": (
        "前提の値",
        "Parameters",
        "全{parameters}個の値・範囲・等級・出典・分布を `sim parameters` と docs/parameters.md に示す。単価は単価表にある。",
        "All {parameters} with value, range, grade, source and distribution in `sim parameters` and docs/parameters.md; prices in the price book.",
    ),
    "23": (
        "主な結果",
        "Main results",
        "案ごとの費用と成果の差を、区間とともに報告の本文に示す。",
        "Differences of cost and outcome with their intervals stand in the body of the report, arm by arm.",
    ),
    "24": (
        "不確かさの影響",
        "Effect of uncertainty",
        "前提の抽出による幅、結果を動かす前提と単価、割引率別の結果、「効果なし」の結果を示す。",
        "Ranges over draws, what moves the result, results by discount rate and under no effect are shown.",
    ),
    "24.other": (
        "",
        "",
        "結果を動かす単価、割引率別の結果、「効果なし」の結果を示す。前提を同時に動かした幅はない。",
        "What prices move the result, results by discount rate and under no effect are shown; no range over the assumptions together.",
    ),
    "25": (
        "参加の影響",
        "Effect of engagement",
        "関係者の参加の記録がないため、書けない。",
        "Nothing is recorded of engagement, so nothing can be said.",
    ),
    "26": (
        "考察と限界",
        "Findings, limits, transfer",
        "限界（モデルであり根拠ではない、{D}個は仮定）を示す。他の自治体に当てはまるかは、一つの自治体の計算からは言えず、既存の研究との比較もしていない。",
        "Limits are stated (a model, not evidence; {D} own assumptions). One town says nothing of others, and earlier studies are not compared.",
    ),
    "27": (
        "資金",
        "Funding",
        "ファイルからは分からない。公表の前に書き加える。",
        "Cannot be known from the files; add it before publishing.",
    ),
    "28": (
        "利益相反",
        "Conflicts of interest",
        "ファイルからは分からない。公表の前に書き加える。",
        "Cannot be known from the files; add it before publishing.",
    ),
}
_STRESS = {
    "1.1": (
        "モデルの目的",
        "Purpose",
        "早くからの支援への支出が、いつ、どの前提の下で報われ、いつ報われないかを見る（docs/model.md 1章）。",
        "To see when, and under which assumptions, spending on early support pays and when not (docs/model.md, 1).",
    ),
    "1.2": (
        "出力",
        "Outputs",
        "{measures}の年ごとの指標（docs/measures.md）。差は種ごとに対にした平均と95％信頼区間。",
        "{measures} yearly measures (docs/measures.md); differences paired by seed with 95 % intervals.",
    ),
    "1.3": (
        "実験のねらい",
        "Aims of the experiment",
        "案{number}（{arms}）。事前に書いた主張{claims}件。",
        "{number} arms ({arms}); {claims} claims written beforehand.",
    ),
    "2.1": (
        "全体の図",
        "Overview diagram",
        "一週間の順序を文章と表で示す（docs/week.md）。流れ図はない。",
        "The order of the week in words and tables (docs/week.md); no flow diagram.",
    ),
    "2.2": (
        "基本の論理",
        "Base logic",
        "docs/week.md と docs/model.md 3章。",
        "docs/week.md and docs/model.md, 3.",
    ),
    "2.3": (
        "案の論理",
        "Scenario logic",
        "案ごとに変える施策：{levers}。値と時期は `sim check` とマニフェストに示す。",
        "Levers that the arms move: {levers}; values and dates in `sim check` and the manifest.",
    ),
    "2.4": (
        "手順と式",
        "Algorithms",
        "docs/model.md 7章（過程ごとの式）。",
        "docs/model.md, 7: formulas by process.",
    ),
    "2.5": (
        "構成要素",
        "Components",
        "地区と地域資源（環境）、世帯・住民・職員・組織（主体）、つながりと窓口間の関係（相互作用）、転入・転出・死亡・採用・離職（出入り）。docs/model.md 2章。",
        "Districts and resources (environment), households, residents, workers, agencies (agents), ties and familiarity (interaction), moves, deaths, hiring, leaving (entry, exit): docs/model.md, 2.",
    ),
    "3.1": (
        "データの出典",
        "Data sources",
        "住民：{town_source}。組織：{organisation_source}。前提と単価は一つずつ出典と等級を持つ。",
        "People: {town_source}. Organisation: {organisation_source}. Each parameter and price has its source and grade.",
    ),
    "3.2": (
        "データの加工",
        "Preprocessing",
        "住民は少数の統計から合成（docs/model.md 5章）。職員数と三つの率の調整は docs/calibration.md。",
        "People are made from a few statistics (docs/model.md, 5); what was tuned stands in docs/calibration.md.",
    ),
    "3.3": (
        "入力の値",
        "Input parameters",
        "{parameters}個。docs/parameters.md、この実行で変えたものは `sim check` に示す。",
        "{parameters}, in docs/parameters.md; what this run changes is shown by `sim check`.",
    ),
    "3.4": (
        "仮定",
        "Assumptions",
        "等級 A {A}・B {B}・C {C}・D {D}。D は本プロジェクトの仮定。",
        "Grade A {A}, B {B}, C {C}, D {D}; D is our own assumption.",
    ),
    "4.1": (
        "初期状態",
        "Initialisation",
        "施策の前に{run_in}週の助走。助走は全ての案に共通。",
        "A run-in of {run_in} weeks before any policy, the same in all arms.",
    ),
    "4.2": (
        "実行の長さ",
        "Run length",
        "{weeks}週（{years}年）。",
        "{weeks} weeks ({years} years).",
    ),
    "4.3": (
        "推定の方法",
        "Estimation",
        "種{seeds}個で対にした差。区間は種の間のばらつきによる。",
        "Differences paired over {seeds} seeds; intervals from the spread between seeds.",
    ),
    "5.1": ("ソフトウェア", "Software", "{versions}。", "{versions}."),
    "5.2": (
        "乱数",
        "Random sampling",
        "乱数は（種・過程・週・識別番号・回）のハッシュ（splitmix64 の混合）。施策が触れない世帯は、どの案でも同じ一生を送る。",
        "Every draw is a hash (splitmix64 mixing) of seed, process, week, id and occurrence; a household that no policy touches lives alike in every arm.",
    ),
    "5.3": (
        "実行の仕組み",
        "Execution",
        "1週を1歩として、決まった順に過程を進める（Mesa）。種と案ごとに独立に、複数のプロセスで計算できる。",
        "Steps of a week, processes in a fixed order (Mesa); seeds and arms are independent and may run in several processes.",
    ),
    "5.4": (
        "機械",
        "System",
        "{machine}。計算時間は記録していない。",
        "{machine}; the time it took is not recorded.",
    ),
    "6.1": (
        "モデルの共有",
        "Sharing the model",
        "コード・シナリオ・単価表は MIT ライセンス。コードのハッシュ {code}。公開先の固定の番号（DOI など）はない。",
        "Code, scenarios and prices under the MIT licence; hash of the code {code}. No lasting address (DOI) is declared.",
    ),
}
_ODD = {
    "1": ("目的と再現すべき型", "Purpose and patterns", "docs/model.md 1章。", "docs/model.md, 1."),
    "2": (
        "主体・状態変数・規模",
        "Entities, state variables, scales",
        "docs/model.md 2章。この実行：{households}世帯、{weeks}週。",
        "docs/model.md, 2; here {households} households, {weeks} weeks.",
    ),
    "3": (
        "過程と順序",
        "Processes and scheduling",
        "docs/model.md 3章、docs/week.md。",
        "docs/model.md, 3, and docs/week.md.",
    ),
    "4": ("設計の考え方", "Design concepts", "docs/model.md 4章。", "docs/model.md, 4."),
    "5": (
        "初期化",
        "Initialisation",
        "docs/model.md 5章。助走{run_in}週。",
        "docs/model.md, 5; run-in of {run_in} weeks.",
    ),
    "6": ("入力データ", "Input data", "docs/model.md 6章。", "docs/model.md, 6."),
    "7": (
        "部分モデル",
        "Submodels",
        "docs/model.md 7章。止めたもの：{switched_off}。",
        "docs/model.md, 7; switched off: {switched_off}.",
    ),
}
_LISTS = {"cheers": _CHEERS, "stress": _STRESS, "odd": _ODD}
ITEMS = {
    name: tuple(number for number in items if not number.endswith("other"))
    for name, items in _LISTS.items()
}


def _said(place: int) -> dict[str, str]:
    """The words of one language: 0 Japanese, 1 English."""
    items = {
        (f"standards.{name}.{number}", row)
        for name, rows in _LISTS.items()
        for number, row in rows.items()
    }
    names = {f"{key}.name": row[place] for key, row in items if row[place]}
    return (
        {key: pair[place] for key, pair in _WORDS.items()}
        | names
        | {f"{key}.text": row[2 + place] for key, row in items}
    )


JA = _said(0)
EN = _said(1)
