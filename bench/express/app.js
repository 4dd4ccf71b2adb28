// The question page and the answer of Rehearse as an Express application over the same SQLite file: what somebody would
// write who knows Express, EJS and better-sqlite3 well. Statements are prepared once, templates are compiled once, an answer is
// one transaction with synchronous=FULL. It computes no schedule and checks fewer things than the program does, to its advantage.
import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import express from 'express';

const [address, file] = process.argv.slice(2);
const [host, port] = address.split(':');

const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.pragma('foreign_keys = ON');

const sql = (text) => db.prepare(text);
const one = {
  session: sql(`SELECT u.* FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.hash = ? AND u.merged_into = 0`),
  due: sql(`SELECT count(*) AS n FROM cards WHERE user_id = ? AND due_at <= ? AND suspended = 0`),
  attempt: sql(`SELECT * FROM attempts WHERE slug = ? AND user_id = ?`),
  item: sql(`SELECT * FROM attempt_items WHERE attempt_id = ? AND position = ?`),
  question: sql(`
    SELECT q.id, q.slug, q.labels, t.id AS topicId, t.slug AS topicSlug, t.title AS topicTitle, r.model, r.key_hash AS keyHash
    FROM revisions r JOIN questions q ON q.id = r.question_id JOIN topics t ON t.id = q.topic_id WHERE r.id = ?`),
  bookmark: sql(`SELECT 1 FROM bookmarks WHERE user_id = ? AND question_id = ?`),
  note: sql(`SELECT text FROM notes WHERE user_id = ? AND question_id = ?`),
  next: sql(`UPDATE users SET last_seq = last_seq + 1, last_at = max(last_at, ?) WHERE id = ? RETURNING last_seq`),
  progress: sql(`SELECT * FROM question_progress WHERE user_id = ? AND question_id = ?`),
};
const items = sql(`
  SELECT i.position, i.skipped, e.data FROM attempt_items i
  LEFT JOIN evidence e ON e.user_id = ? AND e.seq = i.evidence_seq
  WHERE i.attempt_id = ? ORDER BY i.position`);
const write = {
  evidence: sql(`
    INSERT INTO evidence (user_id, seq, at, kind, once, question_id, revision_id, attempt_id, position, score, ratings, duration, data)
    VALUES (?, ?, ?, 'r', NULL, ?, ?, ?, ?, ?, ?, ?, ?)`),
  progress: sql(`
    INSERT INTO question_progress (user_id, question_id, topic_id, live, event_seq, seq, answers, last_score, surprise, last_at)
    VALUES (?, ?, ?, 1, 1, ?, 1, ?, 0, ?)
    ON CONFLICT (user_id, question_id) DO UPDATE
    SET seq = excluded.seq, answers = answers + 1, last_score = excluded.last_score, last_at = excluded.last_at`),
  card: sql(`
    INSERT INTO cards (user_id, question_id, part, state, step, stability, difficulty, due_at, last_at, interval, reviews, lapses, changed,
      suspended)
    VALUES (?, ?, 0, 1, 0, 2.5, 5.0, ?, ?, 0, 1, 0, 0, 0)
    ON CONFLICT (user_id, question_id, part) DO UPDATE SET due_at = excluded.due_at, last_at = excluded.last_at, reviews = reviews + 1`),
  topic: sql(`
    INSERT INTO topic_progress (user_id, topic_id, seen, answered, correct, mastered) VALUES (?, ?, 1, 1, ?, 0)
    ON CONFLICT (user_id, topic_id) DO UPDATE
    SET seen = seen + 1, answered = answered + 1, correct = correct + excluded.correct`),
  day: sql(`
    INSERT INTO daily_activity (user_id, day, answers, correct, reviews, new, young, young_right, mature, mature_right, unsure,
      unsure_right, fairly, fairly_right, sure, sure_right, duration)
    VALUES (?, ?, 1, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ?)
    ON CONFLICT (user_id, day) DO UPDATE
    SET answers = answers + 1, correct = correct + excluded.correct, duration = duration + excluded.duration`),
  item: sql(`UPDATE attempt_items SET evidence_seq = ?, skipped = 0 WHERE attempt_id = ? AND position = ?`),
};

const app = express();
app.set('view engine', 'ejs');
app.set('views', new URL('views', import.meta.url).pathname);
app.enable('view cache');
app.disable('etag');
app.use(express.urlencoded({ extended: false }));
app.use((req, res, next) => {
  res.set({
    'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  next();
});
app.use((req, res, next) => {
  const cookie = /(?:^|; )rehearse=([^;]+)/.exec(req.headers.cookie ?? '');
  if (cookie) {
    req.user = one.session.get(createHash('sha256').update(Buffer.from(cookie[1], 'base64url')).digest());
  }
  next();
});

const found = (row) => {
  if (!row) throw Object.assign(new Error('not found'), { status: 404 });
  return row;
};

app.get('/ready', (req, res) => res.send('ready'));

app.get('/quizzes/:attempt/:position', (req, res) => {
  const user = found(req.user);
  const attempt = found(one.attempt.get(req.params.attempt, user.id));
  const position = Number(req.params.position) - 1;
  const question = found(one.question.get(found(one.item.get(attempt.id, position)).revision_id));
  const model = JSON.parse(question.model);
  const turn = position % model.choices.length;
  res.render('question', {
    due: one.due.get(user.id, Date.now()).n,
    path: req.path,
    slug: attempt.slug,
    position,
    question,
    labels: JSON.parse(question.labels),
    title: model.title,
    stem: model.stem,
    choices: [...model.choices.slice(turn), ...model.choices.slice(0, turn)],
    places: items.all(user.id, attempt.id).map((item) => ({ ...item, response: item.data })),
    bookmarked: one.bookmark.get(user.id, question.id) !== undefined,
    note: one.note.get(user.id, question.id)?.text,
  });
});

const answer = db.transaction((user, slug, position, choice) => {
  const attempt = found(one.attempt.get(slug, user.id));
  const item = found(one.item.get(attempt.id, position));
  if (item.evidence_seq > 0) return;
  const question = one.question.get(item.revision_id);
  const chosen = JSON.parse(question.model).choices[choice - 1];
  const now = Date.now();
  const score = chosen?.right ? 1_000_000 : 0;
  const right = score > 0 ? 1 : 0;
  const duration = 1000;
  const { last_seq: seq } = one.next.get(now, user.id);
  write.evidence.run(user.id, seq, now, question.id, item.revision_id, attempt.id, position, score,
    right ? '0:3' : '0:1', duration, JSON.stringify({ choices: [chosen?.id] }));
  if (!one.progress.get(user.id, question.id)) write.topic.run(user.id, question.topicId, right);
  write.progress.run(user.id, question.id, question.topicId, seq, score, now);
  write.card.run(user.id, question.id, now + 60_000, now);
  write.day.run(user.id, Math.floor(now / 86_400_000), right, duration);
  write.item.run(seq, attempt.id, position);
});

app.post('/quizzes/:attempt/:position', (req, res) => {
  const position = Number(req.params.position) - 1;
  answer.immediate(found(req.user), req.params.attempt, position, Number(req.body.choice));
  res.redirect(303, req.path);
});

app.use((err, req, res, _next) => {
  res.status(err.status ?? 500).send(err.status ? 'There is nothing here.' : String(err.stack));
});

const listening = app.listen(Number(port), host);
process.on('SIGTERM', () => {
  listening.closeAllConnections();
  db.close();
  process.exit(0);
});
