// Fields of the workbook on the page: forms, tables, and the cards of what is wanted with their yearly cost at once.
import { made, state, thousand, typed, word } from "./office.js";

export const valuesOf = () => state.values;

// A field, told apart by its key; what is wrong with it stands in the element wrong-KEY.
function field(key, one, label) {
  const value = state.values[key] ?? "", choices = Object.entries(one.choices);
  let made_;
  if (choices.length && one.reader === "choice") {
    made_ = made("select");
    made_.append(made("option", "", { value: "" }), ...choices.map(([meant, text]) => made("option", text, { value: meant })));
  } else {
    made_ = made("input", "", { type: "text", placeholder: one.example, autocomplete: "off" });
    if (choices.length) {
      const list = `list-${one.id}`;
      if (!document.getElementById(list)) { const offered = made("datalist", "", { id: list }); offered.append(...choices.map(([, text]) => made("option", "", { value: text }))); document.body.append(offered); }
      made_.setAttribute("list", list);
    }
  }
  made_.id = `f-${key}`;
  made_.value = value;
  made_.dataset.key = key;
  made_.setAttribute("aria-describedby", `wrong-${key}`);
  if (label) made_.setAttribute("aria-label", label);
  made_.addEventListener(made_.tagName === "SELECT" ? "change" : "input", () => typed(key, made_.value.trim()));
  return made_;
}

const wrong = (key) => made("span", "", { id: `wrong-${key}`, class: "wrong" });
const unit = (one) => (one.unit ? `${one.label}（${one.unit}）` : one.label);

function line(key, one) {
  const row = made("div", "", { class: "field" });
  row.append(made("label", unit(one), { for: `f-${key}` }), field(key, one), made("span", one.where, { class: "hint" }), wrong(key));
  return row;
}

function table(block) {
  const box = made("div", "", { class: "scroll" }), grid = made("table"), top = made("thead"), head = made("tr"), body = made("tbody");
  head.append(made("th", block.open ? "" : ""), ...block.inputs.map((one) => made("th", unit(one), { scope: "col" })));
  top.append(head); grid.append(top, body); box.append(grid);
  const add = (of, at) => {
    const row = made("tr"), name = of.name || `${at + 1}`;
    row.append(made("th", name, { scope: "row" }));
    for (const one of block.inputs) {
      const cell = made("td"), key = `${block.id}.${of.id}.${one.id}`;
      if (!of.without.includes(one.id)) cell.append(field(key, { ...one, example: at ? "" : one.example }, `${name} ${one.label}`), wrong(key));
      row.append(cell);
    }
    body.append(row);
  };
  const used = Object.keys(state.values).filter((key) => key.startsWith(`${block.id}.`)).map((key) => Number(key.split(".")[1])).filter(Number.isFinite);
  const lines = block.open ? Array.from({ length: Math.max(5, ...used) }, (_, at) => ({ id: String(at + 1), name: "", without: [] })) : block.lines;
  lines.forEach(add);
  if (!block.open) return box;
  const more = made("button", word("more_lines"), { type: "button" });
  more.addEventListener("click", () => { for (let n = 0; n < 5; n += 1) add({ id: String(body.children.length + 1), name: "", without: [] }, body.children.length); });
  box.append(more);
  return box;
}

function block(main, one) {
  const needed = one.inputs.some((input) => input.needed);
  const place = made("details"), filled = Object.keys(state.values).some((key) => key.startsWith(`${one.id}.`));
  place.open = needed || filled || !one.lines;
  place.append(made("summary", one.title));
  if (one.note) place.append(made("p", one.note, { class: "hint" }));
  if (one.lines) place.append(table(one)); else place.append(...one.inputs.map((input) => line(`${one.id}.${input.id}`, input)));
  main.append(place);
}

export function showForm(main, sheet) {
  main.append(made("h3", sheet.name), made("p", sheet.note, { class: "hint" }));
  for (const one of sheet.blocks) block(main, one);
}

// What is wanted: measures as cards, the rest as forms.
export function showMeasures(main, sheet) {
  main.append(made("h3", sheet.name), made("p", sheet.note, { class: "hint" }));
  for (const one of sheet.blocks) if (one.id === "measures") cards(main, one); else block(main, one);
}

function cards(main, measures) {
  main.append(made("h3", measures.title), made("p", measures.note, { class: "hint" }));
  const place = made("div", "", { class: "cards" });
  for (const role of measures.lines) place.append(card(measures, role));
  main.append(place);
}

const LATER = ["funding", "ceiling", "until", "price"];

function card(measures, role) {
  const place = made("section", "", { class: "card" }), cost = made("p", "", { class: "cost", "aria-live": "polite" }), more = made("details");
  const key = (id) => `measures.${role.id}.${id}`;
  place.append(made("h4", role.name), made("p", role.about, { class: "hint" }));
  more.append(made("summary", word("money_of_it")));
  for (const one of measures.inputs.filter((input) => !role.without.includes(input.id))) {
    const row = made("div", "", { class: "row" });
    row.append(made("label", one.unit && one.id !== "number" ? `${one.label}（${one.unit}）` : one.label, { for: `f-${key(one.id)}` }), field(key(one.id), one), wrong(key(one.id)));
    (LATER.includes(one.id) ? more : place).append(row);
  }
  more.open = LATER.some((id) => state.values[key(id)]);
  if (more.children.length > 1) place.append(more);
  place.append(cost);
  const reckon = () => {
    const number = plain(state.values[key("number")]), usual = state.setup.prices[role.id === "place" ? "place" : state.values[key("kind")] || state.setup.kinds[role.id]];
    const price = plain(state.values[key("price")]) ?? usual;
    place.classList.toggle("wanted", Boolean(number));
    cost.textContent = number && !role.without.includes("price") && price ? word("yearly", { yen: thousand(number * price) }) : "";
  };
  place.addEventListener("input", reckon); place.addEventListener("change", reckon);
  reckon();
  return place;
}

// A number as people type it, where it is plainly one; the exact amount comes from the server.
function plain(text) {
  const found = (text ?? "").normalize("NFKC").replace(/,/g, "").match(/^(\d+(?:\.\d+)?)(万円?)?$/);
  return found ? Number(found[1]) * (found[2] ? 10 : 1) : undefined;
}
