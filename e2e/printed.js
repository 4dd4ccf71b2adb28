// What comes out of a printer, of the content that ships.
import { startShipped } from "./lib/app.js";
import { quiet, visitor } from "./lib/browser.js";
import { same } from "./lib/runner.js";

export async function printed(runner, browser) {
  for (const locale of ["en-US", "de-DE"]) {
    await runner.test(`printed: the quick reference is one page, ${locale}`, async () => {
      const app = await startShipped();
      try {
        const v = await visitor(browser, app, { locale });
        await v.page.goto("/reference");
        const pdf = await v.page.pdf({ format: "A4", preferCSSPageSize: true });
        same(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length, 1, "sheets of A4");
        quiet(v);
        await v.context.close();
      } finally {
        await app.stop();
      }
    });
  }
}
