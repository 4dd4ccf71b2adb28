package store

import (
	"fmt"
)

// ItemParam is what a calibration says of a question, in logits.
type ItemParam struct {
	Question int64
	KeyHash  string // of the key that was responded to
	A        float64
	B        float64
	SD       float64 // of B
	N        int     // first responses
	FreeA    bool    // A was estimated
	Fits     bool    // the responses agree with the model
}

// AddCalibration stores item parameters of the bank with this slug, with a report for people, and returns their key.
func (tx *Tx) AddCalibration(bankSlug, report string, params []ItemParam) (int64, error) {
	const insert = `INSERT INTO calibrations (bank_id, at, report) SELECT id, $2, $3 FROM banks WHERE slug = $1 RETURNING id`
	id, err := tx.insert(insert, bankSlug, tx.now, report)
	if err != nil {
		return 0, fmt.Errorf("add calibration: %w", err)
	}
	const param = `
		INSERT INTO item_params (calibration_id, question_id, key_hash, a, b, b_sd, n, free_a, fits)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	for _, p := range params {
		if err := tx.exec(param, id, p.Question, p.KeyHash, p.A, p.B, p.SD, p.N, p.FreeA, p.Fits); err != nil {
			return 0, fmt.Errorf("parameters of question %d: %w", p.Question, err)
		}
	}
	return id, nil
}

// Calibration is a calibration without its parameters.
type Calibration struct {
	ID     int64
	At     int64  // ms UTC
	Report string // JSON, for people
}

// Calibrations returns up to limit calibrations of the bank with this slug, newest first.
func (tx *Tx) Calibrations(bankSlug string, limit int) ([]Calibration, error) {
	const query = `
		SELECT c.id, c.at, c.report
		FROM calibrations c
		JOIN banks b ON b.id = c.bank_id
		WHERE b.slug = $1
		ORDER BY c.id DESC
		LIMIT $2`
	var all []Calibration
	err := tx.rows(query, []any{bankSlug, limit}, func(row scanner) error {
		var c Calibration
		err := row.Scan(&c.ID, &c.At, &c.Report)
		all = append(all, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("calibrations of bank %s: %w", bankSlug, err)
	}
	return all, nil
}

// ItemParams returns the parameters of a calibration by question.
func (tx *Tx) ItemParams(calibration int64) (map[int64]ItemParam, error) {
	const query = `
		SELECT question_id, key_hash, a, b, b_sd, n, free_a, fits
		FROM item_params
		WHERE calibration_id = $1`
	params := map[int64]ItemParam{}
	err := tx.rows(query, []any{calibration}, func(row scanner) error {
		var p ItemParam
		err := row.Scan(&p.Question, &p.KeyHash, &p.A, &p.B, &p.SD, &p.N, &p.FreeA, &p.Fits)
		params[p.Question] = p
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("parameters of calibration %d: %w", calibration, err)
	}
	return params, nil
}
