"""The words of the model, each list declared once: fields, kinds, routes, stages, roles; their
numbers in columns.
"""

from __future__ import annotations

WEEKS_PER_YEAR = 52
NEVER = -30_000
MEMBERS = 5  # resident slots of a household
FIELDS = ("elderly", "disability", "child", "poverty", "gap")
F = len(FIELDS)
AGENCY_FIELDS = FIELDS[:4]
ASKS = ("light", "light", "manifest", "severe")  # what a case of need level 0-3 asks for
ELDERLY, DISABILITY, CHILD, POVERTY, GAP = range(F)
KINDS = (
    "elder_alone",
    "elder_couple",
    "elder_with_adult_child",
    "couple_with_children",
    "single_parent",
    "working_alone",
    "other",
)
ROUTES = ("none", "self", "neighbour", "outreach", "other_desk", "crisis")
SELF, NEIGHBOUR, OUTREACH, OTHER_DESK, CRISIS = range(1, 6)
STAGES = ("none", "latent", "manifest", "compounded")
COMPOUNDED = STAGES.index("compounded")
LATENT, MANIFEST, SEVERE = 1, 2, 3
NO_CASE, WAITING, OPEN, ACCOMPANIED = range(4)
UNINVOLVED, INTERESTED, ACTING = range(3)
ROLES = ("caseworker", "outreach", "community", "participation", "hub")
CASEWORKER, OUTREACH_WORKER, COMMUNITY_WORKER, PARTICIPATION_WORKER, HUB_WORKER = range(5)
POST_KINDS = ("regular", "contract", "outsourced")
REGULAR, CONTRACT, OUTSOURCED = range(3)

STAYS = ("child_placement", "nursing_home")
TIE_KINDS = ("neighbour", "friend", "group")
