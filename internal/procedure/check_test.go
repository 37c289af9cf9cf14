package procedure

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/lang"
)

// small is a good procedure that each row below spoils in one place.
const small = `procedure: small
title: {zh: 小规程, en: Small}
start: accept
loops: {times: 2, then: closed}
steps:
  accept:
    by: {role: acceptor, at: receiving-unit}
    limit: 30 minutes
    actions:
      file: handle
  handle:
    by: {unit: routed}
    limit: matter
    returns: 1
    actions:
      done: verify
      return: rule
  rule:
    by: {role: shift-leader}
    actions:
      assign: {to: handle, final: true}
  verify:
    by: {role: grid-worker, at: case-grid, not: [handle]}
    limit: 1 working-days
    actions:
      pass: rate
      fail: handle
  rate:
    by: reporter
    limit: 7 days
    on-expiry: closed
    actions:
      content: closed
      not-content: handle
ends: [closed]
`

// forked is a good procedure with a fork.
const forked = `procedure: forked
title: {zh: 分路, en: Forked}
start: send
steps:
  send: {title: {zh: 派, en: Send}, by: {role: dispatcher}, actions: {send: [make-safe, handle]}}
  make-safe:
    by: {unit: routed}
    actions:
      done: verify
      reject: closed
  handle:
    by: {unit: routed}
    actions:
      done: verify
      reject: closed
  verify:
    by: {role: grid-worker, at: case-grid, not: [make-safe, handle]}
    join: all
    waits-for: [make-safe, handle]
    actions:
      pass: closed
ends: [closed]
`

func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	rows := []struct {
		why, source, old, new string
		line                  int
		says                  string
	}{
		{"a typo in a role would leave a task without owner", small, "role: acceptor", "role: aceptor", 7, "no role “aceptor”"},
		{"a typo in a place too", small, "at: case-grid", "at: the-grid", 23, "“the-grid” will not do"},
		{"a target that does not exist", small, "pass: rate", "pass: rated", 26, "neither a step nor an end"},
		{"a limit without unit is no promise", small, "limit: 30 minutes", "limit: 30", 8, "a number and a unit"},
		{"a limit out of range", small, "limit: 7 days", "limit: 0 days", 30, "not understood"},
		{"a handler could check own work", small, ", not: [handle]", "", 22, "say whose (not)"},
		{"naming another step in not is no protection", small, "not: [handle]", "not: [rule]", 22, "could check their own work"},
		{"rework without bound", small, "loops: {times: 2, then: closed}\n", "", 27, "go round without end"},
		{"rework that says no number", small, "loops: {times: 2, then: closed}", "loops: {then: closed}", 4, "how many rounds"},
		{"an unreachable step", small, "return: rule", "return: closed", 18, "No way leads to “rule”"},
		{"an unreachable end", small, "ends: [closed]", "ends: [closed, answered]", 35, "No way leads to “answered”"},
		{"a step from which nothing ends", small, "assign: {to: handle, final: true}", "assign: rule", 18, "no end can be reached"},
		{"a step without action", small, "    actions:\n      assign: {to: handle, final: true}\n", "", 18, "has no action"},
		{"conditions that may all fail", small, "file: handle", "file: {to: handle, if: danger}", 6, "Every action has a condition"},
		{"an unknown fact in a condition", small, "file: handle", "file: {to: handle, if: dagner, else: rule}", 10, "unknown name dagner"},
		{"a condition that is no yes or no", small, "file: handle", "file: {to: handle, if: round + 1, else: rule}", 10, "condition is wrong"},
		{"a condition that calls a function is refused", small, "file: handle", "file: {to: handle, if: 'len(repeat(\"a\", 1000000)) > 1', else: rule}", 10, "condition is wrong"},
		{"returning without a bound", small, "    returns: 1\n", "", 11, "go together"},
		{"a way for when time is up, without time", small, "    limit: 7 days\n", "", 28, "has no limit"},
		{"an unknown key is a typo", small, "on-expiry: closed", "onexpiry: closed", 31, "“onexpiry” is not known"},
		{"the same step twice", small, "  rule:\n", "  verify:\n", 22, "written twice"},
		{"a start that does not exist", small, "start: accept", "start: begin", 3, "does not exist"},
		{"no Chinese", small, "{zh: 小规程, en: Small}", "{en: Small}", 2, "Chinese (zh) is missing"},
		{"an action nobody has a word for", small, "pass: rate", "wave: rate", 26, "has no title"},
		{"the engine's own action", small, "pass: rate", "expire: rate", 26, "engine's own"},
		{"aliases hide what is said", small, "limit: 7 days", "limit: &x 7 days\n    returns: *x", 31, "aliases are not used"},
		{"YAML that does not parse", small, "start: accept", "start: [accept", 3, "not valid YAML"},
		{"a fork nobody joins", forked, "    join: all\n    waits-for: [make-safe, handle]\n", "", 5, "no step waits for all"},
		{"a join that forgets a branch", forked, "waits-for: [make-safe, handle]", "waits-for: [handle]", 5, "no step waits for all"},
		{"a join without fork", forked, "send: [make-safe, handle]", "send: {to: handle, if: danger, else: make-safe}", 16, "nothing forks before it"},
		{"a branch that is an end", forked, "send: [make-safe, handle]", "send: [make-safe, closed]", 5, "“closed” is an end"},
		{"a branch that can be entered past the fork", forked, "start: send\nsteps:\n", "start: accept\nsteps:\n  accept: {by: {role: acceptor}, actions: {file: send, pass: handle}}\n", 6, "without this fork"},
		{"a first refusal that cannot refuse", forked, "      reject: closed\n  verify:\n    by: {role: grid-worker, at: case-grid, not: [make-safe, handle]}\n    join: all", "  verify:\n    by: {role: grid-worker, at: case-grid, not: [make-safe, handle]}\n    join: first-refusal", 11, "must be able to refuse"},
		{"a refusal without a reason", small, "return: rule", "return: rule\n      refuse: rule", 11, "Refusing needs the reason"},
		{"a limit over all rounds of no limit", small, "limit: matter", "limit: matter\n    limit-across: rounds", 11, "the step's own limit"},
		{"a limit over what is no rounds", small, "limit: 1 working-days", "limit: 1 working-days\n    limit-across: years", 25, "“years” will not do"},
		{"a unit that could stop the clock by sitting on a step", small, "limit: matter", "limit: matter\n    pause: always", 11, "Only a step of the reporter's"},
		{"a mark asked twice", small, "pass: rate", "pass: {to: rate, asks: [contacted, contacted]}", 26, "written twice"},
		{"a mark that is no name", small, "pass: rate", "pass: {to: rate, asks: [Contacted!]}", 26, "will not do"},
		{"ways taken by the clock alone in a circle", small, "    on-expiry: closed\n    actions:\n      content: closed", "    on-expiry: rate\n    actions:\n      content: closed", 28, "turn by itself"},
	}
	for _, row := range rows {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(row.source, row.old) {
				t.Fatalf("the row spoils nothing: %q is not in the source", row.old)
			}
			p, findings := Parse([]byte(strings.Replace(row.source, row.old, row.new, 1)), "small.yaml")
			var all []string
			for _, f := range findings {
				s := f.In(lang.EN)
				if (strings.HasPrefix(s, fmt.Sprintf("small.yaml:%d:", row.line)) || strings.HasPrefix(s, fmt.Sprintf("small.yaml:%d ", row.line))) && strings.Contains(s, row.says) && p == nil {
					if f.Text.ZH == "" || f.Text.ZH == f.Text.EN {
						t.Errorf("%q is not said in Chinese", f.Text.EN)
					}
					return
				}
				all = append(all, s)
			}
			t.Errorf("got procedure %t and\n%s\nwant line %d, %q", p != nil, strings.Join(all, "\n"), row.line, row.says)
		})
	}
}

func TestCheckTakes(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"small":                                  small,
		"forked":                                 forked,
		"a whole-case limit bounds rework too":   strings.Replace(small, "loops: {times: 2, then: closed}", "limit: 15 days", 1),
		"branches that can refuse may be agreed": strings.Replace(forked, "join: all", "join: first-refusal", 1),
	} {
		if p, findings := Parse([]byte(source), "x.yaml"); p == nil || len(findings) > 0 {
			t.Errorf("%s: refused with %v", name, findings)
		}
	}
}

func TestEveryFaultIsReported(t *testing.T) {
	t.Parallel()
	bad := strings.NewReplacer("role: acceptor", "role: nobody", "limit: 7 days", "limit: 7", "pass: rate", "pass: nowhere").Replace(small)
	_, findings := Parse([]byte(bad), "x.yaml")
	var lines []int
	for _, f := range findings {
		lines = append(lines, f.Line)
	}
	if fmt.Sprint(lines) != "[7 26 28 30]" {
		t.Errorf("got lines %v, want the three faults and what follows from the missing limit: [7 26 28 30]", lines)
	}
}

func TestVersionIsTheSource(t *testing.T) {
	t.Parallel()
	a, _ := Parse([]byte(small), "a.yaml")
	b, _ := Parse([]byte(small), "b.yaml")
	c, _ := Parse([]byte(small+"\n# a word more\n"), "a.yaml")
	if a.Version != b.Version || a.Version == c.Version || len(a.Version) != 12 {
		t.Errorf("got versions %q %q %q; want the first two equal, the third not, 12 digits", a.Version, b.Version, c.Version)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(forked))
	f.Add([]byte("procedure: &a x\nsteps: {a: *a}\nends: [[[]]]"))
	f.Fuzz(func(t *testing.T, source []byte) {
		p, findings := Parse(source, "fuzz.yaml")
		if p == nil && len(findings) == 0 {
			t.Fatal("refused without saying why")
		}
		if p != nil {
			p.Layout()
			wander(t, p, 1, 30)
		}
	})
}
