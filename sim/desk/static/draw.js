// Draws two towns on a canvas. Knows nothing of a server: a live page and a recorded page draw alike.
// Sizes are those of a canvas 1280 wide; no letter is smaller than SMALL there.

export const SMALL = 20, TEXT = 22, HEAD = 24;
export const FACE = '"Noto Sans JP","Noto Sans CJK JP","Hiragino Sans","Yu Gothic",Meiryo,sans-serif';
export const INK = "#1a1a1a", PALE = "#767676", GRID = "#d9d9d9", A = "#222222", B = "#d55e00";
export const LIGHTER = "#0072b2", HEAVIER = "#d55e00", WATER = "#cfe6f5";
const PRESENT = 0, VACANT = 1;
export const YEAR = 52;

export function say(words, key, values = {}) {
  const text = words[`desk.${key}`] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export const count = (number) => Math.round(number).toLocaleString("en-US");

export function fiscalYear(startYear, week, lang) {
  const year = startYear + Math.floor(Math.max(0, week) / YEAR);
  return lang === "ja" && year >= 2019 ? `令和${year === 2019 ? "元" : year - 2018}` : `${year}`;
}

export function emptyModel(setup) {
  const lines = () => setup.lines.map(() => []);
  return { week: 0, lines: { a: lines(), b: lines() }, towns: {}, differ: null, guess: {}, tops: {}, plots: {}, drawing: "", before: null };
}

// Lays a frame over what is known: what was told from week `since` on is replaced.
export function takeFrame(model, frame) {
  const lived = model.lines.b[0]?.length ?? 0;
  if (frame.since < lived && lived - frame.since > 1) model.before = model.lines.b.map((line) => [...line]);
  for (const name of Object.keys(frame.towns)) {
    const town = frame.towns[name];
    (town.lines || []).forEach((line, at) => {
      model.lines[name][at].length = Math.min(model.lines[name][at].length, frame.since);
      model.lines[name][at].push(...line);
    });
  }
  for (const name of ["week", "towns", "differ", "flows", "usual", "money"]) if (name in frame) model[name] = frame[name];
}

export class Pen {
  constructor(context, scale) { this.c = context; this.s = scale; this.smallest = Infinity; this.texts = []; }
  text(words, x, y, { size = TEXT, bold = false, color = INK, align = "left", most = 0 } = {}) {
    const c = this.c;
    this.smallest = Math.min(this.smallest, size);
    c.font = `${bold ? "700 " : ""}${size * this.s}px ${FACE}`;
    c.fillStyle = color; c.textAlign = align; c.textBaseline = "alphabetic";
    let shown = String(words);
    if (most) while (shown.length > 1 && c.measureText(shown).width > most * this.s) shown = `${shown.replace(/…$/, "").slice(0, -1)}…`;
    c.fillText(shown, x * this.s, y * this.s);
    const wide = c.measureText(shown).width / this.s, left = x - wide * { left: 0, center: 0.5, right: 1 }[align];
    this.texts.push({ shown, left, right: left + wide, high: y - size * 0.75, low: y });
    return wide;
  }
  // The first two texts that lie on each other; empty where there are none.
  get crowded() {
    for (const [at, one] of this.texts.entries()) for (const other of this.texts.slice(at + 1)) {
      if (Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 && Math.min(one.low, other.low) - Math.max(one.high, other.high) > 1) return `${one.shown} / ${other.shown}`;
    }
    return "";
  }
  width(words, size = TEXT, bold = false) {
    this.c.font = `${bold ? "700 " : ""}${size * this.s}px ${FACE}`;
    return this.c.measureText(String(words)).width / this.s;
  }
  box(x, y, w, h, color) { this.c.fillStyle = color; this.c.fillRect(x * this.s, y * this.s, w * this.s, h * this.s); }
  frame(x, y, w, h, color = GRID, width = 1, dash = []) {
    const c = this.c, s = this.s;
    c.strokeStyle = color; c.lineWidth = width * s; c.setLineDash(dash.map((d) => d * s));
    c.strokeRect(x * s, y * s, w * s, h * s); c.setLineDash([]);
  }
  line(points, color, width = 3, dash = []) {
    const c = this.c, s = this.s;
    c.strokeStyle = color; c.lineWidth = width * s; c.lineJoin = "round"; c.lineCap = "round"; c.setLineDash(dash.map((d) => d * s));
    c.beginPath();
    points.forEach(([x, y], at) => (at ? c.lineTo(x * s, y * s) : c.moveTo(x * s, y * s)));
    c.stroke(); c.setLineDash([]);
  }
  dot(x, y, r, color) { const c = this.c, s = this.s; c.fillStyle = color; c.beginPath(); c.arc(x * s, y * s, r * s, 0, 7); c.fill(); }
  triangle(x, y, r, color) {
    const c = this.c, s = this.s; c.fillStyle = color; c.beginPath();
    c.moveTo(x * s, (y - r) * s); c.lineTo((x + r) * s, (y + r) * s); c.lineTo((x - r) * s, (y + r) * s); c.fill();
  }
  person(x, y, h, color) {
    this.dot(x, y - h * 0.8, h * 0.2, color);
    const c = this.c, s = this.s; c.fillStyle = color; c.beginPath();
    c.moveTo((x - h * 0.28) * s, y * s); c.lineTo((x - h * 0.2) * s, (y - h * 0.55) * s);
    c.lineTo((x + h * 0.2) * s, (y - h * 0.55) * s); c.lineTo((x + h * 0.28) * s, y * s); c.fill();
  }
}

export function drawScene(context, width, height, setup, model, view = "towns") {
  const scale = width / 1280, pen = new Pen(context, scale), tall = height / scale;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = "#fff"; context.fillRect(0, 0, width, height);
  (SCENES[view] || drawTowns)(pen, tall, setup, model);
  const note = say(setup.words, "model");
  pen.text(note, 1268, tall - 8, { size: SMALL, color: INK, align: "right", bold: true });
  return pen;
}

function drawTowns(pen, tall, setup, model) {
  const low = Math.max(380, tall - 236), wide = 404;
  drawTown(pen, 14, 0, wide, low, setup, model, "a");
  drawTown(pen, 438, 0, wide, low, setup, model, "b");
  drawMap(pen, 862, 0, 404, low - 8, setup, model);
  drawLines(pen, 14, low + 4, 1252, tall - low - 36, setup, model);
}

function drawTown(pen, x, y, w, bottom, setup, model, name) {
  const town = model.towns[name] || {}, color = name === "a" ? A : B, words = setup.words;
  const label = say(words, name);
  const used = pen.text(label, x, y + 28, { size: HEAD + 2, bold: true, color });
  pen.text(setup.names[name], x + used + 12, y + 28, { size: SMALL, most: w - used - 16 });
  pen.line([[x, y + 36], [x + w, y + 36]], color, 4);
  const room = bottom - y - 40;
  const staff = Math.min(130, room * 0.34), doors = Math.min(112, room * 0.28);
  drawStaff(pen, x, y + 42, w, staff, town.staff || [], words);
  drawDoors(pen, x, y + 42 + staff, w, doors, town.doors || [], setup);
  drawIceberg(pen, x, y + 42 + staff + doors, w, bottom - (y + 42 + staff + doors) - 10, town.iceberg || [], setup, model);
}

export function tiredColor(percent) {
  const t = Math.min(1, Math.max(0, percent / 80));
  const from = [255, 241, 224], to = [110, 36, 0];
  return `rgb(${from.map((low, at) => Math.round(low + (to[at] - low) * t)).join(",")})`;
}

function drawStaff(pen, x, y, w, h, staff, words) {
  const gone = staff.filter((one) => one[2] === VACANT).length, sick = staff.filter((one) => one[2] > VACANT).length;
  pen.text(say(words, "staff"), x, y + 22, { size: SMALL });
  pen.text(`${say(words, "vacant")} ${gone}  ${say(words, "sick")} ${sick}`, x + w, y + 22, { size: SMALL, align: "right" });
  if (!staff.length) return;
  const room = h - 34;
  let side = Math.min(38, Math.sqrt((w * room) / staff.length));
  while (side > 3 && Math.ceil(staff.length / Math.floor(w / side)) * side > room) side -= 0.5;
  const columns = Math.max(1, Math.floor(w / side));
  staff.forEach(([, tired, how], at) => {
    const left = x + (at % columns) * side, top = y + 30 + Math.floor(at / columns) * side, size = side - 2;
    if (how === PRESENT) { pen.box(left, top, size, size, tiredColor(tired)); pen.frame(left, top, size, size, "#9a7a66", 1); return; }
    pen.box(left, top, size, size, "#fff");
    pen.frame(left + 1, top + 1, size - 2, size - 2, how === VACANT ? "#555" : "#000", 2, how === VACANT ? [4, 3] : []);
    if (how > VACANT) { pen.line([[left + 4, top + 4], [left + size - 4, top + size - 4]], "#000", 2); pen.line([[left + size - 4, top + 4], [left + 4, top + size - 4]], "#000", 2); }
  });
}

function drawDoors(pen, x, y, w, h, doors, setup) {
  const waiting = doors.reduce((sum, [door, list]) => sum + door + list, 0);
  const each = stepOf(waiting, 44);
  pen.text(say(setup.words, "queue"), x, y + 24, { size: SMALL });
  pen.text(say(setup.words, "households", { number: count(waiting) }), x + w, y + 24, { size: HEAD, bold: true, align: "right" });
  if (each > 1) pen.text(say(setup.words, "figure", { number: each }), x + pen.width(say(setup.words, "queue"), SMALL) + 6, y + 24, { size: SMALL, color: PALE, most: w - 300 + (setup.lang === "ja" ? 90 : 40) });
  const people = Math.ceil(waiting / each), tall = Math.min(34, (h - 36) / 2), columns = 22, gap = w / columns;
  pen.line([[x, y + h - 2], [x + w, y + h - 2]], GRID, 2);
  for (let at = 0; at < people; at += 1) {
    pen.person(x + (at % columns) * gap + gap / 2, y + h - 4 - Math.floor(at / columns) * (tall + 2), tall, "#4a4a4a");
  }
}

function stepOf(number, most) {
  for (const each of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]) if (number / each <= most) return each;
  return 10000;
}

// Above the water those whom somebody supports, below it those whom nobody knows of.
function drawIceberg(pen, x, y, w, h, iceberg, setup, model) {
  pen.text(say(setup.words, "iceberg"), x, y + 22, { size: SMALL, most: w });
  if (!iceberg.length) return;
  const both = Object.values(model.towns).map((town) => town.iceberg || []).flat();
  model.most = Math.max(model.most || 1, ...both.slice(0).filter((one, at) => at % setup.stages.length > 0).map((one) => Math.max(...one)));
  const top = y + 30, room = h - 58, water = top + room * 0.36, gap = w / 3;
  pen.box(x, water, w, top + room - water, WATER);
  pen.line([[x, water], [x + w, water]], "#3a86b5", 2);
  const high = Math.max(1, ...both.filter((_, at) => at % setup.stages.length > 0).map(([seen]) => seen));
  for (let at = 1; at < iceberg.length; at += 1) {
    const [seen, unseen] = iceberg[at], left = x + (at - 1) * gap + 6, wide = gap * 0.42;
    const up = ((water - top) * seen) / high, down = ((top + room - water) * unseen) / model.most;
    pen.box(left, water - up, wide, up, "#8c8c8c"); pen.box(left, water, wide, down, STAGE_COLORS[at]);
    pen.text(count(seen), left + wide + 4, water - 5, { size: SMALL });
    pen.text(count(unseen), left + wide + 4, water + 22, { size: SMALL, bold: true });
    pen.text(setup.stages[at], left, y + h - 4, { size: SMALL, most: gap - 8 });
  }
}

export const STAGE_COLORS = ["#f2f2f2", "#7fb2d6", "#3c78a8", "#123a5c"];

// Districts as tiles whose area is their share of the households; a dot is a household that differs.
function drawMap(pen, x, y, w, h, setup, model) {
  const words = setup.words, differ = model.differ || { lighter: [], heavier: [] };
  pen.text(say(words, "differ"), x, y + 28, { size: HEAD, bold: true });
  pen.line([[x, y + 36], [x + w, y + 36]], INK, 2);
  pen.dot(x + 10, y + 56, 8, LIGHTER);
  const used = pen.text(`${say(words, "lighter")} ${count(differ.lighter.length)}`, x + 24, y + 64, { size: TEXT, bold: true, color: LIGHTER });
  pen.triangle(x + 50 + used, y + 57, 9, HEAVIER);
  pen.text(`${say(words, "heavier")} ${count(differ.heavier.length)}`, x + 66 + used, y + 64, { size: TEXT, bold: true, color: "#a84900" });
  const top = y + 76, tiles = tilesOf(setup, x, top, w, h - 76);
  tiles.forEach((tile) => {
    pen.box(tile.x, tile.y, tile.w, tile.h, "#f4f4f4"); pen.frame(tile.x, tile.y, tile.w, tile.h, "#fff", 3);
    if (tile.h > 30 && pen.width(tile.name, SMALL) < tile.w - 8) pen.text(tile.name, tile.x + 6, tile.y + 22, { size: SMALL, color: "#8a8a8a" });
  });
  const many = differ.lighter.length + differ.heavier.length, size = many > 1500 ? 2 : many > 400 ? 3 : many > 100 ? 4 : 5.5;
  for (const id of differ.lighter) { const [px, py] = placeOf(tiles, id); pen.dot(px, py, size, LIGHTER); }
  for (const id of differ.heavier) { const [px, py] = placeOf(tiles, id); pen.triangle(px, py, size + 1, HEAVIER); }
}

function tilesOf(setup, x, y, w, h) {
  const homes = setup.homes, total = homes.reduce((sum, one) => sum + one, 0) || 1;
  let first = 0;
  const parts = homes.map((n, at) => { const part = { name: setup.districts[at], n, first, share: n / total }; first += n; return part; });
  const order = [...parts].sort((one, other) => other.n - one.n), found = [];
  let box = { x, y, w, h }, rest = 1;
  while (order.length) {
    const flat = box.w >= box.h, side = flat ? box.h : box.w, area = box.w * box.h;
    let row = [], worst = Infinity;
    for (const part of order) {
      const trial = [...row, part], sum = trial.reduce((s, one) => s + one.share, 0) / rest, depth = (sum * area) / side;
      const ratio = Math.max(...trial.map((one) => { const long = ((one.share / rest) * area) / depth; return Math.max(long / depth, depth / long); }));
      if (ratio > worst) break;
      row = trial; worst = ratio;
    }
    order.splice(0, row.length);
    const sum = row.reduce((s, one) => s + one.share, 0), depth = order.length ? ((sum / rest) * area) / side : (flat ? box.w : box.h);
    let along = 0;
    for (const one of row) {
      const long = (one.share / sum) * side;
      found.push({ ...one, ...(flat ? { x: box.x, y: box.y + along, w: depth, h: long } : { x: box.x + along, y: box.y, w: long, h: depth }) });
      along += long;
    }
    box = flat ? { x: box.x + depth, y: box.y, w: box.w - depth, h: box.h } : { x: box.x, y: box.y + depth, w: box.w, h: box.h - depth };
    rest -= sum;
  }
  return found.sort((one, other) => one.first - other.first);
}

function placeOf(tiles, id) {
  const tile = tiles.find((one) => id < one.first + one.n) || tiles[tiles.length - 1];
  const columns = Math.max(1, Math.ceil(Math.sqrt((tile.n * tile.w) / Math.max(1, tile.h)))), at = id - tile.first;
  const rows = Math.ceil(tile.n / columns);
  return [tile.x + 4 + (((at % columns) + 0.5) * (tile.w - 8)) / columns, tile.y + 4 + ((Math.floor(at / columns) + 0.5) * (tile.h - 8)) / rows];
}

function drawLines(pen, x, y, w, h, setup, model) {
  const gap = 22, each = (w - gap * (setup.lines.length - 1)) / setup.lines.length;
  setup.lines.forEach((line, at) => drawLine(pen, x + at * (each + gap), y, each, h, setup, model, at, line.id, line.name));
}

export function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-6)));
  for (const one of [1, 1.5, 2, 3, 4, 5, 8, 10]) if (one * power >= value) return one * power;
  return 10 * power;
}

function drawLine(pen, x, y, w, h, setup, model, at, name, label) {
  pen.text(label, x, y + 22, { size: SMALL, bold: true, most: w });
  const a = model.lines.a[at], b = model.lines.b[at], seen = [...a, ...b].filter((one) => one !== null);
  const guess = model.guess[name] || [];
  const least = model.tops[name] || (name === "load" ? 1 : a.every((one) => one === null || one < 2) ? 0.2 : 5);
  const top = niceTop(Math.max(least, ...seen, ...guess.map((one) => one[1])));
  const left = x + 52, right = x + w - 26, high = y + 34, low = y + h - 26;
  model.plots[name] = { left, right, high, low, top };
  if (model.drawing === name) { pen.box(left, high, right - left, low - high, "#f4ecfa"); pen.frame(left, high, right - left, low - high, "#7b3fa0", 3); }
  const px = (week) => left + ((right - left) * week) / setup.horizon, py = (value) => low - ((low - high) * value) / top;
  for (const share of [0, 0.5, 1]) {
    pen.line([[left, py(top * share)], [right, py(top * share)]], GRID, 1);
    pen.text(top >= 1000 ? count(top * share) : `${+(top * share).toPrecision(3)}`, left - 6, py(top * share) + 7, { size: SMALL, color: PALE, align: "right" });
  }
  const years = setup.horizon / YEAR, apart = Math.ceil(years / 5);
  for (let year = 0; year <= years; year += apart) pen.text(year, px(year * YEAR), low + 23, { size: SMALL, color: PALE, align: "center" });
  if (name === "load") pen.line([[left, py(1)], [right, py(1)]], PALE, 2, [2, 6]);
  const drawn = (values, color, width, dash) => {
    const points = [];
    values.forEach((value, week) => { if (value !== null) points.push([px(week + 1), py(value)]); });
    if (points.length) pen.line(points, color, width, dash);
    return points[points.length - 1];
  };
  if (model.before) drawn(model.before[at], "#e3b793", 3, [3, 6]);
  const endA = drawn(a, A, 4), endB = drawn(b, B, 4);
  if (guess.length) pen.line(guess.map(([week, value]) => [px(week), py(value)]), "#7b3fa0", 4, [10, 8]);
  if (endA && endB) {
    const apartY = Math.abs(endA[1] - endB[1]) < 18 ? 10 : 0, aUp = endA[1] <= endB[1] ? -1 : 1;
    const yA = endA[1] + 7 + aUp * apartY, yB = endB[1] + 7 - aUp * apartY, under = Math.max(0, high + 6 - Math.min(yA, yB)); // the title
    pen.text("A", endA[0] + 6, yA + under, { size: SMALL, bold: true, color: A });
    pen.text("B", endB[0] + 6, yB + under, { size: SMALL, bold: true, color: "#a84900" });
  }
}

export const SCENES = { towns: drawTowns };
