"""The kinds of events in the log of households: a short name each (event.*), and how a life line tells them (life.*)."""

_KINDS = {  # kind: short name in Japanese and English; sentence in Japanese and English
    "moved_out": ("転出", "moved out", "この世帯が転出する", "This household moves away"),
    "moved_in": ("転入", "moved in", "別の世帯が転入する", "Another household moves in"),
    "crisis": ("危機", "crisis", "危機：{detail}（{field}）", "Crisis: {detail} ({field})"),
    "need_begun": (
        "課題の発生",
        "need began",
        "{field}の課題が生じる（{detail}）",
        "{field}: a need begins ({detail})",
    ),
    "need_back": (
        "課題の再発",
        "need came back",
        "{field}の課題が再び生じる（{detail}）",
        "{field}: the need comes back ({detail})",
    ),
    "need_surfaced": (
        "課題の顕在化",
        "need surfaced",
        "{field}の課題が顕在化する",
        "{field}: the need surfaces",
    ),
    "need_worsened": (
        "課題の深刻化",
        "need worsened",
        "{field}の課題が深刻化する",
        "{field}: the need becomes severe",
    ),
    "need_eased": (
        "課題の軽減",
        "need eased",
        "{field}の課題が軽くなる（{detail}）",
        "{field}: the need eases ({detail})",
    ),
    "need_ended": ("課題の解消", "need ended", "{field}の課題がなくなる", "{field}: the need ends"),
    "noticed": (
        "近隣の気づき",
        "noticed",
        "近隣や民生委員が気づく",
        "A neighbour or commissioner notices",
    ),
    "watched": (
        "見守りの開始",
        "watched",
        "見守りが始まる",
        "A neighbour begins to watch over the household",
    ),
    "unwatched": (
        "見守りの終了",
        "no longer watched",
        "見守りが途切れる",
        "Nobody watches over it any more",
    ),
    "told": ("機関への連絡", "told", "近隣が気がかりを機関に伝える", "A neighbour tells an agency"),
    "visited": ("訪問", "visited", "アウトリーチの訪問を受ける", "An outreach worker visits"),
    "contact": (
        "相談",
        "contact",
        "相談につながる：{detail}（{field}）",
        "Contact: {detail} ({field})",
    ),
    "at_door": (
        "初回相談の待機",
        "at the door",
        "初回相談を待つ",
        "It waits for a first consultation",
    ),
    "left_door": (
        "初回相談の待機の終了",
        "wait at the door ended",
        "初回相談を待つのが終わる",
        "The wait for a first consultation ends",
    ),
    "queued": (
        "待機",
        "queued",
        "支援待ちになる：{field}（{detail}）",
        "{field}: waits for support at {detail}",
    ),
    "left_queue": (
        "待機の終了",
        "left the queue",
        "支援を待つのをやめる：{field}（{detail}）",
        "{field}: waits no longer at {detail}",
    ),
    "case_opened": (
        "支援の開始",
        "case opened",
        "支援が始まる：{field}（{detail}）",
        "{field}: support begins at {detail}",
    ),
    "accompanied": (
        "伴走支援",
        "accompanied",
        "伴走支援に移る：{field}（{detail}）",
        "{field}: light contact is kept ({detail})",
    ),
    "case_closed": (
        "支援の終結",
        "case closed",
        "支援が終結する：{field}（{detail}）",
        "{field}: support is closed at {detail}",
    ),
    "case_lapsed": (
        "支援の中断",
        "case lapsed",
        "課題を残して支援が途切れる：{field}（{detail}）",
        "{field}: support at {detail} stops while the need stays",
    ),
    "plan_begun": (
        "共同プランの開始",
        "joint plan",
        "機関が共同のプランをつくる",
        "The agencies make a joint plan",
    ),
    "plan_ended": (
        "共同プランの終了",
        "joint plan ended",
        "共同のプランが終わる",
        "The joint plan ends",
    ),
    "hub_begun": (
        "多機関協働の関与",
        "hub",
        "多機関協働の担当が関わる",
        "The hub joins in or takes over",
    ),
    "hub_ended": (
        "多機関協働の終了",
        "hub ended",
        "多機関協働の関わりが終わる",
        "The hub's part ends",
    ),
    "place_joined": (
        "居場所に参加",
        "joined a place",
        "地域の居場所に加わる",
        "It joins a community place",
    ),
    "place_left": (
        "居場所を離れる",
        "left a place",
        "居場所に行かなくなる",
        "It leaves the community place",
    ),
    "first_tie": (
        "つながりの回復",
        "first tie",
        "つながりが一つ生まれる",
        "A first tie: it is no longer alone",
    ),
    "isolated": ("孤立", "isolated", "つながりが一つもなくなる", "It has no tie left"),
    "helping_begun": (
        "地域活動の開始",
        "began to help",
        "世帯の一人が地域で活動を始める",
        "A member begins to help in the neighbourhood",
    ),
    "helping_ended": (
        "地域活動の終了",
        "stopped helping",
        "活動していた一人が退く",
        "A member who helped stops",
    ),
    "assistance_begun": (
        "生活保護の開始",
        "public assistance",
        "生活保護が始まる",
        "Public assistance begins",
    ),
    "assistance_ended": (
        "生活保護の終了",
        "public assistance ended",
        "生活保護が終わる",
        "Public assistance ends",
    ),
    "left_in_crisis": (
        "危機による離脱",
        "left in a crisis",
        "危機のあと、この世帯に暮らす人がいなくなる",
        "After the crisis nobody lives here any more",
    ),
    "changed": ("内部の変化", "inner change", "{detail}が変わる", "change of {detail}"),
}
_STANDING = {  # what is so when the log begins
    "need_begun": ("{field}の課題がある（{detail}）", "{field}: there is a need ({detail})"),
    "watched": ("見守られている", "A neighbour watches over the household"),
    "at_door": ("初回相談を待っている", "It waits for a first consultation"),
    "queued": ("支援を待っている：{field}（{detail}）", "{field}: waits for support at {detail}"),
    "case_opened": ("支援を受けている：{field}（{detail}）", "{field}: is supported by {detail}"),
    "accompanied": (
        "伴走支援を受けている：{field}（{detail}）",
        "{field}: light contact is kept ({detail})",
    ),
    "plan_begun": ("共同のプランがある", "There is a joint plan"),
    "hub_begun": ("多機関協働が関わっている", "The hub has a part"),
    "place_joined": ("地域の居場所に通っている", "It belongs to a community place"),
    "isolated": ("つながりが一つもない", "It has no tie at all"),
    "helping_begun": ("世帯の一人が地域で活動している", "A member helps in the neighbourhood"),
    "assistance_begun": ("生活保護を受けている", "It is on public assistance"),
    "left_in_crisis": ("危機のあと空いたままになっている", "It has stood empty since a crisis"),
}
_LEVELS = {
    "none": ("なし", "none"),
    "latent": ("潜在", "latent"),
    "manifest": ("顕在", "manifest"),
    "severe": ("深刻", "severe"),
}
_ROUTES = {
    "self": ("本人・家族から", "by themselves"),
    "neighbour": ("近隣・民生委員から", "through a neighbour"),
    "outreach": ("アウトリーチから", "through outreach"),
    "other_desk": ("他の窓口から", "from another desk"),
    "crisis": ("危機をきっかけに", "through a crisis"),
}
_CRISES = {
    "crisis_hospital": ("入院・入所", "admission to hospital"),
    "crisis_isolated_death": ("孤立死", "isolated death"),
    "crisis_abuse_adult": ("高齢者・障害者虐待", "abuse of an adult"),
    "crisis_psychiatric": ("精神科への緊急入院", "psychiatric emergency"),
    "crisis_abuse_child": ("児童虐待", "child abuse"),
    "crisis_child_placement": ("子どもの保護", "a child is placed"),
    "crisis_eviction": ("住まいの喪失", "eviction"),
}
_BY_PROCESS = {  # where the process tells more than the kind does
    "need_ended.needs": ("{field}の課題がおのずと解消する", "{field}: the need ends unaided"),
    "need_ended.casework": (
        "支援により{field}の課題が解消する",
        "{field}: the need ends with support",
    ),
    "need_ended.population": (
        "{field}の課題を抱えた人がいなくなる",
        "{field}: whoever bore the need is gone",
    ),
    "need_ended.crises": (
        "入院・入所や死亡により{field}の課題が終わる",
        "{field}: the need ends in an institution or death",
    ),
    "need_begun.population": (
        "{field}の課題を抱えている（{detail}）",
        "{field}: they bring a need ({detail})",
    ),
    "helping_begun.population": (
        "世帯の一人が地域で活動している",
        "A member helps in the neighbourhood",
    ),
    "place_joined.population": ("地域の居場所に通う", "They come to a community place"),
    "left_in_crisis.population": ("この世帯に暮らす人がいなくなる", "Nobody lives here any more"),
    "need_eased.casework": (
        "支援により{field}の課題が軽くなる（{detail}）",
        "{field}: the need eases with support ({detail})",
    ),
    "left_door.intake": (
        "初回相談の順番が来るか、待つのをやめる",
        "The first consultation is done, or it waits no longer",
    ),
    "queued.workforce": (
        "担当者の不在で支援待ちに戻る：{field}（{detail}）",
        "{field}: back in the queue at {detail}, the worker is away",
    ),
    "queued.coordination": (
        "会議や多機関協働を経て支援待ちになる：{field}（{detail}）",
        "{field}: taken up by a conference or the hub, waits at {detail}",
    ),
    "need_surfaced.calendar": (
        "災害で{field}の課題が顕在化する",
        "{field}: the need surfaces in a disaster",
    ),
}
_INNER = {
    "trust": ("役所への信頼", "trust in the town hall"),
    "readiness": ("相談への準備", "readiness to ask"),
    "sees_no_need": ("「困っていない」という思い", "whether it sees a need"),
    "ties": ("つながりの数", "number of ties"),
    "acting_ties": ("活動する住民とのつながり", "ties to residents who act"),
    "tip_week": ("訪問の手がかり", "tip for outreach"),
    "visits": ("訪問の回数", "contacts by outreach"),
    "next_visit": ("次の訪問", "next visit"),
    "triaged": ("振り分け", "triage"),
    "review_since": ("検討待ち", "wait for review"),
    "accompanied_until": ("伴走の期限", "end of light contact"),
    "watcher": ("見守る人", "who watches"),
    "told_by": ("気がかりを伝えた人", "who has told"),
    "known": ("把握", "whether it is known"),
    "hidden": ("表に出ない求め", "hidden demand"),
    "urgent": ("緊急", "urgency"),
    "hops": ("引き継ぎ回数", "hand-ons"),
    "door_hours": ("初回相談の残り時間", "hours left of the first consultation"),
    "dose": ("支援の量", "hours of support"),
    "aid": ("支援の効き目", "effect of support"),
    "worker": ("担当者", "worker"),
    "agency": ("担当機関", "agency"),
}
_LIFE = {
    "life.date": ("{year}年{month} 第{nth}週", "{month} {year}, week {nth}"),
    "life.start": ("{date}（はじめに）", "{date}, to begin with"),
    "life.title": (
        "世帯{household}の歩み（{town}、乱数の種{seed}）",
        "The life of household {household} ({town}, seed {seed})",
    ),
    "life.model": ("モデルがつくった架空の世帯です。", "A household made up by the model."),
    "life.nothing": (
        "この間、この世帯には何も起こりません。",
        "Nothing happens to this household in these years.",
    ),
    "life.hub": ("多機関協働", "the hub"),
    "group.calendar": ("日付・期限", "Calendar and dates"),
    "group.admission": ("支援の割り当て", "Admission"),
    "life.community": ("地域づくりの担当", "the community team"),
    "life.list": ("。", ". "),
    "life.stop": ("。", "."),
    "life.parted": (
        "{date}から歩みが分かれます：{event}（{process}）",
        "The two lives part in {date}: {event} ({process})",
    ),
    "life.same": (
        "二つの道筋で、この世帯の歩みは同じです。",
        "This household lives the same life in both.",
    ),
    "error.household": ("この番号の世帯はありません", "there is no household of this number"),
    "cli.life": (
        "一つの世帯の歩みを、文章と図で示します",
        "Tell and draw the life of one household",
    ),
    "cli.household": (
        "世帯の番号（省略すると、最も多くのことが起きた世帯）",
        "number of the household (if left out, the one to which most happens)",
    ),
    "cli.seed": ("乱数の種", "seed"),
    "cli.out_life": ("文章と図を書き出すフォルダ", "folder for the text and the figures"),
    "figure.life.title": (
        "世帯{household}の課題と関わり",
        "Needs of household {household}, and who was there",
    ),
    "figure.life.lane.plan": ("共同プラン", "joint plan"),
    "figure.life.lane.hub": ("多機関協働", "hub"),
    "figure.life.lane.notice": ("気づき・見守り", "noticed, watched"),
    "figure.life.lane.visit": ("訪問", "visits"),
    "figure.life.lane.contact": ("相談", "contacts"),
    "figure.life.lane.crisis": ("危機", "crises"),
    "figure.life.lane.support": ("待機・支援", "waiting, support"),
    "figure.life.lane.place": ("居場所", "place"),
    "figure.life.lane.isolated": ("孤立", "isolated"),
    "figure.life.lane.assistance": ("生活保護", "public assistance"),
    "figure.life.waiting": ("待機", "waiting"),
    "figure.life.open": ("支援", "support"),
    "figure.life.light": ("伴走", "light contact"),
    "figure.life.moved": ("別の世帯に入れ替わる", "another household moves in"),
    "figure.life.empty": ("空き", "empty"),
    "figure.life.parted": ("ここから異なる", "lives differ from here"),
    "figure.life.note": (
        "モデルがつくった架空の世帯（{name}、乱数の種{seed}）。課題の色は濃いほど重い（潜在・顕在・深刻）。斜線は待機。◆気づき、▲訪問、●相談、×危機。",
        "A household made up by the model ({name}, seed {seed}). The darker a need, the worse (latent, manifest, severe); hatched: waiting. ◆ noticed, ▲ visit, ● contact, × crisis.",
    ),
    "figure.life.axis": ("年（目盛りは4月1日）", "Year (marks at 1 April)"),
}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _book(lang: int) -> dict[str, str]:
    return {
        **{f"event.{kind}": words[lang] for kind, words in _KINDS.items()},
        **{f"life.{kind}": words[2 + lang] for kind, words in _KINDS.items()},
        **{f"life.{kind}.start": words[lang] for kind, words in _STANDING.items()},
        **{f"life.{kind}": words[lang] for kind, words in _BY_PROCESS.items()},
        **{f"level.{name}": words[lang] for name, words in _LEVELS.items()},
        **{f"route.{name}": words[lang] for name, words in _ROUTES.items()},
        **{f"crisis.{name}": words[lang] for name, words in _CRISES.items()},
        **{f"inner.{name}": words[lang] for name, words in _INNER.items()},
        **{
            f"month.{number + 1}": f"{number + 1}月" if lang == 0 else name
            for number, name in enumerate(MONTHS)
        },
        **{key: words[lang] for key, words in _LIFE.items()},
    }


JA, EN = _book(0), _book(1)
