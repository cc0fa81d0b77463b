"""What `sim run` says: options, progress, the summary and its units."""

_WORDS = {
    "cli.run": (
        "シナリオを計算し、要約・図・表を作ります",
        "Run a scenario for some seeds: summary, figures, tables",
    ),
    "cli.seeds": (
        "乱数の種：個数（8）、範囲（1-5）、列挙（3,7,9）",
        "seeds: how many (8), a range (1-5) or a list (3,7,9)",
    ),
    "cli.workers": ("同時に使うプロセスの数", "processes at one time"),
    "cli.years": ("計算する年数を変更", "years of the run, in place of the scenario's"),
    "cli.no_figures": ("図を作らない", "draw no figures"),
    "cli.no_report": (
        "表だけを書き出す（報告書と Excel は、後で sim report で作れる）",
        "write the tables alone (`sim report` makes report and workbook later)",
    ),
    "cli.out_folder": (
        "結果のフォルダ（標準は results/シナリオ名）",
        "folder of the results (results/<scenario> if left out)",
    ),
    "error.seeds_option": ("乱数の種の指定を読み取れません", "these seeds cannot be read"),
    "allowed.seeds_option": (
        "8（8個）、1-5（範囲）、3,7,9（列挙）",
        "8 (how many), 1-5 (a range) or 3,7,9 (a list), each 0 or more, at most 10,000",
    ),
    "error.workers": (
        "プロセスの数は1以上としてください",
        "the number of processes must be 1 or more",
    ),
    "error.out_file": (
        "これはファイルです。結果のフォルダを指定してください",
        "this is a file; give the name of a folder",
    ),
    "error.out_foreign": (
        "このフォルダには他のものが入っています。空のフォルダか新しい名前を --out で指定してください",
        "this folder holds things that are not ours; give an empty folder or a new name with --out",
    ),
    "error.out_other": (
        "このフォルダには別のシナリオ（{other}）の結果があります。{mine} の結果は --out で別のフォルダに書き出してください",
        "this folder holds the results of another scenario ({other}); give another folder for {mine} with --out",
    ),
    "error.out_busy": (
        "このフォルダには、ほかの計算がいま書き込んでいます。終わるのを待つか、--out で別のフォルダを指定してください",
        "another run is writing into this folder now; wait until it has ended, or give another folder with --out",
    ),
    "error.out_encoding": (
        "このフォルダ名は、いまのシステムの文字コード（{detail}）では書き込めません。英数字の名前を --out で指定するか、LANG=ja_JP.UTF-8 などを設定してください",
        "the system's encoding ({detail}) cannot write the name of this folder; give a name in plain letters with --out, or set a UTF-8 locale such as LANG=C.UTF-8",
    ),
    "terminal.encoding": (
        "この端末の文字コード（{encoding}）では日本語を表示できません。LANG=ja_JP.UTF-8 などを設定するか、--lang en を指定してください",
        "This terminal's encoding ({encoding}) cannot show Japanese. Set a UTF-8 locale (for example LANG=C.UTF-8), or use --lang en. Files are not affected.",
    ),
    "terminal.full": (
        "画面（標準出力）にすべてを書き出せませんでした（{detail}）。結果のファイルには影響ありません",
        "not everything could be written to the standard output ({detail}); files of results are not affected",
    ),
    "error.unwritable_folder": (
        "結果を書き込めません（{detail}）。終わった計算は失われません。開いているファイルがあれば閉じ、空き容量を確かめて、同じコマンドをもう一度実行してください",
        "the results cannot be written ({detail}). What was finished is kept: close files that are open, look at the space left, and run the same command again",
    ),
    "run.resumed": (
        "計算済みの種：{done}／{all}。残りを計算します。",
        "Already computed: {done} of {all} seeds; going on with the rest.",
    ),
    "run.all_there": (
        "すべての種（{all}個）は計算済みです。",
        "All {all} seeds are already computed.",
    ),
    "run.progress": ("計算中", "Running"),
    "run.seed_done": (
        "種{seed}が終わりました（{done}／{all}）。残り約{left}",
        "Seed {seed} finished ({done} of {all}), about {left} left",
    ),
    "run.last_done": (
        "種{seed}が終わりました（{done}／{all}）。",
        "Seed {seed} finished ({done} of {all}).",
    ),
    "run.seed_failed": ("種{seed}は計算に失敗しました：{reason}", "Seed {seed} failed: {reason}"),
    "run.failed": (
        "{number}個の種が失敗しました。残りの結果は有効です。詳しくは {file} にあります。",
        "{number} seeds failed; the results of the others stand. Details are in {file}.",
    ),
    "run.none": ("どの種も計算できませんでした。", "No seed could be computed."),
    "run.kept": (
        "中断しました。{done}／{all}個の種の結果は残っています。同じコマンドで続きから計算します。",
        "Interrupted. {done} of {all} seeds are kept; the same command goes on from there.",
    ),
    "run.first_look": (
        "最初の種（{seed}）：1年目→{year}年目　{values}",
        "First look (seed {seed}), year 1 to {year}: {values}",
    ),
    "run.first_value": ("{name} {first}→{last}（{unit}）", "{name} {first} to {last} ({unit})"),
    "run.comma": ("、", "; "),
    "run.drawing": ("図を描いています", "Drawing figures"),
    "run.written": (
        "結果：{folder}（表 town・field・district・agency.parquet、summary.csv、{figures}manifest.json）",
        "Results: {folder} (tables town, field, district, agency.parquet; summary.csv; {figures}manifest.json)",
    ),
    "run.figures": ("図 figures/、", "figures/; "),
    "minutes_seconds": ("{minutes}分{seconds}秒", "{minutes} min {seconds} s"),
    "seconds": ("{seconds}秒", "{seconds} s"),
    "summary.town": (
        "{town}：人口{population}人、{households}世帯、高齢化率{ageing}。体制：{organisation}（相談支援の職員{posts}人）。",
        "{town}: {population} residents, {households} households, {ageing} aged 65 or over. Organisation: {organisation} ({posts} posts at its desks).",
    ),
    "summary.run": (
        "シナリオ「{name}」。{first}年4月から{years}年間、乱数の種{seeds}個（{list}）。",
        "Scenario: {name}. {years} years from April {first}, {seeds} seeds ({list}).",
    ),
    "summary.run_one": (
        "シナリオ「{name}」。{first}年4月から{years}年間、乱数の種1個（{list}）。",
        "Scenario: {name}. {years} years from April {first}, one seed ({list}).",
    ),
    "summary.model": (
        "これはモデルによる試算であり、実証された根拠ではありません。{number}個の仮定（等級 A {A}・B {B}・C {C}・D {D}。D は本プロジェクトの仮定）の上に成り立ちます。",
        "This is a model, not evidence. It stands on {number} assumptions (grade A: {A}, B: {B}, C: {C}, D, our own: {D}); `sim check` lists them.",
    ),
    "summary.interval": (
        "年平均または年間の値。種の平均 ± 95％信頼区間の半幅（偶然によるばらつきのみ。仮定の不確かさは含みません）。",
        "Values of a year. Mean over seeds ± half of its 95 % interval (luck alone, not how sure the assumptions are).",
    ),
    "summary.trial": (
        "試し計算（乱数の種{seeds}個）：種が{fewest}個に満たないため、良し悪しの印も主張の判定も付けていません。結論には使えません。",
        "Trial run ({seeds} seeds): with fewer than {fewest} seeds nothing is marked better or worse, and no claim is decided. Conclude nothing from it.",
    ),
    "summary.no_interval": (
        "年平均または年間の値。種が1つなので区間はありません。",
        "Values of a year; one seed, so no intervals.",
    ),
    "summary.year": ("{year}年目", "Year {year}"),
    "summary.measure": ("指標", "Measure"),
    "summary.unit": ("単位", "Unit"),
    "summary.with_unit": ("{measure}（{unit}）", "{measure} ({unit})"),
    "summary.nothing": ("－", "-"),
    "group.summary.needs": ("世帯の課題", "Households and their needs"),
    "group.summary.contact": ("初回の相談", "First contact"),
    "group.summary.cases": ("支援と待機", "Cases and waiting"),
    "group.summary.staff": ("職員", "Staff"),
    "group.summary.crises": ("危機", "Crises"),
    "group.summary.community": ("地域", "Community"),
    "group.summary.hours": ("職員の時間の使いみち", "Where the hours of all workers go"),
    "group.summary.quantities": ("費用のもとになる量", "Quantities to be priced"),
}
_MEASURE_UNITS = {
    "% of households": ("世帯の％", "% of households"),
    "% of households in need": ("課題のある世帯の％", "% of households in need"),
    "% of manifest": ("顕在化した世帯の％", "% of those with a manifest need"),
    "% of compounded": ("複合化した世帯の％", "% of those with compounded needs"),
    "per 1,000 residents a year": ("住民1,000人あたり年間件数", "per 1,000 residents a year"),
    "per 100,000 residents a month": ("人口10万人あたり月間件数", "per 100,000 residents a month"),
    "per 100,000 residents a year": ("人口10万人あたり年間件数", "per 100,000 residents a year"),
    "per 1,000 households a year": ("1,000世帯あたり年間件数", "per 1,000 households a year"),
    "% of compounded cases": ("支援中の複合世帯の％", "% of compounded cases"),
    "% of first contacts": ("初回相談の％", "% of first contacts"),
    "households a year": ("世帯／年", "households a year"),
    "needs a year": ("件／年", "needs a year"),
    "cases a year": ("件／年", "cases a year"),
    "posts a year": ("人／年（常勤換算）", "posts a year"),
    "residents a year": ("人／年", "residents a year"),
    "hand-ons per case": ("回／件", "hand-ons per case"),
    "hours asked / hours available": ("必要時間／使える時間", "hours asked / hours available"),
    "% of staff": ("職員の％", "% of staff"),
    "% of posts": ("定数の％", "% of posts"),
    "% of available hours": ("使える時間の％", "% of available hours"),
    "% of crises": ("危機の％", "% of crises"),
    "per 1,000 residents": ("住民1,000人あたり人数", "per 1,000 residents"),
    "worries per helper": ("気がかり／人", "worries per helper"),
    "h a year per resident": ("時間／年・住民1人", "h a year per resident"),
    "ties per household": ("本／世帯", "ties per household"),
    "resources": ("件", "resources"),
    "% of hours": ("時間の％", "% of hours"),
    "post-years": ("人・年", "post-years"),
    "place-years": ("か所・年", "place-years"),
    "household-years": ("世帯・年", "household-years"),
    "person-years": ("人・年", "person-years"),
    "h a year": ("時間／年", "h a year"),
}

JA = {key: pair[0] for key, pair in _WORDS.items()} | {
    f"unit.{name}": pair[0] for name, pair in _MEASURE_UNITS.items()
}
EN = {key: pair[1] for key, pair in _WORDS.items()} | {
    f"unit.{name}": pair[1] for name, pair in _MEASURE_UNITS.items()
}
