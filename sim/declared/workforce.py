"""Exhaustion, sick leave, leaving, rotation, skill, breadth and orientation (model sections 2.12 and 8.5)."""

from sim.declared.declare import RECALLED, Subject, par

# One declaration a line or two, as a table.
# fmt: off


class WorkforceParameters(Subject):
    """Parameters: exhaustion, sick leave, leaving, rotation, skill, breadth and orientation."""

    exhaustion_gain: float = par(0.04, unit="1/month", low=0.02, high=0.10, grade="D",
        source="calculation of the stationary state: of regular staff who move every three years 14 % stand above .5 at load .9 and 38 % at 1.3; Takeda 2005 found 15 % in ordinary desks", source_ja="疲弊の式の定常状態の計算：3年ごとに異動する正規職員のうち、負荷0.9で14％、1.3で38％が疲弊0.5超。Takeda 2005 では通常の窓口で15％",
        en="exhaustion gained by a fresh worker where load is 1 above strain_from", ja="負荷が strain_from を1上回るときの疲弊の増加（疲弊のない職員）")
    exhaustion_recovery: float = par(0.04, unit="1/month", low=0.02, high=0.08, grade="D",
        en="exhaustion lost by itself", ja="疲弊の自然な回復")
    strain_from: float = par(0.5, unit="ratio", low=0.3, high=0.8, grade="D",
        en="load from which work strains", ja="疲弊が始まる負荷")
    strain_sd: float = par(0.58, unit="sd", low=0.3, high=0.9, grade="D",
        en="spread of workers' sensitivity to load (of its logarithm; the median is 1)", ja="負荷への感受性のばらつき（対数の標準偏差。中央値は1）")
    reference_load: float = par(0.9, unit="ratio", low=0.8, high=1.0, grade="D", source="assumption: the load at which posts are set", source_ja="仮定：職員数を定めるときの負荷",
        en="load of an ordinary desk: staff start as it leaves them, and leaving and sick leave are centred on it", ja="通常の窓口の負荷（開始時の疲弊と、離職・休職の基準）")
    door_strain: float = par(0.0, unit="ratio/week", low=0.0, high=0.1, grade="D", null=0.0,
        en="load that strains alike for each week that the consultations waiting at the door would take the desk", ja="窓口で待つ相談1週間分（使える時間での換算）が疲弊に与える、負荷に換算した影響")
    exhaustion_quality: float = par(0.30, unit="share", low=0.10, high=0.50, grade="D",
        en="effectiveness lost at full exhaustion", ja="完全な疲弊による効果の低下")
    exhaustion_quit_beta: float = par(0.7, unit="log-odds/SD", low=0.3, high=1.1, grade="B", source="Chung and Choo 2019, shrunk", source_ja="Chung and Choo 2019（控えめにした）",
        en="effect of exhaustion on leaving", ja="疲弊が離職に与える影響")
    caseload_quit_direct: float = par(0.0, unit="log-odds", low=0.0, high=0.2, grade="B", source="Kim and Kao 2014",
        en="direct effect of caseload on leaving", ja="担当件数が離職に与える直接の影響")
    crisis_strain: float = par(0.02, unit="ratio/h", low=0.0, high=0.05, grade="D",
        en="rise of exhaustion gain for each crisis hour of the week", ja="危機対応1時間ごとの疲弊の増加の比")
    paired_strain: float = par(0.87, unit="ratio", low=0.7, high=1.0, grade="D", null=1.0,
        en="exhaustion gain of a worker with pairing or supervision", ja="複数担当・スーパービジョンがある職員の疲弊の比")
    slack_relief: float = par(0.5, unit="ratio", low=0.0, high=1.0, grade="D", null=0.0,
        en="rise of recovery with slack", ja="余裕による回復の比")
    dialogue_relief: float = par(0.02, unit="ratio/h", low=0.0, high=0.08, grade="D", null=0.0,
        en="rise of recovery for each monthly hour of dialogue or supervision", ja="対話・スーパービジョン月1時間ごとの回復の比")
    exhaustion_sd: float = par(0.2, unit="0-1", low=0.1, high=0.3, grade="D",
        en="exhaustion of one standard deviation, in its effect on leaving", ja="離職への影響における疲弊の1標準偏差")
    sick_leave_1m: float = par(0.015, unit="1/year", low=0.010, high=0.025, grade="B", source="MIC FY2021", source_ja="総務省 2021年度",
        en="mental-health leave of a month or more", ja="1か月以上のメンタル休職")
    sick_weeks: float = par(16, unit="weeks", low=6, high=40, grade="D",
        en="length of sick leave", ja="休職の期間")
    leave_regular: float = par(0.03, unit="1/year", low=0.01, high=0.06, grade="D",
        en="regular officer leaves, at mean exhaustion", ja="正規職員の離職")
    contract_turnover: float = par(0.15, unit="1/year", low=0.08, high=0.30, grade="C", source=RECALLED + " (UK 15.9%: DfE 2023)", source_ja="記憶による。未確認（英国 15.9％：DfE 2023）",
        en="contract adviser leaves", ja="会計年度任用・委託職員の離職")
    rotation_years: float = par(3, unit="years", low=2, high=5, grade="C", source=RECALLED,
        en="regular staff move desk every", ja="人事異動の周期")
    vacancy_months: float = par(3, unit="months", low=1, high=8, grade="D",
        en="post empty after a leaving", ja="欠員の期間")
    new_productivity: float = par(0.60, unit="share", low=0.40, high=0.80, grade="C", source=RECALLED,
        en="start effectiveness", ja="着任時の習熟度")
    ramp_months: float = par(12, unit="months", low=6, high=24, grade="C", source=RECALLED,
        en="time to full effectiveness", ja="習熟までの期間")
    breadth_init: float = par(0.6, unit="0-1", low=0.4, high=0.8, grade="D",
        en="breadth of a settled worker at the start", ja="対応の幅（開始時）")
    breadth_new: float = par(0.4, unit="0-1", low=0.2, high=0.6, grade="D",
        en="breadth of a newcomer", ja="対応の幅（着任時）")
    breadth_gain: float = par(1.0, unit="1/year", low=0.2, high=2.0, grade="D",
        en="practice: breadth gained by a worker whose hours all go to compounded cases", ja="複合ケースの実践で広がる対応の幅")
    breadth_loss: float = par(0.2, unit="1/year", low=0.05, high=0.5, grade="D",
        en="breadth lost without practice", ja="実践がないと失われる対応の幅")
    breadth_loss_value: float = par(0.4, unit="0-1", low=0.2, high=0.6, grade="D",
        en="breadth without any practice", ja="実践がない場合の対応の幅")
    orientation_init: float = par(0.3, unit="0-1", low=0.1, high=0.5, grade="D",
        en="orientation at the start (0 institution, 1 person and household)", ja="志向（0 制度中心～1 本人・世帯中心）開始時")
    orientation_gain: float = par(0.02, unit="per 10 h", low=0.0, high=0.08, grade="D", null=0.0,
        en="orientation gained in ten hours of learning or joint visits", ja="学び合い・同行10時間での変化")
    orientation_pull: float = par(0.25, unit="1/year", low=0.1, high=0.6, grade="D",
        en="pull back without repetition", ja="繰り返しがない場合の後戻り")
    orientation_peers: float = par(0.5, unit="1/year", low=0.0, high=1.5, grade="D",
        en="pull towards colleagues' mean, weighted by their practice in the desk", ja="同僚の平均（習熟度で重みづけ）への近づき")
    skill_gain: float = par(0.05, unit="per 10 h", low=0.0, high=0.15, grade="D", null=0.0,
        en="skill above the reference from ten hours of supervision", ja="スーパービジョン10時間での技能の向上")
    skill_max: float = par(1.1, unit="ratio", low=1.0, high=1.3, grade="D", null=1.0,
        en="highest skill against the reference worker", ja="技能の上限")
    skill_fading: float = par(0.3, unit="1/year", low=0.1, high=0.6, grade="D",
        en="skill above the reference is lost", ja="技能の後戻り")
    exhaustion_new: float = par(0.15, unit="0-1", low=0.0, high=0.3, grade="D",
        en="exhaustion of a newcomer", ja="着任時の疲弊")
    overtime_limit: float = par(30, unit="h/month", low=10, high=45, grade="C",
        source="Labour Standards Act, art. 36 (4): 45 h a month and 360 h a year, here the twelfth of a year's; that desks work up to it is assumed",
        source_ja="労働基準法第36条第4項（月45時間・年360時間）。ここでは年の上限の12分の1。上限まで働くことは仮定",
        en="overtime of a full post at most, told beside the results", ja="常勤1人あたりの時間外勤務の上限（結果に示すだけ）")
    orientation_new: float = par(0.2, unit="0-1", low=0.0, high=0.4, grade="D",
        en="orientation of a newcomer", ja="着任時の志向")
