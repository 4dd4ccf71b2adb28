// What scripts say, in the language of the page. {1} and {2} stand for what is given beside the text.

const words = JSON.parse(document.documentElement.dataset.words ?? "{}");

export function say(english, ...values) {
  return (words[english] ?? english).replace(/\{(\d)\}/g, (_, i) => values[i - 1]);
}
