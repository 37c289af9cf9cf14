package fields

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"linli/packs"
)

func base(t testing.TB) (string, *Rules) {
	t.Helper()
	source, err := fs.ReadFile(packs.Base(), "privacy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	rules, findings := ParseRules(source, "privacy.yaml")
	if rules == nil || len(findings) > 0 {
		t.Fatalf("the base file: %+v", findings)
	}
	return string(source), rules
}

// ASVS 14.1.2
func TestTheBaseRules(t *testing.T) {
	t.Parallel()
	_, rules := base(t)
	p, ok := rules.Purpose("call-back")
	if !ok || !p.Shows(Phone) || p.Shows(Address) || p.Delayable {
		t.Errorf("call-back is %+v, want it to show the phone number, not the address, at once", p)
	}
	if p, ok := rules.Purpose("investigation"); !ok || !p.Delayable {
		t.Errorf("investigation is %+v, want it delayable", p)
	}
	if len(rules.Keep) != len(kinds) {
		t.Errorf("%d rules of keeping for %d sorts of data", len(rules.Keep), len(kinds))
	}
	n, ok := rules.Notice("report")
	if !ok {
		t.Fatal("there is no notice for those who report")
	}
	lines := rules.Kept(n)
	if len(lines) != 4 || lines[0].ZH != "来件人的姓名和电话：办结以后 3 年" || lines[0].EN != "Name and phone number of who reported: 3 years after the case ended" {
		t.Errorf("kept: %v", lines)
	}
	if k, _ := rules.KeepOf(Trail); !k.For.IsZero() || k.For.Text().ZH != "一直保存" {
		t.Errorf("the trail is kept %v, want for good", k.For)
	}
	if c, ok := rules.Consent("guardian"); !ok || c.Version != 1 {
		t.Errorf("guardian is %+v", c)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	source, _ := base(t)
	for _, row := range []struct{ why, old, new, says, at string }{
		{"logs under six months break the Cybersecurity Law", "for: 6 months", "for: 5 months", "至少留 6 个月", "for: 6 months"},
		{"the same in days", "for: 6 months", "for: 181 days", "至少留 6 个月", "for: 6 months"},
		{"records of looking under three years", "查看个人信息的记录, en: Records of who looked at personal data}\n    for: 3 years", "查看个人信息的记录, en: x}\n    for: 2 years", "至少留 3 年", "Records of who looked at personal data}\n    for: 3 years"},
		{"the trail never goes", "The trail}\n    for: always", "The trail}\n    for: 10 years", "一直保存", ""},
		{"a span without a unit", "for: 30 days", "for: 30", "写 30 days", "for: 30 days"},
		{"a span of nothing", "for: 30 days", "for: 0 days", "写 30 days", "for: 30 days"},
		{"a span beyond all calendars", "for: 30 days", "for: 99999999 days", "写 30 days", "for: 30 days"},
		{"a sort of data nobody removes", "  codes:\n", "  dreams:\n", "不清理“dreams”", "  codes:"},
		{"a purpose that shows nothing", "    fields: [name, phone]\n  visit:", "  visit:", "没写这个目的可以看什么", "  call-back:"},
		{"a purpose that shows what is no personal field", "fields: [name, phone]\n  visit", "fields: [name, salary]\n  visit", "没有“salary”这一项", "fields: [name, phone]"},
		{"a purpose without a basis has no business here", "    basis: {zh: 个人信息保护法第八条", "    # {zh: 个人信息保护法第八条", "缺“basis”", "  verify-person:"},
		{"a notice that does not say how long", "    keep: [identity, words, photos]\n", "", "要写留多久", "  child:"},
		{"a notice of a rule that is not there", "keep: [identity, words, photos]\n", "keep: [identity, whims]\n", "没有“whims”这条期限", "keep: [identity, words, photos]\n"},
		{"a notice that an English reader is not told", ", en: To deal with what happened to a child.}", "}", "要有中文（zh）和英文（en）", "purpose: {zh: 办理孩子"},
		{"a processor that is neither", "role: recipient", "role: friend", "entrusted（受托方）", "role: recipient"},
		{"a processor by a consent that is not there", "consent: pass-on", "consent: pass", "没有“pass”这项同意", "consent: pass-on"},
		{"a processor of which nobody is told what it does", "    does: {zh: 运行存放", "    # {zh: 运行存放", "缺“does”", "  hosting:"},
		{"looking without end", "reveals-an-hour: 20", "reveals-an-hour: 0", "1 到 1000", "reveals-an-hour: 20"},
		{"a flag that is neither", "delayable: true", "delayable: perhaps", "true 或 false", "delayable: true"},
		{"an unknown word", "alarm-a-day:", "alarm-a-week:", "不认识“alarm-a-week”", "alarm-a-day:"},
	} {
		changed := strings.Replace(source, row.old, row.new, 1)
		if changed == source {
			t.Errorf("%s: %q is not in the file", row.why, row.old)
			continue
		}
		rules, findings := ParseRules([]byte(changed), "privacy.yaml")
		want := 1 + strings.Count(source[:max(strings.Index(source, row.at), 0)]+strings.TrimSpace(row.at), "\n") // the last line of at
		found := false
		for _, f := range findings {
			if strings.Contains(f.Text.ZH, row.says) && (row.at == "" || f.Line == want) {
				found = f.Text.EN != "" && f.Column > 0
			}
		}
		if rules != nil || !found {
			t.Errorf("%s: want “%s” at line %d, got %v", row.why, row.says, want, findings)
		}
	}
}

// A district's older file does not stop a newer program that knows more sorts.
func TestAMissingRuleIsAWarning(t *testing.T) {
	t.Parallel()
	source, _ := base(t)
	i, j := strings.Index(source, "  codes:\n"), strings.Index(source, "  sessions:\n")
	rules, findings := ParseRules([]byte(strings.Replace(source[:i]+source[j:], "residents, codes, sessions", "residents, sessions", 1)), "privacy.yaml")
	if rules == nil || len(findings) != 1 || !strings.Contains(findings[0].Text.ZH, "一直留着") {
		t.Errorf("got %v, want one warning", findings)
	}
}

func TestSpanBefore(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("CST", 8*3600)
	for _, row := range []struct {
		why  string
		span Span
		now  string
		want string
	}{
		{"a plain day", Span{1, Days}, "2026-11-22 02:30", "2026-11-21 02:30"},
		{"the 31st a month back is the 30th, not the 1st", Span{1, Months}, "2026-07-31 02:30", "2026-06-30 02:30"},
		{"six months back over the end of the year", Span{6, Months}, "2026-03-31 00:00", "2025-09-30 00:00"},
		{"a leap day has no twin", Span{3, Years}, "2028-02-29 12:00", "2025-02-28 12:00"},
		{"three years", Span{3, Years}, "2026-11-22 00:00", "2023-11-22 00:00"},
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", row.now, zone)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := row.span.Before(now)
		if !ok || got.Format("2006-01-02 15:04") != row.want {
			t.Errorf("%s: got %v, want %s", row.why, got, row.want)
		}
	}
	if _, ok := (Span{}).Before(time.Now()); ok {
		t.Error("what is kept for good has a day on which it goes")
	}
}

func FuzzParseRules(f *testing.F) {
	source, _ := base(f)
	f.Add([]byte(source))
	f.Add([]byte("keep: {trail: {for: -1 days}}"))
	f.Add([]byte("purposes: [a]\nkeep: 3"))
	f.Add([]byte("{a: &a [*a]}"))
	f.Fuzz(func(t *testing.T, source []byte) {
		rules, findings := ParseRules(source, "f")
		if rules == nil && len(findings) == 0 {
			t.Error("refused without a word")
		}
		if rules == nil {
			return
		}
		for _, k := range rules.Keep {
			if kind := kinds[k.Name]; kind.always && !k.For.IsZero() || !k.For.IsZero() && k.For.days() < kind.least.days() {
				t.Errorf("%s is kept %v, under what the law asks", k.Name, k.For)
			}
		}
	})
}
