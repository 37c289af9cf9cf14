package portal

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// trackView is the form that asks for a number and what proves it.
type trackView struct {
	Number, Word string
	Problems     map[string]string
	Mistakes     []ui.FieldError
}

func trackForm(v *page.View) error {
	return v.Show(http.StatusOK, trackPage(v, trackView{Number: v.R.URL.Query().Get("number")}))
}

// track opens a case to whoever shows its secret word or the last four digits
// of a reporter's phone.
func (g *guesses) track(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	s := trackView{Number: strings.TrimSpace(v.R.PostForm.Get("number")), Word: strings.TrimSpace(v.R.PostForm.Get("word"))}
	number, err := ident.ParseNumber(s.Number)
	if err != nil {
		return s.again(v, err)
	}
	if s.Word == "" {
		return s.again(v, errs.New(errs.Invalid, "请写电话后四位，或取件码。", "Please write the last four digits of your phone, or the secret word.").At("word"))
	}
	if err := g.allowed(string(number), s.Word, v.Now); err != nil {
		return s.again(v, err)
	}
	c, err := prove(v, string(number), s.Word)
	if errors.Is(err, errs.NotFound) {
		g.wrong(string(number), s.Word, v.Now)
		return s.again(v, err)
	}
	if err != nil {
		return err
	}
	return v.Go("/track/" + c.Number)
}

// again shows the form with what was typed and what is wrong with it. That a
// number is not there and that the word is wrong are told in the same words.
func (s trackView) again(v *page.View, err error) error {
	s.Problems = map[string]string{}
	for _, e := range errs.Each(err) {
		field := e.Field
		if field == "" {
			field = "number"
		}
		s.Problems[field] = e.Text.In(v.Lang)
		label := fieldLabel(v, "number")
		if field == "word" {
			label = v.Say("电话后四位或取件码", "Phone digits or secret word")
		}
		s.Mistakes = append(s.Mistakes, ui.FieldError{ID: field, Label: label, Text: e.Text.In(v.Lang)})
	}
	if len(s.Mistakes) == 0 {
		return err
	}
	page.RetryAfter(v.W, err)
	return v.Show(page.Status(err), trackPage(v, s))
}

// noSuch is the one answer to a number that is not there and to a wrong word.
func noSuch() error {
	return errs.New(errs.NotFound, "没有查到。请核对编号，以及电话后四位或取件码。", "Nothing was found. Please check the number, and the phone digits or the secret word.")
}

// prove finds the case of a number, or the one it was merged into, and the
// report of it that the word or phone digits belong to; it remembers both for
// this session. A secret case opens to the word alone. It is errs.NotFound for a
// number that is not there and for a wrong word alike.
func prove(v *page.View, number, word string) (casework.Case, error) {
	c, err := findMerged(v, number)
	if errors.Is(err, errs.NotFound) {
		return casework.Case{}, noSuch()
	}
	if err != nil {
		return casework.Case{}, err
	}
	reports, err := casework.Reports(v.Context(), v.House.DB, v.District.Code, c.ID)
	if err != nil {
		return casework.Case{}, err
	}
	hash, tail := intake.HashWord(word), ""
	if digits, ok := phoneTail(word); ok && !c.Secret { // whoever suspects somebody could try that person's number
		tail = v.House.Desk.TailIndex(digits)
	}
	for _, r := range reports {
		if r.Word == hash || tail != "" && r.TailIndex == tail {
			v.Prove(string(c.ID), r.ID)
			return c, nil
		}
	}
	return casework.Case{}, noSuch()
}

// mergedMost bounds how many mergers are followed.
const mergedMost = 10

// findMerged is the case of a number, or the one that goes on in its place.
func findMerged(v *page.View, number string) (casework.Case, error) {
	c, err := casework.ByNumber(v.Context(), v.House.DB, v.District.Code, number)
	for range mergedMost {
		if err != nil || c.State != casework.Merged {
			return c, err
		}
		c, err = casework.ByID(v.Context(), v.House.DB, v.District.Code, c.MergedInto)
	}
	return c, err
}

var fourDigits = regexp.MustCompile(`^[0-9]{4}$`)

// phoneTail reads four digits, or a whole number of which the last four count.
func phoneTail(s string) (string, bool) {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == ' ', r == '-', r == '　':
			return -1
		}
		return r
	}, s)
	if p, err := ident.ParsePhone(s); err == nil && len(p) >= 7 {
		return string(p), true
	}
	return s, fourDigits.MatchString(s)
}

// guesses slows down whoever tries phone digits of a number one after another:
// there are only ten thousand. A secret word is never slowed down.
type guesses struct {
	mu     sync.Mutex
	failed map[string]failures
}

type failures struct {
	n     int
	since time.Time
}

const (
	guessMost = 5
	guessWait = 10 * time.Minute
	guessKept = 10_000 // numbers
)

func (g *guesses) allowed(number, word string, now time.Time) error {
	if _, digits := phoneTail(word); !digits {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if f := g.failed[number]; f.n >= guessMost && now.Sub(f.since) < guessWait {
		return errs.New(errs.Often, "这个编号试错太多次，请过 10 分钟再试，或用取件码查。", "Too many tries for this number. Please try again in 10 minutes, or use the secret word.").After(guessWait - now.Sub(f.since))
	}
	return nil
}

func (g *guesses) wrong(number, word string, now time.Time) {
	if _, digits := phoneTail(word); !digits {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.failed == nil || len(g.failed) > guessKept {
		g.failed = map[string]failures{}
	}
	f := g.failed[number]
	if now.Sub(f.since) >= guessWait {
		f = failures{since: now}
	}
	f.n++
	g.failed[number] = f
}

// proved is the case of a number that this browser has proved, or that is the
// resident's who has signed in, with the report it is by; a word in the address
// proves it at once. Anything else is the same as a number that is not there.
func proved(v *page.View) (casework.Case, string, error) {
	number, err := ident.ParseNumber(v.R.PathValue("number"))
	if err != nil {
		return casework.Case{}, "", err
	}
	if word := v.R.URL.Query().Get("word"); word != "" {
		if _, digits := phoneTail(word); digits {
			return casework.Case{}, "", noSuch() // digits are for the form, which slows down guessing
		}
		c, err := prove(v, string(number), word)
		return c, v.ProvedReport(string(c.ID)), err
	}
	c, err := findMerged(v, string(number))
	if errors.Is(err, errs.NotFound) {
		return casework.Case{}, "", noSuch()
	}
	if err != nil {
		return c, "", err
	}
	stands, err := v.Stands(c)
	if err == nil && stands.Report == "" {
		return casework.Case{}, "", noSuch()
	}
	return c, stands.Report, err
}

// askAgain leads from a case that is not proved to the form, which says why.
func askAgain(v *page.View, err error) error {
	s := trackView{Number: v.R.PathValue("number")}
	if v.R.URL.Query().Get("word") == "" && errors.Is(err, errs.NotFound) {
		return v.Go("/track?number=" + url.QueryEscape(s.Number))
	}
	return s.again(v, err)
}

// mine lists what this browser has proved or sent.
func mine(v *page.View) error {
	if v.Resident != nil && v.R.URL.Query().Get("all") == "" {
		return v.Go("/me")
	}
	cases, err := provedCases(v)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, minePage(v, cases))
}

func mineItems(v *page.View, cases []casework.Case) []ui.Item {
	var items []ui.Item
	for _, c := range cases {
		item := ui.Item{Title: caseTitle(v, c), Href: "/track/" + c.Number, When: c.Number, Text: nowText(v, c)}
		if c.State == casework.Running {
			item.Tone, item.Left = left(v, c)
			item.Text += v.Say(" 答应您 %s。", " Promised %s.", v.DueText(c.Due))
		}
		items = append(items, item)
	}
	return items
}

// signedNext is where signing in leads from the form: to the case it names, or
// to all of the reader's.
func signedNext(s trackView) string {
	if number, err := ident.ParseNumber(s.Number); err == nil {
		return url.QueryEscape("/track/" + string(number))
	}
	return url.QueryEscape("/me")
}
