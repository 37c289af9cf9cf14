package app_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/sample"
	"linli/internal/supervise"
)

// TestStories tells the stories of testdata/stories, each in an invented
// district of its own, on both engines. testdata/stories/README.md says which
// words they are written in.
func TestStories(t *testing.T) {
	t.Parallel()
	people := staff(t)
	dbtest.EachURL(t, func(t *testing.T, address string) {
		var key []byte                         // what is sealed in the district opens with it
		t.Run("district", func(t *testing.T) { // made once; every story has a copy
			files := ""
			apptest.At(t, address, func(c *app.Config) { files = c.Files })
			var err error
			if key, err = os.ReadFile(filepath.Join(files, app.KeyFile)); err != nil {
				t.Fatal(err)
			}
		})
		fresh := copies(t, address)
		testscript.Run(t, testscript.Params{
			Dir: "testdata/stories", Cmds: commands(people), RequireUniqueNames: true,
			Setup: func(env *testscript.Env) error {
				tb, ok := env.T().(testing.TB)
				if !ok {
					return fmt.Errorf("%T is no testing.TB", env.T())
				}
				around, settings := laid(tb, env.WorkDir)
				s := &story{World: apptest.At(tb, fresh(tb), withKey(tb, key), settings), lines: around, cleanup: tb.Cleanup, cases: map[string]casework.ID{}, sights: map[string]sight{},
					meetings: map[string]supervise.MeetingID{}, admissions: map[string]string{}}
				env.Values[storyKey{}] = s
				s.hearMail(tb)
				return nil
			},
		})
	})
}

// withKey gives a copy of a district the key its fields were sealed with.
func withKey(tb testing.TB, key []byte) func(*app.Config) {
	return func(c *app.Config) {
		if err := os.WriteFile(filepath.Join(c.Files, app.KeyFile), key, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
}

type storyKey struct{}

// story is one story as far as it has been told.
type story struct {
	*apptest.World
	cases      map[string]casework.ID         // by the name the story gives them
	sights     map[string]sight               // what somebody saw of a case, by "login name"
	meetings   map[string]supervise.MeetingID // by the name the story gives them
	admissions map[string]string              // duties put before the admission list
	phones     phones                         // residents who sign in
	copied     map[string]string              // copies that were fetched, by the request's name
	lines      *lines                         // what lies around the district
	programs   programs                       // of other systems and of people
	cleanup    func(func())
}

// sight is a case page that somebody opened and has not acted on yet.
type sight struct {
	revision int
	offers   []offer
}

// offer is an action that one of somebody's posts may take.
type offer struct {
	procedure.Offer
	by procedure.Actor
}

// staff reads who works in the invented district, since a story begins a line
// with a person's login.
func staff(t *testing.T) []string {
	t.Helper()
	files, err := sample.New().Files()
	if err != nil {
		t.Fatal(err)
	}
	file, err := files.Open("people.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var data bytes.Buffer
	if _, err := data.ReadFrom(file); err != nil {
		t.Fatal(err)
	}
	var logins []string
	for _, line := range strings.Split(strings.TrimSpace(data.String()), "\n")[1:] {
		login, _, _ := strings.Cut(line, ",")
		logins = append(logins, login)
	}
	return logins
}

// copies gives each story a copy of the district at address.
func copies(t *testing.T, address string) func(testing.TB) string {
	t.Helper()
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return func(tb testing.TB) string {
			tb.Helper()
			to := filepath.Join(tb.TempDir(), "linli.db")
			if err := os.WriteFile(to, data, 0o600); err != nil {
				tb.Fatal(err)
			}
			return "sqlite:" + to
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	from := strings.TrimPrefix(u.Path, "/")
	u.Path = "/postgres"
	server := u.String()
	return func(tb testing.TB) string {
		tb.Helper()
		return copied(tb, server, from)
	}
}

func copied(tb testing.TB, server, from string) string {
	tb.Helper()
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, server)
	if err != nil {
		tb.Fatal(err)
	}
	name := fmt.Sprintf("%s_%s", from, strings.ReplaceAll(filepath.Base(tb.TempDir())+filepath.Base(tb.Name()), "-", "_"))
	if _, err := admin.Exec(ctx, fmt.Sprintf("create database %q template %q", name, from)); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if _, err := admin.Exec(ctx, fmt.Sprintf("drop database %q with (force)", name)); err != nil {
			tb.Error(err)
		}
		_ = admin.Close(ctx)
	})
	u, err := url.Parse(server)
	if err != nil {
		tb.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// commands are the words of the stories. The login of everyone who works in
// the district is one of them.
func commands(people []string) map[string]func(*testscript.TestScript, bool, []string) {
	all := map[string]func(*testscript.TestScript, bool, []string){
		"resident": deed(resident),
		"machine":  deed(machine),
		"hotline":  deed(hotline),
		"counter":  deed(counter),
		"worker":   deed(worker),
		"both":     deed(both),
		"merge":    deed(merge),
		"owner":    deed(owner),
		"import":   deed(importTables),
		"crowd":    deed(crowd),
		"at":       deed(at),
		"advance":  deed(advance),
		"expect":   check(expect),
		"queue":    check(queue),
		"list":     check(list),
		"filters":  check(filters),
		"dates":    check(dates),
		"search":   check(search),
		"trail":    check(trailHolds),
		"told":     check(told),
		"looked":   check(looked),
		"copy":     check(copyHolds),
		"nowhere":  check(nowhere),
		"spell":    check(spell),
		"route":    check(route),
		"roster":   deed(roster),
		"why":      check(whyHolds),
		"ledger":   check(ledger),
		"order":    check(orderIs),
		"rungs":    check(rungs),
		"board":    check(board),
		"stuck":    check(stuck),
		"agenda":   check(agenda),
		"decision": check(decision),
		"figure":   check(figure),
		"period":   check(period),
		"recount":  check(recount),
		"score":    check(scored),
		"phone":    deed(phone),
		"mine":     check(mine),
		"taken":    check(taken),
		"acts":     check(actsAs),
		"page":     check(pageHolds),
		"sees":     check(seesCase),
		"mail":     deed(mails),
		"text":     deed(texts),
		"follower": deed(follower),
		"letter":   check(letter),
		"key":      deed(key),
		"program":  deed(program),
		"open311":  deed(open311),
		"follows":  check(follows),
		"hook":     deed(hookTo),
		"breaks":   deed(breaks(500)),
		"mends":    deed(breaks(0)),
		"heard":    check(heard),
	}
	for _, login := range people {
		all[login] = deed(func(s *story, args words) error { return s.person(login, args) })
	}
	return all
}

// deed is a command that changes something, through the verbs that the doors
// call. With "!" before it, it must be refused, and what the house says to the
// person, in both languages, can be matched with stderr. Jobs that are due run
// after every deed.
func deed(do func(*story, words) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		s := ts.Value(storyKey{}).(*story)
		err := do(s, split(ts, args))
		say(ts, err)
		s.Due()
		switch {
		case neg && err == nil:
			ts.Fatalf("this should have been refused")
		case neg && errs.KindOf(err) == "":
			ts.Fatalf("this was not refused, it failed: %v", err)
		case !neg:
			ts.Check(err)
		}
	}
}

// check is a command that looks. With "!" before it, it must not be so.
func check(is func(*story, words) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		err := is(ts.Value(storyKey{}).(*story), split(ts, args))
		var no unmet
		switch {
		case neg && err == nil:
			ts.Fatalf("this should not be so")
		case neg && asUnmet(err, &no):
			ts.Logf("not so: %s", no)
		case neg && errs.KindOf(err) != "": // what was asked for is refused
			say(ts, err)
		default:
			ts.Check(err)
		}
	}
}

// say keeps what the house says to the person for stderr to match.
func say(ts *testscript.TestScript, err error) {
	for _, e := range errs.Each(err) {
		fmt.Fprintf(ts.Stderr(), "%s %s: %s\n%s\n", e.Kind, e.Field, e.Text.ZH, e.Text.EN)
	}
}

// unmet is an expectation of a story that does not hold.
type unmet string

func (u unmet) Error() string { return string(u) }

func asUnmet(err error, to *unmet) bool {
	u, ok := err.(unmet)
	*to = u
	return ok
}

func no(format string, args ...any) error { return unmet(fmt.Sprintf(format, args...)) }

// words are the arguments of a line: plain ones, and those with a name.
type words struct {
	dir   string // where the story's own files are
	plain []string
	named map[string]string
}

// split reads "A: matter=c01002 danger text='…'". The colon after a name is
// for the reader.
func split(ts *testscript.TestScript, args []string) words {
	w := words{dir: ts.MkAbs("."), named: map[string]string{}}
	for _, arg := range args {
		if name, value, ok := strings.Cut(arg, "="); ok && !strings.ContainsAny(name, " '\"") {
			w.named[name] = value
			continue
		}
		w.plain = append(w.plain, strings.TrimSuffix(arg, ":"))
	}
	return w
}

// word is the plain word at i, or empty.
func (w words) word(i int) string {
	if i < len(w.plain) {
		return w.plain[i]
	}
	return ""
}

func (w words) has(word string) bool {
	for _, p := range w.plain {
		if p == word {
			return true
		}
	}
	return false
}

func (w words) number(name string) (int, error) {
	if w.named[name] == "" {
		return 0, nil
	}
	return strconv.Atoi(w.named[name])
}

// of is the case that a story calls name, as it is now.
func (s *story) of(name string) (casework.Case, error) {
	id, ok := s.cases[name]
	if !ok {
		return casework.Case{}, fmt.Errorf("the story has no case %q", name)
	}
	return casework.ByID(context.Background(), s.DB, s.code(), id)
}

func (s *story) code() string { return s.House.District }

// name is what the story calls a case, by the first of its names.
func (s *story) name(id casework.ID) string {
	for _, name := range slices.Sorted(maps.Keys(s.cases)) {
		if s.cases[name] == id {
			return name
		}
	}
	return string(id)
}

func (s *story) now() time.Time { return s.Clock.Now() }

func (s *story) zone() *time.Location { return s.District().Calendar.Zone() }

// posts are those a person holds today, as the procedure sees them.
func (s *story) posts(login string) ([]procedure.Actor, error) {
	d := s.District()
	p, ok := d.Org.PersonByLogin(login)
	if !ok {
		return nil, fmt.Errorf("nobody has the login %q", login)
	}
	return actorsOf(d, p.ID, s.now()), nil
}

func (s *story) write(fn func(tx *db.Tx, d *district.District) error) error {
	d := s.District()
	return s.DB.Write(context.Background(), func(tx *db.Tx) error { return fn(tx, d) })
}
