package desk

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/rights"
	"linli/internal/web/page"
)

// searchView is what was found, and how the words were understood.
type searchView struct {
	Words      string
	Understood string
	Otherwise  link // the same words understood in another way
	Problem    string
	listed
}

type link struct{ Text, Href string }

var (
	fourDigits = regexp.MustCompile(`^[0-9]{4}$`)
	likeNumber = regexp.MustCompile(`^[0-9]{6}[-－—–][0-9]+$`)
)

// searchShow finds cases by number, by a caller's phone, or by words and places.
// A number leads straight to its case.
func searchShow(v *page.View) error {
	s := searchView{Words: strings.TrimSpace(v.R.URL.Query().Get("q"))}
	if err := tooLong(s.Words); err != nil {
		said, _ := errs.TextOf(err)
		s.Words, s.Problem = "", said.In(v.Lang)
		return v.Show(http.StatusUnprocessableEntity, searchPage(v, s))
	}
	if s.Words == "" {
		return v.Show(http.StatusOK, searchPage(v, s))
	}
	if number, err := ident.ParseNumber(s.Words); err == nil {
		c, err := casework.ByNumber(v.Context(), v.House.DB, v.District.Code, string(number))
		if err == nil {
			_, _, err = v.Case(v.Context(), c.ID)
		}
		if err == nil {
			return v.Go("/desk/case/" + string(c.ID))
		}
		if !errors.Is(err, errs.NotFound) {
			return err
		}
		s.Problem = v.Say("没有编号 %s 的案件，或者它不归您看。", "There is no case %s, or it is not yours to see.", string(number))
	} else if likeNumber.MatchString(s.Words) {
		said, _ := errs.TextOf(err)
		s.Problem = said.In(v.Lang)
	}
	f, err := s.understand(v)
	if err != nil {
		return err
	}
	f.Newest, f.Scope = true, v.Scope()
	if err := s.find(v, f); err != nil {
		return err
	}
	return v.Show(http.StatusOK, searchPage(v, s))
}

// understand says what the words mean.
func (s *searchView) understand(v *page.View) (casework.Filter, error) {
	asText := v.R.URL.Query().Get("as") == "text"
	phone, notPhone := ident.ParsePhone(s.Words)
	tail := fourDigits.MatchString(s.Words)
	switch {
	case asText || !tail && notPhone != nil:
		return s.words(v, asText)
	case !v.Can(rights.CallerFind):
		s.Problem = v.Say("按电话找要有“%[1]s”的权限，所以只找了文字。", "Finding by phone needs the right “%[2]s”; only texts were looked at.", rights.CallerFind.Title().ZH, rights.CallerFind.Title().EN)
		return s.words(v, true)
	case tail:
		s.Understood = v.Say("来电后四位是 %s 的", "callers whose number ends in %s", s.Words)
		s.Otherwise = s.as(v.Say("改找文字里的 %s", "look for %s in texts instead", s.Words), "text")
		return casework.Filter{Tail: v.House.Desk.TailIndex(s.Words)}, nil
	}
	s.Understood = v.Say("来电是 %s 的", "calls from %s", phone.Mask())
	return casework.Filter{Phone: v.House.Desk.PhoneIndex(string(phone))}, nil
}

func (s *searchView) as(text, how string) link {
	q := url.Values{"q": {s.Words}}
	if how != "" {
		q.Set("as", how)
	}
	return link{text, "/desk/search?" + q.Encode()}
}

// words splits what was typed into a place, if it names one, and text.
func (s *searchView) words(v *page.View, asText bool) (casework.Filter, error) {
	f := casework.Filter{Text: s.Words}
	if !asText {
		if place, rest, ok := named(v, s.Words); ok {
			f.Text = rest
			switch place.Code.Tier() {
			case area.Street:
				f.Street = string(place.Code)
			case area.Community:
				f.Community = string(place.Code)
			case area.Grid:
				f.Grid = string(place.Code)
			}
			s.Understood = v.Say("在%s", "in %s", place.Name.In(v.Lang))
			if rest != "" {
				s.Understood += v.Say("，文字里有“%s”", ", with “%s” in the text", rest)
			}
			s.Otherwise = s.as(v.Say("改在全区的文字里找“%s”", "look for “%s” in all texts instead", s.Words), "text")
			return f, nil
		}
	}
	s.Understood = v.Say("事项、地点或文字里有“%s”", "with “%s” in title, place or text", s.Words)
	return f, nil
}

// named finds an area whose full name begins a word, the longest name first,
// and what is left without it.
func named(v *page.View, words string) (place area.Area, rest string, ok bool) {
	best := ""
	for a := range v.District.Areas.All() {
		if a.Code.Tier() == area.District {
			continue
		}
		for _, name := range []string{a.Name.ZH, a.Name.EN} {
			if len(name) > len(best) && begins(words, name) {
				best, place, ok = name, a, true
			}
		}
	}
	if !ok {
		return place, words, false
	}
	at := strings.Index(strings.ToLower(words), strings.ToLower(best))
	return place, strings.Join(strings.Fields(words[:at]+" "+words[at+len(best):]), " "), true
}

// begins reports whether one of the words begins with a name; an English name
// must be whole words.
func begins(words, name string) bool {
	if name == "" {
		return false
	}
	at := strings.Index(strings.ToLower(words), strings.ToLower(name))
	if at < 0 || len(strings.ToLower(words)) != len(words) {
		return false
	}
	end := at + len(name)
	english := name[len(name)-1] < 0x80
	return (at == 0 || words[at-1] == ' ') && (!english || end == len(words) || words[end] == ' ')
}

// find reads one page of what was found.
func (s *searchView) find(v *page.View, f casework.Filter) error {
	q := v.R.URL.Query()
	found, err := casework.List(v.Context(), v.House.DB, v.District, f, v.Now, q.Get("after"), pageRows)
	if err != nil {
		return err
	}
	if q.Get("after") != "" {
		seen, _ := strconv.Atoi(q.Get("seen")) // only for the line that says how many
		s.Seen = min(max(seen, 0), casework.CountMost)
	}
	s.Rows, s.Over = found.Rows, found.Over
	if found.Next != "" {
		next := url.Values{"q": {s.Words}, "after": {found.Next}, "seen": {strconv.Itoa(s.Seen + len(s.Rows))}}
		if as := q.Get("as"); as == "text" {
			next.Set("as", as)
		}
		s.Next = "/desk/search?" + next.Encode()
	}
	s.All, err = casework.Count(v.Context(), v.House.DB, v.District, f, v.Now)
	return err
}
