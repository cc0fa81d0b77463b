"""Where a report comes from: runs, terms of money, grades, how to get it again."""

_WORDS = {
    "provenance.title": ("この報告の成り立ち", "Where this report comes from"),
    "provenance.seeds": ("乱数の種", "Seeds"),
    "provenance.seeds_value": ("{number}個（{list}）", "{number} ({list})"),
    "provenance.draws": ("仮定の抽出", "Draws of the assumptions"),
    "provenance.no_draws": ("なし（標準の値のみ）", "none (declared values alone)"),
    "provenance.kept": (
        "{asked}組のうち、使った{kept}組（{percent}％）",
        "{kept} of {asked} ({percent} %) were used",
    ),
    "provenance.failed": ("失敗した計算", "Cells that failed"),
    "provenance.book": ("単価表", "Price book"),
    "provenance.book_value": (
        "{name}（{id}、単価の年次 {years}、内容のハッシュ {hash}）",
        "{name} ({id}; prices of {years}; hash of the content {hash})",
    ),
    "provenance.years": ("{first}～{last}年", "{first} to {last}"),
    "provenance.span": ("{first}～{last}", "{first} to {last}"),
    "provenance.price": ("{price}円／{unit}", "{price} yen per {unit}"),
    "provenance.discount": ("割引率", "Discount rate"),
    "provenance.rate": (
        "年{rate}％（第1年度は割り引かない）",
        "{rate} % a year, the first fiscal year not discounted",
    ),
    "provenance.bias": ("楽観の補正", "Optimism"),
    "provenance.versions": ("版", "Versions"),
    "provenance.code": ("モデルのハッシュ", "Hash of the model's code"),
    "provenance.machine": ("計算した機械", "Machine"),
    "provenance.written": ("計算の日時（UTC）", "Computed (UTC)"),
    "provenance.command": ("実行したコマンド", "Command"),
    "provenance.again": ("同じ計算をやり直すコマンド", "To run it again"),
    "provenance.arms": ("案の内容のハッシュ", "Hashes of the arms' content"),
    "provenance.grades": (
        "結果を最も動かす仮定と、その確かさ（等級 A＝一次資料を確認、B＝二次資料、C＝記憶による、D＝本プロジェクトの仮定）",
        "What moves the result most, and how sure it is (grade A: primary source searched, B: secondary, C: recalled, D: our own assumption)",
    ),
    "provenance.all_parameters": ("モデルの全ての仮定", "All assumptions of the model"),
    "provenance.counts": (
        "{number}個（A {A}・B {B}・C {C}・D {D}）",
        "{number} (A: {A}, B: {B}, C: {C}, D: {D})",
    ),
    "provenance.unseen": (
        "支援につながっていない世帯に見込んだサービスの費用（公費・保険料の計。つながっていない世帯も、サービスの一部を使うと仮定しています）",
        "Service cost charged to households that are not in support (all public payers; they are assumed to use a part of the services too)",
    ),
    "provenance.unseen_arm": ("案", "Arm"),
    "provenance.unseen_share": ("見込む割合（0～1）", "Share charged (0-1)"),
    "provenance.unseen_yen": ("期間の合計（百万円）", "Over the run (million yen)"),
    "provenance.unseen_part": ("公費に占める割合", "Part of all public cost"),
}

JA = {key: pair[0] for key, pair in _WORDS.items()}
EN = {key: pair[1] for key, pair in _WORDS.items()}
