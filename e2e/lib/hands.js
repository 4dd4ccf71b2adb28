// Two ways to answer a question: by mouse, and with the keyboard alone. Both fill in the form; neither sends it.
import { position } from "./answers.js";

const form = (page) => page.locator("#answer");
const row = (page, text) => form(page).locator("li:has(select)").filter({ hasText: text });

// letterOf returns the letter before a text in the right column of a match question.
async function letterOf(page, text) {
  const place = await position(form(page).locator(".Lettered > li"), text);
  return String.fromCharCode(65 + place);
}

// choose clicks the label of one of several values.
export async function choose(page, name, value) {
  await page.locator("label").filter({ has: page.locator(`[name="${name}"][value="${value}"]`) }).click();
}

export const mouse = {
  async choices(page, texts) {
    for (const text of texts) await form(page).locator(".Choice").nth(await position(form(page).locator(".Choice"), text)).click();
  },
  async text(page, text) {
    await form(page).locator("[name=text]").fill(text);
  },
  async open(page, text) {
    await form(page).locator("[name=text]").fill(text);
  },
  async order(page, texts) {
    for (const [i, text] of texts.entries()) await row(page, text).locator("select").selectOption(String(i + 1));
  },
  async pairs(page, pairs) {
    for (const [left, right] of pairs) await row(page, left).locator("select").selectOption({ label: await letterOf(page, right) });
  },
  async blanks(page, texts) {
    for (const [i, text] of texts.entries()) await form(page).locator(".Blank-input").nth(i).fill(text);
  },
};

// tabTo presses Tab until the element has the focus, as somebody without a mouse would.
export async function tabTo(page, element) {
  const target = await element.elementHandle();
  for (let i = 0; i < 120; i++) {
    if (await target.evaluate((e) => e === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${element}`);
}

export const keyboard = {
  async choices(page, texts) {
    for (const text of texts) {
      const place = await position(form(page).locator(".Choice"), text);
      // Digits and letters in turn: both must do.
      await page.keyboard.press(place % 2 ? String(place + 1) : "abcdef"[place]);
    }
  },
  async text(page, text) {
    await tabTo(page, form(page).locator("[name=text]"));
    for (const [i, line] of text.split("\n").entries()) {
      if (i > 0) await page.keyboard.press("Enter");
      await page.keyboard.type(line);
    }
  },
  async open(page, text) {
    await keyboard.text(page, text);
  },
  async order(page, texts) {
    for (const [i, text] of texts.entries()) {
      await tabTo(page, row(page, text).locator("select"));
      await page.keyboard.type(String(i + 1));
    }
  },
  async pairs(page, pairs) {
    for (const [left, right] of pairs) {
      await tabTo(page, row(page, left).locator("select"));
      await page.keyboard.type(await letterOf(page, right));
    }
  },
  async blanks(page, texts) {
    for (const [i, text] of texts.entries()) {
      await tabTo(page, form(page).locator(".Blank-input").nth(i));
      await page.keyboard.type(text);
    }
  },
};
