"""What the ledger counts beside hours (model section 2.13)."""

from sim.declared.declare import Subject, par

# One declaration a line or two, as a table.
# fmt: off


class LedgerParameters(Subject):
    """Parameters: what the ledger counts beside hours."""

    unseen_cost_share: float = par(0.5, unit="share", low=0.0, high=1.0, grade="D",
        en="service cost of an unseen household against a seen one (medical, police, arrears, school)",
        ja="把握されていない世帯の費用の割合（医療・警察・滞納・学校など）")
    merge_once: float = par(40, unit="h/worker", low=10, high=100, grade="D",
        en="merging and reorganising, once", ja="統合・再編に要する時間（一度）")
    briefing_hours: float = par(8, unit="h/worker", low=2, high=20, grade="D",
        en="briefing before opening, once", ja="開始前の説明に要する時間（一度）")
