// Answers to the questions of content/questions/shelf.md, found by a question's title.

const known = {
  "Which status code": { choices: ["201"], wrong: ["304"] },
  "Which of these values are falsy": { choices: ["0", "NaN"], wrong: ["[]"] },
  "request is idempotent": { choices: ["True"], wrong: ["False"] },
  "Which method of HTTP": { text: "head", wrong: "OPTIONS" },
  "How many bytes": { text: "16", wrong: "4" },
  "What does this program print?": { text: "x 1\nx 3\nend", wrong: "x 1\nx 2\nx 3\nend" },
  "Put the steps of a TLS connection in order": {
    order: ["TCP handshake", "ClientHello", "certificate of the server", "application data"],
    wrong: ["application data", "TCP handshake", "ClientHello", "certificate of the server"],
  },
  "Match each store": {
    pairs: [["relational", "joins"], ["key-value", "lookups by one key"], ["search index", "full text"]],
    wrong: [["relational", "joins"], ["key-value", "drawing pictures"], ["search index", "lookups by one key"]],
  },
  "The parts of a URL": { blanks: ["query", "fragment"], wrong: ["question", "fragment"] },
  "List every customer with the number": {
    text: "SELECT name, (SELECT count(*) FROM orders WHERE customer_id = c.id)\nFROM customers c ORDER BY name",
    wrong: "SELECT c.name, count(*)\nFROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id ORDER BY 1",
  },
  "Find the orders of one customer": { text: "SELECT id FROM orders\nWHERE customer_id = 1", wrong: "SELECT id FROM orders\nWHERE customer_id + 0 = 1" },
  "A service answers slowly once an hour": { open: "I would measure first." },
  "What is idempotence?": { open: "The same effect, however often." },
};

// question returns how the question on the page is answered, right or wrong, as one of choices, text, order, pairs,
// blanks and open.
export async function question(page, right = true) {
  const title = await page.locator(".Stem-title").innerText();
  const key = Object.keys(known).find((part) => title.includes(part));
  if (!key) throw new Error(`no answer is known to ${JSON.stringify(title)}`);
  const [kind, answer] = Object.entries(known[key])[0];
  return { title, kind, answer: right || !known[key].wrong ? answer : known[key].wrong };
}

// position returns the place, from 0, of the only element whose text is, or has, the given one.
export async function position(elements, text) {
  const texts = await elements.allInnerTexts();
  const lines = texts.map((t) => t.split("\n").map((line) => line.trim()));
  const exact = lines.findIndex((parts) => parts.includes(text));
  const place = exact >= 0 ? exact : texts.findIndex((t) => t.includes(text));
  if (place < 0) throw new Error(`nothing says ${JSON.stringify(text)} among ${JSON.stringify(texts)}`);
  return place;
}
