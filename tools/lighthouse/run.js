// Measures the main pages with Lighthouse as a phone would see them, on a server of its own with the content that ships:
// `make lighthouse`. It fails when a page has less than 100 for accessibility, best practices or search engines;
// performance depends on the machine and is shown.
import lighthouse from "lighthouse";
import * as chromeLauncher from "chrome-launcher";
import { startShipped } from "../../e2e/lib/app.js";
import { chromePath } from "../../e2e/lib/browser.js";

const pages = { start: "/", question: "/questions/mw-unknown-path-not-error", cards: "/cards", hub: "/questions", progress: "/progress" };
const categories = ["performance", "accessibility", "best-practices", "seo"];

const app = await startShipped();
const chromeFlags = ["--headless=new", "--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])];
const chrome = await chromeLauncher.launch({ chromePath: chromePath(), chromeFlags });
let below = 0;

// measure looks at a page; a run in which the browser saw nothing says nothing and is done again.
async function measure(url) {
  for (let tries = 1; ; tries++) {
    const { lhr } = await lighthouse(url, { port: chrome.port, onlyCategories: categories, logLevel: "error" });
    const broken = lhr.runtimeError?.message ?? categories.find((c) => lhr.categories[c].score === null);
    if (!broken) return lhr;
    if (tries === 3) throw new Error(`${url}: ${broken}`);
  }
}

try {
  console.log("page".padEnd(10), ...categories.map((c) => c.padStart(15)));
  for (const [name, path] of Object.entries(pages)) {
    const lhr = await measure(app.url + path);
    const scores = categories.map((c) => Math.round(100 * lhr.categories[c].score));
    below += scores.slice(1).filter((s) => s < 100).length;
    console.log(name.padEnd(10), ...scores.map((s) => String(s).padStart(15)));
    for (const c of categories) {
      const failed = lhr.categories[c].auditRefs.filter((r) => r.weight > 0 && lhr.audits[r.id].score !== null && lhr.audits[r.id].score < 0.9);
      for (const r of failed) console.log(`  ${c}: ${r.id} ${lhr.audits[r.id].displayValue ?? ""}`);
    }
  }
} finally {
  await chrome.kill();
  await app.stop();
}
process.exitCode = below ? 1 : 0;
