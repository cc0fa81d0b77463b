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
# # 3. 負のスパイラルと、その境目 / The negative spiral and its threshold
#
# **これはモデルであり、実証された根拠ではありません。 / It is a model, not evidence.**
#
# 職員が減ると、残った職員の負荷が上がり、疲弊が離職を呼び、さらに負荷が上がります。では、職員を元に戻せば元に戻るのでしょうか。
# 戻しても戻らないなら、それを履歴効果（ヒステリシス）と呼びます。職員を階段状に減らし、同じ階段で戻し、何もしなかった同じ町と比べます。
#
# Fewer staff, more load on each, exhaustion, leavers, more load. If the posts come back, does the town? Where it does not, there is
# hysteresis. We take posts away step by step, give them back by the same steps, and compare with the same town left alone.

# %%
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from IPython.display import Markdown, display

from sim import load, simulate
from sim.records import BURNOUT
from sim.report.style import BLUE, INK, VERMILION, canvas, style
from sim.scenario.new_town import Numbers, write_town
from sim.scenario.parameters import declared

# %matplotlib inline
warnings.filterwarnings("ignore", message="IProgress")  # of a progress bar that is not used here

# %% [markdown]
# ## 階段 / The stairs
#
# 毎年、職員のこの割合を減らします。階段の後は、元の人数のままです。
#
# The share of posts taken away in each of the first years. After the stairs all posts are there again.

# %%
stairs, years = (0.0, 0.2, 0.4, 0.2), 8
folder = Path(tempfile.mkdtemp())
write_town(Numbers(id="mytown", name_ja="わたしの町", name_en="My town", population=20_000, ageing_rate=0.30, districts=5), folder)
cuts = [{"kind": "budget_cut", "week": 52 * at, "weeks": 52, "size": size} for at, size in enumerate(stairs) if size]
town, ground = folder / "mytown.toml", {"years": years, "run_in_weeks": 104, "trend": "none"}
courses = {"left_alone": load(town, overrides=ground), "pushed": load(town, overrides=ground | {"events": cuts})}

# %% [markdown]
# ## 二組の前提 / Two sets of assumptions
#
# 既定値と、疲弊が疲弊を最も呼びやすい側の端までの中間です。`leans` に 1.0（端）などを加えて試せます。
#
# The defaults, and halfway to the ends of the ranges at which exhaustion feeds most on itself. Add others to `leans` (1.0: the ends).

# %%
ends = {"workforce.exhaustion_gain": "high", "workforce.exhaustion_recovery": "low", "workforce.exhaustion_quit_beta": "high",
        "workforce.exhaustion_quality": "high", "workforce.vacancy_months": "high", "workforce.ramp_months": "high",
        "workforce.new_productivity": "low"}
values = pd.DataFrame({"default": {name: declared()[name].value for name in ends},
                       "end": {name: getattr(declared()[name], end) for name, end in ends.items()}})
leans = {"既定値 / defaults": 0.0, "中間 / halfway": 0.5}
assumptions = {title: (values["default"] + lean * (values["end"] - values["default"])).to_dict() for title, lean in leans.items()}
display(pd.DataFrame(assumptions))

# %%
lived = {}
for title, changes in assumptions.items():
    for course, scenario in courses.items():
        changed = scenario.model_copy(update={"parameters": scenario.parameters | changes})
        lived[title, course] = simulate(changed, seeds=1).by_year().pivot(index="year", columns="measure", values="value")
results = pd.concat(lived, names=["assumptions", "course"]).sort_index()

# %% [markdown]
# 灰色の帯が、職員を減らしていた期間です。二本の線が再び重なれば、町は元に戻っています。
#
# The grey band marks the years with fewer posts. Where both lines meet again, the town has come back.

# %%
measures = {"exhaustion": "疲弊 / exhaustion", "vacancies": "欠員 定数の% / vacant, % of posts", "compounded": "複合 世帯の% / compounded, % of households"}
message = "職員を減らし、戻した町と、何もしなかった町 / A town whose posts were cut and given back, and the same town left alone"
with style("ja"):
    figure, _ = canvas((10.0, 8.6), message, "各一つの運（シード1）。モデルによる試算 / One kind of luck (seed 1). A model, not evidence", rows=None)
    panels = figure.subplots(len(measures), len(assumptions), sharex=True, sharey="row")
    for column, title in zip(panels.T, assumptions, strict=True):
        for axes, (measure, words) in zip(column, measures.items(), strict=True):
            axes.axvspan(1.5, len(stairs) + 0.5, color="#EEEEEE", linewidth=0)
            for course, colour, line, words_of in (("left_alone", INK, "-", "何もしない / left alone"), ("pushed", VERMILION, "--", "減らして戻す / cut and restored")):
                axes.plot(results.loc[title, course][measure], color=colour, linestyle=line, linewidth=2, label=words_of)
            axes.set_title(f"{title}\n{words}" if axes is column[0] else words, fontsize=9.5)
        column[-1].set_xlabel("年目 / year")
    panels[0, 0].legend(fontsize=8, frameon=False)
    display(figure)

# %% [markdown]
# 何もしない町との疲弊の差を、職員数を横軸にして見ます。数字は年目です。行きと帰りが輪になるのは、遅れか履歴効果です。最後の年（四角）に差が
# 消えていれば、輪は遅れでした。
#
# The gap in exhaustion to the town left alone, with the posts on the axis; numbers are years. A loop is delay or hysteresis. If the gap
# is gone in the last year (the square), it was delay.

# %%
gap = results.xs("pushed", level="course") - results.xs("left_alone", level="course")
posts, marks = [100 * (1 - size) for size in (*stairs, 0.0)], [*range(1, len(stairs) + 1), years]
with style("ja"):
    figure, _ = canvas((10.0, 4.4), "行きと帰り：疲弊の差 / There and back: the gap in exhaustion", "シード1。何もしない町との差 / Seed 1. Difference from the town left alone", rows=None)
    for axes, title in zip(figure.subplots(1, len(assumptions), sharey=True), assumptions, strict=True):
        course = gap.loc[title].loc[marks, "exhaustion"]
        axes.axhline(0, color=INK, linewidth=1)
        axes.plot(posts, course, "o-", color=BLUE, linewidth=1.5)
        axes.plot(posts[-1], course.iloc[-1], "s", color=VERMILION, markersize=9)
        for year, x, y in zip(marks, posts, course, strict=True):
            axes.annotate(f"{year}", (x, y), (-4, 9 if year > 1 else -18), textcoords="offset points", fontsize=9)
        axes.set_title(title, fontsize=10)
        axes.set_xlabel("職員 % / posts %")
        axes.margins(0.15)
    display(figure)

# %% [markdown]
# ## 差を測る / Measure the gap
#
# 最後の年の、減らして戻した町と何もしなかった町の差です。物差しとして、運だけが違う町どうしの差（標準偏差の二倍）も示します。
#
# The gap in the last year between the town that was pushed and the one left alone; as a yardstick, twice the standard deviation of the
# difference between two towns that differ in luck alone.

# %%
names = ["exhaustion", "vacancies", "waiting_cases", "compounded"]
steady = load(town, overrides=ground | {"years": 1})
luck = 2 * np.sqrt(2) * simulate(steady, seeds=4).by_year().pivot(index="seed", columns="measure", values="value")[names].std()
display(pd.concat({**{title: gap.loc[title].loc[years, names] for title in assumptions}, "運の幅 / luck": luck}, axis=1).round(3))

# %%
for title in assumptions:
    alone = results.loc[title, "left_alone"]["exhaustion"]
    cut, last = gap.loc[title].loc[len(stairs), "exhaustion"], gap.loc[title].loc[years, "exhaustion"]
    stays = last > luck["exhaustion"] and last > cut / 2
    ja = "職員を戻しても差が残っています。履歴効果か、この年数より長い遅れです。" if stays else "差は残っていません。輪は遅れであり、履歴効果は見られません。"
    en = "The gap stays: hysteresis, or a delay longer than these years." if stays else "The gap does not stay: the loop is delay, and no hysteresis is seen."
    if alone[years] > BURNOUT:
        ja += "ただし、何もしない町も燃え尽きの水準を超えました。押されなくても、境目の向こうにいます。"
        en += " But the town left alone is above the burnout cut, too: it stands beyond the threshold without a push."
    display(Markdown(
        f"**{title}**：何もしない町の疲弊は {alone[1]:.2f} から {alone[years]:.2f} へ。押した町との差は、減らした最後の年に {cut:+.2f}、"
        f"最後の年に {last:+.2f}（運の幅 {luck['exhaustion']:.2f}）。{ja}\n\n"
        f"Left alone, exhaustion goes from {alone[1]:.2f} to {alone[years]:.2f}. The push adds {cut:+.2f} in the last year of the stairs, and "
        f"{last:+.2f} in the last year of all (luck: {luck['exhaustion']:.2f}). {en}"))

# %% [markdown]
# ## このモデルで言えないこと / What this cannot say
#
# - 運は一つです。境目の近くでは、シードを増やすと結論が変わることがあります。
# - 疲弊しやすい前提では、受付の積み残しが負荷に加わり続けるため、負荷の値そのものは読まないでください（ここでは疲弊と欠員を見ています）。
# - 職員を守る仕組み（応援、業務の打ち切り、議会の判断）は含まれていません。
#
# One kind of luck: near the threshold other seeds may end elsewhere. Under assumptions that exhaust, intake that nobody did is carried
# over without end and drives the figure of load: do not read load there. Nobody steps in here: no help from elsewhere, no council.
