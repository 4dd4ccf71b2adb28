// The preview: a save is on the page at once, a mistake lies over it until it is mended, every kind can be answered.
import { readFile, rename, writeFile } from "node:fs/promises";
import { startPreview } from "./lib/app.js";
import { go, quiet, visitor } from "./lib/browser.js";
import { question } from "./lib/answers.js";
import { mouse } from "./lib/hands.js";
import { has, same } from "./lib/runner.js";

const kinds = ["single", "multiple", "text", "number", "output", "order", "match", "cloze", "pair", "interview", "card"];
const open = ["interview", "card"];

export async function desk(runner, browser) {
  const app = await startPreview();
  const v = await visitor(browser, app, { viewport: { width: 1280, height: 900 } });
  const { page } = v;
  const overlay = page.locator(".Overlay");

  // edit changes the file as editors do: another file takes its name. It returns when that was done.
  const edit = async (from, to) => {
    const text = await readFile(app.file, "utf8");
    if (!text.includes(from)) throw new Error(`the file has no ${from}`);
    await writeFile(`${app.file}~`, text.replace(from, to));
    const at = performance.now();
    await rename(`${app.file}~`, app.file);
    return at;
  };

  await runner.test("preview: a save is on the page", async () => {
    await page.goto("/questions/shelf-single");
    const took = [];
    let title = "Which status code says that something new was created?";
    for (let i = 0; i < 7; i++) {
      const next = `Edition ${i} of the first question?`;
      const at = await edit(`## ${title}`, `## ${next}`);
      await page.getByRole("heading", { name: next }).waitFor();
      took.push(performance.now() - at);
      title = next;
    }
    await edit(title, "Which status code says that something new was created?");
    took.sort((a, b) => a - b);
    console.log(`      from the save to the page: median ${took[3].toFixed(0)} ms, worst ${took[6].toFixed(0)} ms`);
    quiet(v);
  });

  await runner.test("preview: findings lie over the last good version until they are mended", async () => {
    await page.goto("/questions/shelf-single");
    same(await overlay.count(), 0, "overlays without a finding");
    await edit("- [x] `201`", "- [ ] `201`");
    await overlay.waitFor();
    has(await overlay.innerText(), "questions/shelf.md:22:1", "the overlay");
    has(await overlay.innerText(), "no choice is marked as right", "the overlay");
    has(await page.locator("h1").innerText(), "Which status code", "the last good version");
    await overlay.getByRole("link").click();
    same(await page.locator("#L22").isVisible(), true, "the line of the finding is in sight");
    await edit("- [ ] `201`", "- [x] `201`");
    await overlay.waitFor({ state: "detached" });
    quiet(v);
  });

  for (const kind of kinds) {
    await runner.test(`preview: ${kind} can be answered`, async () => {
      await page.goto(`/questions/shelf-${kind}`);
      const { kind: hand, answer } = await question(page);
      await mouse[hand](page, answer);
      await go(page, () => page.click(".js-submit"));
      has(await page.locator(".Banner").innerText(), open.includes(kind) ? "Compare" : "Right", "the verdict");
      quiet(v);
    });
  }

  await runner.test("preview: a verdict follows the key", async () => {
    await page.goto("/questions/shelf-single");
    const { kind, answer } = await question(page);
    await mouse[kind](page, answer);
    await go(page, () => page.click(".js-submit"));
    await edit("- [ ] `200`", "- [x] `200`");
    await page.locator('.Banner[data-outcome="wrong"], .Banner[data-outcome="partial"]').waitFor();
    await edit("- [x] `200`", "- [ ] `200`");
    await page.locator('.Banner[data-outcome="right"]').waitFor();
    quiet(v);
  });

  await v.context.close();
  const code = await app.stop();
  await runner.test("preview: it stops cleanly", () => same(code, 0, "its exit code"));
}
