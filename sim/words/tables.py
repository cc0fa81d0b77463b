"""What the reader of household tables says, in both languages."""

_WORDS = {
    "table.line_row": ("{line}行目", "line {line}"),
    "table.line_cell": ("{line}行目（{cell}）", "line {line} (cell {cell})"),
    "table.sheet_row": ("シート「{sheet}」の{line}行目", "sheet {sheet}, row {line}"),
    "table.sheet_cell": ("シート「{sheet}」の{cell}", "sheet {sheet}, cell {cell}"),
    "table.folder": (
        "フォルダが指定されています。CSVまたはExcel（.xlsx）のファイルを指定してください",
        "this is a folder; a CSV or .xlsx file is expected",
    ),
    "table.old_excel": (
        "古い形式のExcel（.xls）か、パスワード付きのファイルです。パスワードを外し、.xlsx または CSV で保存し直してください",
        "this is an old Excel file (.xls) or one with a password; take the password off and save it as .xlsx or CSV",
    ),
    "table.no_workbook": (
        "Excelのブック（.xlsx）ではありません",
        "this is no Excel workbook (.xlsx)",
    ),
    "table.damaged": (
        "Excelのファイルが壊れているか、途中までしかありません（{detail}）。Excelで開き、保存し直してください",
        "the Excel file is damaged or incomplete ({detail}); open it in Excel and save it again",
    ),
    "table.encoding": (
        "文字として読めません。UTF-8、Shift_JIS（Excelの「CSV」）、UTF-16 のいずれかで保存し直してください",
        "the file cannot be read as text; save it as UTF-8, Shift_JIS or UTF-16",
    ),
    "table.too_large": (
        "地区の表としては大きすぎます",
        "the file is too large for a table of districts",
    ),
    "table.too_large_way": (
        "一つの自治体の500地区まで。対象の市町村だけを残し、町丁・字は小学校区などにまとめてください",
        "one municipality of up to 500 districts; keep that municipality alone and join its blocks to school districts",
    ),
    "table.too_many": ("地区が{most}を超えています", "there are more than {most} districts"),
    "table.too_many_way": (
        "500地区まで。町丁・字の表は、小学校区・中学校区・日常生活圏域などにまとめてから読み込んでください（Excelでは、校区の列を加えてピボットテーブルで合計できます）",
        "up to 500 districts; join the blocks of a census table to school districts or care districts first (in Excel: add a column of the school district and sum it in a pivot table)",
    ),
    "table.cities": (
        "複数の市区町村が含まれています。対象の一つだけを残してください",
        "the table holds more than one municipality; keep one alone",
    ),
    "table.no_heading": (
        "地区の見出しと世帯数の列が見つかりません",
        "there is no heading of districts with columns of households",
    ),
    "table.no_heading_way": (
        "地区の列の見出し（地区、地域、町名、町丁・字等名称、校区など）と、世帯数または世帯類型の列。書き方の例：python -m sim template households",
        "a column of districts (district, area, 地区, 町名, 校区, ...) and columns of households or household kinds; an example: python -m sim template households",
    ),
    "table.no_kind_heading": (
        "世帯類型の列の見出しが分かりません。一つの地区に複数の行があります",
        "the column of household kinds has no heading that is known, and a district stands on several rows",
    ),
    "table.doubled": (
        "同じ意味の見出しの列が二つあります（もう一つは{other}）。使わない列を消すか、見出しを書き換えてください",
        "two columns have the same heading (the other: {other}); delete the one not meant or give it another heading",
    ),
    "table.no_name": ("地区の名前がありません", "the row has no name of a district"),
    "table.name_date": (
        "地区の名前が、Excelによって日付に変えられています。セルの書式を「文字列」にして入力し直してください",
        "Excel has turned the district's name into a date; make the cell a text and type the name again",
    ),
    "table.district_twice": (
        "同じ地区の行が二つあります（もう一つは{other}）",
        "the district stands on two rows (the other: {other})",
    ),
    "table.row_twice": (
        "同じ地区・類型の行が二つあります（もう一つは{other}）",
        "the same district and kind stands on two rows (the other: {other})",
    ),
    "table.unknown_kind": (
        "世帯類型として読み取れない名前です",
        "this is no household kind that can be read",
    ),
    "table.kinds": ("{own}。国勢調査の区分では {census}", "{own}; of the census: {census}"),
    "table.overlap": (
        "同じ世帯を二度数える列があります（{terms}）",
        "some households are counted in two columns ({terms})",
    ),
    "table.overlap_way": (
        "重ならない区分だけを残してください（再掲の列は消す）",
        "keep the kinds that do not overlap; delete the column that repeats",
    ),
    "table.parts_exceed": (
        "{district}：内訳（{inside}）の合計が、{outer}を超えています",
        "{district}: {inside} together exceed {outer}",
    ),
    "table.withheld": ("秘匿された値です", "the value is withheld"),
    "table.withheld_way": (
        "0以上の整数。分からないときは、合算先の地区と一行にまとめてください（合算先の列「HTKSAKI」「秘匿先情報」「合算地域」があれば自動でまとめます）",
        "a whole number, 0 or more; where it is not known, join the district with the one its households were added to (done by itself where the column HTKSAKI, 秘匿先情報 or 合算地域 is there)",
    ),
    "table.unknown": ("値が分からないことを示す記号です", "the value is marked as not known"),
    "table.unknown_way": (
        "0以上の整数。該当する世帯がなければ 0 または -。分からなければ、住民基本台帳などで調べるか、隣の地区と一行にまとめてください",
        "a whole number, 0 or more; 0 or - where there is none; where it is not known, look it up in the resident register or join the district with its neighbour",
    ),
    "table.empty": ("空欄です", "the cell is empty"),
    "table.empty_way": (
        "0以上の整数。該当する世帯がなければ 0 または -（空欄は「不明」とみなします。数式の欄は、Excelで開いて保存し直すと値が入ります）",
        "a whole number, 0 or more; 0 or - where there is none (an empty cell is taken as not known; a formula has its value once the file is saved in Excel)",
    ),
    "table.fraction": ("整数ではありません", "this is no whole number"),
    "table.negative": ("負の数です", "the number is below 0"),
    "table.commas": ("桁区切りの位置が違います", "the commas do not part thousands"),
    "table.date": ("Excelによって日付に変えられています", "Excel has turned the value into a date"),
    "table.large": ("一つの地区の数としては大きすぎます", "this is too large for one district"),
    "table.no_count": ("数として読めません", "this is no number that can be read"),
    "table.count_way": (
        "0以上の整数（例 1200、1,200、１２００、1200世帯。該当がなければ 0 または -）",
        "a whole number, 0 or more (1200 or 1,200; 0 or - where there is none)",
    ),
    "table.more": ("ほか{number}か所", "and {number} more"),
    "table.no_districts": (
        "世帯や住民のいる地区が一つもありません{why}",
        "no district has any household or resident{why}",
    ),
    "table.all_left": ("。{notes}", "; {notes}"),
    "table.no_districts_way": (
        "地区ごとに、世帯数または人口が1以上の行",
        "rows of districts with a household or a resident",
    ),
    "table.found_long": (
        "{file}：一行に一つの地区・類型を書いた表として読みました",
        "{file}: read as a table of one district and kind a row",
    ),
    "table.found_cross": (
        "{file}：地区と世帯類型のクロス表として読みました",
        "{file}: read as a cross table of districts and household kinds",
    ),
    "table.found_people": (
        "{file}：地区ごとの世帯数または人口の表として読みました（世帯類型はありません）",
        "{file}: read as a table of households or residents by district (no household kinds)",
    ),
    "table.counted_both": (
        "地区 {districts}、世帯 {households}、人口 {people}",
        "districts {districts}, households {households}, residents {people}",
    ),
    "table.counted_households": (
        "地区 {districts}、世帯 {households}",
        "districts {districts}, households {households}",
    ),
    "table.counted_people": (
        "地区 {districts}、人口 {people}",
        "districts {districts}, residents {people}",
    ),
    "table.other_sheets": ("使わなかったシート：{names}", "sheets not used: {names}"),
    "table.filled": (
        "地区の空欄{rows}行は、上の行と同じ地区としました（結合されたセル）",
        "{rows} rows without a district were taken as the district above (merged cells)",
    ),
    "table.left_institution": (
        "除いた列・区分：{names}（施設等の世帯。このモデルは一般世帯だけを扱います）",
        "left out: {names} (institutional households; the model has private households only)",
    ),
    "table.left_again": (
        "除いた列・区分：{names}（他の列と重なる再掲や内数、不詳）",
        "left out: {names} (counted again in other columns, or not stated)",
    ),
    "table.left_unknown": (
        "除いた列：{names}（世帯類型として読み取れない列。総数には含まれます）",
        "left out: {names} (no household kind that can be read; contained in the total)",
    ),
    "table.left_other": ("使わなかった列：{names}", "columns not used: {names}"),
    "table.unexplained": (
        "確認してください：{term}のうち{number}世帯は、どの類型の列にも入っていないため除きました（不詳など）",
        "please check: {number} households of {term} are in no column of a kind, and are left out (not stated, or the like)",
    ),
    "table.same_spelling": (
        "表記が違うだけの同じ地区としてまとめました：{names}",
        "taken as one district in different spellings: {names}",
    ),
    "table.notes": ("注記などの行を除きました：{rows}行", "rows of notes left out: {rows}"),
    "table.latest": (
        "複数の時点があるため、最も新しい {date} を使いました",
        "of several dates the latest is used: {date}",
    ),
    "table.joined": (
        "秘匿され、別の地区に合算されている地区（合算先に含めて数えます）：{names}",
        "withheld and added to another district (counted there): {names}",
    ),
    "table.totals": (
        "除いた行：{names}（合計・小計・再掲）",
        "left out: {names} (totals, or listed again)",
    ),
    "table.sums": (
        "除いた行：{names}（他の行の合計と一致するため、合計の行とみなしました）",
        "left out: {names} (equal to the sum of other rows, so taken as totals)",
    ),
    "table.details": (
        "除いた行：丁目などの内訳{rows}行（大字・町の行に含まれます）",
        "left out: {rows} rows of smaller areas (contained in the rows of their towns)",
    ),
    "table.empty_districts": (
        "世帯のない地区を除きました：{names}",
        "districts without households left out: {names}",
    ),
    "table.total_differs": (
        "確認してください：「{name}」の{figure}は{total}ですが、地区の合計は{sum}です",
        "please check: {figure} of {name} is {total}, but the districts sum to {sum}",
    ),
    "table.no_kinds": (
        "この表にないもの：世帯類型。地区の大きさ、人口、65歳以上を使い、世帯類型の割合は高齢化率から導きます（仮定）。地区ごとの高齢化率の違いは反映しません",
        "not in this table: household kinds. The sizes of districts, residents and residents of 65 or over are used; the shares of the kinds follow from the ageing rate (assumed); differences of ageing between districts are not used",
    ),
    "table.no_kinds_no_ages": (
        "この表にないもの：世帯類型、65歳以上の人口。地区の大きさを使い、世帯類型の割合は高齢化率から導きます（仮定）",
        "not in this table: household kinds, residents of 65 or over. The sizes of districts are used; the shares of the kinds follow from the ageing rate (assumed)",
    ),
    "table.missing_kinds": (
        "この表にない世帯類型（0世帯とします）：{kinds}",
        "kinds that the table does not hold (taken as none): {kinds}",
    ),
    "table.divides": (
        "{term}{without}は、{kinds} を合わせた区分です。内訳がないため、高齢化率から見込まれる割合で分けます（仮定）。内訳の列を加えると、その数を使います",
        "{term}{without} holds {kinds}. As nothing tells them apart, it is divided in the shares that the ageing rate implies (assumed); add a column for a part and its numbers are used",
    ),
    "table.without": ("（{terms}を除く）", " (without {terms})"),
    "table.assumed": (
        "次の区分を、高齢化率から見込まれる割合で分けました（等級D）：{terms}。",
        "Divided in the shares that the ageing rate implies (grade D): {terms}.",
    ),
    "table.from": ("{file} から読み込み。", "Read from {file}."),
    "term.total": ("世帯の総数", "all households"),
    "term.alone": ("単独世帯", "living alone"),
    "term.couple": ("夫婦のみの世帯", "couple only"),
    "term.parents": ("夫婦と子供から成る世帯", "couple with children of any age"),
    "term.mother": ("女親と子供から成る世帯", "mother with children of any age"),
    "term.father": ("男親と子供から成る世帯", "father with children of any age"),
    "term.parent": ("ひとり親と子供から成る世帯", "one parent with children of any age"),
    "term.mother_child": ("母子世帯", "lone mother with minors"),
    "term.father_child": ("父子世帯", "lone father with minors"),
    "term.nuclear": ("核家族世帯", "nuclear family"),
    "term.not_nuclear": ("核家族以外の世帯", "relatives beyond the nuclear family"),
    "term.three": ("三世代世帯", "three generations"),
    "term.relatives": ("親族のみの世帯", "relatives only"),
    "term.not_kin": ("非親族を含む世帯", "with non-relatives"),
    "term.elders": ("高齢者のみの世帯", "older people only"),
    "term.residents": ("人口", "residents"),
    "term.aged": ("65歳以上の人口", "residents of 65 or over"),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
