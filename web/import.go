package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"rehearse/locale"
	"rehearse/practice"
	"rehearse/store"
	"rehearse/views"
)

// maxForm is how many bytes a form may have.
const maxForm = 64 << 10

// MaxBody returns how many bytes the body of a request to a site at a base path may have: forms are small, but for the one
// that sends a file.
func MaxBody(r *http.Request, base string) int64 {
	if r.Method == http.MethodPost && r.URL.Path == strings.TrimSuffix(base, "/")+"/settings/import" {
		return practice.MaxImport + maxForm
	}
	return maxForm
}

// mostImports is how many files are taken at a time: each is kept on the disk meanwhile.
const mostImports = 2

// importData takes in a file that exportJSON sent, here or elsewhere.
func (s *site) importData(c Ctx) error {
	if err := s.seldom(c); err != nil {
		return err
	}
	if s.imports.Add(1) > mostImports {
		s.imports.Add(-1)
		c.Response().Header().Set("Retry-After", "10")
		return errTooMany
	}
	defer s.imports.Add(-1)
	file, size, err := spool(c)
	if err != nil {
		return s.refuseFile(c, err)
	}
	defer file.Close()
	done, err := s.importSpooled(c, file, size)
	if err != nil {
		return s.refuseFile(c, err)
	}
	sums := url.Values{"imported": {strconv.Itoa(done.Added)}, "known": {strconv.Itoa(done.Known)}, "left": {strconv.Itoa(done.Left)}}
	return redirect(c, s.links.Data()+"?"+sums.Encode())
}

// importSpooled imports a file. A visitor whose import was broken off is a candidate all the same, and may try again.
func (s *site) importSpooled(c Ctx, file io.ReaderAt, size int64) (done practice.Imported, failed error) {
	const longest = 10 * time.Minute
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(longest)) // as in download
	err := s.act(c, func(a practice.Actor) (user store.User, err error) {
		done, user, failed = s.Practice.Import(c.Request().Context(), a, file, size)
		return user, nil
	})
	return done, errors.Join(err, failed)
}

// Conditions of a file that was sent.
var (
	errNoFile   = errors.New("no file was sent")
	errFileSize = errors.New("the file is too large")
)

// spool keeps the file of a form on the disk, without a name there: it is gone with the request, or with the server.
func spool(c Ctx) (file *os.File, size int64, err error) {
	parts, err := c.Request().MultipartReader()
	if err != nil {
		return nil, 0, fmt.Errorf("%w: %w", err, errForm)
	}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return nil, 0, errNoFile
		}
		if err != nil {
			return nil, 0, fmt.Errorf("%w: %w", err, errForm)
		}
		if part.FormName() == "file" {
			return keep(c, part)
		}
	}
}

func keep(c Ctx, part io.Reader) (*os.File, int64, error) {
	file, err := os.CreateTemp("", "rehearse-import-*")
	if err != nil {
		return nil, 0, err
	}
	err = os.Remove(file.Name())
	var size int64
	if err == nil {
		size, err = io.Copy(file, io.LimitReader(&upload{c: c, from: part}, practice.MaxImport+1))
	}
	switch {
	case err != nil:
	case size > practice.MaxImport:
		err = errFileSize
	case size == 0:
		err = errNoFile
	}
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, size, nil
}

// upload is a body of any length: it ends when nothing comes for a while, not after a time in all.
type upload struct {
	c    Ctx
	from io.Reader
}

func (u *upload) Read(b []byte) (int, error) {
	const patience = 30 * time.Second
	control := http.NewResponseController(u.c.Response()) // what a recorder of a test cannot do is not needed there
	_ = errors.Join(control.SetReadDeadline(time.Now().Add(patience)), control.SetWriteDeadline(time.Now().Add(2*patience)))
	return u.from.Read(b)
}

// refuseFile says what is wrong with a file, or returns an error that is not the file's fault.
func (s *site) refuseFile(c Ctx, err error) error {
	var (
		bad   *practice.BadFile
		large *http.MaxBytesError
		l     = s.language(c)
		text  string
	)
	switch {
	case errors.As(err, &bad):
		text = faultText(l, bad)
	case errors.Is(err, errNoFile):
		text = l.T("Choose a file first.")
	case errors.As(err, &large), errors.Is(err, errFileSize):
		text = l.F("The file is larger than %d MiB, which no export is.", practice.MaxImport>>20)
	default:
		return err
	}
	return s.showData(c, http.StatusUnprocessableEntity, "", views.Problems{{Field: "file", Text: text + " " + l.T("Nothing was imported.")}})
}

// faults say what is wrong with a file.
var faults = map[practice.Fault]string{
	practice.NoExport:     said("This file is no export of this program. It is what “Everything as JSON” gave you."),
	practice.OtherVersion: said("This file was written by another version of this program, which this one does not understand."),
	practice.OtherBank:    said("This file is about another bank of questions than the one served here."),
	practice.CutOff:       said("This file ends too early: it was not saved whole. Export it once more."),
	practice.BrokenJSON:   said("It cannot be read from there on."),
	practice.UnknownField: said("No export has this field there. Perhaps a newer version of this program wrote it."),
	practice.MissingField: said("This field is missing, or stands in another place."),
	practice.BadValue:     said("No export has such a value there."),
	practice.InTheFuture:  said("This time is still to come."),
	practice.NoSuchThing:  said("This refers to something that does not stand before it in the file."),
	practice.OutOfOrder:   said("This stands there twice, or out of order."),
	practice.TooMuch:      said("This is more than an export can have."),
	practice.BehindTheEnd: said("Something stands behind the end of the export."),
}

func faultText(l *locale.Language, bad *practice.BadFile) string {
	text := l.T(faults[bad.Fault])
	switch bad.Fault {
	case practice.NoExport, practice.OtherVersion, practice.OtherBank, practice.CutOff:
		return text
	}
	if bad.Field == "" {
		return l.F("Line %d: %s", bad.Line, text)
	}
	const longest = 40
	field := []rune(bad.Field)
	return l.F("Line %d, field “%s”: %s", bad.Line, string(field[:min(len(field), longest)]), text)
}

// importedText says what became of a file.
func importedText(l *locale.Language, q url.Values) string {
	number := func(name string) int {
		n, _ := strconv.Atoi(q.Get(name))
		return max(0, n)
	}
	text := l.N(number("imported"), "%d entry was added.", "%d entries were added.")
	if n := number("known"); n > 0 {
		text += " " + l.N(n, "%d was here before.", "%d were here before.")
	}
	if n := number("left"); n > 0 {
		text += " " + l.N(n, "%d was left out: it is about a question that is not here, or whose key is another one now.",
			"%d were left out: they are about questions that are not here, or whose key is another one now.")
	}
	return text
}
