package notice

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"linli/internal/errs"
	"linli/internal/lang"
)

// whole has every fact, each its own name, so that a text shows what it tells.
func whole() Facts {
	return Facts{Number: "261123-01478", Title: lang.T("井盖破损", "Broken cover"), Place: lang.T("桂香路", "Guixiang Road"),
		Due: lang.T("11月24日 周二 17:30前", "Tue 24 Nov 17:30"), Unit: lang.T("市政养护中心", "Municipal Works"),
		Reason: "不归我们管。", Answer: "换了新井盖。", Link: "/t/261123-01478"}
}

func book(t testing.TB) *Book {
	t.Helper()
	b, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// aboutNoCase are the templates that tell of people and of the program.
var aboutNoCase = []Template{PostBare, RightsChanged, CodesGuessed, NewDevice, LookAlarm}

func TestStandardBookTellsEverything(t *testing.T) {
	t.Parallel()
	b := book(t)
	for _, name := range Templates() {
		for _, f := range []Facts{whole(), {Number: "1", Title: lang.T("a", "a"), Unit: lang.T("b", "b"), Reason: "c", Answer: "d"}} {
			text, err := b.Text(name, f)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			for _, s := range []string{text.ZH, text.EN} {
				if s == "" || strings.ContainsAny(s, "{}[]！!") || strings.Contains(s, "。。") || strings.Contains(s, "..") ||
					strings.Contains(s, "  ") || s != strings.TrimSpace(s) {
					t.Errorf("%s says %q", name, s)
				}
			}
			if slices.Contains(aboutNoCase, name) {
				continue
			}
			if !strings.Contains(text.ZH, f.Number) || !strings.Contains(text.EN, f.Number) {
				t.Errorf("%s does not say the number: %q", name, text)
			}
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	noDue := whole()
	noDue.Due, noDue.Link = lang.Text{}, ""
	due := whole()
	due.Link = ""
	tricky := due
	tricky.Title = lang.T("{reason} [x", "{reason} [x")
	for _, row := range []struct {
		why    string
		name   Template
		facts  Facts
		zh, en string
	}{
		{"as the design words it", ReceivedRepair, due, "收到了。编号 261123-01478，答应您 11月24日 周二 17:30前 修好。", "We have it. Number 261123-01478; we promise the repair by Tue 24 Nov 17:30."},
		{"no date is promised where there is none", Received, noDue, "收到了。编号 261123-01478。", "We have it. Number 261123-01478."},
		{"a full stop of the writer's is not doubled", Rejected, due, "您报的“井盖破损”（261123-01478）我们这里办不了。原因：不归我们管。", "We cannot act on “Broken cover” (261123-01478). The reason: 不归我们管."},
		{"what a fact says is not read as a template", Filed, tricky, "您报的“{reason} [x”（261123-01478）已经受理，答应您 11月24日 周二 17:30前 办好。", "“{reason} [x” (261123-01478) is accepted; we promise it by Tue 24 Nov 17:30."},
	} {
		got, err := book(t).Text(row.name, row.facts)
		if err != nil || got.ZH != row.zh || got.EN != row.en {
			t.Errorf("%s:\n got %q\n     %q, %v\nwant %q\n     %q", row.why, got.ZH, got.EN, err, row.zh, row.en)
		}
	}
	if _, err := book(t).Text(Rejected, Facts{Number: "1", Title: lang.T("a", "a")}); err == nil || !strings.Contains(err.Error(), "{reason}") {
		t.Errorf("a rejection without a reason: got %v", err)
	}
	if _, err := book(t).Text("invented", whole()); err == nil {
		t.Error("an unknown template was filled")
	}
}

func TestWithRefuses(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, text string
		line      int // 0 where the file has no lines to speak of
	}{
		{"a personal fact", "filed:\n  zh: \"给{phone}\"\n  en: \"to {phone}\"", 2},
		{"a misspelled fact", "filed: {zh: \"a\", en: \"a\"}\nclosed:\n  zh: \"{number}\"\n  en: \"{nummer}\"", 4},
		{"an open brace", "filed:\n  zh: \"{number\"\n  en: \"a\"", 2},
		{"a brace too many", "filed:\n  zh: \"number}\"\n  en: \"a\"", 2},
		{"an open bracket", "filed:\n  zh: \"[{due}\"\n  en: \"a\"", 2},
		{"a bracket too many", "filed:\n  zh: \"{due}]\"\n  en: \"a\"", 2},
		{"brackets in brackets", "filed:\n  zh: \"[a [{due}]]\"\n  en: \"a\"", 2},
		{"a bracket that would always stay", "filed:\n  zh: \"[a]\"\n  en: \"a\"", 2},
		{"no English", "filed:\n  zh: \"a\"", 1},
		{"no Chinese", "\nfiled:\n  en: \"a\"", 2},
		{"an empty text", "filed:\n  zh: \"\"\n  en: \"a\"", 2},
		{"a third language", "filed:\n  zh: \"a\"\n  en: \"a\"\n  fr: \"a\"", 4},
		{"languages that tell different things", "filed:\n  zh: \"{due}\"\n  en: \"{number}\"", 1},
		{"an unknown template", "filled: {zh: a, en: a}", 1},
		{"a template twice", "filed: {zh: a, en: a}\nfiled: {zh: b, en: b}", 2},
		{"an alias", "filed: &x {zh: a, en: a}\nclosed: *x", 2},
		{"over-long", "filed:\n  zh: " + strings.Repeat("长", wordingMost+1) + "\n  en: a", 2},
		{"a list", "- a", 1},
		{"nothing", "", 1},
		{"no YAML", "filed: [", 0},
	} {
		_, err := book(t).With("own.yaml", []byte(row.text))
		text, _ := errs.TextOf(err)
		if !errors.Is(err, errs.Invalid) {
			t.Errorf("%s: got %v, want it refused", row.why, err)
		} else if row.line > 0 && (!strings.HasPrefix(text.ZH, fmt.Sprintf("own.yaml 第 %d 行", row.line)) || !strings.HasPrefix(text.EN, fmt.Sprintf("own.yaml line %d:", row.line))) {
			t.Errorf("%s: %q, want line %d", row.why, text, row.line)
		}
	}
	_, err := book(t).With("own.yaml", []byte("a: {zh: a, en: a}\nb: {zh: b, en: b}"))
	if got := len(errs.Each(err)); got != 2 {
		t.Errorf("two wrong lines gave %d findings", got)
	}
}

func TestWithReplacesOnlyItsOwn(t *testing.T) {
	t.Parallel()
	base := book(t)
	own, err := base.With("own.yaml", []byte("closed: {zh: \"{number} 办完啦\", en: \"{number} is over\"}"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := own.Text(Closed, whole()); err != nil || got.ZH != "261123-01478 办完啦" {
		t.Errorf("got %q, %v", got, err)
	}
	before, _ := base.Text(Filed, whole())
	if got, err := own.Text(Filed, whole()); err != nil || got != before {
		t.Errorf("another template changed to %q, %v", got, err)
	}
	if got, _ := base.Text(Closed, whole()); strings.Contains(got.ZH, "办完啦") {
		t.Error("the book it was made from changed")
	}
}

// ASVS 1.3.7
func FuzzWith(f *testing.F) {
	f.Add(standard)
	f.Add([]byte("filed: {zh: \"[{due}]\", en: \"[{due}]\"}"))
	f.Add([]byte("filed: &x {zh: a, en: *x}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := new(Book).With("f", text)
		if err != nil {
			if !errors.Is(err, errs.Invalid) {
				t.Errorf("no clear answer: %v", err)
			}
			return
		}
		for name := range b.all {
			if _, err := b.Text(name, whole()); err != nil {
				t.Errorf("let through, but: %v", err)
			}
		}
	})
}
