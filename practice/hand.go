package practice

import (
	"cmp"
	"math/bits"
	"slices"
	"sort"

	"rehearse/progress"
	"rehearse/srs"
	"rehearse/store"
)

// places says where each card stands in the deck, by the key of its question: keys are small, and a candidate may have ten
// thousand cards.
type places []questionPlace

type questionPlace struct {
	topic int64 // key of the topic
	parts []partPlace
}

type partPlace struct{ part, at int }

// deck is all cards of a catalog.
type deck struct {
	cards  []store.CardKey // in the order in which new ones are introduced
	places places
}

func newDeck(c *store.Catalog) deck {
	cards := deckOf(c)
	return deck{cards, placesOf(c, cards)}
}

func placesOf(c *store.Catalog, deck []store.CardKey) places {
	last := int64(-1)
	for _, key := range deck {
		last = max(last, key.Question)
	}
	p := make(places, last+1)
	for _, t := range c.Topics {
		for i := range t.Questions {
			if e := &t.Questions[i]; e.ID <= last {
				p[e.ID].topic = e.TopicID
			}
		}
	}
	for at, key := range deck {
		q := &p[key.Question]
		q.parts = append(q.parts, partPlace{key.Part, at})
	}
	return p
}

// of returns the place of a card in the deck; false when it is not in it.
func (p places) of(key store.CardKey) (int, bool) {
	if key.Question < 0 || key.Question >= int64(len(p)) {
		return 0, false
	}
	for _, q := range p[key.Question].parts {
		if q.part == key.Part {
			return q.at, true
		}
	}
	return 0, false
}

// hand is the cards of a candidate that can be shown. It is never changed.
type hand struct {
	known    *store.Known
	content  *content
	settings progress.Settings
	final    bool      // in the final pass before an interview, cards have the places that they have in it
	cards    []srs.Due // the longest due first; those put aside, and those that the deck does not have, are left out
	have     []uint64  // a bit for each place in the deck: 1 when the candidate has the card
}

// Size returns about how many bytes it takes in memory.
func (h *hand) Size() int { return 512 + len(h.cards)*80 + len(h.have)*8 }

type handKey int64 // of what is remembered

func (s *Service) hand(tx *store.Tx, u store.User) (*hand, error) {
	known, err := tx.Known(u.ID)
	if err != nil {
		return nil, err
	}
	course, err := s.course(u)
	if err != nil {
		return nil, err
	}
	want := hand{known: known, content: s.content.Load(), settings: u.Settings, final: course.Calendar.InFinalPass(course.Calendar.Day(tx.Time()))}
	fits := func(h *hand) bool {
		return h.known == want.known && h.content == want.content && h.settings == want.settings && h.final == want.final
	}
	return store.Remember(tx, u.ID, handKey(u.ID), fits, func() (*hand, error) {
		h := want
		h.deal(course)
		return &h, nil
	})
}

func (h *hand) deal(course progress.Course) {
	deck := h.content.deck()
	h.have = make([]uint64, (len(deck.cards)+63)/64)
	h.cards = make([]srs.Due, 0, len(h.known.Cards))
	for i := range h.known.Cards {
		c := &h.known.Cards[i]
		at, ok := deck.places.of(c.CardKey)
		if !ok {
			continue
		}
		h.have[at/64] |= 1 << (at % 64)
		if !c.Suspended {
			h.cards = append(h.cards, srs.Due{Key: c.Question, Part: c.Part, State: c.State, DueAt: c.DueAt, LastAt: c.LastAt, Stability: c.Stability})
		}
	}
	if !h.final {
		return
	}
	for i, d := range h.cards {
		h.cards[i] = course.InPass(d, course.Calendar)
	}
	slices.SortStableFunc(h.cards, func(a, b srs.Due) int { return cmp.Compare(a.DueAt, b.DueAt) })
}

// before returns the cards that are due before a time (ms UTC). They are not to be changed.
func (h *hand) before(time int64) []srs.Due {
	n := sort.Search(len(h.cards), func(i int) bool { return h.cards[i].DueAt >= time })
	return h.cards[:n:n]
}

// fresh returns the cards that come next in the deck, up to limit, of those that are wanted (nil: all).
func (h *hand) fresh(wanted func(question int64) bool, limit int) []srs.Due {
	var fresh []srs.Due
	deck := h.content.deck().cards
	for i, word := range h.have {
		for lacks := ^word; lacks != 0; lacks &= lacks - 1 {
			at := i*64 + bits.TrailingZeros64(lacks)
			if len(fresh) >= limit || at >= len(deck) {
				return fresh
			}
			if key := deck[at]; wanted == nil || wanted(key.Question) {
				fresh = append(fresh, srs.Due{Key: key.Question, Part: key.Part, State: srs.New})
			}
		}
	}
	return fresh
}
