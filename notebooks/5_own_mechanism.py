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
# # 5. 自分の仕組みを一つのファイルで加える / A mechanism of your own in one file
#
# **これはモデルであり、実証された根拠ではありません。 / It is a model, not evidence.**
#
# 子ども食堂があると、子どもの潜在的な課題が早く和らぐとしたら。このノートの隣にある `childrens_table.py` が、その仕組みの全てです。
# モデルのファイルは一つも変えません。詳しくは `docs/add_a_process.md` を見てください。
#
# Suppose a children's table lets latent needs of children end sooner. The file `childrens_table.py` beside this notebook is the whole
# mechanism; no file of the model is changed. More in `docs/add_a_process.md`.

# %%
import inspect
import tempfile
import warnings
from pathlib import Path

import childrens_table
import pandas as pd
from IPython.display import Markdown, display

from sim import Numbers, ScenarioError, load, simulate, write_town
from sim.model.processes import WEEK
from sim.report.figures.style import GREEN, INK, canvas, style

# %matplotlib inline
warnings.filterwarnings("ignore", message="IProgress")  # of a progress bar that is not used here

# %%
display(Markdown(f"```python\n{inspect.getsource(childrens_table)}```"))

# %% [markdown]
# ## 一週間の順序に加える / Put it into the week
#
# 課題が動いた直後に置きます。パラメータはほかと同じように範囲を確かめられ、外れた値は断られます。
#
# It follows the step in which needs move. Its parameters are checked like all others; a value outside its range is refused.

# %%
week = WEEK.after("needs", childrens_table.childrens_table)
print(" → ".join(name for name, _ in week))
folder = Path(tempfile.mkdtemp())
write_town(
    Numbers(
        id="mytown",
        name_ja="わたしの町",
        name_en="My town",
        population=20_000,
        ageing_rate=0.28,
        districts=5,
    ),
    folder,
)
town, short = folder / "mytown.toml", {"years": 3, "run_in_weeks": 52}
open_table = load(town, extra=(childrens_table,), overrides=short)
try:
    load(
        town,
        extra=(childrens_table,),
        overrides=short | {"parameters.childrens_table.open_weeks": 60},
    )
except ScenarioError as refusal:
    print(refusal)

# %% [markdown]
# ## 同じ運で、あるとき、ないとき / With and without it, on the same luck
#
# 仕組みが動くまで、ほかの乱数は一つも変わりません。そのため、差は全てこの仕組みから来ます。
#
# No other random number moves until it acts, so every difference comes from it.

# %%
seeds = 2
without = simulate(load(town, overrides=short), seeds=seeds)
with_table = simulate(open_table, seeds=seeds, week_order=week)

# %%
child = {
    name: tables.field[tables.field["field"] == "child"].groupby("week")["latent"].mean()
    for name, tables in (("なし / without", without), ("あり / with", with_table))
}
with style("ja"):
    figure, axes = canvas(
        (9.0, 4.6),
        "子どもの潜在的な課題 / Latent needs of children",
        f"シード{seeds}個の平均 / mean of {seeds} seeds. A model, not evidence",
    )
    for (name, course), colour, line in zip(child.items(), (INK, GREEN), ("-", "--"), strict=True):
        axes.plot(course.index / 52, course, color=colour, linestyle=line, linewidth=2, label=name)
    axes.set_ylim(0, None)
    axes.set_xlabel("年 / years")
    axes.set_ylabel("課題の数 / needs")
    axes.legend(frameon=False)
    display(figure)

# %%
first, last = (
    pd.DataFrame(
        {
            name: tables.by_year().groupby(["year", "measure"])["value"].mean()[year]
            for name, tables in (("without", without), ("with", with_table))
        }
    )
    for year in (1, open_table.years)
)
eased = with_table.town["eased_at_table"].sum() / seeds
display(
    Markdown(
        f"三年間に、子ども食堂で {eased:.0f} 件の潜在的な課題が和らぎました。{open_table.years}年目に潜在的な課題のある世帯は "
        f"{last.loc['latent', 'without']:.2f}% から {last.loc['latent', 'with']:.2f}% に、職員の負荷は {last.loc['load', 'without']:.3f} から "
        f"{last.loc['load', 'with']:.3f} になります。費用は数えていません。\n\n"
        f"Over the years {eased:.0f} latent needs ended at the table. In year {open_table.years}, households with latent needs go from "
        f"{last.loc['latent', 'without']:.2f}% to {last.loc['latent', 'with']:.2f}%, the load of the staff from {last.loc['load', 'without']:.3f} to "
        f"{last.loc['load', 'with']:.3f}. What it costs is not counted."
    )
)

# %% [markdown]
# ## 約束を守っているか / Does it keep the promises?
#
# 効果をゼロ（null）にすると、何も変わってはいけません。
#
# At its null a mechanism must change nothing at all.

# %%
idle = load(
    town,
    extra=(childrens_table,),
    overrides=short | {"parameters.childrens_table.easing": 0.0, "years": 1},
)
same = simulate(idle, seeds=1, week_order=week).town.drop(columns="eased_at_table")
plain = without.town.query("seed == 1 and week < 52")
print(
    "null = 何も変わらない / nothing changes:",
    same.equals(plain[same.columns].reset_index(drop=True)),
)
