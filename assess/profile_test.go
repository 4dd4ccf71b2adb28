package assess

import (
	"math"
	"testing"
)

// steps returns scored steps with their responses.
func steps(items []Item, right ...bool) []Step {
	var out []Step
	for i, it := range items {
		out = append(out, Step{Position: i, Item: it, Response: &Response{Right: right[i]}})
	}
	return out
}

// Two topics against integration over all three abilities with the functions of package math.
func TestProfileAgainstBruteForce(t *testing.T) {
	items := []Item{
		{ID: "1", Topic: "sql", A: 1.4, B: 0.3, N: 100},
		{ID: "2", Topic: "sql", A: 0.9, B: -0.5, C: 0.25, N: 100},
		{ID: "3", Topic: "http", A: 1.8, B: 0, N: 100},
	}
	const rho, cut = 0.7, 0.2
	list := steps(items, true, true, false)
	p := newProfile([]string{"sql", "http"}, list, rho, sure)
	likelihood := func(topic string, theta float64) float64 {
		l := 1.0
		for _, s := range list {
			if s.Item.Topic != topic {
				continue
			}
			chance := s.Item.C + (1-s.Item.C)/(1+math.Exp(-s.Item.A*(theta-s.Item.B)))
			if !s.Response.Right {
				chance = 1 - chance
			}
			l *= chance
		}
		return l
	}
	const step = 0.05
	density := func(theta, g float64) float64 {
		return math.Exp(-(theta - rho*g) * (theta - rho*g) / (2 * (1 - rho*rho)))
	}
	var m0, sql1, sql2, http1, ready float64
	for g := -5.0; g <= 5; g += step {
		for x := -5.0; x <= 5; x += step {
			wx := math.Exp(-g*g/2) * density(x, g) * likelihood("sql", x)
			for y := -5.0; y <= 5; y += step {
				w := wx * density(y, g) * likelihood("http", y)
				m0, sql1, sql2, http1 = m0+w, sql1+w*x, sql2+w*x*x, http1+w*y
				if (2*x+y)/3 > cut {
					ready += w
				}
			}
		}
	}
	sql := p.topic(0).Ability()
	near(t, "θ in sql", sql.Theta, sql1/m0, 1e-4)
	near(t, "SE in sql", sql.SE, math.Sqrt(sql2/m0-sql1*sql1/m0/m0), 1e-4)
	near(t, "θ in http", p.topic(1).Ability().Theta, http1/m0, 1e-4)
	role := Role{ID: "r", Cut: cut, Weights: []Share{{"sql", 4}, {"http", 2}}}
	r := p.readiness(role, 15)
	near(t, "P(ready)", r.P, ready/m0, 0.01)
	near(t, "θ for the role", r.Theta, (2*sql1+http1)/3/m0, 1e-4)
}

func TestReadinessIsHiddenUntilItMeansSomething(t *testing.T) {
	bank := syntheticBank(3, 60, 1, 1.5, 0)
	right := make([]bool, len(bank))
	for i, it := range bank {
		right[i] = it.B < 1
	}
	role := Role{ID: "r", Cut: -1, Weights: []Share{{topicName(0), 1}}}
	for _, tc := range []struct {
		items, scored int
		hidden        bool
	}{{60, 60, false}, {60, 14, true}, {2, 15, true}} {
		r := newProfile([]string{topicName(0)}, steps(bank[:tc.items], right...), 0.7, sure).readiness(role, tc.scored)
		if r.Hidden != tc.hidden {
			t.Errorf("%d items, %d responses, SE %.2f: hidden is %v", tc.items, tc.scored, r.SE, r.Hidden)
		}
		if tc.items == 60 && (r.P < 0.99 || r.Percent != 95) {
			t.Errorf("a sure case is shown as %d %%, P is %.3f", r.Percent, r.P)
		}
	}
}

func TestRoleRefuses(t *testing.T) {
	for name, r := range map[string]Role{
		"no weights":      {ID: "r"},
		"a negative one":  {ID: "r", Weights: []Share{{"a", -1}}},
		"a cut off grid":  {ID: "r", Weights: []Share{{"a", 1}}, Cut: 7},
		"a cut that NaNs": {ID: "r", Weights: []Share{{"a", 1}}, Cut: math.NaN()},
	} {
		if r.Check() == nil {
			t.Errorf("a role with %s is taken", name)
		}
	}
}

// What would settle a topic: from SE 1, three more units of information are missing to SE 0.5.
func TestMore(t *testing.T) {
	for _, tc := range []struct {
		se, information float64
		want            int
	}{{1, 0.5, 6}, {1, 0.25, 12}, {0.5, 0.25, 0}, {0.4, 0.25, 0}, {1, 0.05, 0}} {
		if got := more(tc.se, tc.information); got != tc.want {
			t.Errorf("more(%v, %v) = %d, want %d", tc.se, tc.information, got, tc.want)
		}
	}
}

// Thirty items in three topics are ten for each; with four more to draw from, 14 are wanted at each level.
func TestAdvise(t *testing.T) {
	var pool []Item
	for i := range 14 {
		pool = append(pool, Item{ID: string(rune('a' + i)), Topic: topicName(0), A: 1, B: 0.5, SD: AuthorSD})
	}
	got := Advise(DefaultRules(), evenOver(3), pool)
	if len(got) != 7 {
		t.Fatalf("%d pieces of advice, want 7: items at 0.5 serve the two upper levels of their topic\n%+v", len(got), got)
	}
	for i, a := range got {
		if a.Want != 14 || a.Have != 0 || a.Add != 14 || i == 0 && a.Level != "junior" || (i == 0) != (a.Topic == topicName(0)) {
			t.Errorf("%d: %+v", i, a)
		}
	}
}
