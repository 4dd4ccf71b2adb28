// What people do here, from the first click to the last.
import { go, quiet, visitor } from "./lib/browser.js";
import { authorToken } from "./lib/app.js";
import { question } from "./lib/answers.js";
import { choose, keyboard, mouse, tabTo } from "./lib/hands.js";
import { has, same } from "./lib/runner.js";

export const total = 13; // questions in content/questions/shelf.md
const open = 2; // of these, marked by the candidate

export async function journeys(runner, browser, app) {
  const journey = (name, play, options) =>
    runner.test(name, async () => {
      const v = await visitor(browser, app, options);
      try {
        await play(v.page, v.context, v.faults);
        quiet(v);
      } catch (error) {
        error.message += `\nat ${v.page.url()}`;
        throw error;
      } finally {
        await v.context.close();
      }
    });

  await journey("a first visitor answers the question on the start page without leaving it", firstAnswerHere);
  await journey("an answer that the start page cannot send is sent as a form", firstAnswerAfterAll);
  await journey("a first visitor answers the question on the start page, without scripts", firstAnswer, { javaScriptEnabled: false });
  await journey("a quiz with every kind of question, by mouse", quizByMouse, { reducedMotion: "no-preference" });
  await journey("a quiz with every kind of question, by keyboard", quizByKeyboard);
  await journey("a quiz with every kind of question, without scripts", quizByMouse, { javaScriptEnabled: false });
  await journey("an exam keeps its verdicts until the end", exam);
  await journey("a card session with undo, by keyboard", cardsByKeyboard);
  await journey("a card session with undo, without scripts", cardsByMouse, { javaScriptEnabled: false });
  await journey("keys: go to places, list the keys, leave typing alone", shortcuts);
  await journey("a search with a mistyped word, a filter, and a quiz of what was found", searchByKeyboard);
  await journey("a search, a filter, a sheet and a quiz by mouse, without scripts", searchByMouse, { javaScriptEnabled: false });
  const narrow = { viewport: { width: 320, height: 640 } };
  await journey("every area from the menu of a narrow screen, by keyboard", narrowMenu, narrow);
  await journey("every area from the menu of a narrow screen, without scripts", narrowMenu, { ...narrow, javaScriptEnabled: false });
  await journey("Enter in a field of the form for a new quiz starts the quiz", enterStarts);
  await journey("Enter at I'm not sure answers an SQL exercise, Ctrl+Enter runs it", enterAnswers);
  await journey("Enter at I'm not sure answers an SQL exercise, without scripts", enterAnswers, { javaScriptEnabled: false });
  await journey("everything is exported, deleted and imported again", thereAndBack);
  await journey("everything is exported, deleted and imported again, without scripts", thereAndBack, { javaScriptEnabled: false });
  await journey("the time zone of the browser is used", timeZone);
  await journey("a quiz with a time limit counts down", countdown);
  await journey("a bookmark, a note and a report, which is answered", kept);
  await journey("a bookmark, a note and a report, without scripts", kept, { javaScriptEnabled: false });
  await journey("who says how sure they are is asked from then on, and told of surprises", sure);
  await journey("who says how sure they are is asked from then on, without scripts", sure, { javaScriptEnabled: false });
  await journey("the confidence is chosen and switched off by keyboard", sureByKeyboard);
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
  await journey("a card is graded by a swipe, and by no other movement", swipes, phone);
  await journey("an interview: cards are held back until the days before it", interview);
  await journey("an interview, without scripts", interview, { javaScriptEnabled: false });
  await journey("m and n set a bookmark and open the note, and keep what was typed", keptByKeys);
}

const outcome = (page) => page.locator(".Banner").getAttribute("data-outcome");
const submit = (page) => page.locator("#answer .js-submit");

async function heading(page, text) {
  has(await page.locator("h1").innerText(), text, `the heading of ${page.url()}`);
}

const created = "Created: the response names where the new thing is.";

async function firstAnswer(page) {
  await page.goto("/");
  const { kind, answer } = await question(page);
  await mouse[kind](page, answer);
  await go(page, () => submit(page).click());
  await isVerdict(page);
  await page.goto("/");
  await heading(page, "Today");
}

async function isVerdict(page) {
  same(await outcome(page), "right", "the verdict");
  has(await page.locator("main").innerText(), created, "the reasons");
}

async function firstAnswerHere(page) {
  await page.goto("/");
  const slogan = await page.locator("h1").innerText();
  const { answer } = await question(page);
  await keyboard.choices(page, answer);
  await page.keyboard.press("Enter");
  await page.locator(".Try .Banner").waitFor();
  await isVerdict(page);
  await heading(page, slogan);
  same(await page.locator("h1").count(), 1, "headings of the page");
  same(await page.evaluate(() => document.activeElement.id), "verdict", "what has the focus");
  has(await page.evaluate(() => document.activeElement.innerText), "Right", "what has the focus");
  has(new URL(page.url()).pathname, "/quizzes/", "the address");
  // The address is the verdict's: reloaded, gone back from and come forward to.
  await page.reload();
  await isVerdict(page);
  await page.goBack();
  await page.locator("h1", { hasText: "Today" }).waitFor();
  await page.goForward();
  await page.locator(".Banner").waitFor();
  await isVerdict(page);
}

// The first request is lost on its way; the form counts once.
async function firstAnswerAfterAll(page) {
  let lost = 0;
  await page.route("**/responses", (route) => (lost++ ? route.continue() : route.abort("aborted")));
  await page.goto("/");
  const { kind, answer } = await question(page);
  await mouse[kind](page, answer);
  await go(page, () => submit(page).click());
  await isVerdict(page);
  await page.goto("/questions/shelf-single");
  same(await page.locator("main time").count(), 1, "answers in the history");
}

async function quizByMouse(page) {
  await page.goto("/");
  await go(page, () => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Quiz" }).click());
  await page.locator("[name=count]").fill(String(total));
  await go(page, () => page.getByRole("button", { name: "Start quiz" }).click());
  const seen = new Set();
  for (let i = 1; i <= total; i++) {
    has(await page.locator(".QuizHead-place").innerText(), `Question ${i} of ${total}`, "the place");
    const { title, kind, answer } = await question(page);
    seen.add(title);
    await mouse[kind](page, answer);
    await go(page, () => submit(page).click());
    same(await outcome(page), kind === "open" ? "open" : "right", `the verdict of ${title}`);
    if (kind === "open") await markOpen(page);
    await go(page, () => (i < total ? page.locator(".Banner-next .js-next").click() : toResult(page)));
  }
  same(seen.size, total, "questions seen");
  await result(page, total - open);
}

// toResult goes on from the last verdict.
async function toResult(page) {
  const next = page.locator(".Banner-next .js-next");
  if (await next.count()) return next.click();
  await page.locator(".QuizFoot-end").click();
}

async function result(page, right) {
  has(await page.locator("h1").innerText(), `${right} of ${total - open} right`, "the result");
}

async function markOpen(page) {
  const marks = page.locator("[name=mark]");
  if (await marks.count()) await marks.first().check();
  await choose(page, "rating", "3");
  await go(page, () => page.getByRole("button", { name: "Save my marks" }).click());
  has(await page.locator(".Saved").innerText(), "You", "the marks");
}

async function quizByKeyboard(page) {
  const press = (key) => page.keyboard.press(key);
  await page.goto("/");
  await press("g");
  await go(page, () => press("q"));
  await tabTo(page, page.locator("[name=count]"));
  await press("ControlOrMeta+a");
  await page.keyboard.type(String(total));
  await tabTo(page, page.getByRole("button", { name: "Start quiz" }));
  await go(page, () => press("Enter"));
  for (let i = 1; i <= total; i++) {
    const { title, kind, answer } = await question(page, i % 3 !== 0);
    await keyboard[kind](page, answer);
    const multiline = kind === "open" || answer.includes?.("\n");
    if (!["choices", "text"].includes(kind) || multiline) await tabTo(page, submit(page));
    await go(page, () => press("Enter"));
    if (kind === "open") {
      await tabTo(page, page.locator("[name=rating]").first());
      await press("Space");
      await press("ArrowRight");
      await tabTo(page, page.getByRole("button", { name: "Save my marks" }));
      await go(page, () => press("Enter"));
    } else if (i % 3 !== 0) {
      same(await outcome(page), "right", `the verdict of ${title}`);
    } else if ((await outcome(page)) === "right") {
      throw new Error(`${title}: a wrong answer counts as right`);
    }
    await go(page, async () => {
      if (await page.locator(".js-next").count()) return press("Enter");
      await tabTo(page, page.locator(".QuizFoot-end"));
      await press("Enter");
    });
  }
  has(await page.locator("h1").innerText(), `of ${total - open} right`, "the result");
}

async function exam(page) {
  await page.goto("/quizzes/new");
  await page.locator("[name=count]").fill(String(total));
  await choose(page, "mode", "exam");
  await go(page, () => page.getByRole("button", { name: "Start quiz" }).click());
  const first = page.url();
  for (let i = 1; i < total; i++) {
    const { kind, answer } = await question(page);
    await mouse[kind](page, answer);
    await go(page, () => submit(page).click());
  }
  await page.goto(first);
  same(await outcome(page), "saved", "what is said of an answer");
  same(await page.getByText("Explanation").count(), 0, "explanations before the end");
  await page.locator(".Finish summary").click();
  await go(page, () => page.getByRole("button", { name: "Finish the quiz" }).click());
  has(await page.locator("h1").innerText(), `of ${total - open} right`, "the result");
  await page.goto(first);
  if ((await outcome(page)) === "saved") throw new Error("there is no verdict after the end");
}

const cardsLeft = async (page) => Number.parseInt(await page.locator(".QuizHead-place").innerText());

async function cardsByKeyboard(page) {
  const press = (key) => page.keyboard.press(key);
  await page.goto("/");
  await press("g");
  await go(page, () => press("c"));
  await go(page, () => press("Enter"));
  const first = await page.locator("h1").innerText();
  const left = await cardsLeft(page);
  await go(page, () => press("Space"));
  same(await page.locator(".Rating, [name=rating]").count(), 4, "grades to choose from");
  await go(page, () => press("4"));
  if ((await page.locator("h1").innerText()) === first) throw new Error("the same card comes again");
  same(await cardsLeft(page), left - 1, "cards left after one");
  await go(page, () => press("u"));
  if (await page.locator(".js-reveal").count()) await go(page, () => press("Space"));
  same(await page.locator("h1").innerText(), first, "the card after undo");
  await go(page, () => press("3"));

  // On to the end of the queue: every other card with Space, which means Good, then Easy.
  for (let i = 0; await page.locator(".js-reveal").count(); i++) {
    if (i > 60) throw new Error("the queue has no end");
    await go(page, () => press("Space"));
    await go(page, () => press("4"));
  }
  has(await page.locator("main").innerText(), "next 30 days", "the end of the queue");
}

async function cardsByMouse(page) {
  await page.goto("/cards");
  await go(page, () => page.getByRole("link", { name: "Review cards" }).click());
  const first = await page.locator("h1").innerText();
  await go(page, () => page.locator(".js-reveal").click());
  await go(page, () => page.getByRole("button", { name: "Good" }).click());
  await go(page, () => page.getByRole("button", { name: "Undo" }).click());
  if (await page.locator(".js-reveal").count()) await go(page, () => page.locator(".js-reveal").click());
  same(await page.locator("h1").innerText(), first, "the card after undo");
}

async function shortcuts(page) {
  await page.goto("/");
  for (const [key, path] of [["q", "/quizzes/new"], ["c", "/cards"], ["p", "/progress"], ["t", "/"]]) {
    await page.keyboard.press("g");
    await go(page, () => page.keyboard.press(key));
    same(new URL(page.url()).pathname, path, `g ${key}`);
  }
  await page.keyboard.press("?");
  same(await page.locator("#keys").evaluate((e) => e.open), true, "the list of keys after ?");
  await page.keyboard.press("Escape");
  same(await page.locator("#keys").evaluate((e) => e.open), false, "the list of keys after Escape");

  await page.goto("/questions/shelf-text");
  await page.locator("[name=text]").click();
  await page.keyboard.type("?gqsu1a ");
  same(await page.locator("[name=text]").inputValue(), "?gqsu1a ", "what was typed");
  same(await page.locator("#keys").evaluate((e) => e.open), false, "the list of keys while typing");

  await page.goto("/questions/shelf-single");
  await page.keyboard.press("Control+a");
  same(await page.locator("[name=choice]:checked").count(), 0, "choices after Control+a");
  await page.keyboard.press("b");
  same(await page.locator("[name=choice]").nth(1).isChecked(), true, "the second choice after b");
}

// narrowMenu goes to what is under More, and to what is not.
async function narrowMenu(page) {
  await page.goto("/");
  for (const name of ["Topics", "Learn", "Progress", "Questions"]) {
    const entry = page.locator(".Menu").getByRole("link", { name, exact: true });
    if (!(await entry.isVisible())) {
      await tabTo(page, page.locator(".Menu summary"));
      await page.keyboard.press("Enter");
    }
    await go(page, async () => {
      await tabTo(page, entry);
      await page.keyboard.press("Enter");
    });
    same((await page.locator(".Menu [aria-current=page]").last().textContent()).trim(), name, "the mark in the menu");
  }
  const menu = await page.locator(".Menu").boundingBox();
  same(menu.height < 60, true, "the menu is one row");
}

async function searchByKeyboard(page) {
  await page.goto("/topics");
  await go(page, () => page.keyboard.press("/"));
  same(new URL(page.url()).pathname, "/questions", "the place after /");
  same(await page.locator("#field-q").evaluate((e) => e === document.activeElement), true, "the field for words has the focus");
  await page.keyboard.type("idempotense/");
  await page.keyboard.press("Backspace");
  await go(page, () => page.keyboard.press("Enter"));
  await found(page);
  await tabTo(page, page.locator(".Hub-filters > summary"));
  await page.keyboard.press("Enter");
  await tabTo(page, page.locator("[name=kind][value=card]"));
  await page.keyboard.press("Space");
  await go(page, () => page.keyboard.press("Enter"));
  same(await page.locator(".List-row").count(), 1, "questions with the filter");
  await go(page, async () => {
    await tabTo(page, page.locator(".Hub-actions button"));
    await page.keyboard.press("Enter");
  });
  has(await page.locator("main").innerText(), "What is idempotence?", "the quiz");
}

async function searchByMouse(page) {
  await page.goto("/questions");
  await page.locator("#field-q").fill("idempotense");
  await go(page, () => page.getByRole("button", { name: "Search" }).click());
  await found(page);
  await page.locator(".Hub-filters > summary").click();
  await page.locator("[name=kind][value=card]").check({ force: true });
  await go(page, () => page.getByRole("button", { name: "Show the questions" }).click());
  same(await page.locator(".List-row").count(), 1, "questions with the filter");
  await go(page, () => page.getByRole("link", { name: "Without Open question" }).click());
  await go(page, () => page.getByRole("link", { name: "Print" }).click());
  same(await page.locator("#answers").count(), 0, "answers on the sheet");
  await go(page, () => page.getByRole("link", { name: "With the answers" }).click());
  has(await page.locator("#answers").innerText(), "Answers", "the sheet");
  await go(page, () => page.getByRole("link", { name: "Back to the list" }).click());
  await go(page, () => page.getByRole("button", { name: "Quiz of these" }).click());
  has(await page.locator("main").innerText(), "Question 1 of 2", "the quiz");
}

// found looks at what the mistyped word led to.
async function found(page) {
  const text = await page.locator("main").innerText();
  has(text, "Results for idempotence", "what was looked for");
  has(text, "2 questions", "how many were found");
}

async function enterStarts(page) {
  await page.goto("/quizzes/new");
  await page.locator("[name=count]").fill("3");
  await go(page, () => page.keyboard.press("Enter"));
  has(await page.locator("body").innerText(), "Question 1 of 3", "the page after Enter");
}

async function enterAnswers(page, context) {
  await page.goto("/questions/shelf-sql");
  const statement = page.locator("#answer [name=text]");
  await statement.fill("SELECT name FROM customers");
  if (await page.evaluate(() => document.documentElement.dataset.keys === "on").catch(() => false)) {
    await statement.focus();
    await go(page, () => page.keyboard.press("Control+Enter"));
    has(await page.locator("#tried").innerText(), "Ada", "what Ctrl+Enter shows");
  }
  await page.goto("/quizzes/new");
  await page.goto("/questions/shelf-sql");
  await page.locator("#answer [name=text]").fill("SELECT name FROM customers");
  await page.locator("#answer [name=unsure]").focus();
  await go(page, () => page.keyboard.press("Enter"));
  same(await outcome(page), "wrong", "the verdict after Enter");
}

// thereAndBack takes everything along, deletes it, and brings everything back, twice.
async function thereAndBack(page) {
  await page.goto("/");
  const { kind, answer } = await question(page);
  await mouse[kind](page, answer);
  await submit(page).click();
  await page.locator(".Banner").waitFor();
  await page.goto("/settings/data");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Everything as JSON" }).click();
  const file = await (await download).path();
  await page.getByLabel("Type “delete” to confirm").fill("delete");
  await go(page, () => page.getByRole("button", { name: "Delete everything of mine" }).click());
  has(await page.locator(".Flash").innerText(), "Everything of yours was deleted", "what is said");
  const send = async (what) => {
    await page.getByLabel("File with an export").setInputFiles(what);
    await go(page, () => page.getByRole("button", { name: "Import this file" }).click());
  };
  await send(file);
  has(await page.locator(".Flash").innerText(), "2 entries were added", "what came back");
  await send(file);
  has(await page.locator(".Flash").innerText(), "0 entries were added. 2 were here before.", "what came back once more");
  await page.goto("/progress");
  same(await page.locator(".Empty").count(), 0, "empty states of the progress page");
}

async function timeZone(page) {
  await page.goto("/quizzes/new");
  await go(page, () => page.getByRole("button", { name: "Start now" }).click());
  await page.goto("/settings");
  same(await page.locator("[name=zone]").inputValue(), "Europe/Berlin", "the time zone");
}

async function countdown(page) {
  await page.goto("/quizzes/new");
  await choose(page, "limit", "10");
  await go(page, () => page.getByRole("button", { name: "Start quiz" }).click());
  const timer = page.locator(".js-timer");
  const began = await timer.innerText();
  if (!/^(10:00|9:5\d)$/.test(began)) throw new Error(`the timer begins with ${began}`);
  await page.waitForFunction((text) => document.querySelector(".js-timer").textContent !== text, began, { timeout: 3000 });
}

// kept marks a question, writes a note and reports a problem; the author answers in the same browser.
async function kept(page) {
  await page.goto("/questions/shelf-text");
  const mark = page.getByRole("button", { name: "Bookmark" });
  await mark.click();
  await page.locator(".js-mark[aria-pressed=true]").waitFor();
  await page.reload();
  same(await mark.getAttribute("aria-pressed"), "true", "the bookmark after loading the page again");

  await page.locator("summary", { hasText: "Write a note" }).click();
  await page.locator("#field-note").fill("Think of **curl -I**, not <b>GET</b>.");
  await go(page, () => page.getByRole("button", { name: "Save the note" }).click());
  await page.locator("summary", { hasText: "Your note" }).click();
  same(await page.locator("#kept .Prose strong").innerText(), "curl -I", "the note as Markdown");
  has(await page.locator("#kept .Prose").innerText(), "not <b>GET</b>", "the note with its tags as text");

  await page.locator("summary", { hasText: "Report a problem" }).click();
  await page.getByLabel("Out of date").check({ force: true });
  await page.getByLabel("In your words").fill("OPTIONS does so, too.");
  await go(page, () => page.getByRole("button", { name: "Send the report" }).click());
  has(await page.locator("#kept").innerText(), "OPTIONS does so, too.", "the report on the page of the question");

  await page.goto("/author/sign-in");
  await page.getByLabel("Author token").fill(authorToken);
  await go(page, () => page.getByRole("button", { name: "Sign in" }).click());
  await page.goto("/author/reports");
  const report = page.locator("main section", { hasText: "OPTIONS does so, too." }).first();
  has(await report.innerText(), "questions/shelf.md:", "the report with its place");
  await report.getByLabel("Answer").fill("It asks what may be done.");
  await go(page, () => report.getByRole("button", { name: "Answer and close" }).click());

  await page.goto("/");
  has(await page.locator("main").innerText(), "It asks what may be done.", "today's page with the answer");
  await go(page, () => page.getByRole("button", { name: "I have read this" }).click());
  same(await page.getByText("It asks what may be done.").count(), 0, "answers on today's page afterwards");
}

async function keptByKeys(page) {
  await page.goto("/questions/shelf-single");
  await page.keyboard.press("b"); // the second choice
  await page.keyboard.press("m");
  await page.locator(".js-mark[aria-pressed=true]").waitFor();
  same(await page.locator("#answer [name=choice]:checked").count(), 1, "choices ticked after the bookmark was set");
  await page.keyboard.press("n");
  same(await page.evaluate(() => document.activeElement.id), "field-note", "what has the focus after n");
  same(await page.locator("#field-note").inputValue(), "", "the note, which the key did not write into");
}

const asked = (page) => page.getByRole("group", { name: "How sure are you?" }).count();

async function sure(page) {
  await page.goto("/");
  const { kind, answer } = await question(page, false);
  await mouse[kind](page, answer);
  await choose(page, "confidence", "3");
  await submit(page).click();
  await page.locator(".Banner[data-outcome=wrong]").waitFor();
  has(await page.locator(".Banner").innerText(), "You were sure of this one", "the verdict");

  // A quiz of two, both wrong, of which one was sure.
  await page.goto("/quizzes/new?kind=text&kind=number");
  await page.locator("[name=count]").fill("2");
  await go(page, () => page.getByRole("button", { name: "Start quiz" }).click());
  let title;
  for (const step of ["1", "3"]) {
    same(await asked(page), 1, "questions how sure one is");
    ({ title } = await question(page, false));
    await mouse.text(page, (await question(page, false)).answer);
    await choose(page, "confidence", step);
    await go(page, () => submit(page).click());
    if (step === "1") await go(page, () => page.locator(".Banner-next .js-next").click());
  }
  await go(page, () => toResult(page));
  const surprises = page.locator("section", { has: page.getByRole("heading", { name: "Surprises" }) }).getByRole("link");
  same((await surprises.allInnerTexts()).join(), title, "the surprises");
  await go(page, () => page.getByRole("button", { name: "Repeat the 2 mistakes" }).click());
  same((await question(page)).title, title, "the first of the mistakes");
  await page.goto("/progress");
  has(await page.locator("main").innerText(), "7 more answers with a confidence", "the plot that is still missing");
}

async function sureByKeyboard(page) {
  await page.goto("/");
  const { answer } = await question(page);
  await keyboard.choices(page, answer);
  await tabTo(page, page.locator("[name=confidence]").first());
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  same(await page.locator("[name=confidence][value='2']").isChecked(), true, "the second step after an arrow");
  await page.keyboard.press("Enter");
  await page.locator(".Banner[data-outcome=right]").waitFor();
  await page.goto("/settings");
  await tabTo(page, page.locator("[name=confidence]:checked"));
  same(await page.locator("[name=confidence]:checked").inputValue(), "on", "the setting");
  await page.keyboard.press("ArrowLeft");
  if ((await page.locator("[name=confidence]:checked").inputValue()) === "on") await page.keyboard.press("ArrowRight");
  await go(page, () => page.keyboard.press("Enter"));
  await page.goto("/questions/shelf-text");
  same(await asked(page), 0, "questions how sure one is, switched off");
}

// swipe moves a finger over the page.
async function swipe(page, [fromX, fromY], [toX, toY]) {
  const hand = await page.context().newCDPSession(page);
  const at = (part) => [{ x: fromX + (toX - fromX) * part, y: fromY + (toY - fromY) * part }];
  await hand.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0) });
  for (let part = 0.1; part < 1.05; part += 0.1) await hand.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(part) });
  await hand.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await hand.detach();
}

async function swipes(page) {
  await page.goto("/cards/next");
  const first = await page.locator("h1").innerText();
  await go(page, () => page.locator(".js-reveal").click());
  same(await page.locator(".js-swipe-hint").isVisible(), true, "the hint that one can swipe");
  const { y } = await page.locator("#back h2").boundingBox();
  const here = page.url();
  for (const [what, from, to] of [
    ["a short movement", [250, y], [190, y]],
    ["a movement that is rather up than left", [250, y + 150], [150, y]],
    ["a movement from the side of the screen, which is the browser's", [20, y], [200, y]],
  ]) {
    await swipe(page, from, to);
    await page.waitForTimeout(300); // for what should not come
    same(page.url(), here, `the page after ${what}`);
  }
  for (const [rating, from, to] of [["good", 80, 280], ["again", 280, 80]]) {
    const grade = page.waitForRequest((request) => request.method() === "POST");
    await go(page, () => swipe(page, [from, y], [to, y]));
    has((await grade).postData(), `rating=${rating}`, `what a swipe from ${from} to ${to} sends`);
    await go(page, () => page.getByRole("button", { name: "Undo" }).click());
    same(await page.locator("h1").innerText(), first, "the card after undo");
    await go(page, () => page.locator(".js-reveal").click());
  }
}

// grades returns the intervals on the buttons of the next card, in days; 0 for less than one.
async function grades(page) {
  await page.goto("/cards/next");
  await go(page, () => page.locator(".js-reveal").click());
  const texts = await page.locator(".js-rating small").allInnerTexts();
  return texts.map((text) => (/ d$/.test(text) ? Number.parseInt(text) : 0));
}

async function interview(page, _context, faults) {
  await page.goto("/cards/next");
  await go(page, () => page.locator(".js-reveal").click());
  await go(page, () => page.getByRole("button", { name: "Good" }).click());
  await page.goto("/");
  const today = await page.locator("main time").first().getAttribute("datetime"); // not the browser's: a day begins at four o'clock
  const date = (days) => new Date(Date.parse(today) + days * 24 * 3600e3).toISOString().slice(0, 10);
  const put = async (value) => {
    await page.goto("/cards/settings");
    await page.getByLabel("Date of an interview").fill(value);
    await go(page, () => page.getByRole("button", { name: "Save settings" }).click());
  };
  const usual = (await grades(page)).at(-1);
  await put(date(60));
  has(await page.locator("main").innerText(), "Saved.", "the settings");
  const held = (await grades(page)).at(-1);
  if (held <= usual) throw new Error(`an easy card waits ${held} days long before an interview, ${usual} without one`);
  await put(date(3));
  same((await grades(page)).at(-1), usual, "days that an easy card waits in the days before an interview");
  await page.goto("/");
  has(await page.locator("main").innerText(), "3 days until your interview.", "today's page");
  await put("2020-01-01");
  has(await page.locator("main").innerText(), "Give a date from today on", "the settings with a day of long ago");
  faults.splice(0, faults.length, ...faults.filter((fault) => !/status of 422/.test(fault)));
  await put("");
  same((await grades(page)).at(-1), usual, "days that an easy card waits without an interview");
}
