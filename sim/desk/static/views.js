// The other views of the two towns: loops, money, one household's two lives.
import { A, B, GRID, HEAD, HEAVIER, INK, LIGHTER, PALE, SCENES, SMALL, STAGE_COLORS, TEXT, YEAR, count, fiscalYear, niceTop, say } from "./draw.js";

const DARK_B = "#a84900";

export const short = (value) => (Math.abs(value) >= 100 ? count(value) : `${+Number(value).toPrecision(2)}`);

// Loops: an arrow is as wide as its flow of the last year against that of town A in its first year.
const MARKED = { better: LIGHTER, worse: HEAVIER };
const NUMBERS = "①②③④⑤⑥⑦⑧⑨";

function drawLoops(pen, tall, setup, model) {
  const { nodes, arrows, loops } = setup.loops, words = setup.words, h = tall - 112;
  const spot = (x, y) => [(x / 100) * 1280, 6 + (y / 100) * h];
  const place = Object.fromEntries(nodes.map((one) => [one.id, { at: spot(one.x, one.y), half: pen.width(one.name, HEAD, true) / 2 + 12 }]));
  const flows = model.flows || { a: [], b: [] }, usual = model.usual || [];
  const carried = setup.carried?.measures.find((one) => one.id === model.carried);
  const paths = arrows.map((arrow) => pathOf(place[arrow.start], place[arrow.end], (arrow.via || []).map(([x, y]) => spot(x, y))));
  if (carried) drawCarried(pen, paths, arrows, carried);
  else {
    arrows.forEach((arrow, at) => drawArrow(pen, paths[at], arrow, [[widthOf(flows.a[at], usual[at]), A], [widthOf(flows.b[at], usual[at]), B]]));
    arrows.forEach((arrow, at) => drawFlow(pen, paths[at], arrow, flowWords(flows.a[at], flows.b[at])));
  }
  for (const one of nodes) {
    const { at: [x, y], half } = place[one.id];
    pen.box(x - half, y - 20, 2 * half, 40, "#fff"); pen.frame(x - half, y - 20, 2 * half, 40, INK, 2);
    pen.text(one.name, x, y + 9, { size: HEAD, bold: true, align: "center" });
  }
  const shown = loops.map((loop, at) => [`${NUMBERS[at]}${loop.name}`, loop.reinforcing]);
  let x = 14;
  for (const [reinforcing, color] of [[true, "#8b0000"], [false, "#00522f"]]) {
    const names = shown.filter((one) => one[1] === reinforcing).map((one) => one[0]).join(" ");
    x += pen.text(`${say(words, reinforcing ? "reinforcing" : "balancing")}：${names}`, x, tall - 42, { size: SMALL, color, most: 1262 - x }) + 20;
  }
  const note = carried ? say(words, "carried_note", { ...carried, arm: setup.carried.arm, runs: setup.carried.runs }) : say(words, "loops_note");
  pen.text(note, 14, tall - 10, { size: SMALL, most: setup.lang === "ja" ? 840 : 1000 });
}

// As wide as what the loops through an arrow carry of the difference: blue for the better, orange for the worse, grey
// where that is not known or nothing was held.
function drawCarried(pen, paths, arrows, carried) {
  const most = Math.max(1e-12, ...carried.arrows.map((one) => Math.abs(one.carried ?? 0)));
  arrows.forEach((arrow, at) => {
    const one = carried.arrows[at], wide = one.carried === null ? 1 : Math.max(1, (22 * Math.abs(one.carried)) / most);
    drawArrow(pen, paths[at], arrow, [[wide, MARKED[one.mark] ?? PALE]]);
  });
  arrows.forEach((arrow, at) => drawFlow(pen, paths[at], arrow, carried.arrows[at].said));
}

function widthOf(flow, usual) {
  if (flow === undefined) return 0;
  if (!usual) return flow ? 4 : 1;
  return Math.max(1, Math.min(14, (4 * flow) / usual));
}

// The way from box to box, from edge to edge.
function pathOf(from, to, via) {
  const points = [from.at, ...via, to.at];
  const edge = (box, other) => {
    const dx = other[0] - box.at[0], dy = other[1] - box.at[1];
    const share = Math.min(dx ? box.half / Math.abs(dx) : 9, dy ? 20 / Math.abs(dy) : 9, 0.45);
    return [box.at[0] + dx * share, box.at[1] + dy * share];
  };
  const first = edge(from, points[1]), last = edge(to, points[points.length - 2]);
  return [first, ...via, last];
}

// An arrow of several bands side by side, [width, colour] each.
function drawArrow(pen, path, arrow, bands) {
  const total = bands.reduce((sum, [wide]) => sum + wide, 0);
  let used = 0;
  bands.forEach(([wide, color]) => {
    const off = used + wide / 2 - total / 2;
    used += wide;
    if (!wide) return;
    const tip = Math.max(11, wide * 1.2), points = shifted(path, off);
    const end = points[points.length - 1], before = points[points.length - 2];
    const long = Math.hypot(end[0] - before[0], end[1] - before[1]) || 1, ux = (end[0] - before[0]) / long, uy = (end[1] - before[1]) / long;
    const back = [end[0] - ux * tip, end[1] - uy * tip];
    pen.line([...points.slice(0, -1), back], color, wide, arrow.slow ? [12, 8] : []);
    const c = pen.c, s = pen.s;
    c.fillStyle = color; c.beginPath(); c.moveTo(end[0] * s, end[1] * s);
    c.lineTo((back[0] - uy * tip * 0.6) * s, (back[1] + ux * tip * 0.6) * s);
    c.lineTo((back[0] + uy * tip * 0.6) * s, (back[1] - ux * tip * 0.6) * s); c.fill();
  });
}

function shifted(path, off) {
  const normals = path.slice(1).map(([x, y], at) => {
    const dx = x - path[at][0], dy = y - path[at][1], long = Math.hypot(dx, dy) || 1;
    return [-dy / long, dx / long];
  });
  return path.map(([x, y], at) => {
    const near = [normals[at - 1], normals[at]].filter(Boolean);
    const nx = near.length > 1 ? near[0][0] + near[1][0] : near[0][0], ny = near.length > 1 ? near[0][1] + near[1][1] : near[0][1];
    return [x + nx * off, y + ny * off];
  });
}

// The name and the flow of an arrow, on the middle of its longest piece.
const flowWords = (a, b) => (a === undefined ? "" : short(a) === short(b) ? short(a) : `${short(a)} → ${short(b)}`);

function drawFlow(pen, path, arrow, values) {
  const pieces = path.slice(1).map((end, at) => [path[at], end]);
  const length = ([one, other]) => Math.hypot(other[0] - one[0], other[1] - one[1]);
  const [from, to] = pieces.reduce((best, piece) => (length(piece) > length(best) ? piece : best));
  const mx = from[0] + (to[0] - from[0]) * arrow.at, my = from[1] + (to[1] - from[1]) * arrow.at;
  const name = `${NUMBERS[arrow.loop]}${arrow.name}${arrow.sign < 0 ? "（−）" : ""}`;
  const wide = Math.max(pen.width(name, SMALL), pen.width(values, SMALL, true)) + 8;
  const x = Math.min(1276 - wide / 2, Math.max(4 + wide / 2, mx));
  pen.c.globalAlpha = 0.88; pen.box(x - wide / 2, my - 23, wide, 46, "#fff"); pen.c.globalAlpha = 1;
  pen.text(name, x, my - 3, { size: SMALL, align: "center" });
  pen.text(values, x, my + 19, { size: SMALL, bold: true, align: "center" });
}

// Money: what each payer pays in the last full year, in both towns, and the difference since the start.
function drawMoney(pen, tall, setup, model) {
  const words = setup.words, money = model.money, last = money ? Math.min(money.a.length, money.b.length) - 1 : -1;
  if (last < 0) { pen.text(say(words, "money_none"), 640, tall / 2, { size: HEAD + 6, align: "center" }); return; }
  const when = say(words, "when", { year: last + 1, fiscal: fiscalYear(setup.start_year, last * YEAR, setup.lang) });
  pen.text(`${when} ${say(words, "money_title")}`, 20, 38, { size: HEAD + 4, bold: true });
  const sum = (list) => list.reduce((one, other) => one + other, 0);
  const names = [...setup.payers.map((one) => one.name), say(words, "money_total")];
  const a = [...money.a[last], sum(money.a[last])], b = [...money.b[last], sum(money.b[last])];
  const since = names.map((_, at) => money.b.slice(0, last + 1).reduce((total, year, y) => total + (at < year.length ? year[at] - money.a[y][at] : sum(year) - sum(money.a[y])), 0));
  const most = niceTop(Math.max(...a, ...b)), row = (tall - 150) / names.length, left = 290, wide = 560;
  pen.text(say(words, "money_less"), 1266, 84, { size: TEXT, bold: true, align: "right" });
  names.forEach((name, at) => {
    const y = 96 + at * row, high = Math.min(26, row / 2 - 6);
    if (at === names.length - 1) pen.line([[20, y], [1266, y]], INK, 2);
    pen.text(name, left - 14, y + row / 2 + 8, { size: TEXT, align: "right", most: left - 24 });
    [[a[at], A, "A"], [b[at], B, "B"]].forEach(([value, color, mark], nth) => {
      const top = y + row / 2 + (nth ? 2 : -high - 2);
      pen.box(left, top, Math.max(1, (wide * value) / most), high, color);
      pen.text(`${mark} ${count(value)}`, left + (wide * value) / most + 8, top + high - 4, { size: SMALL, bold: true, color: nth ? DARK_B : A });
    });
    const less = Math.round(since[at]);
    pen.text(`${less > 0 ? "+" : less < 0 ? "−" : "±"}${count(Math.abs(less))}`, 1266, y + row / 2 + 9, { size: HEAD + 4, bold: true, align: "right" });
  });
  pen.text(say(words, "money_note"), 20, tall - 10, { size: SMALL, most: 860 });
}

// One household's two lives: its stage as two bands, and what happens in words.
function drawLife(pen, tall, setup, model) {
  const life = model.life, words = setup.words;
  if (!life) { pen.text(say(words, "life_none"), 640, tall / 2, { size: HEAD + 6, align: "center" }); return; }
  pen.text(life.title, 20, 36, { size: HEAD + 4, bold: true });
  pen.text(say(words, "life_apart", { weeks: count(life.weeks) }), 1266, 36, { size: TEXT, align: "right" });
  const left = 70, right = 1250, px = (week) => left + ((right - left) * week) / setup.horizon;
  ["a", "b"].forEach((name, nth) => {
    const y = 52 + nth * 62, turns = life.towns[name].stages;
    pen.text(name.toUpperCase(), 30, y + 34, { size: HEAD + 6, bold: true, color: nth ? DARK_B : A });
    turns.forEach(([week, stage], at) => {
      const end = at + 1 < turns.length ? turns[at + 1][0] : life.lived ?? model.week, x = px(week), wide = px(end) - x;
      const low = y + 46, high = 10 + stage * 12;
      pen.box(x, low - high, Math.max(1, wide), high, STAGE_COLORS[stage]); pen.frame(x, low - high, Math.max(1, wide), high, "#666", 1);
    });
  });
  for (let year = 0; year <= setup.horizon / YEAR; year += 1) pen.text(year, px(year * YEAR), 186, { size: SMALL, color: PALE, align: "center" });
  let x = 70;
  setup.stages.forEach((name, stage) => {
    pen.box(x, 198, 22, 22, STAGE_COLORS[stage]); pen.frame(x, 198, 22, 22, "#666", 1);
    x += 30 + pen.text(name, x + 28, 217, { size: SMALL }) + 22;
  });
  ["a", "b"].forEach((name, nth) => drawTold(pen, 20 + nth * 632, 236, 614, tall - 270, life.towns[name].told, name, words));
}

// The sentences that fit: what both towns share in grey, what is of this town alone in black.
function drawTold(pen, x, y, w, h, told, name, words) {
  const color = name === "a" ? A : B;
  pen.text(say(words, name), x, y + 22, { size: HEAD, bold: true, color: name === "a" ? A : DARK_B });
  pen.line([[x, y + 30], [x + w, y + 30]], color, 3);
  const room = Math.floor((h - 36) / 28), first = told.findIndex((one) => !one[2]);
  const from = Math.max(0, Math.min(first < 0 ? told.length - room : first - 1, told.length - room));
  told.slice(from, from + room).forEach(([date, text, shared], at) => {
    pen.text(`${date}：${text}`, x, y + 58 + at * 28, { size: SMALL, bold: !shared, color: shared ? PALE : INK, most: w });
  });
  if (!told.length) pen.line([[x, y + 60], [x + 40, y + 60]], GRID, 2);
}

Object.assign(SCENES, { loops: drawLoops, money: drawMoney, life: drawLife });
