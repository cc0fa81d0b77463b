"""What `sim new-town` asks, and where each number is found, in both languages."""

_WORDS = {
    "ask.greeting": (
        "新しい自治体を作ります。七つほどお尋ねします：識別名、名称（日本語・英語）、人口、高齢化率、地区の数、相談支援の職員数。\n"
        "［ ］の中の値でよければ、そのまま Enter を押してください。数は 45,000、４５０００、4.5万、34% のように書けます。\n"
        "分からない数はおおよそで構いません。後からファイルを書き換えられます。Ctrl-C でいつでもやめられます。",
        "This makes a new town. About seven things are asked: id, name in Japanese and English, residents, share aged 65 or over, districts, posts.\n"
        "Press Enter to take the value in brackets. Numbers may be typed as 45,000 or 34%.\n"
        "A rough number will do; the files can be changed later. Ctrl-C leaves at any time.",
    ),
    "ask.greeting_table": (
        "地区・世帯類型別の世帯数の表（国勢調査の小地域集計、住民基本台帳の町別世帯数など）があれば、--households ファイル名 を付けて始めると読み込みます。",
        "If you have a table of households by district (small areas of the census, resident register), start with --households FILE to have it read.",
    ),
    "ask.greeting_read": (
        "地区と世帯数は、読み込んだ表のものを使います。",
        "Districts and households are those of the table just read.",
    ),
    "ask.id": ("識別名（半角英数字）", "Id (letters and digits)"),
    "ask.name_ja": ("名称（日本語）", "Name in Japanese"),
    "ask.name_en": ("名称（英語）", "Name in English"),
    "ask.population": ("人口（人）", "Population (persons)"),
    "ask.ageing_rate": ("高齢化率（34% または 0.34）", "Ageing rate (34% or 0.34)"),
    "ask.districts": ("地区の数", "Number of districts"),
    "ask.posts": (
        "相談支援の職員の総数（常勤換算）",
        "Posts of all agencies (full-time equivalents)",
    ),
    "where.id": ("ファイルの名前になります。", "It becomes the name of the files."),
    "where.name_ja": ("画面と報告書に出る名前です。", "It stands on screens and in reports."),
    "where.name_en": ("英語の報告書に出る名前です。", "It stands in English reports."),
    "where.population": (
        "どこにあるか：住民基本台帳（市町村のホームページの「人口と世帯数」、総務省「住民基本台帳に基づく人口、人口動態及び世帯数」）。",
        "Where it is found: the resident register (the municipality's page of residents and households).",
    ),
    "where.ageing_rate": (
        "どこにあるか：住民基本台帳の年齢別人口（65歳以上人口÷人口）、介護保険事業計画、国勢調査。",
        "Where it is found: the resident register by age (65 or over by all), the long-term care plan, the census.",
    ),
    "where.districts": (
        "相談支援の担当の単位です。どこにあるか：介護保険事業計画の日常生活圏域、小学校区・中学校区、地域福祉計画の地区。",
        "The areas that support is organised by. Where they are found: the care districts of the long-term care plan, school districts.",
    ),
    "where.posts": (
        "地域包括支援センター、障害・子ども・生活困窮の相談支援、社会福祉協議会への委託を含みます。どこにあるか：各課の事務分掌、委託契約の人員配置、重層事業の実施計画。［ ］は全国並みの目安です。",
        "Support centres for older people, disability, child and poverty desks, posts outsourced. Where they are found: each section's staffing list and contracts. In brackets: about the nation's level.",
    ),
    "ask.allowed_rate": ("割合（34% または 0.34）", "a share (34% or 0.34)"),
    "ask.allowed_posts": (
        "0より大きく{high}以下（人口100人に1人まで）",
        "more than 0, up to {high} (one for 100 residents)",
    ),
    "ask.again": ("もう一度入力してください。", "Please answer again."),
    "ask.review": (
        "これまでの答えは残っています。直すところだけ入力し、ほかは Enter を押してください。",
        "Your answers are kept: change what is wrong, press Enter for the rest.",
    ),
    "ask.kept": (
        "ここまでの答えを使って続けるには：\n  {command}",
        "To go on with the answers so far:\n  {command}",
    ),
    "table.confirm": ("この内容で進めますか", "Go on with this"),
    "error.lookalike": (
        "{line}行目の{column}文字目に、半角と紛らわしい文字があります（文字列とコメントの外では使えません）",
        "line {line}, column {column}: a letter that only looks like the right one (not allowed outside strings and comments)",
    ),
    "toml.letter": ("「{letter}」（{code}）", "{letter} ({code})"),
    "toml.space": ("半角の空白", "an ordinary space"),
    "toml.nothing": ("何も書かない", "nothing"),
    "toml.place": ("（{line}行目の{column}文字目の近く）", " (near line {line}, column {column})"),
    "template.written": ("ひな形を書き出しました：{files}", "Example table written: {files}"),
    "template.next": (
        "数を書き換えたら：python -m sim new-town --households {file}",
        "Fill in your numbers, then: python -m sim new-town --households {file}",
    ),
    "template.sheet": ("世帯数", "households"),
    "template.help_sheet": ("書き方", "how to fill in"),
    "template.district": ("地区", "district"),
    "template.suffix": (".csv または .xlsx", ".csv or .xlsx"),
    "template.bad_suffix": (
        "CSVかExcel（.xlsx）の名前にしてください",
        "the name must end in .csv or .xlsx",
    ),
    "template.help": (
        "一行に一つの地区。数は世帯数（整数）。該当がなければ 0 または -。合計の行は不要です（あれば除いて読みます）。地区は500まで。",
        "One district a row; whole numbers of households, 0 or - where there is none. No rows of totals are needed (they are left out). Up to 500 districts.",
    ),
    "template.child": (
        "「子ども」は18歳未満、「高齢」は65歳以上です。",
        "A child is under 18; an older person is 65 or over.",
    ),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
