package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"rehearse/practice"
)

// tokenAge is how long a question shown outside an attempt takes a response.
const tokenAge = 24 * time.Hour

const (
	nonceBytes = 16
	tokenBytes = 8 + 8 + 8 + nonceBytes
)

// formToken is what a form outside an attempt must bring back: which revision was shown, how it was arranged, when, and
// a nonce that makes it good for one response.
type formToken struct {
	practice.OneQuestion
	at time.Time
}

func newToken(revision int64, now time.Time) formToken {
	t := formToken{at: now}
	t.ShownAt = now.UnixMilli()
	t.Revision = revision
	t.Nonce = make([]byte, nonceBytes)
	_, _ = rand.Read(t.Nonce) // never fails
	t.Seed = binary.LittleEndian.Uint64(t.Nonce) >> 1
	return t
}

// sign writes the token as text that nobody else could have made.
func (s *site) sign(t formToken) string {
	b := make([]byte, 0, tokenBytes+sha256.Size)
	b = binary.BigEndian.AppendUint64(b, uint64(t.Revision))
	b = binary.BigEndian.AppendUint64(b, t.Seed)
	b = binary.BigEndian.AppendUint64(b, uint64(t.at.UnixMilli()))
	b = append(b, t.Nonce...)
	return base64.RawURLEncoding.EncodeToString(s.mac(b))
}

// mac appends the authentication code to b.
func (s *site) mac(b []byte) []byte {
	mac := hmac.New(sha256.New, s.FormKey)
	mac.Write(b)
	return mac.Sum(b)
}

// readToken returns what sign wrote; errForm when it was written by somebody else.
func (s *site) readToken(text string) (formToken, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) != tokenBytes+sha256.Size || !hmac.Equal(s.mac(b[:tokenBytes:tokenBytes]), b) {
		return formToken{}, errForm
	}
	var t formToken
	t.Revision = int64(binary.BigEndian.Uint64(b))
	t.Seed = binary.BigEndian.Uint64(b[8:])
	t.at = time.UnixMilli(int64(binary.BigEndian.Uint64(b[16:])))
	t.ShownAt = t.at.UnixMilli()
	t.Nonce = b[24:tokenBytes]
	return t, nil
}
