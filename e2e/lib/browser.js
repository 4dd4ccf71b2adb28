// Chromium, and visitors whose browser remembers everything that goes wrong on a page.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

export function chromePath() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  for (const folder of process.env.PATH.split(delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {}
    }
  }
  throw new Error("no Chromium: install it, or set CHROME_PATH");
}

export function launch() {
  const args = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--hide-scrollbars",
  ];
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  return chromium.launch({ executablePath: chromePath(), headless: true, args });
}

// visitor opens a browser of its own: cookies, window, theme. Whatever a page does wrong is in its faults.
export async function visitor(browser, app, options = {}) {
  const context = await browser.newContext({ baseURL: app.url, timezoneId: "Europe/Berlin", reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(1000 * (process.env.E2E_TIMEOUT ?? 8)); // more on a busy machine
  const faults = [];
  await context.exposeBinding("reportViolation", (_, text) => void faults.push(text));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (e) =>
      globalThis.reportViolation(`content policy: ${e.effectiveDirective} blocked ${e.blockedURI} at ${e.sourceFile}:${e.lineNumber}`),
    );
  });
  context.on("request", (request) => {
    if (!request.url().startsWith("data:") && new URL(request.url()).origin !== app.url) {
      faults.push(`a request to another origin: ${request.url()}`);
    }
  });
  context.on("response", (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} for ${response.url()}`);
  });
  context.on("console", (message) => {
    const wanted404 = message.text().includes("404") && message.location().url === message.page()?.url();
    if (message.type() === "error" && !wanted404) faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => {
    const { message, stack } = error.error();
    // Who goes on before a page has faded in cuts that short, and Chromium calls this an error.
    if (!/^Transition was (aborted|skipped)/.test(message)) faults.push(`script: ${message} ${stack}`);
  });
  return { context, page: await context.newPage(), faults };
}

// quiet fails when a visitor's pages did something wrong since it was last asked.
export function quiet(v, where = v.page.url()) {
  const found = v.faults.splice(0);
  if (found.length) throw new Error([...new Set(found)].map((fault) => `${where}: ${fault}`).join("\n"));
}

// go does something that leads to another page, and waits for that page.
export async function go(page, act) {
  const there = page.waitForNavigation({ waitUntil: "load" });
  await act();
  await there;
}
