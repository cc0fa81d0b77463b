"""Names of units, fields, kinds, groups of parameters and settings, in both languages."""

_UNITS = {
    "0-1": ("0から1", "0 to 1"), "0-1/week": ("週あたり（0から1）", "0 to 1 per week"), "1/month": ("／月", "1/month"),
    "1/year": ("／年", "1/year"), "1/year of age": ("／歳", "1/year of age"), "change/year": ("年率の変化", "change/year"),
    "h": ("時間", "h"), "h/h": ("時間／時間", "h/h"), "h/month": ("時間／月", "h/month"), "h/worker": ("時間／人", "h/worker"), "h/case": ("時間／件", "h/case"),
    "h/visit": ("時間／訪問", "h/visit"), "districts": ("地区", "districts"),
    "h/year": ("時間／年", "h/year"), "households": ("世帯", "households"), "households/year": ("世帯／年", "households/year"),
    "insights": ("気づき", "insights"), "insights/case": ("気づき／件", "insights/case"), "insights/closure": ("気づき／終結", "insights/closure"),
    "log-odds": ("対数オッズ", "log-odds"), "log-odds/SD": ("対数オッズ／標準偏差", "log-odds/SD"), "months": ("か月", "months"),
    "per 1,000 households": ("1,000世帯あたり", "per 1,000 households"), "per 10 h": ("10時間あたり", "per 10 h"),
    "per 10,000 households": ("1万世帯あたり", "per 10,000 households"),
    "per 10,000 households and year": ("1万世帯・年あたり", "per 10,000 households and year"),
    "per joint household-year": ("共に支える世帯・年あたり", "per joint household-year"), "persons": ("人", "persons"),
    "prob": ("確率", "probability"), "prob/week": ("確率／週", "probability a week"), "prob/helper-contact-month": ("確率／接触・月", "prob/helper-contact-month"),
    "prob/tie-month": ("確率／つながり・月", "prob/tie-month"), "ratio": ("比", "ratio"), "ratio per need": ("課題1つあたりの比", "ratio per need"),
    "ratio/h": ("比／時間", "ratio/h"), "sd": ("標準偏差", "sd"), "share": ("割合", "share"), "share of full": ("充足に対する割合", "share of full"),
    "sittings": ("回", "sittings"), "ties": ("つながり", "ties"), "variance": ("分散", "variance"), "visits/year": ("訪問／年", "visits/year"),
    "weeks": ("週", "weeks"), "worries": ("気がかり", "worries"), "years": ("年", "years"), "posts": ("人（常勤換算）", "posts"),
    "contacts": ("回", "contacts"), "places": ("か所", "places"), "per month": ("回／月", "per month"), "minutes": ("分", "minutes"),
    "cases": ("件", "cases"), "per year": ("件／年", "per year"), "%": ("割合", "share"), "-": ("－", "-"),
}
_GROUPS = {
    "town": ("開始時の住民", "People at the start"), "population": ("人口", "Population"), "needs": ("課題", "Needs"),
    "crises": ("危機", "Crises"), "noticing": ("気づき・見守り", "Noticing"), "asking": ("自ら相談", "Asking"),
    "outreach": ("アウトリーチ", "Outreach"), "intake": ("受付", "Intake"), "coordination": ("多機関協働", "Coordination"),
    "casework": ("個別支援", "Casework"), "community": ("地域づくり", "Community"), "resources": ("地域資源", "Resources"),
    "workforce": ("職員", "Workforce"), "ledger": ("時間と費用の記録", "Ledger"),
}
_LEVERS = {
    "staffing": ("人員", "Staffing"), "intake": ("受付とアセスメント", "Intake and assessment"), "outreach": ("アウトリーチ", "Outreach"),
    "accompaniment": ("伴走支援", "Accompaniment"), "participation": ("参加支援", "Participation support"),
    "community": ("地域づくり", "Community building"), "coordination": ("多機関協働", "Multi-agency coordination"),
    "supporters": ("支援者支援", "Supporting the supporters"), "resources": ("資源づくり", "Local resources"),
    "workforce": ("人事の運用", "Personnel rules"), "linked_desks": ("他部署の窓口との連携", "Linked desks"),
    "fidelity": ("実施の忠実度", "Fidelity"),
}
_FIELDS = {
    "elderly": ("高齢", "Older people"), "disability": ("障害", "Disability"), "child": ("子ども", "Children"),
    "poverty": ("生活困窮", "Poverty"), "gap": ("制度の狭間", "Gap between schemes"),
}
_KINDS = {
    "elder_alone": ("高齢者の単独世帯", "Older person alone"), "elder_couple": ("高齢夫婦のみの世帯", "Older couple"),
    "elder_with_adult_child": ("高齢の親と成人した子の世帯", "Older parent with adult child"),
    "couple_with_children": ("夫婦と子どもの世帯", "Couple with children"), "single_parent": ("ひとり親世帯", "Single parent"),
    "working_alone": ("現役世代の単独世帯", "Working age, alone"), "other": ("その他の世帯", "Other"),
}
_POSTS = {"regular": ("正規", "regular"), "contract": ("会計年度任用", "contract"), "outsourced": ("委託", "outsourced")}
_SETTINGS = {
    "extends": ("もとにするシナリオ", "Scenario that this one extends"), "town": ("自治体のファイル", "File of the town's people"),
    "organisation": ("組織のファイル", "File of the organisation"), "name": ("名称", "Name"), "question": ("問い", "Question"),
    "levers": ("施策", "Levers"), "events": ("出来事", "Events"), "trend": ("背景の趨勢", "Background trend"),
    "parameters": ("パラメータ", "Parameters"), "switched_off": ("停止する仕組み", "Mechanisms switched off"),
    "fields_off": ("扱わない分野", "Fields left out"), "effects": ("効果（none で全て無し）", "Effects (none: no effect at all)"),
    "claims": ("検証する主張", "Claims to test"), "start_year": ("開始年度", "Fiscal year of the start"), "years": ("計算する年数", "Years of the run"),
    "run_in_weeks": ("助走の週数", "Weeks of run-in"), "seeds": ("乱数の種", "Seeds"), "event_log": ("世帯ごとの記録", "Log of events"),
    "outside_ranges": ("範囲外のパラメータを認める", "Allow parameters outside their ranges"), "id": ("識別名", "Id"),
    "prefecture": ("都道府県", "Prefecture"), "source": ("出典", "Source"), "population": ("人口", "Population"),
    "ageing_rate": ("高齢化率", "Ageing rate"), "persons_per_household": ("1世帯あたり人員", "Persons per household"),
    "composition": ("世帯類型の割合", "Shares of the household kinds"), "districts": ("地区", "Districts"),
    "households": ("地区・類型別の世帯数", "Households by district and kind"), "assumed": ("仮定とその理由", "What is assumed, and why"),
    "share": ("割合", "Share"), "places": ("居場所の数", "Community places"), "field": ("分野", "Field"), "run": ("直営・委託", "Direct or contracted"),
    "owner": ("設置主体", "Owner"), "posts": ("職員数", "Posts"), "mix": ("雇用形態の割合", "Kinds of posts"),
    "posts_per_100k": ("人口10万人あたり職員数", "Posts per 100,000 residents"), "agencies": ("機関", "Agencies"),
    "practice": ("現在の運用", "Standing practice"), "kind": ("種類", "Kind"), "at": ("時期", "When"), "week": ("週", "Week"),
    "weeks": ("期間（週）", "Length in weeks"), "size": ("規模", "Size"), "relocation": ("転居に伴いつながりを失う割合", "Share that lose their ties"),
    "start": ("開始", "Start"), "end": ("終了", "End"), "ramp_months": ("立ち上げの月数", "Months of ramp"), "schedule": ("段階", "Schedule"),
    "measure": ("指標", "Measure"), "against": ("比較の相手", "Compared with"), "direction": ("向き", "Direction"),
    "by_year": ("何年目までに", "By year"), "cumulative": ("累計", "Cumulative"), "confidence": ("信頼水準", "Confidence"),
    "arm": ("対象の案", "Arm"), "role": ("位置づけ", "Role"), "packs": ("取り入れる取組のファイル", "Packs taken in"),
    "arms": ("比べる案", "Arms"), "reference": ("比較の基準", "Reference"), "measures": ("先に示す指標", "Measures to show first"),
    "same_cost": ("同じ年額とする案", "Arms that cost the same"), "combinations": ("組み合わせ", "Combinations"), "parts": ("構成要素と重み", "Parts and weights"),
    "until_decided": ("主張の成否が決まるまで", "Until its claims are decided"), "precision": ("求める精度", "Precision wanted"), "half_width": ("区間の半幅", "Half width"), "most": ("種の上限", "Most seeds"),
    "year": ("年目", "Year"), "scenario": ("シナリオのファイル", "Scenario file"),
    "short": ("図に使う短い名前", "Short name for figures"),
    "guidebook": ("手引きの該当箇所", "Where the guidebook says it"),
    "margin": ("差の下限", "Margin"), "en": ("英語", "English"), "ja": ("日本語", "Japanese"),
    "onset": ("課題の発生", "Onset of needs"), "staff": ("職員の確保", "Supply of staff"), "ties": ("つながり", "Ties"),
    "alone": ("単独世帯の割合", "Share living alone"),
}
_ALL = {"unit": _UNITS, "group": _GROUPS, "lever": _LEVERS, "field": _FIELDS, "kind": _KINDS, "post": _POSTS, "setting": _SETTINGS}

JA = {f"{kind}.{name}": pair[0] for kind, names in _ALL.items() for name, pair in names.items()}
EN = {f"{kind}.{name}": pair[1] for kind, names in _ALL.items() for name, pair in names.items()}
