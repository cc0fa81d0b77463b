"""The words of the model, each list declared once: fields, kinds, routes, stages, duties; their
numbers in columns.
"""

from __future__ import annotations

from typing import Literal, get_args

WEEKS_PER_YEAR = 52
NEVER = -30_000
MEMBERS = 5  # resident slots of a household
AgencyField = Literal["elderly", "disability", "child", "poverty"]  # those with a desk
AGENCY_FIELDS = get_args(AgencyField)
FIELDS = (*AGENCY_FIELDS, "gap")
F = len(FIELDS)
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
OUTCOMES = (
    "opened",
    "refused",
    "lost",
    "advice",
    "referred_on",
    "not_seen_again",
)  # of a first consultation
COMPOUNDED = STAGES.index("compounded")
LEVELS = ("none", "latent", "manifest", "severe")
LATENT, MANIFEST, SEVERE = 1, 2, 3
NO_CASE, WAITING, OPEN, ACCOMPANIED = range(4)
UNINVOLVED, INTERESTED, ACTING = range(3)
DUTIES = (  # what the hours of a post are for
    "caseworker",
    "outreach",
    "community",
    "participation",
    "hub",
    "assistance",
    "companion",
    "linking",
)
(
    CASEWORKER,
    OUTREACH_WORKER,
    COMMUNITY_WORKER,
    PARTICIPATION_WORKER,
    HUB_WORKER,
    ASSISTANCE_WORKER,
    COMPANION,
    LINKER,
) = range(len(DUTIES))
PostKind = Literal["regular", "contract", "outsourced"]
POST_KINDS = get_args(PostKind)
REGULAR, CONTRACT, OUTSOURCED = range(3)

STAYS = ("child_placement", "nursing_home")
TIE_KINDS = ("neighbour", "friend", "group")
