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
	young := views.Estimate{N: 4, Share: 75, Low: 43, High: 92, Text: "75 % of 4, likely 43 to 92"}
	half := views.Estimate{N: 2, Share: 50, Low: 16, High: 84, Text: "50 % of 2, likely 16 to 84"}
	want := []views.RecallRow{
		{Days: 7, Young: young, Mature: views.Estimate{N: 1, Share: 0, Low: 0, High: 62, Text: "0 % of 1, likely 0 to 62"}},
		{Days: 30, Young: young, Mature: half},
		{Days: 90, Young: young, Mature: half},
	}
	if diff := cmp.Diff(want, recallRows(english, days, 100)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if rows := recallRows(english, []progress.Activity{{Day: 100, Answers: 3}}, 100); rows != nil {
		t.Errorf("without a review: %v", rows)
	}
}
