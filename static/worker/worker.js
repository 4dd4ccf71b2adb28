// The service worker: keeps the next cards for when there is no connection, and sends what was graded then. It begins
// with a line that says `const site = …`. Of the pages it keeps no other: they are personal, and change.
//
// A grade is kept with the id of its page. The server takes an id once, so whatever seems lost is sent again.

const { base } = site;
const files = `files ${site.version}`;
const images = "images";
const fresh = 10 * 60 * 1000; // ms for which the kept cards are not asked for again

// What is kept: the cards under "pack", and under "gone" those of them that have been graded, with the time.
function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(`rehearse${base}`, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("kept");
      request.result.createObjectStore("grades", { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function stored(name, mode, act) {
  const db = await database();
  try {
    return await new Promise((resolve, reject) => {
      const tx = db.transaction(name, mode);
      const request = act(tx.objectStore(name));
      tx.oncomplete = () => resolve(request.result);
      tx.onabort = () => reject(tx.error);
    });
  } finally {
    db.close();
  }
}

const get = (key) => stored("kept", "readonly", (kept) => kept.get(key));
const put = (key, value) => stored("kept", "readwrite", (kept) => kept.put(value, key));
const drop = (key) => stored("kept", "readwrite", (kept) => kept.delete(key));

// grades returns the grades that wait, oldest first; those refused are among them until they are dismissed.
async function grades() {
  const all = await stored("grades", "readonly", (store) => store.getAll()).catch(() => []);
  return all.sort((a, b) => a.n - b.n);
}

const waiting = async () => (await grades()).filter((grade) => !grade.refused);

const putGrade = (grade) => stored("grades", "readwrite", (store) => store.put(grade));
const dropGrade = (id) => stored("grades", "readwrite", (store) => store.delete(id));

// tell says to all open pages how many grades wait, and which were refused.
async function tell() {
  const all = await grades();
  const refused = all.filter((grade) => grade.refused).map(({ id, title, refused }) => ({ id, title, why: refused }));
  for (const page of await clients.matchAll()) page.postMessage({ waiting: all.length - refused.length, refused });
}

// refresh asks for the next cards. What is graded meanwhile stays gone.
async function refresh() {
  const asked = Date.now();
  const answer = await fetch(`${base}/cards/offline`).catch(() => null);
  if (!answer?.ok) return;
  if (answer.status === 204) return forget();
  const pack = { ...(await answer.json()), asked };
  const gone = ((await get("gone")) ?? []).filter(({ at }) => at >= asked);
  await put("pack", pack);
  await put("gone", gone);
  await keepImages(pack);
}

async function keepImages(pack) {
  const cache = await caches.open(images);
  const shown = JSON.stringify(pack.cards).match(/(?<= src=\\")[^"\\]*\/media\/[^"\\]+/g) ?? [];
  for (const url of new Set(shown)) {
    if (!(await cache.match(url))) await cache.add(url).catch(() => {});
  }
}

async function forget() {
  await drop("pack");
  await drop("gone");
  await caches.delete(images);
}

async function setGone(card) {
  await put("gone", [...((await get("gone")) ?? []), { card, at: Date.now() }]);
}

// send sends what waits, in its order. Several at once are one.
let sending = null;

function send() {
  sending ??= sendAll().catch(() => {}).finally(() => (sending = null));
  return sending;
}

async function sendAll() {
  for (;;) {
    const list = (await waiting()).slice(0, 50);
    if (!list.length) return;
    const answer = await post(list);
    if (!answer) return; // later
    for (const grade of list) {
      const { refused } = answer.get(grade.id) ?? { refused: " " };
      if (refused) await putGrade({ ...grade, refused });
      else await setGone(grade.card).then(() => dropGrade(grade.id));
    }
    await tell();
    await refresh();
  }
}

// post returns what came of each grade, by id; nothing when it has to be tried again. What the server cannot even read
// is refused as a whole.
async function post(list) {
  const answer = await fetch(`${base}/cards/offline`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ now: Date.now(), grades: list }),
  }).catch(() => null);
  if (answer?.status === 400 || answer?.status === 413) return new Map();
  if (!answer?.ok) return null;
  const { results } = await answer.json();
  return new Map(results.map((result) => [result.id, result]));
}

const formOf = async (request) => new URLSearchParams(await request.clone().text());
const goTo = (path) => Response.redirect(base + path, 303);

// keep keeps a grade until it can be sent, unless it is kept already. It reports whether it can be.
async function keep(form, card) {
  const pack = await get("pack");
  const id = form.get("id");
  if (!pack || !id) return false;
  const all = await grades();
  if (all.some((one) => one.id === id)) return true;
  const now = Date.now();
  await putGrade({
    id, card, title: pack.cards.find(({ key }) => key === card)?.title ?? "", owner: pack.owner, n: (all.at(-1)?.n ?? 0) + 1,
    at: now, took: now - (Number(form.get("shown")) || now),
    reviews: form.get("reviews"), revision: form.get("revision"), rating: form.get("rating"),
  });
  return true;
}

// grade passes a grade on, or keeps it when the server cannot be reached or has no time for it, or other grades wait before it.
async function grade(request, card) {
  const form = await formOf(request);
  await send();
  let answer = null;
  if (!(await waiting()).length) {
    answer = await fetch(request).catch(() => null);
    if (answer?.type === "opaqueredirect") await setGone(card);
    if (answer && answer.status !== 503) return answer;
  }
  if (!(await keep(form, card).catch(() => false))) return answer ?? page("/");
  await registration.sync?.register("grades").catch(() => {});
  await tell();
  const set = form.get("set");
  return goTo(`/cards/next${set ? `?${set}` : ""}`);
}

// undo takes back a grade that still waits.
async function undo(request) {
  const id = (await formOf(request)).get("grade")?.replace(/^o:/, "");
  await sending;
  const found = (await waiting()).find((one) => one.id === id);
  if (!found) return fetch(request).catch(() => page("/"));
  await dropGrade(id);
  await tell();
  return goTo(`/cards/next?card=${found.card}`);
}

// page makes the page that belongs to a path from what is kept.
async function page(path, wanted) {
  const pack = await get("pack").catch(() => null);
  if (!pack) return (await caches.match(site.page)) ?? Response.error();
  const all = await grades();
  const queued = all.filter((grade) => !grade.refused);
  const used = new Set([...((await get("gone")) ?? []), ...all].map(({ card }) => card));
  const left = pack.cards.filter(({ key, due }) => due <= Date.now() && !used.has(key));
  const last = queued.at(-1)?.card.split("-")[0]; // the back of one gap shows the next one
  const next = left.find(({ key }) => key === wanted) ?? left.find(({ key }) => key.split("-")[0] !== last) ?? left[0];
  const back = pack.cards.find(({ key }) => path === `/cards/${key}` && !used.has(key));

  let main = pack.other;
  if (back) main = back.back.replace(/(name="shown" value=)"0"/, `$1"${Date.now()}"`);
  else if (path === "/cards" && next) main = pack.start;
  else if (path === "/cards" || path === "/cards/next" || /^\/cards\/\d/.test(path)) main = next?.front ?? pack.done;
  const other = main === pack.other;
  if (queued.length && !other) main += pack.undo.replace('"offline"', `"o:${queued.at(-1).id}"`);
  const before = other ? pack.before.replace(' aria-current="page"', "") : pack.before;
  return new Response(before + main + pack.after, { headers: site.headers });
}

async function navigate(request) {
  const url = new URL(request.url);
  const path = url.pathname.slice(base.length);
  if (request.method === "POST") {
    const graded = path.match(/^\/cards\/(\d+-\d+)\/grade$/);
    if (graded) return grade(request, graded[1]);
    if (path === "/cards/undo") return undo(request);
    return fetch(request).catch(() => page("/"));
  }
  if (path.startsWith("/cards")) await send();
  const kept = () => page(path, url.searchParams.get("card"));
  // The server would show a card whose grade waits once more. Cards that are not kept only it can show.
  const card = url.searchParams.get("card") ?? path.match(/^\/cards\/(\d+-\d+)$/)?.[1];
  const pack = (path === "/cards/next" || card) && (await waiting()).length && (await get("pack"));
  if (pack && (!card || pack.cards.some(({ key }) => key === card))) return kept();
  return fetch(request).catch(kept);
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.mode === "navigate") event.respondWith(navigate(request));
  else if (request.method === "GET" && pathname.startsWith(`${base}/static/`)) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
  } else if (request.destination === "image") {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request, { ignoreVary: true })) ?? Response.error()));
  }
});

// A new version takes over at once: files have their version in their address, and pages ask nothing of the worker that
// an older one did not know. What the kept cards look like stays until they are asked for again.
addEventListener("install", (event) => {
  const all = [...site.files, site.page].map((url) => new Request(url, { credentials: "omit" }));
  event.waitUntil(caches.open(files).then((cache) => cache.addAll(all)).then(() => skipWaiting()));
});

async function tidy() {
  const pack = await get("pack").catch(() => null);
  const keep = [files, images, `files ${pack?.version}`];
  for (const name of await caches.keys()) if (!keep.includes(name)) await caches.delete(name);
}

addEventListener("activate", (event) => event.waitUntil(tidy().then(() => clients.claim())));

addEventListener("sync", (event) => {
  event.waitUntil(send().then(async () => {
    if ((await waiting()).length) throw new Error("the server cannot be reached"); // the browser tries again
  }));
});

// A page says whose it is, and whether cards are near; or that refused grades have been read of.
async function hear({ owner, cards, dismissed }) {
  for (const id of dismissed ?? []) await dropGrade(id);
  await tell();
  if (owner !== undefined) {
    await clients.claim(); // of a page that began to load before this worker was there
    const pack = await get("pack");
    if (pack && pack.owner !== owner) await forget();
    await send();
    const stale = pack?.owner !== owner || pack.version !== site.version || Date.now() - pack.asked > fresh;
    if (owner && cards && stale) await refresh();
  }
}

addEventListener("message", (event) => event.waitUntil(hear(event.data)));
