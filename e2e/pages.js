// Every page, in light and dark, wide and narrow: accessible, valid, within its weight, within the content policy, and no
// wider than its window.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { AxeBuilder } from "@axe-core/playwright";
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import { authorToken } from "./lib/app.js";
import { go, quiet, visitor } from "./lib/browser.js";
import { question } from "./lib/answers.js";
import { choose, mouse } from "./lib/hands.js";

const budget = { html: 14 * 1024, css: 12 * 1024, js: 5 * 1024 }; // gzipped bytes of a page
const deskSheet = 2 * 1024; // of authors' pages, beside the style sheet that everybody has

const look = (colorScheme, width, height) => ({ name: `${colorScheme}, ${width} px`, options: { colorScheme, viewport: { width, height } } });

// The looks of every run, and with E2E=all the others: all widths and themes, twice the size, and in German.
const looks = [look("light", 1280, 900), look("dark", 360, 780)];
if (process.env.E2E === "all") {
  looks.push(
    look("light", 360, 780), look("light", 768, 1024), look("dark", 768, 1024), look("dark", 1280, 900),
    { name: "200 % zoom", options: { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 } },
    { name: "German, 360 px", german: true, options: { locale: "de-DE", viewport: { width: 360, height: 780 } } },
  );
}

export async function pages(runner, browser, app) {
  let list;
  await runner.prepare("page", "page: a visitor, a candidate and their pages are made", async () => {
    list = await everyPage(browser, app);
  });
  if (!list) return;

  const weights = [];
  const lookAt = async (look) => {
    const open = new Map();
    const tab = async (who) => {
      if (!open.has(who)) open.set(who, await visitor(browser, app, { storageState: who, ...look.options }));
      return open.get(who);
    };
    for (const page of list.filter((p) => !look.german || !p.prepare)) {
      await runner.test(`page: ${page.name}, ${look.name}`, async () => {
        const v = await tab(page.who);
        await check(v, page, look.german ? "de" : "en");
      });
    }
    for (const v of open.values()) await v.context.close();
  };
  for (let i = 0; i < looks.length; i += 2) await Promise.all(looks.slice(i, i + 2).map(lookAt));
  for (const who of new Set(list.map((page) => page.who))) {
    const v = await visitor(browser, app, { storageState: who });
    for (const page of list.filter((p) => p.who === who && !p.prepare)) {
      await runner.test(`source: ${page.name}`, async () => {
        const answer = await v.context.request.get(page.path);
        const html = await answer.text();
        weights.push({ name: page.name, html: size(html), ...(await assetSizes(v.context.request, html)) });
        valid(page.name, html);
      });
    }
    await v.context.close();
  }
  await runner.test("page weights are within their budget", () => within(weights));
}

// The key of a question of each kind.
const keys = ["single", "multiple", "text", "number", "output", "order", "match", "cloze", "interview", "card"].map(
  (kind) => `author/questions/shelf-${kind}?key=1`,
);

// everyPage makes what is needed to see every page, and returns the pages: name, path, whose they are, and what to press.
async function everyPage(browser, app) {
  const nobody = { cookies: [], origins: [] };
  const list = [
    { name: "start", path: "/", who: nobody },
    { name: "corrections", path: "/errata", who: nobody },
    { name: "no connection", path: "/offline", who: nobody },
    { name: "progress of nobody", path: "/progress", who: nobody },
    { name: "cards of nobody", path: "/cards", who: nobody },
    { name: "styleguide", path: "/styleguide", who: nobody },
  ];
  const candidate = await visitor(browser, app);
  const add = (name, path, more = {}) => list.push({ name, path, ...more });
  const page = candidate.page;
  try {
    const right = await quiz(page, "practice", true);
    const wrong = await quiz(page, "practice", false);
    const running = await quiz(page, "practice", null, "10");
    const exam = await quiz(page, "exam", true);
    for (const path of ["topics", "topics/shelf", "questions", "questions/shelf-single", "quizzes/new", "cards", "progress", "settings", "settings/data", "guides", "guides/shelf", "reference", "sets/shelf", "roles", "roles/shelf-keeper", "roles/compare", "plans", "plans/shelf-weeks"]) {
      add(path, `/${path}`);
    }
    add("questions: search", "/questions?q=idempotense&level=junior&level=mid");
    add("questions: nothing found", "/questions?q=zzzzqqq");
    add("questions: printed", "/questions/print?q=idempotence&answers=1");
    add("plan: laid out", `/plans/shelf-weeks?by=start&date=${new Date(Date.now() - 20 * 24 * 3600e3).toISOString().slice(0, 10)}`);
    add("roles side by side", "/roles/compare?a=shelf-keeper&b=shelf-reader");
    add("today", "/");
    add("not found", "/nowhere", { status: 404 });
    for (const { kind, path } of running.items) add(`question: ${kind}`, path);
    for (const { kind, path } of right.items) add(`right: ${kind}`, path);
    for (const { kind, path } of wrong.items) add(`wrong: ${kind}`, path);
    add("exam: a question", exam.result.replace("result", "13"));
    add("exam: an answer", exam.result.replace("result", "1"));
    add("result, right", right.result);
    add("result, wrong", wrong.result);
    add("quiz to print", `${wrong.result.replace("result", "print")}?answers=1`);
    add("skill checks", "/assess");
    add("question, refused", "/questions/shelf-number", { prepare: refuseNumber });

    await page.goto("/cards/next");
    const back = await page.locator(".js-reveal").getAttribute("href");
    add("card: front", "/cards/next");
    add("card: back", back);
    const cloze = await cardOf(page, "The parts of a URL");
    if (cloze) add("card: back of a gap", cloze);
    add("menu, open", "/", { prepare: (p) => p.evaluate(() => document.querySelectorAll("header details").forEach((e) => (e.open = true))) });
    add("keys", "/", { prepare: (p) => p.keyboard.press("?") });
    add("quiz form, refused", "/quizzes/new", { prepare: refuse });
  } finally {
    const state = await candidate.context.storageState();
    for (const entry of list) entry.who ??= state;
    await candidate.context.close();
  }

  const author = await visitor(browser, app);
  await author.page.goto("/author/sign-in");
  list.push({ name: "author: sign in", path: "/author/sign-in", who: nobody });
  await author.page.fill("[name=token]", authorToken);
  await go(author.page, () => author.page.click("main form button"));
  const who = await author.context.storageState();
  await author.context.close();
  for (const path of ["author", "author/items?which=all", "author/reports", "author/files/questions/shelf.md", ...keys]) list.push({ name: path, path: `/${path}`, who });

  // A skill check asks what one has not seen, so somebody else takes it.
  const taking = await visitor(browser, app);
  list.push({ name: "skill check: a question", path: await skillCheck(taking.page), who: await taking.context.storageState() });
  await taking.context.close();

  // So does the result of a skill check to somebody who has taken one.
  const checked = await visitor(browser, app);
  const first = await skillCheck(checked.page);
  for (let i = 0; i < 3; i++) await go(checked.page, () => checked.page.click(".js-skip"));
  await checked.page.click(".CheckFoot summary");
  await go(checked.page, () => checked.page.click(".CheckFoot details button"));
  const checker = await checked.context.storageState();
  list.push({ name: "skill check: result", path: first.replace(/1$/, "result"), who: checker });
  list.push({ name: "skill checks, one taken", path: "/assess", who: checker });
  await checked.context.close();

  // The end of the queue belongs to somebody whose cards are all done.
  const done = await visitor(browser, app);
  await noNewCards(done.page);
  list.push({ name: "cards: done", path: "/cards/next", who: await done.context.storageState() });
  await done.context.close();
  return list;
}

// skillCheck starts a skill check and returns the path of its first question.
async function skillCheck(page) {
  await page.goto("/assess");
  await go(page, () => page.locator(".Offer form button").first().click());
  return new URL(page.url()).pathname;
}

// quiz starts a quiz of everything and answers it: right, wrong, or (null) not at all; the last question of an exam stays
// open. It returns the path of each question with its kind, and that of the result.
async function quiz(page, mode, right, limit = "none") {
  await page.goto("/quizzes/new");
  await page.locator("[name=count]").fill("13");
  await choose(page, "mode", mode);
  await choose(page, "limit", limit);
  await go(page, () => page.getByRole("button", { name: "Start quiz" }).click());
  const base = new URL(page.url()).pathname.replace(/\/1$/, "");
  const items = [];
  for (let i = 1; i <= 13; i++) {
    const path = `${base}/${i}`;
    await page.goto(path);
    const { title, kind, answer } = await question(page, right ?? true);
    items.push({ path, kind: `${kind}, ${title.slice(0, 24)}` });
    if (right === null || (mode === "exam" && i === 13)) continue;
    await mouse[kind](page, answer);
    await go(page, () => page.locator("#answer .js-submit").click());
  }
  items.sort((a, b) => a.kind.localeCompare(b.kind));
  return { items, result: `${base}/result` };
}

async function refuseNumber(page) {
  await page.locator("[name=text]").fill("sixteen");
  await go(page, () => page.locator("#answer .js-submit").click());
}

async function refuse(page) {
  await page.locator("form.Form").evaluate((form) => (form.noValidate = true));
  await page.locator("[name=count]").fill("0");
  await choose(page, "limit", "custom");
  await go(page, () => page.getByRole("button", { name: "Start quiz" }).click());
}

// cardOf returns the path of the back of a card, found by leafing through the cards.
async function cardOf(page, title) {
  for (let n = 1; n < 30; n++) {
    for (const part of [0, 1]) {
      const answer = await page.context().request.get(`/cards/${n}-${part}`);
      if (answer.ok() && (await answer.text()).includes(title)) return `/cards/${n}-${part}`;
    }
  }
  return null;
}

async function noNewCards(page) {
  await page.goto("/cards/settings");
  await page.locator("[name=new]").fill("0");
  await go(page, () => page.getByRole("button", { name: "Save settings" }).click());
}

// check looks at a page as a browser shows it.
async function check(v, { path, status = 200, prepare }, language) {
  const { page } = v;
  const answer = await page.goto(path);
  if (answer.status() !== status) throw new Error(`GET ${path}: status ${answer.status()}, want ${status}`);
  if (prepare) await prepare(page);
  await fits(page);
  await page.evaluate(() => document.querySelectorAll("main details").forEach((e) => (e.open = true)));
  await fits(page);
  await accessible(page);
  await named(page);
  const spoken = await page.locator("html").getAttribute("lang");
  if (spoken !== language) throw new Error(`the page is in ${spoken}, want ${language}`);
  v.faults = v.faults.filter((fault) => !/status of (404|422)/.test(fault));
  quiet(v, path);
}

async function accessible(page) {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode() // no frames here, and half the time
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  if (violations.length === 0) return;
  const lines = violations.flatMap((v) => [
    `axe ${v.id}: ${v.help}`,
    ...v.nodes.slice(0, 4).map((n) => `  ${n.target.join(" ")}: ${n.failureSummary.split("\n").slice(1).join(" ").trim()}`),
  ]);
  throw new Error(lines.join("\n"));
}

const controls = new Set(["button", "link", "textbox", "searchbox", "checkbox", "radio", "combobox", "listbox", "slider", "spinbutton", "DisclosureTriangle"]);

// named fails when a control has no name for those who only hear it.
async function named(page) {
  const tree = await page.context().newCDPSession(page);
  const { nodes } = await tree.send("Accessibility.getFullAXTree");
  await tree.detach();
  const found = nodes.filter((node) => !node.ignored && controls.has(node.role?.value));
  if (found.length === 0) throw new Error("the accessibility tree has no control");
  const mute = found.filter((node) => !node.name?.value?.trim());
  if (mute.length) throw new Error(`without a name: ${mute.map((node) => node.role.value).join(", ")}`);
}

// fits fails when the page scrolls sideways.
async function fits(page) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return null;
    const scrolls = (e) => e && (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1 && !scrolls(e.parentElement));
    return { is: document.documentElement.scrollWidth, width, out: out.slice(0, 5).map((e) => `${e.tagName.toLowerCase()}.${e.className.baseVal ?? e.className}`) };
  });
  if (wide) throw new Error(`the page is ${wide.is} px wide in a window of ${wide.width}: ${wide.out.join(", ")}`);
}

const validator = new HtmlValidate(
  new StaticConfigLoader(JSON.parse(readFileSync(new URL("html-validate.json", import.meta.url), "utf8"))),
);

function valid(name, html) {
  const report = validator.validateStringSync(html, name);
  if (report.valid) return;
  const lines = report.results.flatMap((r) => r.messages).map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message} (${m.selector ?? ""})`);
  throw new Error([...new Set(lines)].slice(0, 8).join("\n"));
}

const size = (text) => gzipSync(text, { level: 6 }).length;

const known = new Map(); // gzipped size of static files, by path

async function asset(request, path) {
  if (!known.has(path)) {
    const answer = await request.get(path);
    if (!answer.ok()) throw new Error(`GET ${path}: status ${answer.status()}`);
    known.set(path, size(await answer.text()));
  }
  return known.get(path);
}

// assetSizes weighs the style sheets and scripts of a page.
async function assetSizes(request, html) {
  const weigh = async (pattern) => {
    const sizes = await Promise.all([...html.matchAll(pattern)].map((m) => asset(request, m[1])));
    return sizes.reduce((sum, size) => sum + size, 0);
  };
  return { css: await weigh(/<link rel="stylesheet" href="([^"]+)"/g), js: await weigh(/<script[^>]* src="([^"]+)"/g) };
}

function within(weights) {
  const kb = (bytes) => (bytes / 1024).toFixed(1).padStart(6);
  console.log("      gzipped KB   html    css     js");
  for (const w of weights) console.log(`      ${w.name.slice(0, 40).padEnd(41)}${kb(w.html)} ${kb(w.css)} ${kb(w.js)}`);
  const most = (w, what) => budget[what] + (what === "css" && /^author\//.test(`${w.name}/`) ? deskSheet : 0);
  const over = weights.flatMap((w) => Object.keys(budget).filter((what) => w[what] > most(w, what)).map((what) => `${w.name}: ${what} ${w[what]} bytes, at most ${most(w, what)}`));
  if (over.length) throw new Error(over.join("\n"));
}
