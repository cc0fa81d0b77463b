# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4. 助ける多機関協働と、支援力を奪う多機関協働 / The hub that helps and the hub that hollows out
#
# **これはモデルであり、実証された根拠ではありません。 / It is a model, not evidence.**
#
# 同じ人数の多機関協働でも、各分野の手に余るケースを引き受け続けるのか、各分野が担えるように後方から支えるのかで、行き先が分かれると手引きは言います。
# 引き受け続ければ、各分野は複雑なケースに触れなくなり、対応の幅が狭まる（R3）。支えれば、各分野の網の目が細かくなる（R4）。
#
# The same posts, two rules. A hub that takes over whatever the fields find too hard keeps them from learning, and their breadth shrinks
# (loop R3). A hub that backs them up lets them learn (loop R4). So the guidebook expects. Does the model agree?

# %%
import warnings

import pandas as pd
from IPython.display import Markdown, display

from sim import compare, smaller
from sim.report.figures.comparison import arm_styles
from sim.report.figures.style import canvas, style
from sim.report.text.frames import claim_table, difference_table
from sim.scenario.arms import read_comparison

# %matplotlib inline
warnings.filterwarnings("ignore", message="IProgress")  # of a progress bar that is not used here
LANG = "ja"  # "en" for figures and tables in English

# %% [markdown]
# ## 付属の比較を小さな町で / The comparison that ships, in a small town
#
# 「残念な結果①」の比較（`x05.toml`）を、人口だけを小さくした町で動かします。多機関協働の人数も同じ割合で小さくなります。
#
# The comparison `x05.toml` that ships, with fewer people: the posts of the hub shrink in proportion.

# %%
whole = read_comparison(["../scenarios/pairs/x05.toml"], overrides={"years": 5, "run_in_weeks": 52})
comparison = smaller(whole, 25_000)
display(
    pd.DataFrame(
        [
            {
                "案 / arm": getattr(arm.name, LANG),
                "人口 / people": arm.scenario.people.population,
                "多機関協働の職員 / hub posts": sum(
                    step.settings.get("fte", 0)
                    for step in arm.scenario.steps
                    if step.lever == "inclusion_promoter"
                ),
            }
            for arm in comparison.arms
        ]
    )
)

# %% [markdown]
# **動かす前に。** 一年目はどちらの待機が短いでしょうか。五年目に、各分野の対応の幅が広いのはどの案でしょうか。
#
# **Before you run it.** Where is the wait shorter in year 1? In which arm do the fields have most breadth in year 5?

# %%
compared = compare(comparison, seeds=2, no_effect=0)
difference_table(
    compared, LANG, ("field_breadth", "hub_share", "wait", "waiting_cases", "compounded")
)

# %% [markdown]
# 各分野の対応の幅（0から1、多機関協働の職員は含みません）と、待機中の件数の推移です。
#
# Breadth of the fields' staff (0 to 1; the hub's own staff are not counted), and the cases that wait.

# %%
means = compared.main.groupby(["measure", "arm", "year"])["value"].mean()
panels = {
    "field_breadth": "各分野の対応の幅 / breadth of the fields",
    "waiting_cases": "待機中の件数 / waiting cases",
}
with style(LANG):
    figure, rows = canvas(
        (9.0, 7.0),
        "同じ人数、四つの規則 / The same posts, four rules",
        f"シード{compared.seeds}個の平均 / mean of {compared.seeds} seeds",
        rows=2,
    )
    for axes, (measure, words) in zip(rows, panels.items(), strict=True):
        for arm in comparison.arms:
            colour, marker, dash = arm_styles(compared)[arm.id]
            course = means[measure, arm.id]
            axes.plot(
                course.index,
                course,
                color=colour,
                marker=marker,
                linestyle=dash,
                linewidth=2,
                label=getattr(arm.name, LANG),
            )
        axes.set_title(words)
    axes.set_xlabel("年目 / year")
    axes.set_xticks(course.index)
    rows[0].legend(frameon=False, fontsize=9)
    display(figure)

# %% [markdown]
# ## 手引きの主張はどうなったか / What became of the claims
#
# 二つのシードで五年しか動かしていないので、多くは「未決」です。五年を超える主張は省かれています。
#
# Two seeds and five years leave much undecided; claims about later years are left out.

# %%
display(claim_table(compared, LANG))
last = comparison.base.years
ends = means["field_breadth"].xs(last, level="year")
order = " < ".join(comparison.arm(arm).name.ja for arm in ends.sort_values().index)
order_en = " < ".join(comparison.arm(arm).name.en for arm in ends.sort_values().index)
helps, hollows = ends["backup"] - ends["no_hub"], ends["gap_filler"] - ends["no_hub"]
agrees = helps > 0.005 and hollows < -0.005  # less than that is no difference to speak of
display(
    Markdown(
        f"{last}年目の対応の幅は、狭い順に {order}。多機関協働なしと比べて、後方から支えると {helps:+.3f}、狭間を引き受けると {hollows:+.3f} です。"
        f"向きは手引きの見方と{'合います' if agrees else '合いません'}。\n\n"
        f"Breadth in year {last}, lowest first: {order_en}. Against no hub, backing up adds {helps:+.3f} and filling the gaps {hollows:+.3f}: "
        f"{'the direction the guidebook expects' if agrees else 'not the direction the guidebook expects'}."
    )
)

# %% [markdown]
# ## 動かして分かることと、分からないこと / What this shows, and what it does not
#
# - この結果は `workforce.breadth_gain` と `workforce.breadth_loss` の値しだいです。どちらも等級D（仮定）です。
# - 同じ人数を相談員にする案（多機関協働なし）と比べてください。待機の長さでは、こちらが勝つことがあります。
# - 十年、16シードの結果は `sim compare scenarios/pairs/x05.toml` で得られます。
#
# It rests on `workforce.breadth_gain` and `workforce.breadth_loss`, both assumptions (grade D). Look at the arm without a hub, too: the
# same posts as caseworkers may do better on waiting. `sim compare scenarios/pairs/x05.toml` runs ten years with 16 seeds.
