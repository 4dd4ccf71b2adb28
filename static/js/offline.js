// Starts the service worker, and shows what it says: how many grades wait to be sent, and which were refused.
import { say } from "./words.js";

const { worker, base, owner = "" } = document.documentElement.dataset;

function line(text) {
  const p = document.createElement("p");
  p.className = "Waiting";
  p.append(text);
  return p;
}

function refusal({ id, title, why }) {
  const p = line(`${say("A grade of “{1}” was not taken.", title)} ${why}`);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "Button";
  button.dataset.size = "small";
  button.textContent = say("Dismiss");
  button.addEventListener("click", () => navigator.serviceWorker.controller?.postMessage({ dismissed: [id] }));
  p.append(button);
  return p;
}

const patience = 3000; // ms after which a busy server is asked again

let status;
let again;

function show({ waiting, refused }) {
  if (!status) {
    status = document.createElement("div");
    status.role = "status";
    document.querySelector(".Header").append(status);
  }
  const lines = refused.map(refusal);
  if (waiting === 1) lines.unshift(line(say("1 grade is not sent yet.")));
  if (waiting > 1) lines.unshift(line(say("{1} grades are not sent yet.", waiting)));
  status.replaceChildren(...lines);
  clearTimeout(again);
  if (waiting && navigator.onLine) again = setTimeout(hello, patience);
}

async function hello() {
  const cards = document.querySelector(".Menu [aria-current]")?.pathname === `${base}/cards`;
  (await navigator.serviceWorker.ready).active.postMessage({ owner, cards });
}

export function offline() {
  const workers = navigator.serviceWorker;
  if (!worker || !workers) return;
  workers.addEventListener("message", (event) => show(event.data));
  // There is nothing to keep for a visitor. A worker that is there already has to hear that somebody has left.
  if (owner) workers.register(worker, { updateViaCache: "none" }).catch(() => {}); // there is no connection
  hello();
  addEventListener("online", hello);
}
