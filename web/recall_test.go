package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rehearse/locale"
	"rehearse/progress"
	"rehearse/views"
)

func TestRecallRows(t *testing.T) {
	english, _ := locale.ByTag("en")
	days := []progress.Activity{
		{Day: 101, Young: 5}, // from before the calendar changed
		{Day: 100, Young: 3, YoungRight: 2},
		{Day: 94, Young: 1, YoungRight: 1, Mature: 1},
		{Day: 93, Mature: 1, MatureRight: 1},
		{Day: 1, Young: 9},
	}
	want := []views.RecallRow{
		{Days: 7, Young: "75 % of 4", Mature: "0 % of 1"}, {Days: 30, Young: "75 % of 4", Mature: "50 % of 2"}, {Days: 90, Young: "75 % of 4", Mature: "50 % of 2"},
	}
	if diff := cmp.Diff(want, recallRows(english, days, 100)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if rows := recallRows(english, []progress.Activity{{Day: 100, Answers: 3}}, 100); rows != nil {
		t.Errorf("without a review: %v", rows)
	}
}
