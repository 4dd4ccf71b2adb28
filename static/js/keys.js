// Single keys, and Ctrl+Enter in the form of an exercise. Single keys are ignored while one types, with a modifier, and all
// when the visitor switched them off. A key never does more than click what is on the page, so it can do nothing that the page
// does not offer.

const places = { t: "/", q: "/quizzes/new", c: "/cards", p: "/progress" };
let gAt = -Infinity; // when g was pressed

const one = (selector) => document.querySelector(selector);

function click(selector) {
  const element = one(selector);
  element?.click();
  return Boolean(element);
}

// typing reports whether the key belongs to a field.
function typing(target) {
  return target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}

// control reports whether the key already means something to the element that has the focus.
function control(target) {
  return target.matches("a, button, summary, input, [tabindex='0']");
}

// pick chooses the choice that a digit or a letter stands for.
function pick(key) {
  const choices = document.querySelectorAll(".js-answer [name=choice]");
  const i = key >= "1" && key <= "9" ? Number(key) - 1 : key.length === 1 && key >= "a" && key <= "f" ? key.charCodeAt(0) - 97 : -1;
  const choice = choices[i];
  choice?.focus();
  choice?.click();
  return Boolean(choice);
}

function enter(target) {
  if (target.matches("[name=choice]")) return click(".js-submit");
  if (control(target)) return false;
  return click(".js-next") || click(".js-reveal") || click(".js-submit");
}

function press(event) {
  const { key, target } = event;
  if (key === "Enter") return enter(target);
  if (key === " ") return !control(target) && (click(".js-reveal") || click("[data-rating=good]"));
  if (key === "?") {
    openKeys();
    return true;
  }
  if (key === "/") return search();
  const letter = key.toLowerCase();
  if (performance.now() - gAt < 1200) {
    gAt = -Infinity;
    if (places[letter]) {
      location.href = document.documentElement.dataset.base + places[letter];
      return true;
    }
  }
  if (letter === "g") {
    gAt = performance.now();
    return true;
  }
  if (click(`.js-rating[data-key="${CSS.escape(key)}"]`)) return true;
  if (letter === "s") return click(".js-skip");
  if (letter === "u") return click(".js-undo");
  if (letter === "m") return click(".js-mark");
  if (letter === "n") return note();
  return pick(letter);
}

// search goes to the field for words, on this page or on that of the questions.
function search() {
  const field = one(".js-search");
  if (field) field.select();
  else location.href = `${document.documentElement.dataset.base}/questions#field-q`;
  return true;
}

// note opens the note of the question and goes into it.
function note() {
  const field = one("#field-note");
  if (!field) return false;
  field.closest("details").open = true;
  field.focus();
  return true;
}

function openKeys() {
  const dialog = one("#keys");
  if (!dialog.open) dialog.showModal();
}

export function keys() {
  if (document.documentElement.dataset.keys === "off") return;
  for (const button of document.querySelectorAll(".js-keys-open")) {
    button.hidden = false;
    button.addEventListener("click", openKeys);
  }
  document.documentElement.dataset.keys = "on";
  if (location.hash === "#field-q") search();
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form?.matches(".js-answer") && click(".js-run")) {
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]") || typing(event.target)) return;
    if (press(event)) event.preventDefault();
  });
}
