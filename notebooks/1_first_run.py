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
# # 1. 自分の自治体を初めて動かす / A first run of my town
#
# **これはモデルであり、実証された根拠ではありません。 / It is a model, not evidence.**
#
# 人口、高齢化率、地区の数だけから自治体をつくり、窓口が待つだけの体制を五年動かします。ほかの数値は既定値で、多くは仮定です。
#
# We make a town from its population, its ageing rate and a number of districts, and run five years with windows that wait.
# All other numbers are defaults, and many of them are assumptions.

# %%
import tempfile
import warnings
from pathlib import Path

from IPython.display import Markdown, display

from sim import Numbers, load, simulate, write_town
from sim.report.figures.run import Story, draw_hours, draw_iceberg, draw_staff
from sim.report.figures.style import style
from sim.report.text.frames import run_table
from sim.report.text.run import grades

# %matplotlib inline
warnings.filterwarnings("ignore", message="IProgress")  # of a progress bar that is not used here
LANG = "ja"  # "en" for figures in English

# %% [markdown]
# ## 自治体をつくる / Make the town
#
# 三つの数値を、自分の自治体のものに書き換えてください。コマンドでは `sim new-town` が同じことをします。
#
# Put your own three numbers here. On the command line `sim new-town` does the same.

# %%
folder = Path(tempfile.mkdtemp())
numbers = Numbers(
    id="mytown",
    name_ja="わたしの町",
    name_en="My town",
    population=15_000,
    ageing_rate=0.34,
    districts=5,
)
for file in write_town(numbers, folder):
    print(file.relative_to(folder))
scenario = load(folder / "mytown.toml", overrides={"years": 5, "run_in_weeks": 104})

# %%
count = grades()
posts = sum(
    sum(scenario.organisation.posts_of(agency, numbers.population).values())
    for agency in scenario.organisation.agencies
)
display(
    Markdown(
        f"人口 {numbers.population:,} 人、相談機関の職員 {posts:.1f} 人です。使うパラメータは {count['number']} 個、うち {count['D']} 個は等級D（仮定）です。\n\n"
        f"{numbers.population:,} residents, {posts:.1f} posts. Of {count['number']} parameters {count['D']} are of grade D, an assumption."
    )
)

# %% [markdown]
# ## 三つの運で動かす / Run it with three kinds of luck
#
# 同じ町でも、誰に何が起きるかは運によって違います。三つのシード（運）で動かします。
#
# Who falls ill and who moves is luck. Three seeds are three kinds of luck for the same town.

# %%
tables = simulate(scenario, seeds=3)
story = Story(tables.town, scenario)
with style(LANG):
    display(draw_iceberg(story, LANG))

# %% [markdown]
# 水面の上は支援につながっている世帯、下はつながっていない世帯です。
#
# Above the line are households in support, below it those that are not.

# %%
with style(LANG):
    display(draw_staff(story, LANG))
    display(draw_hours(story, LANG))

# %% [markdown]
# ## 数値で見る / In numbers
#
# シードごとの値の平均と、その95%の幅です。幅は運だけによるもので、仮定の不確かさは含みません。
#
# Means over the seeds with 95% intervals. The interval is luck alone; what we do not know about the assumptions is not in it.

# %%
table = run_table(tables, LANG)
display(table.loc[table.index.unique(0)[:4].tolist()])

# %%
means = tables.by_year().groupby(["measure", "year"])["value"].mean()
display(
    Markdown(
        f"{scenario.years}年目に、課題のある世帯の {means['unseen', scenario.years]:.0f}% は支援につながっていません"
        f"（一年目は {means['unseen', 1]:.0f}%）。職員の負荷は {means['load', 1]:.2f} から {means['load', scenario.years]:.2f} になりました。\n\n"
        f"In year {scenario.years}, {means['unseen', scenario.years]:.0f}% of households in need are not in support ({means['unseen', 1]:.0f}% in "
        f"year 1). The load of the staff went from {means['load', 1]:.2f} to {means['load', scenario.years]:.2f}."
    )
)

# %% [markdown]
# ## 疑ってみる / Doubt it
#
# 全ての既定値は、`sim parameters` に出典と等級があります。まず疑うべきは、自分の町の実感と違う数値です。
# 人口、高齢化率、年数など、上の数値を変えて、結果がどう変わるかを確かめてください。
#
# Every default stands with its source and grade in `sim parameters`. Doubt first whatever contradicts what you know of your town:
# change the numbers above and see what moves.
