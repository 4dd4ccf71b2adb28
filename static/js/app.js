// Adds to pages that work without it. It keeps no state of its own.
import { keys } from "./keys.js";
import { forms } from "./forms.js";
import { code } from "./code.js";
import { timer } from "./timer.js";
import { here } from "./here.js";
import { offline } from "./offline.js";

forms();
code();
timer();
here();
keys();
offline();

// The mark in the menu is in sight even where the menu is wider than the screen.
document.querySelector(".Menu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

for (const button of document.querySelectorAll(".js-print")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
