package store

import "fmt"

// ReportKind says what is wrong with a question.
type ReportKind string

// The kinds of reports.
const (
	WrongAnswer ReportKind = "wrong"
	Unclear     ReportKind = "unclear"
	Outdated    ReportKind = "outdated"
	Typo        ReportKind = "typo"
	OtherReport ReportKind = "other"
)

// ReportKinds returns all kinds, in the order in which they are offered.
func ReportKinds() []ReportKind {
	return []ReportKind{WrongAnswer, Unclear, Outdated, Typo, OtherReport}
}

// Report is what a candidate told the authors about a question.
type Report struct {
	ID         int64
	Question   int64 // the one asked about, or the one that took it in
	Revision   int64 // the one in force then
	At         int64 // ms UTC
	Kind       ReportKind
	Text       string
	Answer     string // the author's, "" for none
	AnsweredAt int64  // when the author last wrote or closed it, ms UTC; 0: never
	Closed     bool
}

const reportColumns = `r.id, CASE WHEN q.into_id = 0 THEN q.id ELSE q.into_id END, r.revision_id, r.at, r.kind, r.text, r.answer,
	r.answered_at, r.closed`

// columns returns where reportColumns are scanned into.
func (r *Report) columns() []any {
	return []any{&r.ID, &r.Question, &r.Revision, &r.At, &r.Kind, &r.Text, &r.Answer, &r.AnsweredAt, &r.Closed}
}

func (tx *Tx) reports(query string, args ...any) ([]Report, error) {
	var reports []Report
	err := tx.rows(query, args, func(row scanner) error {
		var r Report
		err := row.Scan(r.columns()...)
		reports = append(reports, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read reports: %w", err)
	}
	return reports, nil
}

// AddReport stores what a candidate reports. The same report, while it is open, is not stored twice.
func (tx *Tx) AddReport(user int64, r Report) error {
	if err := tx.own(user); err != nil {
		return err
	}
	const query = `
		INSERT INTO reports (user_id, question_id, revision_id, at, kind, text)
		SELECT u.id, $2, $3, $4, $5, $6
		FROM users u
		WHERE u.id = $1 AND NOT EXISTS (
			SELECT 1 FROM reports WHERE user_id = $1 AND question_id = $2 AND kind = $5 AND text = $6 AND closed = 0
		)`
	if err := tx.exec(query, user, r.Question, r.Revision, tx.now, string(r.Kind), r.Text); err != nil {
		return fmt.Errorf("report of user %d on question %d: %w", user, r.Question, err)
	}
	return nil
}

// CountReports returns how many of a candidate's reports are open.
func (tx *Tx) CountReports(user int64) (int, error) {
	if err := tx.own(user); err != nil {
		return 0, err
	}
	const query = `SELECT count(*) FROM reports WHERE user_id = $1 AND closed = 0`
	var n int
	if err := tx.row(query, []any{user}, &n); err != nil {
		return 0, fmt.Errorf("reports of user %d: %w", user, err)
	}
	return n, nil
}

// Reports returns what a candidate reported about a question and about those that it took in, newest first.
func (tx *Tx) Reports(user, question int64) ([]Report, error) {
	if err := tx.own(user); err != nil {
		return nil, err
	}
	const query = `
		SELECT ` + reportColumns + `
		FROM reports r
		JOIN questions q ON q.id = r.question_id
		WHERE r.user_id = $1 AND (q.id = $2 OR q.into_id = $2)
		ORDER BY r.id DESC`
	return tx.reports(query, user, question)
}

// UnreadReports returns a candidate's reports that the authors answered or closed since the candidate last took note.
func (tx *Tx) UnreadReports(user int64) ([]Report, error) {
	if err := tx.own(user); err != nil {
		return nil, err
	}
	const query = `
		SELECT ` + reportColumns + `
		FROM reports r
		JOIN questions q ON q.id = r.question_id
		WHERE r.user_id = $1 AND r.answered_at > r.read_at
		ORDER BY r.answered_at, r.id`
	return tx.reports(query, user)
}

// ReadReports notes that a candidate has read all answers up to a time (ms UTC).
func (tx *Tx) ReadReports(user, until int64) error {
	if err := tx.own(user); err != nil {
		return err
	}
	const query = `UPDATE reports SET read_at = answered_at WHERE user_id = $1 AND answered_at > read_at AND answered_at <= $2`
	if err := tx.exec(query, user, until); err != nil {
		return fmt.Errorf("read the reports of user %d: %w", user, err)
	}
	return nil
}

// MoveReports hands the reports of one candidate to another.
func (tx *Tx) MoveReports(from, into int64) error {
	if err := tx.ownBoth(from, into); err != nil {
		return err
	}
	const same = ` r.question_id = reports.question_id AND r.at = reports.at AND r.kind = reports.kind AND r.text = reports.text`
	const older = `
		DELETE FROM reports
		WHERE user_id = $2 AND EXISTS (SELECT 1 FROM reports r WHERE r.user_id = $1 AND r.answered_at > reports.answered_at AND` + same + `)`
	const both = `
		DELETE FROM reports
		WHERE user_id = $1 AND EXISTS (SELECT 1 FROM reports r WHERE r.user_id = $2 AND` + same + `)`
	const move = `UPDATE reports SET user_id = $2 WHERE user_id = $1`
	for _, query := range []string{older, both, move} {
		if err := tx.exec(query, from, into); err != nil {
			return fmt.Errorf("reports of user %d: %w", from, err)
		}
	}
	return nil
}

// Reported is a report as authors see it.
type Reported struct {
	Report
	Slug    string // of the question
	File    string // where it is now
	Line    int
	Live    bool
	Changed bool // the question has another revision since
}

// BankReports returns the reports on the questions of the bank with this slug that are open, or those that are closed: open ones oldest first,
// closed ones newest first.
func (tx *Tx) BankReports(bank string, closed bool, offset, limit int) ([]Reported, error) {
	const columns = `
		SELECT ` + reportColumns + `, now.slug, now.file, now.line, now.live, now.revision_id <> r.revision_id
		FROM reports r
		JOIN questions q ON q.id = r.question_id
		JOIN questions now ON now.id = CASE WHEN q.into_id = 0 THEN q.id ELSE q.into_id END
		JOIN banks b ON b.id = q.bank_id
		WHERE b.slug = $1 AND r.closed = `
	const open = columns + `0 ORDER BY r.id LIMIT $2 OFFSET $3`
	const ended = columns + `1 ORDER BY r.answered_at DESC, r.id DESC LIMIT $2 OFFSET $3`
	query := open
	if closed {
		query = ended
	}
	var reports []Reported
	err := tx.rows(query, []any{bank, limit, offset}, func(row scanner) error {
		var r Reported
		err := row.Scan(append(r.columns(), &r.Slug, &r.File, &r.Line, &r.Live, &r.Changed)...)
		reports = append(reports, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reports of bank %q: %w", bank, err)
	}
	return reports, nil
}

// CountBankReports returns how many reports on the questions of a bank are open, and how many are closed.
func (tx *Tx) CountBankReports(bank string) (open, closed int, err error) {
	const query = `
		SELECT coalesce(sum(1 - r.closed), 0), coalesce(sum(r.closed), 0)
		FROM reports r
		JOIN questions q ON q.id = r.question_id
		JOIN banks b ON b.id = q.bank_id
		WHERE b.slug = $1`
	if err := tx.row(query, []any{bank}, &open, &closed); err != nil {
		return 0, 0, fmt.Errorf("reports of bank %q: %w", bank, err)
	}
	return open, closed, nil
}

// AnswerReport stores what an author answers and whether the report is closed by it. The candidate reads of it, unless
// nothing changes.
func (tx *Tx) AnswerReport(id int64, answer string, closed bool) error {
	const whose = `SELECT user_id FROM reports WHERE id = $1`
	var user int64
	if err := tx.row(whose, []any{id}, &user); err != nil {
		return fmt.Errorf("report %d: %w", id, err)
	}
	if err := tx.own(user); err != nil {
		return err
	}
	const query = `UPDATE reports SET answer = $2, closed = $3, answered_at = $4 WHERE id = $1 AND (answer <> $2 OR closed <> $3)`
	if err := tx.exec(query, id, answer, closed, tx.now); err != nil {
		return fmt.Errorf("answer report %d: %w", id, err)
	}
	return nil
}
