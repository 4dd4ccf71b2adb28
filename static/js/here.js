// Answers the question of the start page where it stands: the verdict takes its place, and the address becomes that of
// the verdict. What goes wrong is sent again as a plain form, whose token counts once.
import { code } from "./code.js";

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

// lower makes the headings of a page into those of a part of one.
function lower(part) {
  for (const [from, to] of [["h2", "h3"], ["h1", "h2"]]) {
    for (const old of part.querySelectorAll(from)) {
      const heading = document.createElement(to);
      heading.className = old.className;
      heading.append(...old.childNodes);
      old.replaceWith(heading);
    }
  }
}

// verdict sends the answer and returns the page of its verdict with its address.
async function verdict(form, button) {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, button)) });
  if (!answer.ok || !answer.redirected) throw new Error(`status ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector("main > .Banner")) throw new Error("no verdict");
  return { page, address: answer.url };
}

// show puts a verdict where its question was.
function show(question, { page, address }) {
  const part = document.createElement("section");
  part.className = "Try";
  part.append(...page.querySelectorAll("main > :is(.Banner, .Callout, .Question)"));
  lower(part);
  history.replaceState({ here: true }, "");
  history.pushState({ here: true }, "", address);
  document.title = page.title;
  question.replaceWith(part);
  code(part);
  const said = part.querySelector("#verdict");
  said.tabIndex = -1;
  said.focus({ preventScroll: true });
  said.closest(".Banner").scrollIntoView({ block: "nearest", behavior: reduced.matches ? "instant" : "smooth" });
}

export function here() {
  // Back and forward lead to whole pages, as the address says.
  addEventListener("popstate", (event) => {
    if (event.state?.here) location.reload();
  });
  const question = document.querySelector(".Try");
  const form = question?.querySelector(".js-answer");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    try {
      show(question, await verdict(form, event.submitter));
    } catch {
      form.submit();
    }
  });
}
