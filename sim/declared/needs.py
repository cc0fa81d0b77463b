"""How needs begin, spill over, surface, worsen, end unaided and come back (model section 2.2)."""

from sim.declared.declare import Subject, par

# One declaration a line or two, as a table.
# fmt: off


class NeedsParameters(Subject):
    """Parameters: how needs begin, spill over, surface, worsen, end unaided and come back."""

    onset_latent: float = par(0.023, unit="1/year", low=0.018, high=0.06, grade="D",
        en="onset of latent need, per household over all fields", ja="潜在的な課題の発生率（世帯あたり全分野計）")
    onset_acute: float = par(0.006, unit="1/year", low=0.003, high=0.012, grade="D",
        en="acute onset of manifest need (job loss, bereavement)", ja="急な顕在化の発生率（失業・死別など）")
    share_elderly: float = par(0.30, unit="share", low=0.20, high=0.40, grade="D", en="share of onset: elderly", ja="発生の割合：高齢")
    share_disability: float = par(0.18, unit="share", low=0.10, high=0.26, grade="D", en="share of onset: disability", ja="発生の割合：障害")
    share_child: float = par(0.10, unit="share", low=0.05, high=0.15, grade="D", en="share of onset: child", ja="発生の割合：子ども")
    share_poverty: float = par(0.27, unit="share", low=0.18, high=0.36, grade="D", en="share of onset: poverty", ja="発生の割合：生活困窮")
    share_gap: float = par(0.15, unit="share", low=0.08, high=0.22, grade="D", en="share of onset: gap between schemes", ja="発生の割合：制度の狭間")
    recover_latent: float = par(0.20, unit="1/year", low=0.10, high=0.35, grade="D", source="bounds: Edogawa FY2021; Whiteford 2013", source_ja="上下限：江戸川区 2021年度、Whiteford 2013",
        en="latent need ends unaided, mean of those that begin", ja="潜在的な課題の自然な解消（発生する課題の平均）")
    recover_manifest: float = par(0.20, unit="1/year", low=0.10, high=0.30, grade="D",
        en="manifest need ends unaided, mean of those that begin", ja="顕在化した課題の自然な解消（発生する課題の平均）")
    recover_severe: float = par(0.06, unit="1/year", low=0.0, high=0.08, grade="D", source="assumption .03, moved inside its range: with it more households would be compounded than are known of", source_ja="仮定 0.03。そのままでは複雑化・複合化した世帯が把握されている数より多くなるため、範囲内で変更",
        en="severe need falls to manifest unaided, mean of those that begin", ja="深刻な課題の自然な軽減（発生する課題の平均）")
    slow_share_elderly: float = par(0.3, unit="share", low=0.1, high=0.5, grade="D",
        en="slow needs among those that begin: elderly", ja="長引く課題の割合（発生時）：高齢")
    slow_share_disability: float = par(0.5, unit="share", low=0.3, high=0.7, grade="D",
        en="slow needs among those that begin: disability", ja="長引く課題の割合（発生時）：障害")
    slow_share_child: float = par(0.2, unit="share", low=0.0, high=0.4, grade="D",
        en="slow needs among those that begin: child", ja="長引く課題の割合（発生時）：子ども")
    slow_share_poverty: float = par(0.3, unit="share", low=0.1, high=0.5, grade="D",
        en="slow needs among those that begin: poverty", ja="長引く課題の割合（発生時）：生活困窮")
    slow_share_gap: float = par(0.8, unit="share", low=0.6, high=1.0, grade="D",
        en="slow needs among those that begin: gap between schemes", ja="長引く課題の割合（発生時）：制度の狭間")
    slow_recovery: float = par(0.20, unit="ratio", low=0.05, high=0.40, grade="D",
        en="unaided recovery of a slow need, against the mean of those that begin", ja="長引く課題の自然な解消・軽減の比（発生する課題の平均に対して）")
    slow_escalate: float = par(0.7, unit="ratio", low=0.3, high=1.0, grade="D",
        en="surfacing of a slow latent need", ja="長引く潜在的な課題の顕在化の比")
    escalate_latent: float = par(0.09, unit="1/year", low=0.05, high=0.20, grade="D",
        en="latent need surfaces", ja="潜在的な課題の顕在化")
    escalate_manifest: float = par(0.06, unit="1/year", low=0.04, high=0.18, grade="D", source="assumption .07, moved inside its range for the same reason", source_ja="仮定 0.07。同じ理由により範囲内で変更",
        en="manifest need worsens", ja="顕在化した課題の深刻化")
    spill_latent: float = par(0.04, unit="1/year", low=0.0, high=0.10, grade="D",
        en="onset in other fields per latent need", ja="潜在的な課題1件からの他分野への波及")
    spill_manifest: float = par(0.08, unit="1/year", low=0.0, high=0.20, grade="D",
        en="onset in other fields per manifest need", ja="顕在化した課題1件からの他分野への波及")
    spill_severe: float = par(0.12, unit="1/year", low=0.0, high=0.30, grade="D",
        en="onset in other fields per severe need", ja="深刻な課題1件からの他分野への波及")
    coupling: float = par(0.25, unit="ratio per need", low=0.0, high=0.6, grade="D",
        en="effect of each other active need on worsening and on resolution", ja="他の課題1件が悪化・解決に与える影響")
    relapse_12m: float = par(0.22, unit="prob", low=0.15, high=0.30, most=0.95, grade="A", source="DfE 2024",
        en="ended need returns within 12 months", ja="終結後12か月以内の再発")
    isolation_hazard_ratio: float = par(1.35, unit="ratio", low=1.15, high=1.60, grade="A", source="Saito 2015; Nakagomi 2024", source_ja="Saito 2015、Nakagomi 2024", null=1.0,
        en="onset and worsening without ties", ja="つながりがない世帯の発生・悪化の比")
    salon_onset_rr: float = par(0.80, unit="ratio", low=0.50, high=0.97, grade="A", source="Hikichi 2015; AGES 9.4 y", source_ja="Hikichi 2015、AGES（9.4年）", null=1.0,
        en="onset for those who belong to a place", ja="居場所がある世帯の発生の比")
    place_recover: float = par(1.1, unit="ratio", low=1.0, high=1.3, grade="D", null=1.0,
        en="unaided recovery for those who belong to a place", ja="居場所がある世帯の自然な解消の比")
    watched_onset: float = par(0.95, unit="ratio", low=0.80, high=1.0, grade="D", null=1.0,
        en="onset in watched households", ja="見守られている世帯の発生の比")
    watched_recover: float = par(1.1, unit="ratio", low=1.0, high=1.4, grade="D", null=1.0,
        en="unaided recovery in watched households", ja="見守られている世帯の自然な解消の比")
    neighbour_help_effect: float = par(0.85, unit="ratio", low=0.70, high=1.0, grade="D", source="bounds: participation AOR 0.82; salon HR 0.50", source_ja="上下限：社会参加の調整オッズ比 0.82、サロンのハザード比 0.50",
        null=1.0, en="worsening in watched households", ja="見守られている世帯の悪化の比")
    rr_escalation_supported: float = par(0.85, unit="ratio", low=0.60, high=1.0, grade="B", source="Troubled Families; FNP, PHV, link workers null", source_ja="Troubled Families。FNP、PHV、リンクワーカーは効果なし",
        null=1.0, en="worsening while supported at full dose", ja="支援中の悪化の比（十分な支援量のとき）")
    recession_unemployed: float = par(1.27, unit="ratio", low=1.0, high=1.6, grade="B", null=1.0,
        source="MIC Labour Force Survey: 2.65 million unemployed in 2008 (4.0 %), 3.36 in 2009 (5.1 %): 3.36 / 2.65 = 1.27", source_ja="総務省「労働力調査」：完全失業者 2008年 265万人（4.0％）、2009年 336万人（5.1％）。336÷265＝1.27",
        en="unemployed people in a recession, against before; slow onset follows them", ja="景気後退時の完全失業者数の比（潜在的な課題の発生が連動）")
    recession_laid_off: float = par(1.52, unit="ratio", low=1.0, high=2.0, grade="B", null=1.0,
        source="MHLW Employment Insurance Statistics: people receiving benefits +51.5 % in 2009 against 2008", source_ja="厚生労働省「雇用保険事業統計」：受給者実人員 2009年は前年比51.5％増",
        en="people who have just lost their jobs in a recession, against before; acute onset follows them", ja="景気後退時の離職直後の人の比（急な顕在化が連動）")
    job_loss_poverty: float = par(0.30, unit="share", low=0.15, high=0.60, grade="D",
        source="less income from work was 29.6 % of the reasons for which public assistance began (MHLW, FY2010); taken as the share of all onset, which is assumed", source_ja="生活保護の開始理由のうち「働きによる収入の減少」29.6％（厚生労働省 2010年度）。課題の発生に占める割合とみなすのは仮定",
        en="onset of poverty that comes from a lost job", ja="生活困窮の発生のうち失業による割合")
    job_loss_disability: float = par(0.04, unit="share", low=0.0, high=0.10, grade="D",
        source="Paul and Moser 2009: psychological problems in 34 % of the unemployed, 16 % of the employed; with 4 % unemployed .04 x (.34 - .16) / (.96 x .16 + .04 x .34) = .04; the same for all disability is assumed", source_ja="Paul and Moser 2009：心理的問題は失業者34％、就業者16％。失業率4％なら 0.04×(0.34−0.16)÷(0.96×0.16＋0.04×0.34)＝0.04。障害全体に当てはめるのは仮定",
        en="onset of disability (mental health) that comes from a lost job", ja="障害（精神保健）の発生のうち失業による割合")
    job_loss_gap: float = par(0.18, unit="share", low=0.0, high=0.36, grade="D",
        source="Cabinet Office FY2018: 36.2 % of people of 40-64 who withdrew did so after leaving a job; half of the gap needs taken for withdrawal, .362 x .5 = .18, which is assumed", source_ja="内閣府 2018年度：40～64歳のひきこもりのきっかけは「退職」36.2％。制度の狭間の課題の半分をひきこもりとみて 0.362×0.5＝0.18（仮定）",
        en="onset of gap needs (withdrawal) that comes from a lost job", ja="制度の狭間（ひきこもり）の発生のうち失業による割合")
    rr_relapse_accompanied: float = par(0.80, unit="ratio", low=0.6, high=1.0, grade="D", null=1.0,
        en="relapse under accompaniment", ja="伴走支援中の再発の比")
