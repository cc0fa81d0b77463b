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

import pandas as pd
from IPython.display import Markdown, display

from sim import Numbers, has_gap_gone, load, parameters, simulate, write_town
from sim.declared.records import BURNOUT
from sim.report.figures.style import BLUE, INK, VERMILION, canvas, style

# %matplotlib inline
warnings.filterwarnings("ignore", message="IProgress")  # of a progress bar that is not used here

# %% [markdown]
# ## 階段 / The stairs
#
# 毎年、職員のこの割合を減らします。階段の後は、元の人数のままです。運（シード）の違う同じ町をいくつか計算します。
#
# The share of posts taken away in each of the first years. After the stairs all posts are there again. The same town is run with
# several kinds of luck (seeds).

# %%
stairs, years, seeds = (0.0, 0.2, 0.4, 0.2), 8, 6
folder = Path(tempfile.mkdtemp())
write_town(
    Numbers(
        id="mytown",
        name_ja="わたしの町",
        name_en="My town",
        population=3_000,
        ageing_rate=0.30,
        districts=2,
    ),
    folder,
)
cuts = [
    {"kind": "budget_cut", "week": 52 * at, "weeks": 52, "size": size}
    for at, size in enumerate(stairs)
    if size
]
town, ground = folder / "mytown.toml", {"years": years, "run_in_weeks": 52, "trend": "none"}
courses = {
    "left_alone": load(town, overrides=ground),
    "pushed": load(town, overrides=ground | {"events": cuts}),
}

# %% [markdown]
# ## 二組の前提 / Two sets of assumptions
#
# 既定値と、疲弊が疲弊を最も呼びやすい側の端までの中間です。`leans` に 1.0（端）などを加えて試せます。
#
# The defaults, and halfway to the ends of the ranges at which exhaustion feeds most on itself. Add others to `leans` (1.0: the ends).

# %%
ends = {
    "workforce.exhaustion_gain": "high",
    "workforce.exhaustion_recovery": "low",
    "workforce.exhaustion_quit_beta": "high",
    "workforce.exhaustion_quality": "high",
    "workforce.vacancy_months": "high",
    "workforce.ramp_months": "high",
    "workforce.new_productivity": "low",
}
values = pd.DataFrame(
    {
        "default": {name: parameters()[name].value for name in ends},
        "end": {name: getattr(parameters()[name], end) for name, end in ends.items()},
    }
)
leans = {"既定値 / defaults": 0.0, "中間 / halfway": 0.5}
assumptions = {
    title: (values["default"] + lean * (values["end"] - values["default"])).to_dict()
    for title, lean in leans.items()
}
display(pd.DataFrame(assumptions))

# %%
lived = {}
for title, changes in assumptions.items():
    for course, scenario in courses.items():
        changed = scenario.model_copy(update={"parameters": scenario.parameters | changes})
        lived[title, course] = simulate(changed, seeds=seeds).by_year()
results = pd.concat(
    {
        key: table.groupby(["year", "measure"])["value"].mean().unstack()
        for key, table in lived.items()
    },
    names=["assumptions", "course"],
).sort_index()

# %% [markdown]
# 灰色の帯が、職員を減らしていた期間です。二本の線が再び重なれば、町は元に戻っています。
#
# The grey band marks the years with fewer posts. Where both lines meet again, the town has come back.

# %%
measures = {
    "exhaustion": "疲弊 / exhaustion",
    "vacancies": "欠員 定数の% / vacant, % of posts",
    "compounded": "複合 世帯の% / compounded, % of households",
}
message = "職員を減らし、戻した町と、何もしなかった町 / A town whose posts were cut and given back, and the same town left alone"
with style("ja"):
    figure, _ = canvas(
        (10.0, 8.6),
        message,
        f"シード{seeds}個の平均。モデルによる試算 / Means of {seeds} seeds. A model, not evidence",
        rows=None,
    )
    panels = figure.subplots(len(measures), len(assumptions), sharex=True, sharey="row")
    for column, title in zip(panels.T, assumptions, strict=True):
        for axes, (measure, words) in zip(column, measures.items(), strict=True):
            axes.axvspan(1.5, len(stairs) + 0.5, color="#EEEEEE", linewidth=0)
            for course, colour, line, words_of in (
                ("left_alone", INK, "-", "何もしない / left alone"),
                ("pushed", VERMILION, "--", "減らして戻す / cut and restored"),
            ):
                axes.plot(
                    results.loc[title, course][measure],
                    color=colour,
                    linestyle=line,
                    linewidth=2,
                    label=words_of,
                )
            axes.set_title(f"{title}\n{words}" if axes is column[0] else words, fontsize=9.5)
        column[-1].set_xlabel("年目 / year")
    panels[0, 0].legend(fontsize=8, frameon=False)
    display(figure)

# %% [markdown]
# 何もしない町との疲弊の差を、職員数を横軸にして見ます。数字は年目、四角は最後の年です。行きと帰りが輪になるのは、遅れか履歴効果です。
# どちらであるかは、最後の年に差が残っているかで分かれます。線は平均であり、それだけでは決められません。
#
# The gap in exhaustion to the town left alone, with the posts on the axis; numbers are years, the square is the last. A loop is delay or
# hysteresis: it depends on whether a gap is left in the last year. The lines are means, and cannot decide that.

# %%
gap = results.xs("pushed", level="course") - results.xs("left_alone", level="course")
posts, marks = [100 * (1 - size) for size in (*stairs, 0.0)], [*range(1, len(stairs) + 1), years]
with style("ja"):
    figure, _ = canvas(
        (10.0, 4.4),
        "行きと帰り：疲弊の差 / There and back: the gap in exhaustion",
        f"シード{seeds}個の平均。何もしない町との差 / Means of {seeds} seeds. Difference from the town left alone",
        rows=None,
    )
    for axes, title in zip(
        figure.subplots(1, len(assumptions), sharey=True), assumptions, strict=True
    ):
        course = gap.loc[title].loc[marks, "exhaustion"]
        axes.axhline(0, color=INK, linewidth=1)
        axes.plot(posts, course, "o-", color=BLUE, linewidth=1.5)
        axes.plot(posts[-1], course.iloc[-1], "s", color=VERMILION, markersize=9)
        for year, x, y in zip(marks, posts, course, strict=True):
            axes.annotate(
                f"{year}",
                (x, y),
                (-4, 9 if year > 1 else -18),
                textcoords="offset points",
                fontsize=9,
            )
        axes.set_title(title, fontsize=10)
        axes.set_xlabel("職員 % / posts %")
        axes.margins(0.15)
    display(figure)

# %% [markdown]
# ## 差は消えたか / Has the gap gone?
#
# 同じ運どうしで差をとり、年ごとの平均と95%区間、差が半分になるまでの年数（半減期）を求めます。「消えた」と言うのは、最後の年の区間の全体が、
# 減らした最後の年の差の一割の内側にあるときだけです。「残っている」と言うのは、区間の全体が同じ側にあるときだけです。
#
# Differences within the same luck, their mean and 95% interval by year, and the years until the gap is half as large (half-life).
# It has gone only where the whole interval of the last year lies within a tenth of the gap at the end of the stairs; it stays only
# where the whole interval lies on the same side.

# %%
gaps = {
    title: has_gap_gone(
        pd.concat([lived[title, course].assign(arm=course) for course in courses]),
        "pushed",
        "left_alone",
        "exhaustion",
        since=len(stairs),
    )
    for title in assumptions
}
display(
    pd.concat({title: gap.by_year.set_index("year") for title, gap in gaps.items()}, axis=1).round(
        3
    )
)

# %%
said = {
    "gone": ("差は消えました。輪は遅れでした。", "The gap has gone: the loop was delay."),
    "stays": (
        "差は最後の年にも残っています。履歴効果か、この年数より長い遅れです。",
        "The gap stays: hysteresis, or a delay longer than these years.",
    ),
    "turned": ("差は逆の向きになりました。", "The gap has turned to the other side."),
    "undecided": (
        "差が消えたとも残っているとも言えません。シードを増やしてください。",
        "It cannot be told whether the gap has gone or stays: more seeds are needed.",
    ),
    "none": (
        "職員を減らしても、疲弊に差があるとは言えません。",
        "The push opened no gap in exhaustion that can be told from luck.",
    ),
    "few": ("シードが足りないため、判断できません。", "Too few seeds to tell."),
}
for title, gap in gaps.items():
    alone, last = results.loc[title, "left_alone"]["exhaustion"], gap.by_year.iloc[-1]
    life = [
        f"{value:.1f}" if value == value else "この期間では決まらない / not within these years"
        for value in (gap.half_life, gap.half_life_low, gap.half_life_high)
    ]
    ja, en = said[gap.state]
    if alone[years] > BURNOUT:
        ja += "ただし、何もしない町も燃え尽きの水準を超えました。押されなくても、境目の向こうにいます。"
        en += " But the town left alone is above the burnout cut, too: it stands beyond the threshold without a push."
    display(
        Markdown(
            f"**{title}**：押した町との疲弊の差は、減らした最後の年に {gap.opened:+.3f}、最後の年に {gap.left:+.3f}（95%区間 {last['low']:+.3f}～{last['high']:+.3f}、"
            f"シード{seeds}個）。{ja}\n\n"
            f"The gap in exhaustion is {gap.opened:+.3f} in the last year of the stairs and {gap.left:+.3f} in the last year of all (95% interval "
            f"{last['low']:+.3f} to {last['high']:+.3f}, {seeds} seeds). {en}\n\n"
            f"半減期（年） / Half-life in years: {life[0]}（95%：{life[1]}～{life[2]}）"
        )
    )

# %% [markdown]
# ## このモデルで言えないこと / What this cannot say
#
# - シードは少数です。境目の近くでは、シードを増やすと結論が変わることがあります。
# - 区間は運のばらつきだけを表します。前提を変えれば結論も変わります（上の二組のように）。
# - 職員を守る仕組み（応援、業務の打ち切り、議会の判断）は含まれていません。
#
# A few kinds of luck: near the threshold more seeds may end elsewhere. The intervals hold luck alone; other assumptions give other
# results, as the two sets above do. Nobody steps in here: no help from elsewhere, no council.
