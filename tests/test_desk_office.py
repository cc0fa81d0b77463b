"""The officer's five steps on the desk: the form is the workbook, the amount is that of the request, the
switches of the result are reckoned and not guessed, and a page can name no path.
"""

from __future__ import annotations

import asyncio
import io
import json
import time
import zipfile

import pytest
from openpyxl import load_workbook

from sim.cli.go import drafted
from sim.desk.office.drafts import draft_shown, two_towns
from sim.desk.office.form import book_bytes, form_shown, read_form, texts_of
from sim.desk.office.job import Job, how_far
from sim.desk.office.result import GRANTS, PRICES, UNSEEN, case_of, result_shown
from sim.desk.office.routes import Office
from sim.desk.office.works import WorkFolder, Works
from sim.desk.page_server import WORKBOOK, Desk, Guard
from sim.desk.twin import Twin
from sim.files.progress_note import PROGRESS, ProgressNote, read_progress
from sim.officer.planning import REQUEST, comparison_in, prices_of
from sim.officer.reading import read_book
from sim.officer.sheets import INPUT_SHEETS
from sim.report.paper.findings import MUNICIPALITY, Findings
from sim.study.request import request_of
from sim.words import LANGUAGES, words
from sim.words.errors import ScenarioError
from tests import finished
from tests.comparisons import GROUND, command, write
from tests.test_desk_server import BOOK, HOST, SCENARIO, asked
from tests.test_funding import ARMS

TYPED = {
    "town.name": "例示町",
    "town.population": "６００",
    "town.aged": "34%",
    "districts.1.name": "中央",
    "districts.1.all": "150",
    "districts.2.name": "山手",
    "districts.2.all": "100",
    "figures.consultations": "12",
    "measures.csw.number": "1",
    "measures.csw.start": "R8.10.1",
    "measures.csw.kind": "outsourced",
    "measures.csw.price": "600万円",
    "measures.csw.funding": "国1/2、県1/4",
    "rules.door": "yes",
    "against.alone": "no",
    "run.years": "2",
}


@pytest.fixture
def read(tmp_path):
    return read_form(TYPED, "ja", None, tmp_path / "自治体データ.xlsx")


def test_a_form_means_what_the_workbook_made_of_it_means(read):
    assert read.all_faults == []
    read.file.write_bytes(book_bytes(read))
    again = read_book(read.file)
    assert again.values == read.values and again.all_faults == []
    assert read_form(texts_of(again), "ja", again, read.file).values == read.values
    assert drafted(again)[0].files == drafted(read)[0].files


def test_what_the_user_added_to_a_workbook_survives_the_form(read):
    read.file.write_bytes(book_bytes(read))
    book = load_workbook(read.file)
    book.create_sheet("メモ")["A1"] = "課長に聞く"
    book.save(read.file)
    changed = read_form(TYPED | {"town.name": "別の町"}, "ja", read_book(read.file), read.file)
    read.file.write_bytes(book_bytes(changed))
    kept = read_book(read.file)
    assert kept.values["town.name"] == "別の町" and list(kept.own_sheets) == ["メモ"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_cell_of_the_workbook_is_a_field_of_the_form(lang):
    shown = [block for sheet in form_shown(lang) for block in sheet["blocks"]]
    declared = [block for sheet in INPUT_SHEETS for block in sheet.blocks]
    assert [one["id"] for one in shown] == [one.id for one in declared]
    for one, block in zip(shown, declared, strict=True):
        assert [field["id"] for field in one["inputs"]] == [field.id for field in block.inputs]
        assert all(field["label"] for field in one["inputs"])


def test_a_draft_has_the_amount_of_the_request_or_the_faults_at_their_fields(read, tmp_path):
    shown = draft_shown(read, drafted, "ja")
    draft, plan = drafted(read)
    request = request_of(comparison_in(draft.files), REQUEST, prices_of(draft, plan))
    assert shown["request"]["total"] == list(request.total.values()) == [3000, 6000]
    assert [sum(one["of"]) for one in shown["request"]["payers"]] == [2250, 2250, 4500]
    wrong = read_form(TYPED | {"town.aged": "多い"}, "ja", None, tmp_path / "x.xlsx")
    assert list(draft_shown(wrong, drafted, "ja")["faults"]) == ["town.aged"]
    one, other = two_towns(draft)
    assert one.steps != other.steps and one.people == other.people


def test_works_are_found_again_and_a_name_is_no_path(tmp_path, read):
    works = Works(tmp_path / "works")
    work = works.new()
    assert works.all() == []
    work.folder.mkdir(parents=True)
    work.book_for("ja").write_bytes(book_bytes(read))
    assert [one.id for one in Works(works.root).all()] == [work.id]
    (tmp_path / "secret").mkdir()
    for name in ("../secret", "..", "", f"{work.id}/plan", "20260101-000000-abcd"):
        with pytest.raises(ScenarioError):
            works.named(name)


def test_a_command_can_be_left_found_again_and_ended(tmp_path):
    work = WorkFolder(tmp_path / "20260101-000000-abcd")
    job = Job(work, "go", [["--help"], ["no-such-command"], ["--help"]])
    assert how_far(work, job, "ja")["running"]
    until = time.monotonic() + 60
    while job.running and time.monotonic() < until:
        time.sleep(0.05)
    found = how_far(work, job, "ja")
    assert found["code"] == 2 and "no-such-command" in found["said"] and not found["running"]
    job.end()
    ended = Job(work, "go", [["--help"], ["--help"]])
    ended.end()
    assert not ended.running and ended.stopped
    assert how_far(work, None, "ja") == {
        **how_far(work, None, "ja"),
        "running": False,
        "code": None,
    }


def test_progress_is_noted_for_whoever_began_the_command(tmp_path, monkeypatch):
    file = tmp_path / "progress.json"
    assert read_progress(file) == {}
    monkeypatch.setenv(PROGRESS, str(file))
    note = ProgressNote()
    note.write("run.progress", 5, 10)
    note.write("run.progress", 6, 10)  # too soon after the last
    assert read_progress(file) == {"title": "run.progress", "done": 5, "of": 10}
    note.write("run.progress", 10, 10)
    assert read_progress(file)["done"] == 10


# The result


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    root = finished.scenarios(tmp_path_factory.mktemp("office")).parent
    file = write(root, ARMS, GROUND, "grants.toml", 500)
    out = root / "results"
    assert command(file, "--out", out, "--no-report", "-q") == 0
    return out


@pytest.fixture(scope="module")
def shown(results):
    return result_shown(case_of(results), "ja")


def test_the_result_is_that_of_the_paper_under_every_switch(results, shown):
    case = case_of(results)
    for arm in shown["arms"]:
        found = Findings(case, arm["id"])
        money = shown["money"]["with standard assumed"][arm["id"]][MUNICIPALITY]
        assert money["mean"] == pytest.approx(found.net(MUNICIPALITY).mean() / 1000, abs=1)
        assert sum(money["years"]) == pytest.approx(money["mean"], abs=len(shown["years"]))
        effect = found.effect("compounded", case.years)
        assert arm["effects"]["compounded"]["difference"] == pytest.approx(
            effect.difference, abs=1e-3
        )
        without = shown["money"]["without standard assumed"][arm["id"]]
        plain = sum(found.plain.of(MUNICIPALITY).values()) - sum(
            found.request.of(MUNICIPALITY).values()
        )
        assert without[MUNICIPALITY]["mean"] - money["mean"] == pytest.approx(plain, abs=1)
        assert without["public"] == shown["money"]["with standard assumed"][arm["id"]]["public"]
    assert len(shown["money"]) == len(GRANTS) * len(PRICES) * len(UNSEEN)


def test_dearer_posts_cost_more_and_uncounted_costs_save_nothing(shown):
    def public(switch, arm):
        return shown["money"][switch][arm]["public"]["mean"]

    bundle = next(one["id"] for one in shown["arms"] if sum(one["request"]))
    assert public("with low assumed", bundle) < public("with high assumed", bundle)
    unseen = [public(f"with standard {share}", bundle) for share in UNSEEN]
    assert len(set(unseen)) == len(UNSEEN) - 1  # what is assumed is one of the others


def test_every_word_of_the_five_steps_is_in_the_catalogue(shown):
    import re

    from sim.desk.static_files import STATIC

    used = set()
    for name in ("office.js", "office_form.js", "office_result.js"):
        text = (STATIC / name).read_text("utf-8")
        used |= set(re.findall(r"""\bword\(["'](\w+)["']""", text))
    used |= {f"{kind}_{step}" for kind in ("step", "head", "note") for step in
             ("town", "fits", "wanted", "result", "paper")}  # fmt: skip
    for name, values in {**shown["switches"], "takeup": ["full", "half"]}.items():
        used |= {f"switch_{name}", *(f"{name}_{value}" for value in values)}
    used |= {f"verdict_{one}" for one in ("fits", "does_not", "cannot", "first_look")}
    missing = {f"desk.o_{key}" for key in used} - words("ja").keys()
    assert len(used) > 60 and not missing, missing


# The server


class Page:
    """A page of the five steps with its cookie."""

    def __init__(self, root):
        twin = Twin(SCENARIO, SCENARIO, 1)
        self.office = Office(root, drafted, twin)
        self.guard = Guard(Desk(twin, BOOK, "ja", self.office).application(), 8000)

    def ask(self, method, path, content=b"", kind="application/json", **headers):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        mine = {
            "host": HOST,
            "cookie": f"{self.guard.cookie}={self.guard.session}",
            "origin": f"http://{HOST}",
            "content_type": kind,
            "content_length": str(len(body)),
        }
        return asyncio.run(asked(self.guard, method, path, body, **mine | headers))

    def do(self, button, **given):
        code, _, body = self.ask("POST", f"/office/do/{button}", {"lang": "ja", **given})
        return code, json.loads(body)


@pytest.fixture
def page(tmp_path):
    return Page(tmp_path / "works")


def test_a_form_is_kept_and_a_workbook_taken_in(page, read):
    code, kept = page.do("save", values=TYPED)
    assert code == 200
    assert page.do("open", id=kept["id"])[1]["values"]["town.name"] == "例示町"
    code, _, body = page.ask("POST", "/office/book?lang=ja", book_bytes(read), WORKBOOK)
    taken = json.loads(body)
    assert code == 200 and taken["values"]["measures.csw.kind"] == "outsourced"
    assert {one.id for one in page.office.works.all()} == {kept["id"], taken["id"]}
    setup = json.loads(page.ask("GET", "/office/setup?lang=en")[2])
    assert {one["id"] for one in setup["works"]} == {kept["id"], taken["id"]}


def test_what_is_no_workbook_leaves_nothing_behind(page):
    code, _, body = page.ask("POST", "/office/book?lang=ja", b"PK\x03\x04 nothing", WORKBOOK)
    assert code == 422 and json.loads(body)["refused"]
    assert list(page.office.works.root.iterdir()) == []
    assert page.ask("POST", "/office/book", b"{}")[0] == 415
    assert page.ask("POST", "/office/book", b"x", WORKBOOK, origin="http://evil.example")[0] == 403


def test_a_page_gets_the_files_of_a_work_and_no_others(page):
    id = page.do("save", values=TYPED)[1]["id"]
    code, headers, body = page.ask("GET", f"/office/file/{id}/book")
    assert code == 200 and body[:2] == b"PK" and "attachment" in headers["content-disposition"]
    code, _, body = page.ask("GET", f"/office/file/{id}/all")
    assert zipfile.ZipFile(io.BytesIO(body)).namelist() == ["自治体データ.xlsx"]
    for path in (f"{id}/report", f"{id}/told.txt", f"{id}/..", "../x/book", "none/book"):
        assert page.ask("GET", f"/office/file/{path}")[0] == 404
    report = page.office.works.named(id).results / "report.ja.html"
    report.parent.mkdir(parents=True)
    report.write_text("<p>x</p>", encoding="utf-8")
    rule = page.ask("GET", f"/office/file/{id}/report")[1]["content-security-policy"]
    assert "default-src 'none'" in rule and "sandbox" in rule and "allow-same-origin" not in rule


def test_nothing_begins_that_cannot_be_computed(page):
    assert page.do("run", values=TYPED | {"town.population": "約"})[0] == 422
    assert page.do("run", values=TYPED, what="own_code")[0] == 422
    assert page.do("nothing")[0] == 422
    id = page.do("save", values=TYPED)[1]["id"]
    assert page.do("result", id=id)[0] == 422
    assert page.do("open", id="../x")[0] == 422
    assert page.office.job is None
