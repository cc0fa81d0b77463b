// The officer's five steps: a form that is the workbook, its amount at once, the comparison, its result, the papers.
import { say } from "./draw.js";
import { showForm, showMeasures, valuesOf } from "./office_form.js";
import { showResult } from "./office_result.js";

const by = (id) => document.getElementById(id);
const STEPS = ["town", "fits", "wanted", "result", "paper"];
const SHEETS = { town: ["town", "organisation"], wanted: ["wanted", "against"] };
export const state = { setup: null, id: "", values: {}, draft: null, work: null, result: null, step: "town", lang: "", switches: {} };
let asked = 0, waiting = 0;

export const word = (key, values) => say(state.setup.words, `o_${key}`, values);

export function made(name, text = "", values = {}) {
  const one = document.createElement(name);
  one.textContent = text;
  for (const [key, value] of Object.entries(values)) one.setAttribute(key, value);
  return one;
}

export const thousand = (number) => (number < 0 ? (state.lang === "ja" ? "△" : "−") : "") + Math.abs(Math.round(number)).toLocaleString("en-US");

function tell(text) { by("message").textContent = text; by("message").hidden = !text; }

export async function send(what, content = {}) {
  try {
    const answer = await fetch(`/office/do/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ lang: state.lang, ...content }) });
    const said = await answer.json();
    tell(said.refused ?? "");
    return said.refused ? null : said;
  } catch { tell(word("lost")); return null; }
}

const form = () => ({ id: state.id, values: state.values });

function remember(id) {
  state.id = id;
  history.replaceState(null, "", `#${state.step}${id ? `/${id}` : ""}`);
}

async function open(lang) {
  const answer = await fetch(`/office/setup${lang ? `?lang=${lang}` : ""}`);
  state.setup = await answer.json();
  state.lang = state.setup.lang;
  state.result = null;
  document.documentElement.lang = state.lang;
  by("title").textContent = word("title"); document.title = word("title");
  by("language").textContent = say(state.setup.words, "other_language");
  by("to-towns").textContent = word("to_towns");
  by("back").textContent = say(state.setup.words, "lesson_back"); by("next").textContent = say(state.setup.words, "lesson_next");
  by("steps").replaceChildren(...STEPS.map((name, at) => {
    const button = made("button", `${at + 1} ${word(`step_${name}`)}`, { type: "button", id: `step-${name}` });
    button.addEventListener("click", () => go(name));
    return button;
  }));
  const [step, id] = location.hash.slice(1).split("/");
  if (STEPS.includes(step)) state.step = step;
  show();
  if (id && id !== state.id && state.setup.works.some((one) => one.id === id)) await take(id);
  else { await look(); draftSoon(0); }
  show();
}

async function take(id) {
  const found = await send("open", { id });
  if (!found) return;
  state.values = found.values; state.result = null;
  remember(found.id);
  await look();
  draftSoon(0);
}

async function look() {
  if (!state.id) { state.work = null; return; }
  const answer = await fetch(`/office/work?id=${state.id}&lang=${state.lang}`);
  if (answer.ok) state.work = await answer.json();
}

async function go(name) {
  state.step = name;
  show();
  if (Object.keys(state.values).length) await keep();
  await look();
  remember(state.id);
  show();
  by("main").focus();
}

async function keep() {
  const kept = await send("save", form());
  if (kept && kept.id !== state.id) remember(kept.id);
}

// What was typed is drafted once the typing pauses; an answer that a later one has overtaken is dropped.
export function draftSoon(wait = 500) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const mine = (asked += 1), found = await send("draft", form());
    if (mine !== asked || !found) return;
    state.draft = found;
    mark(); amount();
  }, wait);
}

// Faults stand at their fields.
function mark() {
  for (const field of by("main").querySelectorAll("[data-key]")) {
    const wrong = state.draft?.faults[field.dataset.key], typed = state.values[field.dataset.key];
    const shown = wrong && (typed || state.step !== "town" || Object.keys(state.values).length > 0);
    const place = by(`wrong-${field.dataset.key}`);
    field.setAttribute("aria-invalid", String(Boolean(shown)));
    if (place) place.textContent = shown ? wrong.join(" ") : "";
  }
  const list = by("main").querySelector("#unusual");
  if (list) list.replaceChildren(...questions());
}

function questions() {
  const draft = state.draft;
  if (!draft) return [];
  const lines = draft.said.length ? draft.said : [...draft.unusual, ...draft.filled];
  return (lines.length ? lines : [word("nothing_unusual")]).map((text) => made("li", text));
}

function amount() {
  const request = state.draft?.request;
  by("amount").textContent = request ? word("amount", { year: request.years[0], yen: thousand(request.total[0]), all: thousand(request.total.reduce((one, other) => one + other, 0)), years: request.years.length }) : state.draft?.said.length && Object.keys(state.values).length ? word("faults", { number: state.draft.said.length }) : "";
}

export function typed(key, text) {
  if (text) state.values[key] = text; else delete state.values[key];
  draftSoon();
}

function show() {
  const at = STEPS.indexOf(state.step);
  for (const button of by("steps").children) button.setAttribute("aria-current", button.id === `step-${state.step}` ? "step" : "false");
  by("back").disabled = at === 0; by("next").disabled = at === STEPS.length - 1;
  const main = by("main");
  main.replaceChildren(made("h2", word(`head_${state.step}`)), made("p", word(`note_${state.step}`)));
  ({ town: showTown, fits: showFit, wanted: showWanted, result: showRun, paper: showPapers })[state.step](main);
  mark(); amount();
}

function showTown(main) {
  const row = made("p"), label = made("label", word("upload"), { class: "upload" }), file = made("input", "", { type: "file", accept: ".xlsx,.xlsm", id: "upload" });
  label.append(file);
  file.addEventListener("change", () => file.files[0] && upload(file.files[0]));
  row.append(label, " ", made("a", word("template"), { class: "button", href: `/office/template?lang=${state.lang}` }), " ");
  if (state.id) { const fresh = made("button", word("new"), { type: "button", id: "new" }); fresh.addEventListener("click", () => { state.values = {}; state.draft = state.work = state.result = null; remember(""); show(); draftSoon(0); }); row.append(fresh); }
  main.append(row);
  if (state.setup.works.length) {
    const list = made("details"), lines = made("ul");
    list.append(made("summary", word("works", { number: state.setup.works.length })), lines);
    for (const one of state.setup.works) {
      const button = made("button", `${one.day} ${one.name || one.id}${one.done ? ` ${word("has_result")}` : ""}`, { type: "button", "data-work": one.id });
      button.addEventListener("click", async () => { await take(one.id); show(); });
      const line = made("li"); line.append(button); lines.append(line);
    }
    main.append(list);
  }
  for (const id of SHEETS.town) showForm(main, state.setup.form.find((one) => one.id === id));
}

async function upload(file) {
  const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  try {
    const answer = await fetch(`/office/book?lang=${state.lang}`, { method: "POST", headers: { "Content-Type": kind }, body: file });
    const text = await answer.text(), said = answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : { refused: text };
    if (said.refused) { tell(said.refused); return; }
    tell("");
    state.values = said.values; state.result = null;
    state.setup.works.unshift({ id: said.id, name: said.values["town.name"] ?? "", day: "", done: false });
    remember(said.id);
    await look(); show(); draftSoon(0);
  } catch { tell(word("lost")); }
}

function showFit(main) {
  main.append(made("h3", word("unusual")), made("ul", "", { id: "unusual" }), made("h3", word("compared")));
  const fit = state.work?.fit;
  if (fit) {
    const table = made("table"), head = made("tr"), box = made("div", "", { class: "scroll" });
    head.append(...["figure", "own", "model", "gap", "fitted"].map((one) => made("th", word(one), { scope: "col" })));
    const top = made("thead"), body = made("tbody"); top.append(head); table.append(top, body); box.append(table);
    for (const [name, ...numbers] of fit.rows) { const line = made("tr"); line.append(made("th", name, { scope: "row" }), ...numbers.map((one) => made("td", one, { class: "number" }))); body.append(line); }
    main.append(box, made("p", word(`verdict_${fit.verdict}`, fit), { class: "large" }));
    if (fit.trial) main.append(made("p", word("trial", { runs: fit.tried }), { class: "wrong" }));
  } else main.append(made("p", word("no_fit")));
  main.append(runner([["fit_first", "fit", 0], ["fit_all", "fit", 24]]));
}

function showWanted(main) {
  for (const id of SHEETS.wanted) {
    const sheet = state.setup.form.find((one) => one.id === id);
    showMeasures(main, sheet);
  }
  const towns = made("button", word("see_towns"), { type: "button", id: "see-towns" });
  towns.addEventListener("click", async () => { if (await send("towns", form())) location.href = "/"; });
  main.append(made("h3", word("see")), made("p", word("see_note")), towns);
}

function showRun(main) {
  main.append(runner([["run_trial", "go", 2], ["run_all", "go", 24]]));
  if (!state.work?.done || state.work.running) return;
  const place = made("section", "", { id: "result", "aria-live": "polite" });
  main.append(place);
  const draw = () => showResult(place, state);
  if (state.result) { draw(); return; }
  place.append(made("p", word("reckoning")));
  const id = state.id;
  send("result", { id }).then((found) => { if (found && id === state.id) { state.result = found; if (state.step === "result") draw(); } });
}

// Buttons that begin a command, how far it is, what it says; asked anew every second while it runs.
function runner(choices) {
  const place = made("section", "", { id: "runner" }), work = state.work;
  if (work?.running) {
    const { done = 0, of = 0 } = work.progress, bar = made("progress", "", { "aria-label": word("progress"), ...(of ? { max: of, value: done } : {}) });
    const stop = made("button", word("stop"), { type: "button", id: "stop" });
    stop.addEventListener("click", async () => { stop.disabled = true; await send("stop"); });
    place.append(made("p", of ? word("progress_of", { title: work.progress.title, share: Math.floor((100 * done) / of) }) : word("progress")), bar, made("p", word("leave")), stop);
    setTimeout(() => follow(choices), 1000);
  } else {
    const row = made("p");
    for (const [key, what, worlds] of choices) {
      const button = made("button", word(key), { type: "button", id: key, class: worlds ? "main" : "" });
      button.addEventListener("click", async () => {
        const begun = await send("run", { ...form(), what, worlds });
        if (begun) { state.work = begun; state.result = null; remember(begun.id); show(); }
      });
      row.append(button, " ");
    }
    place.append(row);
    if (work?.stopped || (work?.unfinished && !work.code)) place.append(made("p", word("stopped")));
    else if (work?.code) place.append(made("p", word("failed"), { class: "wrong" }));
  }
  if (work?.said && (work.running || work.code)) { const box = made("details"); box.append(made("summary", word("said")), made("pre", work.said)); place.append(box); }
  return place;
}

// While a command runs only its own part of the page is drawn anew, and what has the focus or is open stays so.
async function follow(choices) {
  const place = by("runner"), id = state.id;
  await look();
  if (!place || place !== by("runner") || id !== state.id) return;
  if (!state.work?.running) { show(); return; }
  const open = place.querySelector("details")?.open, focused = document.activeElement?.id;
  const fresh = runner(choices);
  place.replaceWith(fresh);
  if (open && fresh.querySelector("details")) fresh.querySelector("details").open = true;
  if (focused === "stop") by("stop")?.focus();
}

function showPapers(main) {
  const files = state.work?.files ?? [], place = made("div", "", { class: "papers" });
  main.append(place);
  const link = (name, text, strong) => made("a", text, { class: `button${strong ? " main" : ""}`, href: `/office/file/${state.id}/${name}?lang=${state.lang}`, target: "_blank", rel: "noopener", "data-file": name });
  for (const [name, words] of [["paper", ["paper.pdf", "paper.html"]], ["explanation", ["explanation.pdf", "explanation.html"]], ["excel", ["excel"]], ["report", ["report"]], ["book", ["book"]], ["all", ["all"]]]) {
    const there = words.filter((one) => files.includes(one) || (one === "all" && files.length)), box = made("div");
    box.append(made("h3", word(`file_${name}`)), made("p", word(`file_${name}_note`)));
    for (const one of there) box.append(link(one, word(one.endsWith("pdf") ? "open_pdf" : one.endsWith("html") || one === "report" ? "open_page" : "save"), one === there[0]));
    if (!there.length) box.append(made("p", word("not_there"), { class: "hint" }));
    place.append(box);
  }
}

by("language").addEventListener("click", () => open(state.lang === "ja" ? "en" : "ja"));
by("back").addEventListener("click", () => go(STEPS[STEPS.indexOf(state.step) - 1]));
by("next").addEventListener("click", () => go(STEPS[STEPS.indexOf(state.step) + 1]));
export { valuesOf };
open("");
