// Loads a page of the preview again as soon as what it shows has changed.

const { live, version } = document.documentElement.dataset;
let events;

function listen() {
  events = new EventSource(live);
  events.addEventListener("version", (event) => {
    if (event.data === version) return;
    events.close();
    location.reload();
  });
}

// A browser has few connections to one server: a page that is left gives its own back.
addEventListener("pagehide", () => events.close());
addEventListener("pageshow", (event) => {
  if (event.persisted) listen();
});
listen();
