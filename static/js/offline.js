// Starts the service worker, and shows what it says: how many grades wait for a connection, and which were refused.
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

let status;

function show({ waiting, refused }) {
  if (!status) {
    status = document.createElement("div");
    status.role = "status";
    document.querySelector(".Header").append(status);
  }
  const lines = refused.map(refusal);
  if (waiting === 1) lines.unshift(line(say("1 grade is waiting for a connection.")));
  if (waiting > 1) lines.unshift(line(say("{1} grades are waiting for a connection.", waiting)));
  status.replaceChildren(...lines);
}

export function offline() {
  const workers = navigator.serviceWorker;
  if (!worker || !workers) return;
  workers.addEventListener("message", (event) => show(event.data));
  const hello = async () => {
    const cards = document.querySelector(".Menu [aria-current]")?.pathname === `${base}/cards`;
    (await workers.ready).active.postMessage({ owner, cards });
  };
  // There is nothing to keep for a visitor. A worker that is there already has to hear that somebody has left.
  if (owner) workers.register(worker, { updateViaCache: "none" }).catch(() => {}); // there is no connection
  hello();
  addEventListener("online", hello);
}
