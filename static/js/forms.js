// Time zone, submit once, and help with putting things in order.
import { say } from "./words.js";

// To find out the time zone takes a browser longer than all the rest here, so it is asked when a form goes out.
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";

function zones() {
  document.addEventListener("formdata", (event) => {
    const input = event.target.querySelector(".js-zone");
    if (input && !input.value) event.formData.set(input.name, zone());
  });
}

// offerZone offers the time zone of the browser in place of the one that is set.
function offerZone() {
  const field = document.querySelector("#field-zone");
  const offer = document.querySelector(".js-zone-offer");
  const here = field && offer && zone();
  if (!here || field.value === here) return;
  offer.querySelector("span").textContent = here;
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    field.value = here;
    offer.hidden = true;
    field.focus();
  });
}

// newWord makes what the server makes for each form that starts an attempt.
function newWord() {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return Array.from(crypto.getRandomValues(new Uint8Array(26)), (byte) => letters[byte % 32]).join("");
}

// once lets a form go out one time. The buttons stay enabled, so the name and value of the one pressed are sent. A page
// that comes back from the browser's cache may submit again.
function once() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(".js-once") || event.submitter?.formMethod === "get") return;
    if (form.ariaBusy === "true") event.preventDefault();
    form.ariaBusy = "true";
  });
  addEventListener("pageshow", (event) => {
    for (const form of document.querySelectorAll(".js-once")) form.ariaBusy = null;
    if (!event.persisted) return;
    for (const word of document.querySelectorAll('input[name="once"]')) word.value = newWord();
  });
}

// order keeps the places of a list different and moves the rows along.
function order(fieldset) {
  const list = fieldset.querySelector("ol");
  const selects = () => [...list.querySelectorAll("select")];
  if (selects().some((select) => !select.value)) return;

  const arrange = () => list.append(...selects().sort((a, b) => a.value - b.value).map((select) => select.closest("li")));
  const place = () => selects().forEach((select, i) => (select.value = i + 1));
  const said = fieldset.appendChild(document.createElement("p"));
  said.className = "u-hidden";
  said.role = "status";

  const move = (row, by, button) => {
    const rows = [...list.children];
    const to = rows.indexOf(row) + by;
    if (to < 0 || to >= rows.length) return;
    if (by < 0) rows[to].before(row);
    else rows[to].after(row);
    place();
    button.focus();
    said.textContent = say("Place {1} of {2}", to + 1, rows.length);
  };

  for (const row of list.children) {
    const select = row.querySelector("select");
    const text = row.querySelector(".Row-text");
    const buttons = row.appendChild(document.createElement("span"));
    buttons.className = "Row-moves";
    for (const [sign, name, by] of [["↑", say("Move up"), -1], ["↓", say("Move down"), 1]]) {
      const button = buttons.appendChild(document.createElement("button"));
      button.type = "button";
      button.textContent = sign;
      button.ariaLabel = `${name}: ${text.textContent.trim()}`;
      button.addEventListener("click", () => move(row, by, button));
    }
    select.addEventListener("change", () => {
      // The row moves to the place chosen and the rows between shift by one.
      const rows = [...list.children];
      rows.splice(rows.indexOf(row), 1);
      rows.splice(select.value - 1, 0, row);
      list.append(...rows);
      place();
      select.focus();
    });
  }
  arrange();
}

// minutes picks the limit of one's own as soon as a number is typed for it.
function minutes() {
  const custom = document.querySelector("[name=limit][value=custom]");
  document.querySelector("#field-minutes")?.addEventListener("input", () => {
    if (custom) custom.checked = true;
  });
}

// bookmark sets the mark without leaving the page, so that what was typed there stays.
function bookmark(form) {
  const on = form.querySelector("[name=on]");
  const button = form.querySelector(".js-mark");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
      if (answer.type !== "opaqueredirect") throw new Error(answer.status);
      button.ariaPressed = String(on.value === "yes");
      on.value = on.value === "yes" ? "no" : "yes";
      form.ariaBusy = null;
    } catch {
      form.submit(); // the page says what is wrong
    }
  });
}

export function forms() {
  zones();
  offerZone();
  once();
  minutes();
  for (const form of document.querySelectorAll(".js-bookmark")) bookmark(form);
  for (const fieldset of document.querySelectorAll(".js-order")) order(fieldset);
}
