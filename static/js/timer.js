import { say } from "./words.js";

// Counts down to a deadline. The server decides what is late; this only shows it and sends what has been entered.

const announced = [600, 300, 60, 10]; // seconds left at which it is said aloud

function text(seconds) {
  const two = (n) => String(n).padStart(2, "0");
  const h = Math.floor(seconds / 3600);
  const m = Math.floor((seconds % 3600) / 60);
  return (h ? `${h}:${two(m)}` : String(m)) + `:${two(seconds % 60)}`;
}

function spoken(seconds) {
  if (seconds < 60) return say("{1} seconds left", seconds);
  return seconds === 60 ? say("1 minute left") : say("{1} minutes left", seconds / 60);
}

const grace = 2500; // ms after the deadline: by then the server takes nothing more, and the result is there

// send submits what has been entered; the server takes it for a moment longer. It reports whether there was anything.
function send() {
  const form = document.querySelector(".js-answer");
  const entered = form && [...new FormData(form)].some(([name, value]) => /^(choice|text|pair-|blank-)/.test(name) && value);
  if (!entered) return false;
  form.noValidate = true;
  form.requestSubmit(form.querySelector(".js-submit"));
  return true;
}

// end sends what has been entered, or waits until the result is there. It leaves the page once.
function end(late, result) {
  if (late < 1000 && send()) return;
  setTimeout(() => location.assign(result), Math.max(0, grace - late));
}

export function timer() {
  const element = document.querySelector(".js-timer");
  if (!element) return;
  // The clock of the server is the one that counts; the page itself took no time worth noting.
  const skew = element.dataset.now - Date.now();
  const status = element.parentElement.appendChild(document.createElement("span"));
  status.className = "u-hidden";
  status.role = "status";

  let last = Infinity;
  const tick = () => {
    const left = Math.max(0, Math.ceil((element.dataset.deadline - Date.now() - skew) / 1000));
    if (!element.hidden) {
      element.textContent = text(left);
      element.parentElement.toggleAttribute("data-soon", left <= 60);
    }
    const due = !element.hidden && announced.find((at) => left <= at && last > at && last !== Infinity);
    if (due) status.textContent = spoken(due);
    last = left;
    if (left > 0) return;
    clearInterval(clock);
    end(Date.now() + skew - element.dataset.deadline, element.dataset.result);
  };
  const clock = setInterval(tick, 1000);
  tick();
}
