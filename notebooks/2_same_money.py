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
# # 2. 同じお金の二つの使い方 / Two ways to spend the same money
#
# **これはモデルであり、実証された根拠ではありません。 / It is a model, not evidence.**
#
# 委託の職員を二人増やせるとします。窓口の相談員にするか、出向く職員（アウトリーチ）にするか。同じ町、同じ運で比べます。
#
# Suppose there is money for two outsourced posts. Caseworkers at the windows, or workers who go out? The same town, the same luck.

# %%
import tempfile
import warnings
from pathlib import Path

from IPython.display import Markdown, display

from sim import Numbers, compare, load, write_town
from sim.report.figures.comparison import draw_fan
from sim.report.figures.style import style
from sim.report.text.comparison import crossing_lines, worse_lines
from sim.report.text.frames import difference_table

# %matplotlib inline
warnings.filterwarnings("ignore", message="IProgress")  # of a progress bar that is not used here
LANG = "ja"  # "en" for figures and tables in English

# %% [markdown]
# ## 三つの案 / Three arms
#
# 一つ目は増員なしで、比較の基準です。あとの二つは、どちらも委託二人分、同じ年額です。
#
# The first has no further posts and is the reference. The other two have the same two posts at the same price.

# %%
folder = Path(tempfile.mkdtemp())
write_town(
    Numbers(
        id="mytown",
        name_ja="わたしの町",
        name_en="My town",
        population=20_000,
        ageing_rate=0.34,
        districts=5,
    ),
    folder,
)
town, short = folder / "mytown.toml", {"years": 5, "run_in_weeks": 104}
arms = {
    "waiting": load(town, overrides=short | {"name": {"ja": "増員なし", "en": "No further posts"}}),
    "windows": load(
        town,
        overrides=short
        | {
            "name": {"ja": "窓口の相談員2人", "en": "Two caseworkers"},
            "levers.caseworker.fte": 2,
            "levers.caseworker.kind": "outsourced",
        },
    ),
    "going_out": load(
        town,
        overrides=short
        | {
            "name": {"ja": "アウトリーチ2人", "en": "Two outreach workers"},
            "levers.outreach_worker.fte": 2,
            "levers.outreach.targeting": {"tips": 0.4, "list": 0.6},
        },
    ),
}

# %% [markdown]
# **動かす前に、予想を書き留めてください。** 一年目に職員の負荷が上がるのはどちらでしょうか。五年目に支援につながっていない世帯が減るのはどちらでしょうか。
#
# **Write down what you expect before you run this.** Which of the two raises the load of the staff in year 1? Which leaves fewer
# households in need outside support in year 5?

# %%
compared = compare(arms, seeds=3, no_effect=0)
measures = ("unseen", "load", "exhaustion", "compounded", "cost_municipality", "cost_public")
difference_table(compared, LANG, measures)

# %% [markdown]
# 各指標の一行目は基準の案の値、その下は基準との差です。○は望ましい向き、●は望ましくない向きに、幅がゼロを含まないことを表します。
#
# The first row of each measure is the level of the reference, the rows below are differences from it. ○ and ● mark differences whose
# interval excludes zero, in the better and the worse direction.

# %%
with style(LANG):
    display(draw_fan(compared, LANG, "load"))
    display(draw_fan(compared, LANG, "unseen"))
    display(draw_fan(compared, LANG, "cost_public"))

# %% [markdown]
# ## 先に悪くなるもの / What gets worse first

# %%
for lang in ("ja", "en"):
    print("\n".join([*crossing_lines(compared, lang), *worse_lines(compared, lang)]), end="\n\n")

# %%
year = arms["waiting"].years
last = compared.differences[compared.differences["year"] == year].set_index(["arm", "measure"])[
    "difference"
]
display(
    Markdown(
        f"{year}年目に、支援につながっていない世帯（課題のある世帯に占める割合）は、窓口の増員で {last['windows', 'unseen']:+.1f} ポイント、"
        f"アウトリーチで {last['going_out', 'unseen']:+.1f} ポイント変わります。職員の負荷は {last['windows', 'load']:+.2f} と {last['going_out', 'load']:+.2f} です。\n\n"
        f"In year {year} households in need outside support change by {last['windows', 'unseen']:+.1f} points with caseworkers and by "
        f"{last['going_out', 'unseen']:+.1f} points with outreach; the load of the staff by {last['windows', 'load']:+.2f} and {last['going_out', 'load']:+.2f}."
    )
)

# %% [markdown]
# ## 話し合うこと / To discuss
#
# - 見つかる世帯が増えるのは、良い知らせでしょうか。支える人が増えなければ、どうなるでしょうか。
# - 同じお金を二つに分けたら（一人ずつ）どうでしょうか。`arms` に一行加えて確かめられます。
# - 町も運も三通りしか試していません。シードを増やすと、幅は狭くなります。既定値の不確かさは狭くなりません（ノート6）。
#
# Is it good news that more households are found, if nobody is added to support them? What if the money is split, one post each (one
# line more in `arms`)? These are three seeds of one town: more seeds narrow the interval, but not our ignorance of the defaults (notebook 6).
