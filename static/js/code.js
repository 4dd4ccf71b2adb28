// Copy buttons, and a switch to wrap long lines, on blocks of code.
import { say } from "./words.js";

function button(label, act) {
  const b = document.createElement("button");
  b.type = "button";
  b.textContent = label;
  b.addEventListener("click", () => act(b));
  return b;
}

function wrapSwitch(pre) {
  const b = button(say("Wrap"), () => {
    const on = pre.toggleAttribute("data-wrap");
    b.ariaPressed = String(on);
  });
  b.ariaPressed = "false";
  return b;
}

function copyButton(pre) {
  return button(say("Copy"), async (b) => {
    try {
      await navigator.clipboard.writeText(pre.textContent.replace(/\n$/, ""));
      b.textContent = say("Copied");
    } catch {
      b.textContent = say("Select and copy by hand");
    }
    setTimeout(() => (b.textContent = say("Copy")), 1600);
  });
}

export function code(root = document) {
  for (const block of root.querySelectorAll("div.Code")) {
    const pre = block.querySelector("pre");
    // Inside a choice a button would pick the choice.
    if (!pre || block.closest("label")) continue;
    const tools = document.createElement("span");
    tools.className = "Code-tools";
    if (pre.scrollWidth > pre.clientWidth) tools.append(wrapSwitch(pre));
    if (navigator.clipboard) tools.append(copyButton(pre));
    if (tools.childElementCount) block.insertBefore(tools, pre);
  }
}
