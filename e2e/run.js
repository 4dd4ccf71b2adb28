// Plays the browser suite against a server of its own: `make e2e`, or `node run.js [word]` for the tests whose name has
// that word. The last line is `N passed, N failed`.
import { startApp } from "./lib/app.js";
import { launch } from "./lib/browser.js";
import { Runner } from "./lib/runner.js";
import { journeys } from "./journeys.js";
import { desk } from "./desk.js";
import { offline } from "./offline.js";
import { pages } from "./pages.js";
import { printed } from "./printed.js";

const runner = new Runner(process.argv[2] ?? "");
const app = await startApp();
const browser = await launch();
try {
  await journeys(runner, browser, app);
  await desk(runner, browser);
  await offline(runner, browser, app);
  await printed(runner, browser);
  await pages(runner, browser, app);
} finally {
  await browser.close();
  const code = await app.stop();
  await runner.test("the server stops cleanly and has nothing to complain about", () => {
    if (code !== 0) throw new Error(`it ended with code ${code}\n${app.log()}`);
    const complaints = app.log().split("\n").filter((line) => /level=(WARN|ERROR)|"level":"(WARN|ERROR)"|panic/.test(line));
    if (complaints.length) throw new Error(complaints.join("\n"));
  });
}
process.exitCode = runner.summary();
