// A lesson: guess first, run, lay the guess over the result, look, talk, print a sheet.
import { YEAR, count, say } from "./draw.js";

function made(name, text = "", values = {}) {
  const one = document.createElement(name);
  one.textContent = text;
  for (const [key, value] of Object.entries(values)) one.setAttribute(key, value);
  return one;
}

export class Lesson {
  // desk: { setup, model, frame, send, paint, choose } of the page, read anew at each step
  constructor(panel, desk) { this.panel = panel; this.desk = desk; this.step = 0; this.chosen = []; this.id = ""; }

  word(key, values) { return say(this.desk.setup.words, key, values); }

  get lesson() { return this.desk.setup.lesson; }

  list() {
    const { setup } = this.desk;
    this.panel.replaceChildren(made("h2", this.word("lessons")));
    for (const one of setup.lessons) {
      const button = made("button", one.title, { type: "button", class: "wide", "data-lesson": one.id });
      button.addEventListener("click", async () => {
        this.panel.replaceChildren(made("h2", this.word("lesson_wait")));
        await this.desk.send("lesson", { id: one.id });
      });
      this.panel.append(button, made("p", one.question));
    }
    this.panel.hidden = false;
  }

  begin() {
    if (this.id !== this.lesson.id) { this.id = this.lesson.id; this.step = 0; this.chosen = []; }
    this.show();
  }

  get steps() {
    const guesses = this.lesson.guesses.map((guess, at) => () => this.guess(guess, at));
    return [() => this.intro(), ...guesses, () => this.run(), () => this.result(), () => this.look(), () => this.discuss(), () => this.sheet()];
  }

  show() {
    this.desk.model.drawing = "";
    this.panel.replaceChildren();
    this.panel.hidden = false;
    this.steps[this.step]();
    const nav = made("nav", "", { class: "steps" });
    const back = made("button", this.word("lesson_back"), { type: "button", id: "lesson-back" });
    const next = made("button", this.word("lesson_next"), { type: "button", id: "lesson-next" });
    back.disabled = this.step === 0; next.disabled = this.step === this.steps.length - 1;
    back.addEventListener("click", () => this.go(-1)); next.addEventListener("click", () => this.go(1));
    const end = made("button", this.word("close"), { type: "button", id: "lesson-close" });
    end.addEventListener("click", () => { this.panel.hidden = true; this.desk.model.drawing = ""; });
    nav.append(back, made("span", `${this.step + 1} / ${this.steps.length}`), next, end);
    this.panel.append(nav);
    this.desk.paint();
  }

  go(by) { this.step = Math.max(0, Math.min(this.steps.length - 1, this.step + by)); this.show(); }

  head(text) { this.panel.append(made("h2", text)); }

  intro() {
    this.head(this.lesson.title);
    this.panel.append(made("p", this.lesson.question, { class: "large" }), made("h3", this.word("lesson_change")), made("p", this.lesson.change),
      made("p", `${this.word("same")}. ${this.word("model")}`));
    const others = made("button", this.word("lesson_others"), { type: "button" });
    others.addEventListener("click", () => this.list());
    this.panel.append(others);
  }

  guess(guess, at) {
    this.head(this.word("lesson_guess_first"));
    this.panel.append(made("p", guess.text, { class: "large" }));
    if (guess.kind === "draw") { this.draw(guess); return; }
    guess.options.forEach((text, option) => {
      const button = made("button", text, { type: "button", class: "wide", "aria-pressed": String(this.chosen[at] === option) });
      button.addEventListener("click", () => { this.chosen[at] = option; this.go(1); });
      this.panel.append(button);
    });
  }

  // A line for town B: drawn on the chart, or typed year by year; both change the same points.
  draw(guess) {
    const { setup, model } = this.desk, years = setup.horizon / YEAR;
    const line = setup.lines.find((one) => one.id === guess.line);
    this.panel.append(made("p", this.word("lesson_draw", { line: line.name })));
    const box = made("div", "", { class: "years" });
    const points = new Map(model.guess[guess.line] || []);
    const fields = Array.from({ length: years }, (_, year) => {
      const field = made("input", "", { type: "number", min: 0, max: guess.top, step: guess.top / 20, placeholder: year + 1, "aria-label": this.word("lesson_years", { year: year + 1 }) });
      field.addEventListener("input", () => { if (field.value !== "") { points.set((year + 1) * YEAR, Number(field.value)); keep(); } });
      box.append(field);
      return field;
    });
    const keep = () => { model.guess[guess.line] = [...points].sort((one, other) => one[0] - other[0]); this.desk.paint(); };
    const told = () => fields.forEach((field, year) => {
      const near = [...points].filter(([week]) => week > year * YEAR && week <= (year + 1) * YEAR).pop();
      if (near) field.value = near[1].toFixed(2);
    });
    model.tops[guess.line] = guess.top;
    model.drawing = guess.line;
    this.draws = (week, value) => {
      points.set(Math.round(week / 4) * 4, Math.max(0, Math.min(guess.top, value)));
      keep(); told();
    };
    told();
    this.panel.append(box);
  }

  run() {
    const { setup } = this.desk;
    this.head(this.word("lesson_run"));
    this.panel.append(made("p", this.lesson.change), made("p", this.word("lesson_run_note", { years: setup.horizon / YEAR })));
    const button = made("button", this.word("lesson_run"), { type: "button", class: "wide", id: "lesson-run" });
    button.addEventListener("click", () => { this.desk.send("play", { playing: true, speed: 26 }); this.go(1); this.panel.hidden = true; });
    this.panel.append(button);
  }

  found(guess) {
    const { setup, model } = this.desk, mean = (values) => {
      const last = values.slice(-YEAR).filter((one) => one !== null);
      return last.length ? last.reduce((sum, one) => sum + one, 0) / last.length : NaN;
    };
    const shown = (value) => (Number.isNaN(value) ? "-" : Math.abs(value) >= 20 ? count(value) : value.toPrecision(3));
    if (guess.line === "money") {
      const payer = setup.payers.findIndex((one) => one.id === "municipality");
      const total = (name) => (model.money?.[name] || []).reduce((sum, year) => sum + year[payer], 0);
      return this.word("lesson_money", { a: count(total("a")), b: count(total("b")) });
    }
    if (guess.line === "reached") {
      const share = (name) => { const parts = (model.towns[name]?.iceberg || []).slice(1); const all = parts.flat().reduce((x, y) => x + y, 0); return all ? Math.round((100 * parts.reduce((x, one) => x + one[0], 0)) / all) : "-"; };
      return this.word("lesson_reached", { a: share("a"), b: share("b") });
    }
    const at = setup.lines.findIndex((one) => one.id === guess.line);
    return this.word("lesson_found", { a: shown(mean(model.lines.a[at])), b: shown(mean(model.lines.b[at])) });
  }

  guessed(guess, at) {
    const { model } = this.desk;
    if (guess.kind === "draw") return model.guess[guess.line] ? this.word("lesson_drawn") : this.word("lesson_no_guess");
    return guess.options[this.chosen[at]] ?? this.word("lesson_no_guess");
  }

  result() {
    this.head(this.word("lesson_result"));
    this.lesson.guesses.forEach((guess, at) => {
      this.panel.append(made("h3", guess.text), made("p", `${this.word("lesson_guess")}：${this.guessed(guess, at)}`), made("p", this.found(guess), { class: "answer" }));
    });
    const again = made("button", this.word("lesson_again"), { type: "button", class: "wide" });
    again.addEventListener("click", async () => {
      await this.desk.send("go_to", { week: this.lesson.from_week });
      await this.desk.send("play", { playing: true, speed: 13 });
      this.panel.hidden = true;
    });
    this.panel.append(again, made("p", this.word("lesson_one_seed")));
  }

  look() {
    this.head(this.word("lesson_look"));
    for (const one of this.lesson.look) {
      const button = made("button", `${one.text}（${this.word(`view_${one.view}`)}）`, { type: "button", class: "wide" });
      button.addEventListener("click", () => { this.desk.choose(one.view); if (one.view !== "towns") this.panel.hidden = true; });
      this.panel.append(button);
    }
  }

  listed(title, texts, to = this.panel) {
    const list = made("ul");
    list.append(...texts.map((text) => made("li", text)));
    to.append(made("h3", title), list);
  }

  discuss() {
    this.listed(this.word("lesson_discuss"), this.lesson.discuss);
    this.listed(this.word("lesson_left_out"), this.lesson.left_out);
  }

  sheet() {
    this.head(this.word("lesson_sheet"));
    const button = made("button", this.word("lesson_print"), { type: "button", class: "wide", id: "lesson-print" });
    button.addEventListener("click", () => window.print());
    this.panel.append(button);
    const sheet = document.getElementById("sheet"), lesson = this.lesson;
    sheet.replaceChildren(made("h1", lesson.title), made("p", this.word("model")));
    sheet.append(made("h3", this.word("lesson_question")), made("p", lesson.question), made("h3", this.word("lesson_change")), made("p", lesson.change));
    sheet.append(made("h3", this.word("lesson_result")));
    lesson.guesses.forEach((guess, at) => sheet.append(made("p", `${guess.text} ${this.word("lesson_guess")}：${this.guessed(guess, at)}。${this.found(guess)}`)));
    const picture = made("img", "", { alt: this.word("lesson_result"), src: this.desk.picture() });
    sheet.append(picture);
    this.listed(this.word("lesson_left_out"), lesson.left_out, sheet);
    this.listed(this.word("lesson_discuss"), lesson.discuss, sheet);
    sheet.append(made("h3", this.word("lesson_decision")), ...[0, 1, 2].map(() => made("p", "", { class: "blank" })), made("p", this.word("lesson_one_seed")));
    const copy = sheet.cloneNode(true);
    copy.removeAttribute("id"); copy.querySelector("img").remove();
    copy.className = "preview";
    this.panel.append(copy);
  }
}
