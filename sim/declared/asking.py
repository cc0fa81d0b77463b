"""How households come to a window by themselves, and other desks pass them on (model section 2.5)."""

from sim.declared.declare import Subject, par

# One declaration a line or two, as a table.
# fmt: off


class AskingParameters(Subject):
    """Parameters: how households come to a window by themselves, and other desks pass them on."""

    seek_latent: float = par(0.02, unit="1/year", low=0.005, high=0.05, grade="D", source="assumption; WMH, Edogawa", source_ja="仮定。WMH、江戸川区を参照",
        en="self-referral, latent need", ja="自ら相談する率（潜在）")
    seek_manifest: float = par(0.35, unit="1/year", low=0.20, high=0.55, grade="C", source="WMH median delays 1-3 y, recalled", source_ja="WMH：相談までの遅れの中央値1～3年（記憶による）",
        en="self-referral, manifest need", ja="自ら相談する率（顕在）")
    seek_severe: float = par(0.30, unit="1/year", low=0.15, high=0.50, grade="D",
        en="self-referral, severe need", ja="自ら相談する率（深刻）")
    flagged_ratio: float = par(0.333, unit="ratio", low=0.2, high=0.6, grade="D",
        en="asking of households that see no need, against others", ja="必要を感じていない世帯が相談する比")
    flag_fading_contact: float = par(0.10, unit="prob", low=0.0, high=0.3, grade="D",
        en="contact makes a household see its need", ja="接触により必要を感じるようになる割合")
    flag_fading_watched: float = par(0.10, unit="1/year", low=0.0, high=0.3, grade="D",
        en="watching makes a household see its need", ja="見守りにより必要を感じるようになる率")
    place_asking: float = par(1.2, unit="ratio", low=1.0, high=1.6, grade="D", null=1.0,
        en="asking of households that belong to a place (low-stigma door)", ja="居場所がある世帯の相談の比")
    one_off_share: float = par(0.40, unit="share", low=0.28, high=0.50, grade="A", source="MHLW 2024: .36; higher inside the range, so that not too many new consultations become cases", source_ja="厚生労働省 2024は0.36。新規相談のうち支援に至る割合に合うよう範囲内で高めた",
        en="contacts that end with advice", ja="助言で終わる相談の割合")
    other_desk: float = par(0.10, unit="1/year", low=0.03, high=0.30, grade="D",
        en="manifest need passed on by other desks when they are linked", ja="他部署の窓口からつながる率（連携時）")
