package practice

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"rehearse/assess"
	"rehearse/progress"
	"rehearse/store"
)

// ErrNothingToEstimate is returned by Calibrate when no response says anything of an item.
var ErrNothingToEstimate = errors.New("there is no first response to any item yet")

// CalibrationReport says what a calibration rests on, and what it changed.
type CalibrationReport struct {
	Candidates  int          `json:"candidates"`
	Responses   int          `json:"responses"`
	Items       int          `json:"items"` // with at least one response
	Pilot       int          `json:"pilot"` // of all items, by what may be claimed
	Provisional int          `json:"provisional"`
	Calibrated  int          `json:"calibrated"`
	Rounds      int          `json:"rounds"`
	Changed     []ItemChange `json:"changed"` // whose b moved by at least MinChange, the greatest first
}

// MinChange is how far, in logits, b has to move to be in a report.
const MinChange = 0.3

// ItemChange is an item whose parameters moved.
type ItemChange struct {
	Item  string  `json:"item"`
	N     int     `json:"n"`
	WasB  float64 `json:"wasB"`
	B     float64 `json:"b"`
	SD    float64 `json:"sd"`
	WasA  float64 `json:"wasA"`
	A     float64 `json:"a"`
	State string  `json:"state"`
}

// Calibrate estimates the parameters of all items from first, unassisted responses, and stores them as a new version. Skill
// checks that run keep theirs.
func (s *Service) Calibrate(ctx context.Context, report Report) (CalibrationReport, error) {
	of := s.content.Load().items()
	observations, err := s.observations(ctx, of, report)
	if err != nil {
		return CalibrationReport{}, err
	}
	return s.calibrate(ctx, of, observations)
}

func (s *Service) calibrate(ctx context.Context, of *items, observations []assess.Observation) (CalibrationReport, error) {
	if len(observations) == 0 {
		return CalibrationReport{}, ErrNothingToEstimate
	}
	estimates, err := assess.Calibration{Items: of.all, LogASD: assess.DefaultLogASD, MinFreeA: assess.CalibratedN}.Run(observations)
	if err != nil {
		return CalibrationReport{}, fmt.Errorf("calibrate: %w", err)
	}
	var out CalibrationReport
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		was, err := s.latestCalibration(tx)
		if err != nil {
			return err
		}
		before, err := tx.ItemParams(was)
		if err != nil {
			return err
		}
		params := of.params(estimates)
		out = of.report(estimates, before)
		text, err := json.Marshal(out)
		if err != nil {
			return err
		}
		_, err = tx.AddCalibration(s.bank, string(text), params)
		return err
	})
	return out, err
}

// CalibrateNightly calibrates when the last time was at least a day ago and there are new responses.
func (s *Service) CalibrateNightly(ctx context.Context) error {
	const every = 24 * time.Hour
	var latest []store.Calibration
	var now time.Time
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		now = tx.Time()
		latest, err = tx.Calibrations(s.bank, 1)
		return err
	})
	if err != nil || len(latest) > 0 && now.Sub(time.UnixMilli(latest[0].At)) < every {
		return err
	}
	of := s.content.Load().items()
	observations, err := s.observations(ctx, of, func(string, int, int) {})
	if err != nil || len(observations) == 0 {
		return err
	}
	if len(latest) > 0 {
		var before CalibrationReport
		if err := json.Unmarshal([]byte(latest[0].Report), &before); err != nil {
			return fmt.Errorf("report of calibration %d: %w", latest[0].ID, err)
		}
		if before.Responses == len(observations) {
			return nil
		}
	}
	_, err = s.calibrate(ctx, of, observations)
	return err
}

// observations reads the first responses of everybody to items whose key is still the one that was responded to.
func (s *Service) observations(ctx context.Context, of *items, report Report) ([]assess.Observation, error) {
	users, err := s.userIDs(ctx)
	if err != nil {
		return nil, err
	}
	item := map[int64]string{} // by question
	for _, e := range of.entries {
		item[e.ID] = e.Head.ID
	}
	keys := map[int64]string{} // by revision
	var into map[int64]int64
	var out []assess.Observation
	for i, user := range users {
		err := s.store.View(ctx, func(tx *store.Tx) (err error) {
			if into == nil {
				if into, err = tx.Absorbed(); err != nil {
					return err
				}
			}
			log, err := tx.Log(user)
			if err != nil {
				return err
			}
			for _, e := range progress.FirstResponses(log, rootOf(into)) {
				id, ok := item[e.Question]
				if !ok {
					continue
				}
				if _, known := keys[e.Revision]; !known {
					if keys[e.Revision], err = tx.KeyOf(e.Revision); err != nil {
						return err
					}
				}
				if keys[e.Revision] == of.byID[id].KeyHash {
					out = append(out, assess.Observation{Candidate: strconv.FormatInt(user, 10), Item: id, Right: e.Score == progress.AllRight})
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		report("candidates", i+1, len(users))
	}
	return out, nil
}

// rootOf returns the question that took another one in, or the question itself.
func rootOf(into map[int64]int64) func(int64) int64 {
	return func(question int64) int64 { return cmp.Or(into[question], question) }
}

// params returns what a calibration says of the items that had a response.
func (of *items) params(estimates assess.Estimates) []store.ItemParam {
	var out []store.ItemParam
	for _, it := range estimates.Items {
		if it.N == 0 {
			continue
		}
		e := of.byID[it.ID]
		out = append(out, store.ItemParam{
			Question: e.ID, KeyHash: e.KeyHash, A: it.A, B: it.B, SD: it.SD, N: it.N, FreeA: it.FreeA, Fits: it.Fits,
		})
	}
	slices.SortFunc(out, func(a, b store.ItemParam) int { return cmp.Compare(a.Question, b.Question) })
	return out
}

// report compares a calibration with what was known before.
func (of *items) report(estimates assess.Estimates, before map[int64]store.ItemParam) CalibrationReport {
	out := CalibrationReport{Candidates: estimates.Candidates, Responses: estimates.Responses, Rounds: estimates.Rounds}
	prior := map[string]assess.Item{}
	for _, it := range of.all {
		prior[it.ID] = it
	}
	for _, it := range estimates.Items {
		switch it.State() {
		case assess.Calibrated:
			out.Calibrated++
		case assess.Provisional:
			out.Provisional++
		default:
			out.Pilot++
		}
		if it.N == 0 {
			continue
		}
		out.Items++
		was := prior[it.ID]
		e := of.byID[it.ID]
		if p, ok := before[e.ID]; ok && p.KeyHash == e.KeyHash {
			was.A, was.B = p.A, p.B
		}
		if math.Abs(it.B-was.B) >= MinChange {
			out.Changed = append(out.Changed, ItemChange{Item: it.ID, N: it.N, WasB: was.B, B: it.B, SD: it.SD, WasA: was.A, A: it.A, State: string(it.State())})
		}
	}
	slices.SortStableFunc(out.Changed, func(a, b ItemChange) int {
		return cmp.Compare(math.Abs(b.B-b.WasB), math.Abs(a.B-a.WasB))
	})
	return out
}
