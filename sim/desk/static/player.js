// Plays a recorded run: no server, no network; what is drawn stands in this file.
import { count, drawScene, emptyModel, fiscalYear, say, YEAR } from "./draw.js";
import "./views.js";

const at = (id) => document.getElementById(id);
const VIEWS_PLAYED = ["towns", "loops", "life", "money"];

async function unpacked() {
  const packed = Uint8Array.from(atob(at("data").textContent.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

unpacked().then((data) => {
  const { setup, pictures } = data, model = emptyModel(setup);
  let place = 0, timer = 0, view = "towns";
  const label = (key, values) => say(setup.words, key, values);

  function show() {
    const picture = pictures[place], week = picture.week;
    Object.assign(model, picture, { life: data.life && { ...data.life } });
    for (const name of ["a", "b"]) model.lines[name] = data.lines[name].map((line) => line.slice(0, week));
    model.money = Object.fromEntries(Object.entries(data.money).map(([name, years]) => [name, years.slice(0, Math.floor(week / YEAR))]));
    at("when").textContent = label("when", { year: Math.floor(Math.max(0, week - 1) / YEAR) + 1, fiscal: fiscalYear(setup.start_year, week - 1, setup.lang) });
    at("rewind").value = String(place);
    at("play").textContent = timer ? "❚❚" : "▶";
    at("play").setAttribute("aria-label", label(timer ? "pause" : "play"));
    const last = (name, nth) => model.lines[name][nth].at(-1) ?? "-";
    const differ = `${label("lighter")} ${count(picture.differ.lighter.length)}, ${label("heavier")} ${count(picture.differ.heavier.length)}`;
    at("scene").setAttribute("aria-label", [label("model"), at("when").textContent, ...setup.lines.map((line, nth) => `${line.name}: A ${last("a", nth)}, B ${last("b", nth)}`), differ].join(". "));
    draw();
  }

  function draw() {
    const scene = at("scene"), sharp = window.devicePixelRatio || 1;
    scene.width = Math.round(scene.clientWidth * sharp); scene.height = Math.round(scene.clientHeight * sharp);
    if (scene.width && scene.height) drawScene(scene.getContext("2d"), scene.width, scene.height, setup, model, view);
  }

  function play() {
    if (timer) { clearInterval(timer); timer = 0; show(); return; }
    if (place >= pictures.length - 1) place = 0;
    timer = setInterval(() => {
      place += 1;
      if (place >= pictures.length - 1) { clearInterval(timer); timer = 0; place = pictures.length - 1; }
      show();
    }, 200);
    show();
  }

  function choose(name) {
    view = name;
    for (const button of at("views").children) button.setAttribute("aria-current", button.id === `view-${name}` ? "page" : "false");
    draw();
  }

  at("title").textContent = setup.title;
  at("views").replaceChildren(...VIEWS_PLAYED.filter((name) => name !== "life" || data.life).map((name) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", id: `view-${name}`, textContent: label(`view_${name}`) });
    button.addEventListener("click", () => choose(name));
    return button;
  }));
  at("changes").replaceChildren(...data.changes.map((one) => { const item = document.createElement("li"); item.textContent = `${one.week}: ${one.said}`; return item; }));
  at("picture").textContent = label("picture");
  at("picture").addEventListener("click", () => {
    const link = document.createElement("a");
    Object.assign(link, { download: `sim-desk-${pictures[place].week}.png`, href: at("scene").toDataURL("image/png") });
    link.click();
  });
  at("rewind").max = pictures.length - 1;
  at("rewind").setAttribute("aria-label", label("rewind"));
  at("rewind").addEventListener("input", () => { place = Number(at("rewind").value); show(); });
  at("play").addEventListener("click", play);
  window.addEventListener("resize", draw);
  document.addEventListener("keydown", (event) => {
    if (["INPUT", "BUTTON"].includes(event.target.tagName)) return;
    const keys = { " ": play, ArrowRight: () => { place = Math.min(pictures.length - 1, place + 1); show(); }, ArrowLeft: () => { place = Math.max(0, place - 1); show(); } };
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
  choose("towns");
  show();
});
