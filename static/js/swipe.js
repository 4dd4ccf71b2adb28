// Grades a card by a swipe: left for Again, right for Good. The buttons stay; nothing but a click on one of them happens.

const far = 90; // px from which on a swipe counts
const edge = 24; // px at the sides of the screen that belong to the browser's own swipes

// scrolls reports whether a finger there moves something sideways already.
function scrolls(target, card) {
  for (let e = target; e && e !== card; e = e.parentElement) {
    if (e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX !== "visible") return true;
  }
  return false;
}

// grade returns the rating that a swipe of dx, dy stands for; nothing when it was not meant as one.
function grade(dx, dy) {
  if (Math.abs(dx) < far || Math.abs(dx) < 2 * Math.abs(dy)) return null;
  return document.querySelector(`[data-rating=${dx < 0 ? "again" : "good"}]`);
}

export function swipe() {
  const card = document.querySelector(".js-swipe");
  const hint = document.querySelector(".js-swipe-hint");
  if (!card || !hint || !matchMedia("(pointer: coarse)").matches) return;
  hint.hidden = false;
  card.dataset.swipe = "";

  let from = null;
  const rest = () => {
    from = null;
    card.dataset.swipe = "";
  };
  card.addEventListener("pointerdown", (event) => {
    const outside = event.clientX < edge || event.clientX > innerWidth - edge;
    const taken = event.target.closest("a, button, summary, input") || scrolls(event.target, card);
    from = event.pointerType === "touch" && event.isPrimary && !outside && !taken ? event : null;
  });
  card.addEventListener("pointermove", (event) => {
    if (!from || event.pointerId !== from.pointerId) return;
    card.dataset.swipe = grade(event.clientX - from.clientX, event.clientY - from.clientY)?.value ?? "";
  });
  card.addEventListener("pointerup", (event) => {
    if (!from || event.pointerId !== from.pointerId) return;
    const rating = grade(event.clientX - from.clientX, event.clientY - from.clientY);
    rest();
    rating?.click();
  });
  card.addEventListener("pointercancel", rest);
}
