// Adds to pages that work without it. It keeps no state of its own.
import { keys } from "./keys.js";
import { forms } from "./forms.js";
import { code } from "./code.js";
import { swipe } from "./swipe.js";
import { timer } from "./timer.js";
import { here } from "./here.js";
import { offline } from "./offline.js";

forms();
code();
timer();
here();
swipe();
keys();
offline();

// The rest of the menu closes when one goes elsewhere.
const menu = document.querySelector(".js-menu");
document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});
menu?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menu.open = false;
  menu.firstElementChild.focus();
});
menu?.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

for (const button of document.querySelectorAll(".js-print")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
