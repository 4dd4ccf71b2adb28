-- The current schema. Written by `go test ./store -run TestSchema -update`; do not edit.

CREATE TABLE banks (
  id      INTEGER PRIMARY KEY,
  slug    TEXT    NOT NULL UNIQUE,
  title   TEXT    NOT NULL,
  license TEXT    NOT NULL
) STRICT;

CREATE TABLE topics (
  id          INTEGER PRIMARY KEY,
  bank_id     INTEGER NOT NULL REFERENCES banks (id),
  slug        TEXT    NOT NULL,
  title       TEXT    NOT NULL,
  description TEXT    NOT NULL,
  lang        TEXT    NOT NULL,
  license     TEXT    NOT NULL,
  sort        INTEGER NOT NULL,
  file        TEXT    NOT NULL,
  intro       TEXT    NOT NULL, -- JSON of bank.Rich
  live        INTEGER NOT NULL CHECK (live IN (0, 1)),
  UNIQUE (bank_id, slug)
) STRICT;

CREATE TABLE questions (
  id          INTEGER PRIMARY KEY,
  bank_id     INTEGER NOT NULL REFERENCES banks (id),
  slug        TEXT    NOT NULL,
  topic_id    INTEGER NOT NULL REFERENCES topics (id),
  revision_id INTEGER NOT NULL DEFAULT 0, -- the current one; 0 only inside the load that adds the row
  file        TEXT    NOT NULL,
  line        INTEGER NOT NULL,
  sort        INTEGER NOT NULL,           -- place in the file
  labels      TEXT    NOT NULL,           -- JSON of bank.Labels
  live        INTEGER NOT NULL CHECK (live IN (0, 1)),
  into_id     INTEGER NOT NULL DEFAULT 0, -- the question that took this one in, 0: none
  load_id     INTEGER NOT NULL DEFAULT 0  -- the load that last changed the row, or the model of its revision
) STRICT;

CREATE UNIQUE INDEX questions_slug ON questions (bank_id, slug) WHERE into_id = 0;

CREATE INDEX questions_load ON questions (bank_id, load_id);

CREATE INDEX questions_into ON questions (into_id) WHERE into_id <> 0;

CREATE TABLE aliases (
  bank_id     INTEGER NOT NULL REFERENCES banks (id),
  slug        TEXT    NOT NULL,
  question_id INTEGER NOT NULL REFERENCES questions (id),
  PRIMARY KEY (bank_id, slug)
) STRICT, WITHOUT ROWID;

CREATE TABLE revisions (
  id          INTEGER PRIMARY KEY,
  question_id INTEGER NOT NULL REFERENCES questions (id),
  body_hash   TEXT    NOT NULL,
  key_hash    TEXT    NOT NULL,
  model       TEXT    NOT NULL, -- JSON of bank.Body
  created_at  INTEGER NOT NULL,
  UNIQUE (question_id, body_hash, key_hash)
) STRICT;

CREATE TABLE content_loads (
  id      INTEGER PRIMARY KEY,
  bank_id INTEGER NOT NULL REFERENCES banks (id),
  at      INTEGER NOT NULL,
  summary TEXT    NOT NULL, -- JSON of the changes, for people
  sum     TEXT    NOT NULL DEFAULT ''  -- of folders that hold just what is live since then, with spaces between, '' when unknown
) STRICT;

CREATE INDEX content_loads_of ON content_loads (bank_id, id);

CREATE TABLE kept_catalogs (
  bank_id INTEGER PRIMARY KEY REFERENCES banks (id),
  load_id INTEGER NOT NULL, -- the latest load then
  program TEXT    NOT NULL, -- the build that wrote it; others do not read it
  data    BLOB    NOT NULL
) STRICT;

CREATE TABLE question_events (
  question_id INTEGER NOT NULL REFERENCES questions (id),
  seq         INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  kind        TEXT    NOT NULL CHECK (kind IN ('added', 'moved', 'key-changed', 'key-corrected', 'key-reverted', 'reset', 'renamed',
    'absorbed', 'became', 'retired', 'returned')),
  topic_id    INTEGER NOT NULL,           -- the question's topic from then on
  revision_id INTEGER NOT NULL,           -- the one in force from then on
  other       INTEGER NOT NULL DEFAULT 0, -- absorbed, became: a question; key-reverted: the seq of the first correction taken back
  load_id     INTEGER NOT NULL REFERENCES content_loads (id),
  PRIMARY KEY (question_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE corrections (
  question_id INTEGER NOT NULL REFERENCES questions (id),
  seq         INTEGER NOT NULL, -- of the event key-corrected
  at          INTEGER NOT NULL,
  date        TEXT    NOT NULL, -- YYYY-MM-DD, the author's
  reason      TEXT    NOT NULL,
  entries     TEXT    NOT NULL, -- JSON of the bank.Corrections that were new
  before_id   INTEGER NOT NULL REFERENCES revisions (id), -- the revision with the wrong key
  reverted_at INTEGER NOT NULL DEFAULT 0, -- 0: it stands
  rescored    INTEGER NOT NULL DEFAULT 0, -- responses scored anew
  changed     INTEGER NOT NULL DEFAULT 0, -- of them, those with another score
  PRIMARY KEY (question_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE stale_questions (
  question_id INTEGER PRIMARY KEY REFERENCES questions (id)
) STRICT;

CREATE TABLE search_texts (
  question_id INTEGER PRIMARY KEY REFERENCES questions (id),
  edition     INTEGER NOT NULL, -- of the stemming
  title       TEXT    NOT NULL,
  stem        TEXT    NOT NULL,
  tags        TEXT    NOT NULL,
  explanation TEXT    NOT NULL
) STRICT;

CREATE VIRTUAL TABLE search_index USING fts5 (
  title, stem, tags, explanation,
  content = 'search_texts', content_rowid = 'question_id', tokenize = 'ascii' -- stems are letters and digits alone
);

CREATE TABLE 'search_index_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'search_index_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE 'search_index_docsize'(id INTEGER PRIMARY KEY, sz BLOB);

CREATE TABLE 'search_index_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TRIGGER search_texts_dropped AFTER DELETE ON search_texts BEGIN
  INSERT INTO search_index (search_index, rowid, title, stem, tags, explanation)
  VALUES ('delete', old.question_id, old.title, old.stem, old.tags, old.explanation);
END;

CREATE TRIGGER search_texts_changed AFTER UPDATE ON search_texts BEGIN
  INSERT INTO search_index (search_index, rowid, title, stem, tags, explanation)
  VALUES ('delete', old.question_id, old.title, old.stem, old.tags, old.explanation);
  INSERT INTO search_index (rowid, title, stem, tags, explanation)
  VALUES (new.question_id, new.title, new.stem, new.tags, new.explanation);
END;

CREATE TABLE users (
  id          INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again, so that nobody comes after somebody erased
  created_at  INTEGER NOT NULL,
  last_seq    INTEGER NOT NULL DEFAULT 0, -- of their evidence
  stamp       INTEGER NOT NULL DEFAULT 0, -- on PostgreSQL another one after each update of anything of theirs
  last_at     INTEGER NOT NULL DEFAULT 0,   -- the latest time in it, which a late entry does not move
  zone        TEXT    NOT NULL,           -- IANA name
  rollover    INTEGER NOT NULL CHECK (rollover BETWEEN 0 AND 23),
  interview   INTEGER NOT NULL DEFAULT 0, -- study day of an interview, 0: none
  retention   INTEGER NOT NULL DEFAULT 0 CHECK (retention = 0 OR retention BETWEEN 80 AND 97), -- percent, 0: the usual
  new_per_day INTEGER NOT NULL CHECK (new_per_day BETWEEN 0 AND 999),
  reviews_per_day INTEGER NOT NULL DEFAULT 200 CHECK (reviews_per_day BETWEEN 0 AND 9999), -- 0: all that are due
  week        TEXT    NOT NULL DEFAULT '0000000', -- srs.Week: how much on each day, Monday first
  catch_up    INTEGER NOT NULL DEFAULT 0, -- the last study day of a backlog that is being spread, 0: none
  two_buttons INTEGER NOT NULL DEFAULT 0 CHECK (two_buttons IN (0, 1)),
  language    TEXT    NOT NULL DEFAULT '',
  theme       TEXT    NOT NULL DEFAULT '' CHECK (theme IN ('', 'light', 'dark')),
  hidden      TEXT    NOT NULL DEFAULT '', -- parts of today's page that are not shown
  keys_off    INTEGER NOT NULL DEFAULT 0 CHECK (keys_off IN (0, 1)),
  confidence  INTEGER NOT NULL DEFAULT 0 CHECK (confidence IN (0, 1)), -- 1: forms ask how sure one is
  scored_seq  INTEGER NOT NULL DEFAULT 0, -- up to where their evidence is in item_scores
  font        TEXT    NOT NULL DEFAULT '' CHECK (font IN ('', 'legible')),
  timers      TEXT    NOT NULL DEFAULT '' CHECK (timers IN ('', 'hidden', 'half', 'double', 'none')),
  told_seq    INTEGER NOT NULL DEFAULT 0, -- the last correction among their evidence that they have read of
  merged_into INTEGER NOT NULL DEFAULT 0  -- the candidate who took in this one's log, 0: none
) STRICT;

CREATE TABLE sqlite_sequence(name,seq);

CREATE INDEX users_merged ON users (merged_into) WHERE merged_into <> 0;

CREATE TABLE sessions (
  hash       BLOB    NOT NULL PRIMARY KEY, -- SHA-256 of the id in the cookie
  user_id    INTEGER NOT NULL REFERENCES users (id),
  created_at INTEGER NOT NULL,
  renewed_at INTEGER NOT NULL,
  author     TEXT    NOT NULL DEFAULT '', -- proof of the author token that was entered, '': none
  author_at  INTEGER NOT NULL DEFAULT 0   -- when it was
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_of ON sessions (user_id);

CREATE INDEX sessions_renewed ON sessions (renewed_at);

CREATE TABLE used_forms (
  nonce      BLOB    NOT NULL PRIMARY KEY,
  user_id    INTEGER NOT NULL REFERENCES users (id),
  attempt_id INTEGER NOT NULL,
  at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX used_forms_at ON used_forms (at);

CREATE TABLE attempts (
  id          INTEGER PRIMARY KEY,
  slug        TEXT    NOT NULL UNIQUE,
  user_id     INTEGER NOT NULL REFERENCES users (id),
  mode        TEXT    NOT NULL CHECK (mode IN ('practice', 'exam', 'check')),
  seed        INTEGER NOT NULL,
  title       TEXT    NOT NULL, -- what was chosen, in words
  started_at  INTEGER NOT NULL,
  deadline    INTEGER NOT NULL, -- 0: none
  finished_at INTEGER NOT NULL, -- 0: running
  items       INTEGER NOT NULL,
  gradable    INTEGER NOT NULL DEFAULT 0, -- items that the program judges
  correct     INTEGER NOT NULL DEFAULT 0  -- of them, set when it is finished
) STRICT;

CREATE INDEX attempts_of ON attempts (user_id, id);

CREATE INDEX attempts_running ON attempts (user_id, id) WHERE finished_at = 0;

CREATE INDEX attempts_deadline ON attempts (deadline) WHERE finished_at = 0 AND deadline > 0;

CREATE INDEX attempts_checks ON attempts (user_id, id) WHERE mode = 'check';

CREATE INDEX attempts_titled ON attempts (title, items, user_id, id) WHERE finished_at > 0 AND mode <> 'check';

CREATE TABLE attempt_items (
  attempt_id   INTEGER NOT NULL REFERENCES attempts (id),
  position     INTEGER NOT NULL, -- from 0
  revision_id  INTEGER NOT NULL REFERENCES revisions (id),
  evidence_seq INTEGER NOT NULL DEFAULT 0, -- the response, 0: none yet
  mark_seq     INTEGER NOT NULL DEFAULT 0, -- how the candidate marked an open response, 0: not yet
  fix_seq      INTEGER NOT NULL DEFAULT 0, -- the last correction of the response, 0: none
  skipped      INTEGER NOT NULL DEFAULT 0 CHECK (skipped IN (0, 1)),
  PRIMARY KEY (attempt_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE skill_checks (
  attempt_id INTEGER NOT NULL PRIMARY KEY REFERENCES attempts (id),
  name       TEXT    NOT NULL, -- which one, '': over all topics
  params     INTEGER NOT NULL, -- the calibration whose item parameters it uses, 0: authors' labels
  extended   INTEGER NOT NULL DEFAULT 0, -- how often its time limit was extended
  imported   INTEGER NOT NULL DEFAULT 0, -- 1: from a file of the candidate's; it does not count in how often items are asked
  log        TEXT    NOT NULL  -- JSON of assess.Log
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
  user_id     INTEGER NOT NULL REFERENCES users (id),
  seq         INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  kind        TEXT    NOT NULL -- responded, graded, undone, finished, set, corrected, merged, suspended, resumed; IN would make a table for each entry
    CHECK (kind = 'r' OR kind = 'g' OR kind = 'u' OR kind = 'f' OR kind = 's' OR kind = 'c' OR kind = 'm' OR kind = 'p' OR kind = 'b'),
  once        TEXT, -- unique per user: nothing counts twice; NULL: the attempt and the position are
  question_id INTEGER NOT NULL DEFAULT 0,
  revision_id INTEGER NOT NULL DEFAULT 0,
  attempt_id  INTEGER NOT NULL DEFAULT 0,
  position    INTEGER NOT NULL DEFAULT 0,
  held        INTEGER NOT NULL DEFAULT 0, -- 1: takes effect when its attempt is finished
  score       INTEGER,                    -- NULL: not judged by the program
  ratings     TEXT    NOT NULL DEFAULT '', -- part:rating,… of the cards it moves
  imported    INTEGER NOT NULL DEFAULT 0, -- 1: from a file of the candidate's; it counts for them, not in item_scores
  unsure      INTEGER NOT NULL DEFAULT 0,
  confidence  INTEGER NOT NULL DEFAULT 0 CHECK (confidence BETWEEN 0 AND 3), -- quiz.Confidence of a response
  duration    INTEGER NOT NULL DEFAULT 0, -- ms
  ref         INTEGER NOT NULL DEFAULT 0, -- undone: the seq of the grade taken back; corrected: that of the response
  data        TEXT    NOT NULL DEFAULT '', -- JSON: the response, or only the ids of its choices; the settings; the cause of a correction
  PRIMARY KEY (user_id, seq)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX evidence_once ON evidence (user_id, once) WHERE once IS NOT NULL;

CREATE INDEX evidence_question ON evidence (user_id, question_id) WHERE question_id <> 0;

CREATE INDEX evidence_finished ON evidence (user_id, attempt_id) WHERE kind = 'f';

CREATE INDEX evidence_general ON evidence (user_id, question_id) WHERE question_id = 0 AND kind <> 'f';

CREATE INDEX evidence_corrected ON evidence (user_id, seq) WHERE kind = 'c';

CREATE TABLE bookmarks (
  user_id     INTEGER NOT NULL REFERENCES users (id),
  question_id INTEGER NOT NULL REFERENCES questions (id),
  at          INTEGER NOT NULL,
  PRIMARY KEY (user_id, question_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE notes (
  user_id     INTEGER NOT NULL REFERENCES users (id),
  question_id INTEGER NOT NULL REFERENCES questions (id),
  at          INTEGER NOT NULL, -- of the last change
  text        TEXT    NOT NULL, -- Markdown, as it was typed
  PRIMARY KEY (user_id, question_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE reports (
  id          INTEGER PRIMARY KEY,
  user_id     INTEGER NOT NULL REFERENCES users (id),
  question_id INTEGER NOT NULL REFERENCES questions (id),
  revision_id INTEGER NOT NULL REFERENCES revisions (id), -- the one in force then
  at          INTEGER NOT NULL,
  kind        TEXT    NOT NULL CHECK (kind IN ('wrong', 'unclear', 'outdated', 'typo', 'other')),
  text        TEXT    NOT NULL,
  answer      TEXT    NOT NULL DEFAULT '', -- the author's, '': none
  answered_at INTEGER NOT NULL DEFAULT 0,  -- when the author last wrote or closed it, 0: never
  closed      INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
  read_at     INTEGER NOT NULL DEFAULT 0   -- when the candidate last took note of the answer
) STRICT;

CREATE INDEX reports_of ON reports (user_id, question_id);

CREATE INDEX reports_open ON reports (id) WHERE closed = 0;

CREATE TABLE question_progress (
  user_id     INTEGER NOT NULL,
  question_id INTEGER NOT NULL,
  topic_id    INTEGER NOT NULL, -- where it is counted
  live        INTEGER NOT NULL,
  event_seq   INTEGER NOT NULL, -- the last of question_events taken in
  seq         INTEGER NOT NULL, -- the last evidence taken in
  answers     INTEGER NOT NULL, -- judged by the program
  last_score  INTEGER NOT NULL, -- of the last judged response, -1: none
  surprise    INTEGER NOT NULL, -- 1: it was sure, and not right
  last_at     INTEGER NOT NULL,
  PRIMARY KEY (user_id, question_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX question_progress_behind ON question_progress (question_id, event_seq);

CREATE TABLE cards (
  user_id     INTEGER NOT NULL,
  question_id INTEGER NOT NULL,
  part        INTEGER NOT NULL, -- the N of a cloze number, else 0
  state       INTEGER NOT NULL, -- srs.State
  step        INTEGER NOT NULL,
  stability   REAL    NOT NULL,
  difficulty  REAL    NOT NULL,
  due_at      INTEGER NOT NULL,
  last_at     INTEGER NOT NULL,
  interval    INTEGER NOT NULL, -- days
  reviews     INTEGER NOT NULL,
  lapses      INTEGER NOT NULL,
  changed     INTEGER NOT NULL, -- 1: its key changed since the last review
  suspended   INTEGER NOT NULL, -- 1: not shown until the candidate wants it back
  PRIMARY KEY (user_id, question_id, part)
) STRICT, WITHOUT ROWID;

CREATE INDEX cards_due ON cards (user_id, due_at);

CREATE TABLE topic_progress (
  user_id  INTEGER NOT NULL,
  topic_id INTEGER NOT NULL,
  seen     INTEGER NOT NULL, -- questions met
  answered INTEGER NOT NULL, -- questions judged at least once
  correct  INTEGER NOT NULL, -- questions whose last judged response was right
  mastered INTEGER NOT NULL,
  PRIMARY KEY (user_id, topic_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE daily_activity (
  user_id  INTEGER NOT NULL,
  day      INTEGER NOT NULL, -- study day, days since 1970-01-01
  answers  INTEGER NOT NULL, -- responses to questions
  correct  INTEGER NOT NULL,
  reviews  INTEGER NOT NULL, -- grades of cards
  new      INTEGER NOT NULL, -- cards met first as cards
  young    INTEGER NOT NULL, -- grades of cards that had waited for days, but fewer than srs.MatureInterval
  young_right INTEGER NOT NULL,
  mature   INTEGER NOT NULL, -- of those that had waited longer
  mature_right INTEGER NOT NULL,
  unsure   INTEGER NOT NULL, -- answers given with a confidence, by its step
  unsure_right INTEGER NOT NULL,
  fairly   INTEGER NOT NULL,
  fairly_right INTEGER NOT NULL,
  sure     INTEGER NOT NULL,
  sure_right INTEGER NOT NULL,
  duration INTEGER NOT NULL, -- ms
  PRIMARY KEY (user_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE calibrations (
  id      INTEGER PRIMARY KEY,
  bank_id INTEGER NOT NULL REFERENCES banks (id),
  at      INTEGER NOT NULL,
  report  TEXT    NOT NULL -- JSON, for people
) STRICT;

CREATE INDEX calibrations_of ON calibrations (bank_id, id);

CREATE TABLE item_params (
  calibration_id INTEGER NOT NULL REFERENCES calibrations (id),
  question_id    INTEGER NOT NULL REFERENCES questions (id),
  key_hash       TEXT    NOT NULL, -- of the key that was responded to
  a              REAL    NOT NULL,
  b              REAL    NOT NULL,
  b_sd           REAL    NOT NULL,
  n              INTEGER NOT NULL, -- first responses
  free_a         INTEGER NOT NULL, -- 1: a was estimated
  fits           INTEGER NOT NULL, -- 1: the responses agree with the model
  PRIMARY KEY (calibration_id, question_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE item_scores (
  question_id INTEGER NOT NULL REFERENCES questions (id),
  key_hash    TEXT    NOT NULL,
  part        TEXT    NOT NULL,
  n           INTEGER NOT NULL,
  PRIMARY KEY (question_id, key_hash, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE rebuilds (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE server_keys (
  name  TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
