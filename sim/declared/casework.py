"""Hours, dose, resolution, closure and accompaniment (model section 2.9)."""

from sim.declared.declare import RECALLED, Subject, par

# One declaration a line or two, as a table.
# fmt: off


class CaseworkParameters(Subject):
    """Parameters: hours, dose, resolution, closure and accompaniment."""

    hours_year: float = par(1860, unit="h/year", low=1800, high=1950, grade="C", source="38.75 h week, " + RECALLED, source_ja="週38.75時間（記憶による。未確認）",
        en="paid hours", ja="年間の有給時間")
    available_share: float = par(0.80, unit="share", low=0.74, high=0.86, grade="C", source=RECALLED,
        en="paid hours left after leave, training, administration", ja="休暇・研修・庶務を除いた時間の割合")
    meeting_share: float = par(0.10, unit="share", low=0.05, high=0.20, grade="D",
        en="paid hours in meetings", ja="会議に充てる時間の割合")
    duplicated_meetings: float = par(0.333, unit="share", low=0.1, high=0.5, grade="D",
        en="meetings that are held twice", ja="重複している会議の割合")
    hours_month_light: float = par(0.75, unit="h/month", low=0.3, high=1.5, grade="D",
        en="case hours, latent need or accompaniment", ja="支援時間（潜在・伴走）")
    hours_month_manifest: float = par(2.0, unit="h/month", low=1.0, high=3.0, grade="D",
        en="case hours, manifest need", ja="支援時間（顕在）")
    hours_month_severe: float = par(6.0, unit="h/month", low=4.0, high=12.0, grade="D",
        en="case hours, severe need", ja="支援時間（深刻）")
    friction: float = par(0.3, unit="h/h", low=0.0, high=0.6, grade="D",
        en="extra hours for each uncoordinated further case in a household", ja="連携のない他の支援1件ごとの追加時間")
    resolve_latent: float = par(0.50, unit="1/year", low=0.20, high=0.75, grade="D", null="needs.recover_latent",
        en="latent need ends under light support", ja="軽い支援での潜在的な課題の解消")
    resolve_manifest: float = par(0.55, unit="1/year", low=0.40, high=0.70, grade="B", source="MHLW 2024-06 (uncontrolled, shrunk)", source_ja="厚生労働省 2024年6月（対照群なし、控えめにした）",
        null="needs.recover_manifest", en="manifest need ends in ordinary casework", ja="通常の支援での顕在化した課題の解消")
    resolve_severe: float = par(0.40, unit="1/year", low=0.23, high=0.60, grade="D", source="assumption; MEAM, Housing First", source_ja="仮定。MEAM、Housing Firstを参照",
        null="needs.recover_severe", en="severe need steps down in ordinary casework", ja="通常の支援での深刻な課題の軽減")
    slow_support: float = par(0.6, unit="ratio", low=0.3, high=1.0, grade="D", null=1.0,
        en="what support adds to the resolution of a slow need", ja="長引く課題で支援が解決に加える分の比")
    coord_effect: float = par(1.3, unit="ratio", low=1.0, high=1.8, grade="D", source="assumption; MARAC, MEAM weak", source_ja="仮定。MARAC、MEAMの根拠は弱い", null=1.0,
        en="resolution with a joint plan", ja="共同の支援プランがあるときの解決の比")
    resource_effect: float = par(1.15, unit="ratio", low=1.0, high=1.4, grade="D", null=1.0,
        en="resolution with full local resources", ja="地域資源が充実しているときの解決の比")
    dropout_case: float = par(0.15, unit="1/year", low=0.08, high=0.27, grade="A", source="PubMed 39692458 (27% lost)", source_ja="PubMed 39692458（27％が途切れた）",
        en="case lapses unresolved", ja="支援の中断")
    trust_per_closure: float = par(0.05, unit="0-1", low=0.0, high=0.15, grade="D", null=0.0,
        en="trust gained when a case closes because its need has ended", ja="課題が解消して支援が終結したときに増す信頼")
    tie_loss_at_service: float = par(0.15, unit="share", low=0.0, high=0.30, grade="D", null=0.0,
        en="informal ties lost when formal service starts", ja="制度サービス開始で失われるつながりの割合")
    programme_limit: float = par(0.25, unit="1/year", low=0.0, high=0.6, grade="D",
        en="institution-centred worker closes at the programme's limit", ja="制度の期限による終結（制度中心の職員）")
    pairing_hours: float = par(0.10, unit="h/h", low=0.0, high=0.3, grade="D",
        en="extra case hours when two workers share a case", ja="複数担当による追加時間")
    hub_hours: float = par(2.0, unit="h/month", low=1.0, high=6.0, grade="D",
        en="hours of a back-up hub for each household it joins", ja="後方支援の時間（1世帯あたり）")
