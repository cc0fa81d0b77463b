// The live page: takes frames from the server, draws them, and sends what is pressed.
import { YEAR, count, drawScene, emptyModel, fiscalYear, say, takeFrame } from "./draw.js";
import "./views.js";
import { Lesson } from "./lesson.js";

const by = (id) => document.getElementById(id);
const VIEWS = ["towns", "loops", "life", "money"];
const NAME = Array.from(crypto.getRandomValues(new Uint8Array(12)), (one) => one.toString(16).padStart(2, "0")).join(""); // of this window
let setup = null, model = null, frame = null, stream = null, lang = "", view = "towns";

const lesson = new Lesson(by("lesson"), {
  get setup() { return setup; }, get model() { return model; }, get frame() { return frame; }, send: (...given) => send(...given),
  paint: () => paint(), choose: (name) => choose(name), picture: () => { choose("towns"); return by("scene").toDataURL("image/png"); },
});

const word = (key, values) => say(setup.words, key, values);

async function send(what, content = {}) {
  try {
    const answer = await fetch(`/do/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ lang, ...content }) });
    const said = await answer.json();
    if (said.refused) tell(said.refused);
    else if (what !== "acknowledge") tell("");
    return answer.ok ? said : null;
  } catch { tell(word("lost")); return null; }
}

function tell(text, action) {
  const place = by("message");
  place.replaceChildren(text);
  if (action) { const button = element("button", action[0]); button.addEventListener("click", action[1]); place.append("\n", button); }
  place.hidden = !text;
}

function element(name, text = "", values = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  return made;
}

async function open(wanted) {
  const asked = new URLSearchParams({ window: NAME, ...(wanted ? { lang: wanted } : {}) });
  const answer = await fetch(`/setup?${asked}`);
  if (!answer.ok) { by("message").textContent = await answer.text(); by("message").hidden = false; return; }
  setup = await answer.json();
  lang = setup.lang;
  const kept = model && model.lesson === (setup.lesson?.id ?? "") ? { guess: model.guess, tops: model.tops } : {};
  model = { ...emptyModel(setup), ...kept, lesson: setup.lesson?.id ?? "" };
  document.documentElement.lang = lang;
  document.title = `${setup.title} - sim desk`;
  label();
  if (setup.full) { tell(word("windows", { most: setup.most })); return; }
  buildDrawer();
  by("lesson").hidden = true;
  if (setup.lesson) lesson.begin();
  if (stream) stream.close();
  stream = new EventSource(`/frames?${new URLSearchParams({ window: NAME, lang })}`);
  stream.addEventListener("window", () => { model = { ...emptyModel(setup), guess: model.guess, tops: model.tops, lesson: model.lesson }; tell(""); });
  stream.addEventListener("frame", (event) => take(JSON.parse(event.data)));
  stream.addEventListener("error", () => tell(word("lost")));
}

function take(news) {
  if (news.shown !== setup.shown) { open(lang); return; }
  frame = news;
  takeFrame(model, news);
  requestAnimationFrame(() => { paint(); send("acknowledge", { window: NAME, number: news.number }); });
  show();
}

function label() {
  by("title").textContent = setup.title;
  by("language").textContent = word("other_language");
  by("step").textContent = word("step"); by("year").textContent = word("step_year");
  by("lessons").textContent = word("lessons");
  by("office").textContent = word("office"); by("office").hidden = !setup.office;
  by("levers").textContent = word("levers");
  by("views").replaceChildren(...VIEWS.map((name) => {
    const button = element("button", word(`view_${name}`), { type: "button", id: `view-${name}` });
    button.addEventListener("click", () => choose(name));
    return button;
  }));
  by("find").textContent = word("life_find");
  offerCarried();
  choose(view);
  by("rewind").max = setup.horizon; by("rewind").setAttribute("aria-label", word("rewind"));
  by("speed").setAttribute("aria-label", word("speed"));
  by("speed").replaceChildren(...setup.speeds.map((weeks) => element("option", word("per_second", { weeks }), { value: weeks })));
}

// In the picture of loops: the flows of the live towns, or what the ledger of the comparison says.
function offerCarried() {
  const offered = setup.carried ? [["", word("loops_flow")], ...setup.carried.measures.map((one) => [one.id, word("loops_carried", { measure: one.name })])] : [];
  by("carried").setAttribute("aria-label", word("view_loops"));
  by("carried").replaceChildren(...offered.map(([value, text]) => element("option", text, { value })));
}

function choose(name) {
  view = name;
  for (const button of by("views").children) button.setAttribute("aria-current", button.id === `view-${name}` ? "page" : "false");
  by("find").hidden = name !== "life";
  by("carried").hidden = name !== "loops" || !setup.carried;
  paint();
}

async function findLife() {
  tell(word("life_wait"));
  const found = await send("life");
  if (found) { model.life = { ...found, lived: frame.week }; paint(); }
}

function show() {
  const year = Math.floor(Math.max(0, frame.week - 1) / YEAR);
  by("when").textContent = word("when", { year: year + 1, fiscal: fiscalYear(setup.start_year, frame.week - 1, lang) });
  by("play").textContent = frame.playing ? "❚❚" : "▶";
  by("play").setAttribute("aria-label", word(frame.playing ? "pause" : "play"));
  by("speed").value = String(frame.speed);
  if (document.activeElement !== by("rewind")) by("rewind").value = String(frame.week);
  const ended = Object.entries(frame.towns).filter(([, town]) => town.ended);
  if (ended.length) tell(ended.map(([name, town]) => `${word("ended", { town: word(name) })}\n${town.ended}`).join("\n"), [word("revive"), () => send("revive")]);
  showValues();
  describe();
}

// The same as the picture, in words, for who does not see it.
function describe() {
  const last = (name, at) => { const line = model.lines[name][at]; return line.length ? line[line.length - 1] : "-"; };
  const lines = setup.lines.map(({ name }, at) => `${name}: A ${last("a", at)}, B ${last("b", at)}`);
  const differ = `${word("differ")}: ${word("lighter")} ${count(frame.differ.lighter.length)}, ${word("heavier")} ${count(frame.differ.heavier.length)}`;
  const text = [word("model"), by("when").textContent, ...lines, differ].join(". ");
  by("scene").setAttribute("aria-label", text);
  if (!frame.playing) by("spoken").textContent = text;
}

function paint() {
  const scene = by("scene"), sharp = window.devicePixelRatio || 1;
  const width = Math.round(scene.clientWidth * sharp), height = Math.round(scene.clientHeight * sharp);
  if (!setup || !width || !height) return;
  if (scene.width !== width || scene.height !== height) { scene.width = width; scene.height = height; }
  const { smallest, crowded } = drawScene(scene.getContext("2d"), width, height, setup, model, view);
  Object.assign(scene.dataset, { week: model.week, view, smallest, crowded });
}

function buildDrawer() {
  const drawer = by("drawer");
  drawer.replaceChildren(element("h2", word("levers")), element("p", word("levers_note")));
  for (const control of setup.controls) {
    const line = element("div", "", { class: "control" }), id = `c-${control.id}`;
    const name = control.unit === "posts" ? control.lever : control.label;
    const field = element("input", "", control.switch ? { type: "checkbox", id } : { type: "number", id, min: 0, max: control.most, step: control.step });
    const button = element("button", word("apply"), { type: "button", "aria-label": `${name}: ${word("apply")}` });
    const price = element("span", "", { class: "price" });
    const told = () => {
      const amount = control.switch ? 1 : Number(field.value) - control.standing;
      price.textContent = control.yen ? word("a_year", { yen: count((control.yen * amount) / 1000) }) : word("hours_only");
    };
    field.addEventListener("input", () => { field.dataset.touched = "yes"; told(); });
    button.addEventListener("click", () => {
      delete field.dataset.touched;
      send("lever", { id: control.id, value: control.switch ? field.checked : Number(field.value), ramp_months: by("ramp").checked && !control.switch ? 6 : 0 });
    });
    field.told = told;
    line.append(element("label", name, { for: id }), field, button, price);
    drawer.append(line);
  }
  const ramp = element("label", ` ${word("ramp")}`), box = element("input", "", { type: "checkbox", id: "ramp" });
  ramp.prepend(box);
  const undo = element("button", word("undo"), { type: "button", id: "undo" });
  undo.addEventListener("click", () => send("undo"));
  const shocks = element("div", "", { class: "shocks" });
  for (const shock of setup.shocks) {
    const button = element("button", shock.name, { type: "button" });
    button.addEventListener("click", () => send("shock", { kind: shock.kind }));
    shocks.append(button);
  }
  const plans = element("div", "", { class: "shocks", id: "plans" });
  for (const plan of setup.plans) {
    const button = element("button", plan.name, { type: "button", "data-plan": plan.id });
    button.addEventListener("click", () => send("plan", { id: plan.id }));
    plans.append(button);
  }
  const picture = element("button", word("picture"), { type: "button", id: "picture" });
  picture.addEventListener("click", () => save(`sim-desk-${frame.week}.png`, by("scene").toDataURL("image/png")));
  const record = element("button", word("record"), { type: "button", id: "record" });
  record.addEventListener("click", keepPage);
  drawer.insertBefore(ramp, drawer.children[2]);
  drawer.append(element("h2", word("changes")), element("ul", "", { id: "changes" }), element("p", "", { id: "total" }), undo, element("h2", word("shock")), shocks, ...(setup.plans.length ? [element("h2", word("plans")), plans] : []), element("h2", word("keep")), picture, " ", record, element("p", word("keys")));
}

function showValues() {
  for (const control of setup.controls) {
    const field = by(`c-${control.id}`), value = frame.values[control.id];
    if (!field || field.dataset.touched || document.activeElement === field) continue;
    if (control.switch) field.checked = Boolean(value); else field.value = value;
    field.told();
  }
  const items = frame.changes.map((one) => `${word("year", { year: Math.floor(one.week / YEAR) + 1 })}: ${one.said} ${Object.values(one.settings).join(" ")}`);
  const total = setup.controls.reduce((sum, one) => sum + one.yen * (Number(frame.values[one.id]) - one.standing), 0);
  by("total").textContent = word("total", { yen: count(total / 1000) });
  by("changes").replaceChildren(...(items.length ? items : [word("no_change")]).map((text) => element("li", text)));
  by("undo").disabled = !items.length;
}

function toggleLevers() {
  const shown = by("drawer").hidden;
  by("drawer").hidden = !shown;
  by("levers").setAttribute("aria-expanded", String(shown));
  if (shown) by("drawer").querySelector("input")?.focus();
}

async function keepPage() {
  const answer = await fetch(`/record?lang=${lang}`);
  if (!answer.ok) { tell(await answer.text()); return; }
  const href = URL.createObjectURL(await answer.blob());
  save("sim-desk.html", href);
  setTimeout(() => URL.revokeObjectURL(href), 60000);
}

function save(name, href) { const link = element("a", "", { download: name, href }); link.click(); }

const play = () => frame && send("play", { playing: !frame.playing, speed: Number(by("speed").value) });

by("play").addEventListener("click", play);
by("step").addEventListener("click", () => send("step", { weeks: 4 }));
by("year").addEventListener("click", () => send("step", { weeks: YEAR - (frame.week % YEAR) }));
by("speed").addEventListener("change", () => send("play", { playing: frame.playing, speed: Number(by("speed").value) }));
by("rewind").addEventListener("change", () => { send("go_to", { week: Number(by("rewind").value) }); by("rewind").blur(); });
by("levers").addEventListener("click", toggleLevers);
by("language").addEventListener("click", () => open(lang === "ja" ? "en" : "ja"));
by("lessons").addEventListener("click", () => {
  if (!by("lesson").hidden) by("lesson").hidden = true;
  else if (setup.lesson) lesson.show();
  else lesson.list();
});
for (const kind of ["pointerdown", "pointermove"]) by("scene").addEventListener(kind, (event) => {
  const plot = model && model.drawing && model.plots[model.drawing];
  if (!plot || !event.buttons) return;
  const scale = 1280 / by("scene").clientWidth, x = event.offsetX * scale, y = event.offsetY * scale;
  if (x < plot.left || x > plot.right || y < plot.high - 20 || y > plot.low + 20) return;
  event.preventDefault();
  lesson.draws((setup.horizon * (x - plot.left)) / (plot.right - plot.left), (plot.top * (plot.low - y)) / (plot.low - plot.high));
});
by("find").addEventListener("click", findLife);
by("carried").addEventListener("change", () => { model.carried = by("carried").value; paint(); });
window.addEventListener("resize", paint);
document.addEventListener("keydown", (event) => {
  const on = event.target.tagName, typed = ["INPUT", "SELECT", "TEXTAREA"].includes(on), pressed = on === "BUTTON" && [" ", "Enter"].includes(event.key);
  if (!frame || event.ctrlKey || event.metaKey || event.altKey || ((typed || pressed) && event.key !== "Escape")) return;
  const keys = {
    1: () => choose("towns"), 2: () => choose("loops"), 3: () => choose("life"), 4: () => choose("money"),
    " ": play, l: toggleLevers, u: () => send("undo"),
    ArrowRight: () => send("step", { weeks: event.shiftKey ? YEAR - (frame.week % YEAR) : 4 }),
    ArrowLeft: () => send("go_to", { week: Math.max(0, YEAR * (Math.ceil(frame.week / YEAR) - 1)) }),
    Escape: () => { if (!by("drawer").hidden) toggleLevers(); },
  };
  const action = keys[event.key] || keys[event.key.toLowerCase()];
  if (action) { event.preventDefault(); action(); }
});
open("");
