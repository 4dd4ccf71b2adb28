// Cards without a connection: what is kept, what waits, and what the server has in the end.
import { createServer, request } from "node:http";
import { go, quiet, visitor } from "./lib/browser.js";
import { has, same } from "./lib/runner.js";

export async function offline(runner, browser, app) {
  const journey = (name, play) =>
    runner.test(`offline: ${name}`, async () => {
      const v = await visitor(browser, app);
      try {
        await begin(v.page);
        await play(v, v.page);
        // What the browser itself says of a lost connection is no fault of a page.
        v.faults.splice(0, v.faults.length, ...v.faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED/.test(fault)));
        quiet(v);
      } catch (error) {
        error.message += `\nat ${v.page.url()}`;
        throw error;
      } finally {
        await v.context.close();
      }
    });

  await journey("three grades are sent once, in order, when the connection is back", threeGrades);
  await journey("a grade can be taken back before it is sent", takenBack);
  await journey("two tabs, one card: one grade counts", twoTabs);
  await journey("a grade whose answer was lost counts once", lostAnswer);
  await journey("a grade from another device meanwhile: both count", anotherDevice);
  await journey("a grade that is refused is shown until it is dismissed", refused);
  await journey("other pages say what still works", otherPages);
  await journey("the cards go with the session", anotherSession);
  await journey("the site can be installed", installable);
  await runner.test("offline: a grade that the server has no time for is kept and sent a moment later", () => busyServer(browser, app));
  await runner.test("offline: a new version of the worker takes over and sends what waited", () => newWorker(browser, app));
}

// begin makes a candidate whose browser keeps the next cards.
async function begin(page) {
  await page.goto("/cards/next");
  await reveal(page);
  await rate(page, "Easy");
  await page.goto("/cards");
  await kept(page);
}

// kept waits until the worker keeps cards.
async function kept(page) {
  await page.evaluate(async (seconds) => {
    await navigator.serviceWorker.ready;
    const pack = async () => {
      // Who opens it before the worker does makes one without stores.
      if (!(await indexedDB.databases()).some(({ name }) => name === "rehearse")) return null;
      return new Promise((resolve, reject) => {
        const request = indexedDB.open("rehearse");
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const db = request.result;
          const done = (value) => (db.close(), resolve(value));
          if (!db.objectStoreNames.contains("kept")) return done(null);
          const got = db.transaction("kept").objectStore("kept").get("pack");
          got.onsuccess = () => done(got.result);
        };
      });
    };
    for (let i = 0; !(await pack())?.cards.length || !navigator.serviceWorker.controller; i++) {
      if (i > 10 * seconds) throw new Error(`no cards are kept after ${seconds} s`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }, Number(process.env.E2E_TIMEOUT ?? 8));
}

const reveal = (page) => go(page, () => page.locator(".js-reveal").click());
const rate = (page, name) => go(page, () => page.getByRole("button", { name }).click());
const title = (page) => page.locator("h1").innerText();
const waiting = (page) => page.locator(".Waiting").innerText();

// review grades the next card and returns its title.
async function review(page, rating) {
  await page.goto("/cards/next");
  const name = await title(page);
  await reveal(page);
  await rate(page, rating);
  return name;
}

// sent waits until nothing waits any more.
async function sent(page) {
  await page.locator(".Waiting").waitFor({ state: "detached" });
}

// graded takes the grades of a candidate back, one by one, and returns their cards, the latest first.
async function graded(page) {
  const cards = [];
  await page.goto("/cards/next");
  while (await page.locator(".js-undo").count()) {
    if (cards.length > 20) throw new Error("there is no end of grades");
    await go(page, () => page.locator(".js-undo").click());
    cards.push(await title(page));
    await page.goto("/cards/next");
  }
  return cards;
}

async function threeGrades({ context }, page) {
  await context.setOffline(true);
  await page.goto("/cards");
  has(await page.locator("main").innerText(), "There is no connection", "the cards without a connection");
  await go(page, () => page.getByRole("link", { name: "Start" }).click());
  const names = [];
  for (const rating of ["Good", "Again", "Easy"]) names.push(await review(page, rating));
  same(new Set(names).size, 3, "different cards");
  same(await waiting(page), "3 grades are not sent yet.", "what waits");
  await page.goto("/cards");
  same(await waiting(page), "3 grades are not sent yet.", "what waits, on the start page of the cards");
  await context.setOffline(false);
  await sent(page);
  const cards = await graded(page);
  same(cards.slice(0, 3).join(" | "), names.toReversed().join(" | "), "what the server has, the latest first");
  same(cards.length, 4, "grades, with the one from before");
}

async function takenBack({ context }, page) {
  await context.setOffline(true);
  const first = await review(page, "Good");
  const second = await review(page, "Good");
  await go(page, () => page.locator(".js-undo").click());
  same(await title(page), second, "the card that is graded again");
  same(await waiting(page), "1 grade is not sent yet.", "what waits");
  await reveal(page);
  await rate(page, "Hard");
  // The page is one from before the connection was back; by then the grade is sent.
  await context.setOffline(false);
  await sent(page);
  await go(page, () => page.locator(".js-undo").click());
  same(await title(page), second, "the card whose grade is taken back on the server");
  same((await graded(page))[0], first, "the grade before it");
}

async function twoTabs({ context }, page) {
  await context.setOffline(true);
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto("/cards/next");
    await reveal(tab);
  }
  const name = await title(page);
  same(await title(other), name, "the card in the other tab");
  await rate(page, "Good");
  await rate(other, "Again");
  same(await waiting(page), "1 grade is not sent yet.", "what waits");
  same(await waiting(other), "1 grade is not sent yet.", "what waits, in the other tab");
  await context.setOffline(false);
  await Promise.all([page.goto("/cards"), other.goto("/cards")]);
  await Promise.all([sent(page), sent(other)]);
  same((await graded(page)).filter((card) => card === name).length, 1, "grades of the card");
}

// The grade arrives, its answer does not: the browser sends it once more.
async function lostAnswer({ context }, page) {
  await page.goto("/cards/next");
  const name = await title(page);
  await reveal(page);
  const form = await page.locator("form:has([name=rating])").evaluate((form) => ({
    action: form.action,
    fields: Object.fromEntries(new FormData(form)),
  }));
  await context.setOffline(true);
  await rate(page, "Good");
  same(await waiting(page), "1 grade is not sent yet.", "what waits");
  await context.setOffline(false);
  const twin = await visitor(page.context().browser(), { url: new URL(page.url()).origin }, { storageState: await context.storageState() });
  const answer = await twin.context.request.post(form.action, { form: { ...form.fields, rating: "good" }, maxRedirects: 0 });
  same(answer.status(), 303, "the form that arrived");
  await twin.context.close();
  await page.goto("/cards");
  await sent(page);
  same((await graded(page)).filter((card) => card === name).length, 1, "grades of the card");
}

async function anotherDevice({ context }, page) {
  await context.setOffline(true);
  await page.goto("/cards/next");
  const key = (await page.locator(".js-reveal").getAttribute("href")).split("/").at(-1);
  const name = await review(page, "Good");
  const device = await visitor(page.context().browser(), { url: new URL(page.url()).origin }, { storageState: await context.storageState() });
  await device.page.goto(`/cards/${key}`);
  same(await title(device.page), name, "the card on the other device");
  await rate(device.page, "Again");
  await device.context.close();
  await context.setOffline(false);
  await page.goto("/cards");
  await sent(page);
  same((await graded(page)).filter((card) => card === name).length, 2, "grades of the card");
}

// edit changes what waits in the browser.
async function edit(page, change) {
  await page.evaluate(async (change) => {
    await new Promise((resolve, reject) => {
      const request = indexedDB.open("rehearse");
      request.onsuccess = () => {
        const db = request.result;
        const tx = db.transaction("grades", "readwrite");
        const store = tx.objectStore("grades");
        store.getAll().onsuccess = (event) => event.target.result.forEach((grade) => store.put({ ...grade, ...change }));
        tx.oncomplete = () => (db.close(), resolve());
        tx.onerror = () => reject(tx.error);
      };
    });
  }, change);
}

async function refused({ context }, page) {
  await context.setOffline(true);
  const name = await review(page, "Good");
  await edit(page, { card: "999999-0" });
  await context.setOffline(false);
  await page.goto("/cards");
  await page.getByRole("button", { name: "Dismiss" }).waitFor();
  has(await waiting(page), `A grade of “${name}” was not taken. There is no such card any more.`, "what is said");
  await page.goto("/progress");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await sent(page);
  await page.reload();
  await kept(page);
  same(await page.locator(".Waiting").count(), 0, "what is said after that");
}

async function otherPages({ context }, page) {
  await context.setOffline(true);
  for (const path of ["/", "/progress", "/questions/shelf-single", "/cards/settings"]) {
    await page.goto(path);
    same(await title(page), "No connection", path);
    has(await page.locator("main").innerText(), "Your next cards are kept", path);
  }
  await go(page, () => page.getByRole("link", { name: "Review cards" }).click());
  await page.locator(".js-reveal").waitFor();
  const looks = await page.evaluate(() => getComputedStyle(document.querySelector(".Button[data-look=primary]")).backgroundColor);
  if (looks === "rgba(0, 0, 0, 0)") throw new Error("the page has no style without a connection");
  await page.keyboard.press("Space");
  await page.locator(".js-rating").first().waitFor();
  await context.setOffline(false);
  await page.goto("/progress");
  same(await title(page), "Progress", "the page with a connection");
}

async function anotherSession({ context }, page) {
  await context.setOffline(true);
  await review(page, "Good");
  await context.clearCookies();
  await context.setOffline(false);
  await page.goto("/cards");
  await page.getByRole("button", { name: "Dismiss" }).waitFor();
  has(await waiting(page), "another session", "what is said of the grade");
  await context.setOffline(true);
  await page.goto("/cards/next");
  same(await title(page), "No connection", "the cards of somebody else");
  same(await page.getByText("Your next cards").count(), 0, "words about cards that are kept");
}

async function installable({ context }, page) {
  const browser = await context.newCDPSession(page);
  const { installabilityErrors } = await browser.send("Page.getInstallabilityErrors");
  const real = installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito"); // all windows of a test are
  same(real.map(({ errorId }) => errorId).join(), "", "what stands in the way");
  const { data, errors } = await browser.send("Page.getAppManifest");
  same(errors.length, 0, "errors of the manifest");
  for (const { src, sizes } of JSON.parse(data).icons) {
    const size = await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    same(size, sizes, src);
  }
}

// released stands before the server, and can give out the next version of its worker, or lose what it is sent.
function released(app) {
  const before = { next: false, down: false };
  const server = createServer((ask, answer) => {
    if (before.down && ask.method === "POST") return answer.writeHead(503).end();
    const { "if-none-match": seen, ...headers } = { ...ask.headers, "accept-encoding": "identity" };
    const onward = request(app.url + ask.url, { method: ask.method, headers }, (got) => {
      const parts = [];
      got.on("data", (part) => parts.push(part));
      got.on("end", () => {
        let body = Buffer.concat(parts);
        if (ask.url === "/sw.js" && before.next) {
          body = Buffer.from(body.toString().replace(/"version":"\w+"/, '"version":"next"'));
          got.headers["content-length"] = body.length;
        }
        answer.writeHead(got.statusCode, got.headers).end(body);
      });
    });
    ask.pipe(onward);
  });
  return new Promise((resolve) => {
    server.listen(0, "localhost", () => resolve({ before, server, url: `http://localhost:${server.address().port}` }));
  });
}

async function busyServer(browser, app) {
  const { before, server, url } = await released(app);
  const { context, page } = await visitor(browser, { url });
  try {
    await begin(page);
    await page.goto("/cards/next");
    const name = await title(page);
    await reveal(page);
    before.down = true;
    await rate(page, "Good");
    same(await waiting(page), "1 grade is not sent yet.", "what waits");
    if ((await title(page)) === name) throw new Error("the card that was graded is asked again");
    const second = await review(page, "Easy");
    same(await waiting(page), "2 grades are not sent yet.", "what waits after another one");
    before.down = false;
    await sent(page); // nobody does anything
    same((await graded(page)).slice(0, 2).join(" | "), [second, name].join(" | "), "what the server has, the latest first");
  } finally {
    await context.close();
    server.close();
  }
}

async function newWorker(browser, app) {
  const { before, server, url } = await released(app);
  const { context, page } = await visitor(browser, { url });
  try {
    await begin(page);
    await context.setOffline(true);
    const names = [await review(page, "Good"), await review(page, "Again")];
    before.down = before.next = true;
    await context.setOffline(false);
    await page.goto("/progress"); // which registers the worker, and so looks for a new one
    const versions = () => page.evaluate(() => caches.keys().then((all) => all.filter((name) => name.startsWith("files ")).join()));
    for (let i = 0; !(await versions()).includes("files next"); i++) {
      if (i > 80) throw new Error(`after 8 s the worker has kept ${await versions()}`);
      await page.waitForTimeout(100);
    }
    await page.reload();
    same(await waiting(page), "2 grades are not sent yet.", "what waits with the new worker");
    before.down = false;
    await page.goto("/cards");
    await sent(page);
    same((await graded(page)).slice(0, 2).join(" | "), names.toReversed().join(" | "), "what the server has, the latest first");
  } finally {
    await context.close();
    server.close();
  }
}
