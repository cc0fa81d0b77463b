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
# # 6. 採算の分かれ目は何で動くか / What moves the break-even
#
# **これはモデルであり、実証された根拠ではありません。 / It is a model, not evidence.**
#
# アウトリーチの職員を二人置くと、何年で元が取れるのか。取れないとすれば、どの価格、どの仮定が違えば取れるのか。
# 価格は計算をやり直さずに正確に分かり、パラメータは値を引き直して（ドロー）調べます。
#
# Two outreach workers: in which year do they pay for themselves? If they do not, which price and which assumption would have to be
# different? For prices the answer is exact and needs no run; parameters are drawn anew from their ranges.

# %%
import tempfile
import warnings
from pathlib import Path

import pandas as pd
from IPython.display import Markdown, display

from sim import Numbers, compare, load, parameters, read_prices, write_town
from sim.economics import turning
from sim.economics.money import break_even, cumulative, first_years, money, net_cost, parts
from sim.report.figures.style import BLUE, FAINT, INK, VERMILION, canvas, style
from sim.study.compare import PRICES
from sim.study.draws import parameter_draws

# %matplotlib inline
warnings.filterwarnings("ignore", message="IProgress")  # of a progress bar that is not used here
VIEW, DRAWS = "public", 10  # whose money; more draws, more certainty, more time

# %% [markdown]
# ## 二つの案と、疑う仮定 / Two arms, and the assumptions to doubt

# %%
folder = Path(tempfile.mkdtemp())
write_town(
    Numbers(
        id="mytown",
        name_ja="わたしの町",
        name_en="My town",
        population=12_000,
        ageing_rate=0.32,
        districts=4,
    ),
    folder,
)
ground = {"years": 3, "run_in_weeks": 26}
arms = {
    "waiting": load(folder / "mytown.toml", overrides=ground),
    "outreach": load(
        folder / "mytown.toml",
        overrides=ground | {"levers.outreach_worker.fte": 2, "levers.outreach.targeting": "tips"},
    ),
}
doubted = {
    name: parameters()[name]
    for name in (
        "outreach.p_engage",
        "needs.rr_escalation_supported",
        "needs.escalate_manifest",
        "town.low_perceived_need",
        "ledger.unseen_cost_share",
    )
}
display(
    pd.DataFrame(
        [
            {
                "name": name,
                "ja": one.ja,
                "en": one.en,
                "value": one.value,
                "low": one.low,
                "high": one.high,
                "grade": one.grade,
            }
            for name, one in doubted.items()
        ]
    ).set_index("name")
)

# %% [markdown]
# 疑う仮定の値を同時に引き直し、二つの案を同じ運で動かします。ここでは既定の範囲にあるかどうか（較正の帯）は確かめていません。
#
# All doubted assumptions are drawn at once, and both arms live with them on the same luck. Whether a draw keeps the town inside the
# bands of the calibration is not checked here.

# %%
drawn, counted = parameter_draws(doubted, DRAWS, seed=1), []
for number, draw in enumerate(drawn, start=1):
    changed = {
        id: arm.model_copy(update={"parameters": arm.parameters | draw}) for id, arm in arms.items()
    }
    counted.append(compare(changed, seeds=1, no_effect=0).gathered.charged.assign(world=number))
quantities, book = pd.concat(counted, ignore_index=True), read_prices(PRICES)

# %% [markdown]
# ## 元は取れるか / Does it pay?
#
# 累積の純費用です。ゼロを下回ったままになる年が、採算の分かれ目です。三年は短い期間です。年数は `ground` で延ばせます。
#
# Cumulative net cost, a line a draw. The break-even is the year from which it stays below zero. Three years are short: `ground` lengthens them.

# %%
yen = money(quantities, book)
path = cumulative(parts(yen, "waiting"))
courses = path[path["payer"] == VIEW].pivot(index="year", columns="world", values="value") / 1e6
with style("ja"):
    figure, axes = canvas(
        (9.0, 4.6),
        "アウトリーチの累積純費用（公費）/ Cumulative net cost of outreach, public purse",
        f"仮定の引き直し{DRAWS}組（細線）と平均（太線）。百万円、割引後 / {DRAWS} draws (thin) and their mean. Million yen, discounted",
    )
    axes.plot(courses.index, courses, color=FAINT, linewidth=1)
    axes.plot(courses.index, courses.mean(axis=1), color=VERMILION, linewidth=2.5, marker="o")
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xticks(courses.index)
    axes.set_xlabel("年目 / year")
    axes.set_ylabel("百万円 / million yen")
    display(figure)

# %%
when = break_even(first_years(path), horizon=ground["years"]).set_index("payer")
display(
    when.loc[
        ["municipality", VIEW], ["year_50", "never", "by_3", "by_3_low", "by_3_high", "replicates"]
    ].round(2)
)
chance, low, high = when.loc[VIEW, ["by_3", "by_3_low", "by_3_high"]]
display(
    Markdown(
        f"{ground['years']}年までに元が取れる割合は {chance:.0%}（95%の幅 {low:.0%} から {high:.0%}）。{when.loc[VIEW, 'never']:.0%} は打ち切りで、その後は分かりません。\n\n"
        f"By year {ground['years']} it has paid in {chance:.0%} of the draws (95% interval {low:.0%} to {high:.0%}); {when.loc[VIEW, 'never']:.0%} are censored: "
        f"what comes later is not known."
    )
)

# %% [markdown]
# ## どの価格が結果を変えるか / Which price turns the result
#
# 純費用は価格に比例するので、計算をやり直す必要がありません。`threshold` は純費用がちょうどゼロになる価格、`inside` はそれが価格の幅の中にあるかです。
#
# Net cost is linear in prices. `threshold` is the price at which it is exactly zero, `inside` whether that lies in the price's range.

# %%
turns = turning.price_turns(turning.price_slopes(quantities, book, "waiting", VIEW)).head(6)
display(turns.drop(columns="arm").set_index("id").round(0))
with style("ja"):
    figure, axes = canvas(
        (9.0, 4.2),
        "価格を幅の端まで動かす / Each price to the ends of its range",
        "純費用（百万円、割引後）。縦線は今の価格 / Net cost, million yen, discounted. The line: prices as they are",
    )
    axes.barh(
        turns["id"][::-1],
        (turns["at_high"] - turns["at_low"])[::-1] / 1e6,
        left=turns["at_low"][::-1] / 1e6,
        color=BLUE,
        height=0.6,
    )
    axes.axvline(net_cost(yen, "waiting", VIEW)["value"].mean() / 1e6, color=VERMILION, linewidth=2)
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_xlabel("百万円 / million yen")
    display(figure)
    single = turns.loc[turns["inside"], "id"].tolist()
    print(
        "一つで結果を変えうる価格 / prices that alone can turn it:",
        ", ".join(single) or "なし / none",
    )

# %% [markdown]
# ## どの仮定が結果を変えるか / Which assumption turns the result
#
# 順位相関が `floor` を下回る仮定は、偶然と区別できません。引き直しが少ないほど、この床は高くなります。
#
# Below `floor` a rank correlation cannot be told from chance. The fewer the draws, the higher the floor.

# %%
costs = net_cost(yen, "waiting", VIEW).set_index("world")["value"]
found = turning.parameter_turns(pd.DataFrame(drawn, index=range(1, DRAWS + 1)), costs).set_index(
    "name"
)
display(found[["correlation", "floor", "clear", "threshold"]].round(2))
clear = found.index[found["clear"]].tolist()
strongest = found.index[0]
display(
    Markdown(
        f"{DRAWS}組では、順位相関が {found['floor'].iloc[0]:.2f} を超えないと偶然と区別できません。最も強いのは `{strongest}`"
        f"（{found['correlation'].iloc[0]:+.2f}）、床を超えたもの：{'、'.join(clear) or 'なし'}。はっきりさせるには `DRAWS` を増やしてください。\n\n"
        f"With {DRAWS} draws a correlation has to exceed {found['floor'].iloc[0]:.2f}. The strongest is `{strongest}` ({found['correlation'].iloc[0]:+.2f}); "
        f"above the floor: {', '.join(clear) or 'none'}. Raise `DRAWS` to see more clearly."
    )
)
