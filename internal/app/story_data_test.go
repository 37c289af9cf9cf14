package app_test

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/privacy"
)

var asked = regexp.MustCompile(`收到了，编号 ([0-9]{6}-[0-9]{5})`)

// phoneAsks is phone P asks KIND as R: what somebody asks about their own data, or
// with for=Q about those of whom P acts for; text= says more, field= and value=
// what is right.
func (s *story) phoneAsks(b *apptest.Browser, w words) error {
	if w.word(3) != "as" || w.word(4) == "" {
		return fmt.Errorf("say: asks %s as R", w.word(2))
	}
	a := b.Post("/me/data"+forWhom(b, w), url.Values{"kind": {w.word(2)}, "words": {w.named["text"]}, "field": {w.named["field"]}, "value": {w.named["value"]}})
	if err := refused(a); err != nil {
		return err
	}
	told := asked.FindStringSubmatch(a.Text())
	if told == nil {
		return fmt.Errorf("the page tells no number: %s", a.Text())
	}
	c, err := casework.ByNumber(context.Background(), s.DB, s.code(), told[1])
	if err != nil {
		return err
	}
	s.cases[w.word(4)] = c.ID
	return nil
}

// forWhom carries on, with for=Q, that P asks for another.
func forWhom(b *apptest.Browser, w words) string {
	if w.named["for"] == "" {
		return ""
	}
	proxy := "none"
	for _, n := range b.Get("/me").Find(func(n *html.Node) bool { return strings.HasPrefix(apptest.Attr(n, "href"), "/me/for/") }) {
		proxy = strings.TrimPrefix(apptest.Attr(n, "href"), "/me/for/")
	}
	return "?for=" + proxy
}

// phoneFetches is phone P fetches R, or with for=Q another's: the copy, once.
func (s *story) phoneFetches(b *apptest.Browser, w words) error {
	c, err := s.of(w.word(2))
	if err != nil {
		return err
	}
	q, err := privacy.OfCase(context.Background(), s.DB, s.code(), c.ID)
	if err != nil {
		return err
	}
	a := b.Post("/me/data/"+string(q.ID)+"/copy"+forWhom(b, w), nil)
	if err := refused(a); err != nil {
		return err
	}
	z, err := zip.NewReader(strings.NewReader(a.Body), int64(len(a.Body)))
	if err != nil {
		return err
	}
	if s.copied == nil {
		s.copied = map[string]string{}
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return err
		}
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		s.copied[w.word(2)] += string(data)
	}
	return nil
}

// phoneConsents is phone P consents NAME | takes-back NAME: one press.
func phoneConsents(b *apptest.Browser, w words) error {
	give := "yes"
	if w.word(1) == "takes-back" {
		give = "no"
	}
	return refused(b.Post("/me/consents/"+w.word(2), url.Values{"give": {give}}))
}

// copyHolds is: copy R holds 'regexp'.
func copyHolds(s *story, w words) error {
	if s.copied[w.word(0)] == "" {
		return fmt.Errorf("nobody has fetched the copy %s", w.word(0))
	}
	want, err := regexp.Compile(w.word(2))
	if err != nil {
		return err
	}
	if !want.MatchString(s.copied[w.word(0)]) {
		return no("the copy does not hold %s: %.600s", want, s.copied[w.word(0)])
	}
	return nil
}

// decidesData is LOGIN grants-data R | refuses-data R law=… reason='…' | carries-data
// R answer='…', on the page of the case.
func decidesData(do string) func(*story, string, words) error {
	return func(s *story, login string, w words) error {
		c, err := s.of(w.word(0))
		if err != nil {
			return err
		}
		form := url.Values{"do": {do}, "law": {w.named["law"]}, "reason": {w.named["reason"]}, "answer": {w.named["answer"]}}
		return refused(s.As(login).Post("/desk/case/"+string(c.ID)+"/data", form))
	}
}

// witnesses is LOGIN witnesses P for Q: relation=guardian paper=custody born=2017-05-01
// until=2027-05-31, at the counter, with the papers in hand.
func witnesses(s *story, login string, w words) error {
	form := url.Values{"agent": {w.word(0)}, "phone": {w.word(2)}, "name": {w.named["name"]}, "relation": {w.named["relation"]}, "paper": {w.named["paper"]},
		"born": {w.named["born"]}, "until": {w.named["until"]}, "deeds": {"rate", "supplement", "report"}}
	return refused(s.As(login).Post("/desk/take/proxy", form))
}

// nowhere 'text': no column of any table holds it.
func nowhere(s *story, w words) error {
	type column struct{ table, name string }
	list := "select cast(table_name as text), cast(column_name as text) from information_schema.columns where table_schema = 'public' and data_type <> 'tsvector'"
	if s.DB.Engine() == db.SQLite {
		list = `select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite%' and t.name not like 'case\_text%' escape '\'`
	}
	ctx := context.Background()
	columns, err := db.All(ctx, s.DB, func(c *column) []any { return []any{&c.table, &c.name} }, list)
	if err != nil {
		return err
	}
	for _, c := range columns {
		n, err := db.Value[int](ctx, s.DB, "select count(*) from "+c.table+` where cast("`+c.name+`" as text) like $1`, "%"+w.word(0)+"%")
		if err != nil {
			return err
		}
		if n > 0 {
			return no("%s still stands in %s.%s", w.word(0), c.table, c.name)
		}
	}
	return nil
}
