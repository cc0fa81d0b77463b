"""What stands in the workbook of a comparison: names of its sheets, headings, notes, and how to use it."""

_SHEETS = {
    "readme": ("はじめに", "Read me"),
    "prices": ("単価・割引率", "Prices"),
    "totals": ("純費用の現在価値", "Net cost, present value"),
    "budget": ("予算への影響", "Budget impact"),
    "net": ("純費用（年度別）", "Net cost by year"),
    "even": ("回収年", "Break-even"),
    "money": ("費用（年度別）", "Money by year"),
    "units": ("1単位の負担額", "Yen per unit"),
    "quantities": ("数量", "Quantities"),
    "differences": ("基準との差", "Differences"),
    "claims": ("主張の検証", "Claims"),
    "sources": ("単価の出典", "Sources of prices"),
    "assumptions": ("仮定", "Assumptions"),
}
_ABOUT = {
    "readme": ("", ""),
    "prices": (
        "単価、負担割合、割引率、把握できていない世帯の費用の算入割合。黄色のセルを変更できます。金額のシートはすべてここから計算されます。",
        "Prices, who pays what share, the discount rate, and the share of cost charged for households outside support. Yellow cells may be changed; every sheet of money is worked out from them.",
    ),
    "totals": (
        "期間全体の純費用（案－比較の基準）を、三つの立場ごとに示します。三つの立場の金額は足し合わせません。プラスは費用の増加、マイナスは節減です。95％区間は元の単価によるもので、偶然のばらつきだけを表します。",
        "Net cost over the whole run (arm less reference), from three perspectives that are never added. Above 0 an arm costs more, below 0 it saves. The 95 % intervals are at the prices as written and hold luck alone.",
    ),
    "budget": (
        "最初の{years}か年度に、比較の基準より増減する額。割引なし。計画額は計画の数量×単価で、欠員などによる差を別の行に示します。プラスは費用の増加、マイナスは節減です。節減のすべてが現金になるわけではありません（現金化できる額は報告書を参照）。",
        "What changes against the reference in the first {years} fiscal years, undiscounted. The plan is exact (planned quantities x price); what vacancies change has its own row. Above 0 costs more, below 0 saves. Not every saving is cash: the report shows what can be taken out.",
    ),
    "net": (
        "年度別・負担者別の純費用（案－比較の基準）。プラスは費用の増加、マイナスは節減です。",
        "Net cost by fiscal year and payer (arm less reference). Above 0 an arm costs more, below 0 it saves.",
    ),
    "even": (
        "累積純費用（割引後）が0以下になり、期間の終わりまで0以下にとどまる最初の年度。平均値による試算であり、確からしさは示しません（見込みの確率は報告書を参照）。",
        "The first fiscal year from which the cumulative discounted net cost stays at or below 0 to the end of the run. From means alone, so it does not say how sure that is (the report gives chances).",
    ),
    "money": (
        "各案の費用を、年度別・負担者別に示します（数量×単価×負担割合）。",
        "What every arm costs by fiscal year and payer: quantity x price x share.",
    ),
    "units": (
        "1単位あたり誰がいくら負担するか（単価×負担割合）。計算用のシートです。",
        "Who pays how much for one unit: price x share. A sheet for the calculation.",
    ),
    "quantities": (
        "各案の数量（乱数の種{seeds}個の平均）。モデルの計算結果であり、単価を変えても動きません。「計画」の行は、比較の基準より多く置く職員と居場所の数です（全員が在職した場合。開始日から数え、段階的に増やす間は増やした分を数えます）。",
        "Quantities of every arm (means over {seeds} seeds). Results of the model; prices do not move them. Rows that say “planned” hold posts and places beyond the reference: every post filled, from its start date on; while a lever ramps, what it has reached.",
    ),
    "differences": (
        "各案と比較の基準との差（同じ住民・同じ運で対にした平均と95％区間）。区間は偶然のばらつきだけを表します。費用の行も元の単価によるもので、このシートは単価を変えても動きません。ここにない指標は differences.csv にあります。",
        "Every arm less the reference (means paired on the same people and the same luck, with 95 % intervals of luck alone). Rows of money are at the prices as written: this sheet does not move. All other measures are in differences.csv.",
    ),
    "claims": (
        "計算の前に書かれた主張が成り立つか。区間は、途中で見る回数と主張の数に応じて広げたもの。元の単価によるもので、単価を変えても動きません。",
        "Whether what was claimed beforehand holds. Intervals are widened for looks and for the number of claims. At the prices as written: this sheet does not move.",
    ),
    "sources": (
        "単価と負担割合の年次、確度、出典。自団体の値に置き換えたときは、その根拠をここに記録してください。確度の意味は「仮定」のシートと同じです。",
        "Year, grade and source of every price and of its shares. Where you put in a figure of your own, note here where it comes from. Grades as on the sheet of assumptions.",
    ),
    "assumptions": (
        "モデルの仮定の値と範囲、確度、出典。確度はA（原典で確認）、B（二次資料で確認）、C（未確認の記憶）、D（本モデルの仮定）。",
        "The model's parameters with range, grade and source. A: read in the issuer's own text; B: in a secondary account; C: recalled, unverified; D: an assumption of this project.",
    ),
}
_HEADS = {
    "kind": ("区分", "Kind"),
    "item": ("項目", "Item"),
    "unit": ("単位", "Unit"),
    "price": ("単価（円）", "Price (yen)"),
    "written": ("元の単価（円）", "Price as written (yen)"),
    "low": ("下限（円）", "Low (yen)"),
    "high": ("上限（円）", "High (yen)"),
    "share": ("{payer}の割合", "Share of: {payer}"),
    "sum": ("割合の合計", "Sum of shares"),
    "price_year": ("単価の年", "Year of price"),
    "grade": ("確度", "Grade"),
    "source": ("単価の出典", "Source of price"),
    "shares_grade": ("割合の確度", "Grade of shares"),
    "shares_source": ("割合の出典", "Source of shares"),
    "arm": ("案", "Arm"),
    "payer": ("負担者", "Payer"),
    "weight": ("算入割合", "Share charged"),
    "each": ("{payer}（円）", "{payer} (yen)"),
    "year": ("{year}年目", "year {year}"),
    "total": ("計", "Total"),
    "present": ("現在価値", "Present value"),
    "factor": ("割引係数", "Discount factor"),
    "view": ("立場", "Perspective"),
    "now": ("現在価値", "Present value"),
    "as_written": ("元の単価・割引率では", "At prices and rate as written"),
    "moved": ("変更による増減", "Change"),
    "interval_low": ("元の値の95％区間 下端", "As written, 95 % interval, low"),
    "interval_high": ("元の値の95％区間 上端", "As written, 95 % interval, high"),
    "part": ("内訳", "Part"),
    "even": ("回収年", "Break-even"),
    "measure": ("指標", "Measure"),
    "when": ("年目", "Year"),
    "reference": ("基準の値", "Reference"),
    "difference": ("差", "Difference"),
    "from": ("95％区間 下端", "95 % interval, low"),
    "to": ("95％区間 上端", "95 % interval, high"),
    "mark": ("判断", "Better or worse"),
    "claim": ("主張", "Claim"),
    "verdict": ("判定", "Verdict"),
    "against": ("比較の相手", "Against"),
    "claim_when": ("時期", "When"),
    "claim_low": ("区間 下端", "Interval, low"),
    "claim_high": ("区間 上端", "Interval, high"),
    "seeds": ("種の数", "Seeds"),
    "group": ("分野", "Group"),
    "meaning": ("仮定の内容", "Assumption"),
    "value": ("値", "Value"),
    "from_value": ("下限", "Low"),
    "to_value": ("上限", "High"),
    "own": ("この比較での変更", "Set by this comparison"),
    "cash": ("現金になるか", "Cash or not"),
    "lag": ("現金になるまでの年数", "Years of notice"),
    "note": ("注記", "Notes"),
    "parameter_source": ("出典", "Source"),
}
_WORDS = {
    "sheets.rate": (
        "割引率（年、第1年度は割り引かない）",
        "Discount rate a year (the first fiscal year in full)",
    ),
    "sheets.unseen_share": (
        "把握できていない世帯の費用の算入割合",
        "Share of cost charged for households outside support",
    ),
    "sheets.line.planned": ("計画：{item}", "Planned: {item}"),
    "sheets.line.unseen": (
        "{item}：支援につながっていない世帯",
        "{item}: households outside support",
    ),
    "sheets.line.mix": ("{item}（{mix}）", "{item} ({mix})"),
    "sheets.step": ("{cash}（{step}単位ごと）", "{cash} (steps of {step})"),
    "sheets.taken": ("{taken}。{source}", "{taken}: {source}"),
    "sheets.transfer": ("うち現金給付（移転）", "of which cash benefits (transfers)"),
    "sheets.society": ("社会全体", "Society"),
    "sheets.legend": (
        "黄色＝変更できるセル。元の単価から変えると太字、下限から上限の範囲を外れると橙色になります。負担割合の合計が100％でない行は赤くなります。",
        "Yellow: cells that may be changed. A changed price turns bold; one outside low to high turns orange. A row whose shares do not sum to 100 % turns red.",
    ),
    "sheets.linked": ("同じ単価（上の行に連動）", "same price as above (linked)"),
    "sheets.shares_wrong": (
        "負担割合の合計が100％でない行があります。「{sheet}」を確認してください。",
        "Shares of some row do not sum to 100 %: see the sheet “{sheet}”.",
    ),
    "sheets.shares_right": ("負担割合の合計：すべて100％", "Shares of every row sum to 100 %"),
    "sheets.thousand": ("単位：千円", "Unit: thousand yen"),
    "sheets.first_year": ("1年目＝{year}年度", "Year 1 = fiscal year {year}"),
    "sheets.year_format": ('0"年目"', '"year "0'),
    "sheets.rate_format": ('"割引率"0%', '"at "0%'),
    "sheets.within": ("期間内に回収できない", "not within the run"),
    "sheets.price_wrong": (
        "単価は0以上の数値（円）を入力してください。",
        "A price is a number of yen, 0 or more.",
    ),
    "sheets.share_wrong": (
        "割合は0％から100％の間で入力してください。行の合計は100％とします。",
        "A share lies between 0 % and 100 %; each row sums to 100 %.",
    ),
    "sheets.rate_wrong": (
        "割引率は0％から100％の間で入力してください（例 2％）。",
        "The discount rate lies between 0 % and 100 %, such as 2 %.",
    ),
    "sheets.wrong": ("入力できない値です", "Not a possible value"),
    "sheets.better": ("○ 良くなる", "○ better"),
    "sheets.worse": ("● 悪くなる", "● worse"),
    "sheets.unsure": ("どちらとも言えない", "not sure"),
    "sheets.same": ("差なし", "no difference"),
    "sheets.few": ("試し計算（判断しない）", "trial run, not judged"),
    "sheets.neutral": ("－", "-"),
    "sheets.yes": ("変更あり", "yes"),
    "sheets.no": ("", ""),
    "sheets.price_year": ("{year}年", "{year}"),
    "sheets.model": (
        "モデルによる試算であり、実証された根拠ではありません",
        "A model, not evidence",
    ),
    "sheets.of_pages": ("&P／&N", "&P of &N"),
    "sheets.font": ("Yu Gothic", "Calibri"),
    "sheets.what": ("このファイルについて", "What this is"),
    "sheets.how": ("使い方", "How to use it"),
    "sheets.contents": ("シートの一覧", "Sheets"),
    "sheets.origin": ("計算の条件", "Where it comes from"),
    "sheets.how_price": (
        "「{prices}」の黄色いセル（単価、負担割合、割引率、算入割合）を書き換えると、金額のシートの合計がすべて計算し直されます。モデルを計算し直す必要はありません。",
        "Change a yellow cell of the sheet “{prices}” (price, share, discount rate, share charged), and every total of money is worked out anew. The model need not be run again.",
    ),
    "sheets.how_local": (
        "まず自団体の人件費と委託料に置き換え、「{totals}」の「変更による増減」を確認してください。",
        "Begin with the pay and contract prices of your own municipality, and see the column “Change” of the sheet “{totals}”.",
    ),
    "sheets.how_still": (
        "単価を変えても動かないもの：数量、95％区間、主張の検証、回収の確率。変えた単価での区間と確率は、報告書を作り直すと得られます（sim report 結果のフォルダ --prices 自団体の価格表.toml）。",
        "What prices do not move: quantities, 95 % intervals, claims, chances of break-even. For those at new prices make the report anew (sim report FOLDER --prices mine.toml).",
    ),
    "sheets.how_protect": (
        "マクロ、外部リンク、セルの保護はありません。計算式はすべて見えます。",
        "There are no macros, no links to other files, no locked cells; every formula can be read.",
    ),
    "sheets.prices_origin": (
        "価格表：{name}（{id}）。割引率{rate}。",
        "Price book: {name} ({id}). Discount rate {rate}.",
    ),
    "sheets.version_origin": ("モデルの版：{version}", "Version of the model: {version}"),
    "sheets.digest_origin": (
        "{arm}：シナリオの照合値 {digest}",
        "{arm}: hash of the scenario {digest}",
    ),
}
_ALL = {"sheets.name": _SHEETS, "sheets.about": _ABOUT, "sheets.head": _HEADS}

JA = {key: pair[0] for key, pair in _WORDS.items()} | {
    f"{kind}.{name}": pair[0] for kind, names in _ALL.items() for name, pair in names.items()
}
EN = {key: pair[1] for key, pair in _WORDS.items()} | {
    f"{kind}.{name}": pair[1] for kind, names in _ALL.items() for name, pair in names.items()
}
