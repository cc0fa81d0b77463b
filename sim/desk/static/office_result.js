// The result of a comparison: one sentence, three numbers, a chart by fiscal year, a table of arms; switches act at once.
import { made, state, thousand, word } from "./office.js";

const SVG = document.getElementById("pictures").namespaceURI;
const FACE = "Noto Sans JP, Noto Sans CJK JP, Hiragino Sans, Yu Gothic, Meiryo, sans-serif";

export function showResult(place, { result, switches }) {
  place.replaceChildren();
  const now = { grants: "with", prices: "standard", unseen: "assumed", takeup: "full", ...switches };
  const own = now.takeup === "half" && result.half ? result.half : result.arm;
  const of = (id) => result.money[`${now.grants} ${now.prices} ${now.unseen}`][id];
  const arm = result.arms.find((one) => one.id === own), net = of(own).municipality;
  if (result.trial) place.append(made("p", word("trial", { runs: result.runs }), { class: "wrong" }));
  place.append(made("p", sentence(result, arm, net), { class: "large", id: "sentence" }), three(result, arm, of(own)), switchesOf(place, result, now), chart(result, of(own), arm), table(result, of));
  const more = made("div");
  more.append(made("h3", word("worse_first")), made("p", result.worse), made("h3", word("weakest")), list(result.weak), made("h3", word("back")), list(result.payback), made("p", result.caveat, { class: "hint" }));
  place.append(more);
}

const list = (texts) => { const found = made("ul"); found.append(...texts.map((text) => made("li", text))); return found; };
const whole = (value) => (Math.abs(value) >= 10 ? Math.round(Math.abs(value)).toLocaleString("en-US") : Math.abs(value).toFixed(1));
const signed = (value, digits) => (value === null ? "-" : `${value > 0 ? "+" : value < 0 ? (state.lang === "ja" ? "△" : "−") : "±"}${digits === undefined ? whole(value) : Math.abs(value).toFixed(digits)}`);

function sentence(result, arm, net) {
  const effect = arm.effects.compounded, values = { arm: arm.name, fiscal: result.years[result.years.length - 1], households: whole(effect.difference), better: effect.better, runs: effect.runs, years: result.years.length, yen: thousand(Math.abs(net.mean)) };
  if (Math.abs(effect.difference) < 0.05) return word("sentence_same", { ...values, money: word(net.mean <= 0 ? "less_money" : "more_money", values) });
  return word("sentence", { ...values, direction: word(effect.difference <= 0 ? "fewer" : "more"), money: word(net.mean <= 0 ? "less_money" : "more_money", values) });
}

function three(result, arm, money) {
  const place = made("div", "", { class: "three" }), { compounded, load } = arm.effects;
  const box = (name, number, note) => { const one = made("div"); one.append(made("span", name), made("strong", number), made("span", note, { class: "hint" })); place.append(one); };
  const runs = (effect) => word("better_in", effect);
  box(word("number_compounded", { fiscal: result.years[result.years.length - 1] }), word("households", { number: signed(compounded.difference) }), `${word("range", { low: signed(compounded.low), high: signed(compounded.high) })} ${runs(compounded)}`);
  box(word("number_load"), signed(load.difference, 2), `${word("range", { low: signed(load.low, 2), high: signed(load.high, 2) })} ${runs(load)}`);
  const { mean, low, high, less, runs: all } = money.municipality;
  box(word("number_money", { years: result.years.length }), word("yen", { yen: thousand(mean) }), `${word("range", { low: thousand(low), high: thousand(high) })} ${word("less_in", { less, runs: all })}`);
  return place;
}

function switchesOf(place, result, now) {
  const row = made("div", "", { class: "switches", id: "switches", role: "group", "aria-label": word("switches") });
  const offer = { grants: result.switches.grants, takeup: ["full", "half"], prices: result.switches.prices, unseen: result.switches.unseen };
  for (const [name, values] of Object.entries(offer)) {
    const label = made("label", word(`switch_${name}`)), chosen = made("select", "", { id: `switch-${name}` });
    chosen.append(...values.map((value) => made("option", word(`${name}_${value}`), { value })));
    chosen.value = now[name];
    if (name === "takeup" && !result.half) { chosen.disabled = true; chosen.title = word("no_half"); }
    chosen.addEventListener("change", () => { state.switches[name] = chosen.value; showResult(place, state); document.getElementById(`switch-${name}`).focus(); });
    label.append(chosen); row.append(label);
  }
  return row;
}

function svg(name, values, text = "") {
  const one = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) one.setAttribute(key, value);
  one.textContent = text;
  return one;
}

// Bars: what general funds bear more by fiscal year; squares: the request.
function chart(result, money, arm) {
  const wide = 1000, tall = 340, left = 110, low = 290, high = 40, years = result.years, net = money.municipality.years, asked = arm.request;
  const top = Math.max(1, ...net, ...asked), bottom = Math.min(0, ...net), y = (value) => low - ((low - high) * (value - bottom)) / (top - bottom);
  const place = svg("svg", { viewBox: `0 0 ${wide} ${tall}`, role: "img", "aria-label": word("chart_words", { list: years.map((year, at) => `${year} ${thousand(asked[at])} ${thousand(net[at])}`).join(", ") }) });
  const text = (words, x, at, anchor = "middle", size = 18) => place.append(svg("text", { x, y: at, "text-anchor": anchor, "font-size": size, "font-family": FACE, fill: "#1a1a1a" }, words));
  place.append(svg("rect", { x: left, y: 8, width: 16, height: 16, fill: "#0b5394" })); text(word("chart_asked"), left + 24, 22, "start");
  place.append(svg("rect", { x: left + 420, y: 8, width: 16, height: 16, fill: "#d55e00" })); text(word("chart_net"), left + 444, 22, "start");
  for (const value of [...new Set([top, 0, bottom])]) { place.append(svg("line", { x1: left, x2: wide - 10, y1: y(value), y2: y(value), stroke: value ? "#d9d9d9" : "#555" })); text(thousand(value), left - 8, y(value) + 6, "end"); }
  const gap = (wide - left - 10) / years.length, bar = Math.min(34, gap * 0.36);
  years.forEach((year, at) => {
    const x = left + gap * (at + 0.5);
    place.append(svg("rect", { x: x - bar - 1, y: Math.min(y(asked[at]), y(0)), width: bar, height: Math.abs(y(asked[at]) - y(0)), fill: "#0b5394" }), svg("rect", { x: x + 1, y: Math.min(y(net[at]), y(0)), width: bar, height: Math.abs(y(net[at]) - y(0)), fill: "#d55e00" }));
    if (years.length <= 6 || at % 2 === 0) text(year, x, tall - 14);
  });
  const box = document.createElement("figure");
  box.append(made("figcaption", word("chart")), place);
  box.id = "chart";
  return box;
}

function table(result, of) {
  const box = made("div", "", { class: "scroll", id: "arms" }), grid = made("table"), top = made("thead"), head = made("tr"), body = made("tbody"), years = result.years.length;
  head.append(...["arm", "a_year", "compounded", "better", "load", "general", "public"].map((name) => made("th", word(`column_${name}`, { years }), { scope: "col" })));
  top.append(head); grid.append(made("caption", word("arms", { fiscal: result.years[years - 1] })), top, body); box.append(grid);
  for (const arm of result.arms) {
    const row = made("tr"), { compounded, load } = arm.effects, money = of(arm.id), yearly = arm.request.reduce((one, other) => one + other, 0) / years;
    const ranged = (mean, low, high) => word("ranged", { mean, low, high });
    row.append(made("th", arm.name, { scope: "row" }));
    for (const text of [thousand(yearly), ranged(signed(compounded.difference), signed(compounded.low), signed(compounded.high)), `${compounded.better} / ${compounded.runs}`, signed(load.difference, 2),
      ...["municipality", "public"].map((payer) => ranged(thousand(money[payer].mean), thousand(money[payer].low), thousand(money[payer].high)))]) row.append(made("td", text, { class: "number" }));
    body.append(row);
  }
  return box;
}
