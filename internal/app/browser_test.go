package app_test

import (
	"context"
	"fmt"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/sample"
	"linli/internal/web/ui/uitest"
)

// glance is how a test looks at the pages: in which language, how wide.
type glance struct {
	lang  lang.Lang
	width int64
}

func (g glance) String() string { return fmt.Sprintf("%s-%d", g.lang, g.width) }

// town is a running house with windows open on it.
type town struct {
	*apptest.World
	t       *testing.T
	browser *uitest.Browser
	glance
}

// person is somebody at a window.
type person struct {
	*uitest.Window
	town  *town
	login string
	plain bool // without script
}

// TestInBrowser tells one report's whole story through the pages of everybody
// who has to do with it, in a real browser with its script on, and then visits
// the other pages. Every page is looked at: see uitest.Window.Look. The
// pictures stay in LINLI_SHOTS, if that names a folder.
func TestInBrowser(t *testing.T) {
	t.Parallel()
	browser := uitest.Start(t)
	t.Run("ways", func(t *testing.T) { // ends when the parallel tests in it have, so that the browser outlives them
		for _, g := range []glance{{lang.ZH, 390}, {lang.ZH, 1440}, {lang.EN, 1440}} {
			t.Run(g.String()+"-case", func(t *testing.T) {
				t.Parallel()
				newTown(t, browser, g).wholeWay()
			})
			t.Run(g.String()+"-pages", func(t *testing.T) {
				t.Parallel()
				newTown(t, browser, g).otherPages()
			})
		}
		t.Run("without-script", func(t *testing.T) {
			t.Parallel()
			newTown(t, browser, glance{lang.ZH, 390}).withoutScript()
		})
	})
}

func newTown(t *testing.T, browser *uitest.Browser, g glance) *town {
	return &town{World: apptest.New(t), t: t, browser: browser, glance: g}
}

// say is what stands on the page in the language it is looked at.
func (tn *town) say(zh, en string) string { return tn.lang.Pick(zh, en) }

// resident opens a window for somebody who has not signed in.
func (tn *town) resident() *person {
	p := &person{Window: tn.browser.Window(tn.t, tn.width), town: tn}
	p.Open(tn.URL + "/choose?next=/about/access&lang=" + string(tn.lang))
	return p
}

// staff opens a window and signs in by the form.
func (tn *town) staff(login string) *person {
	p := tn.resident()
	p.login = login
	p.visit("/sign-in")
	p.signIn()
	return p
}

func (p *person) signIn() {
	p.town.t.Helper()
	p.Fill(p.say("登录名", "Login"), p.login)
	p.Fill(p.say("密码", "Password"), app.DemoPassword)
	p.Follow(p.say("登录", "Sign in"))
	p.Fill(p.say("手机应用里现在的六位数字", "The six digits your phone app shows now"), p.town.Code(p.login))
	p.Follow(p.say("登录", "Sign in"))
}

func (p *person) say(zh, en string) string { return p.town.say(zh, en) }

// visit opens a page of the house.
func (p *person) visit(path string) {
	p.town.t.Helper()
	p.Open(p.town.URL + path)
}

// look judges the open page and keeps a picture under the glance's name.
func (p *person) look(name string) {
	p.town.t.Helper()
	p.Look(p.town.String() + "-" + name)
}

// see visits a page and looks at it.
func (p *person) see(name, path string, words ...string) {
	p.town.t.Helper()
	p.visit(path)
	p.Reads(words...)
	p.look(name)
}

// byNumber is a case as it stands now.
func (tn *town) byNumber(number string) casework.Case {
	tn.t.Helper()
	c, err := casework.ByNumber(context.Background(), tn.DB, tn.House.District, number)
	if err != nil {
		tn.t.Fatal(err)
	}
	return c
}

// loginOf is somebody who holds a role in a unit.
func (tn *town) loginOf(unit string, role org.Role) string {
	tn.t.Helper()
	d := tn.District()
	for _, person := range d.Org.People() {
		for _, post := range d.Org.PostsOf(person.ID, d.Day) {
			if post.Role == role && string(post.Unit) == unit {
				return person.Login
			}
		}
	}
	tn.t.Fatalf("nobody is %s of %s", role, unit)
	return ""
}

// walkerOf is the grid worker of a case's grid.
func (tn *town) walkerOf(c casework.Case) string {
	tn.t.Helper()
	d := tn.District()
	for _, post := range d.Org.WorkersOf(c.Place.Grid, d.Day) {
		if person, ok := d.Org.Person(post.Person); ok {
			return person.Login
		}
	}
	tn.t.Fatalf("nobody walks the grid %q of %s", c.Place.Grid, c.Number)
	return ""
}

// does lets somebody take an action as their pages would, for what a test
// needs to have happened and is not about.
func (tn *town) does(login, number string, m procedure.Move) {
	tn.t.Helper()
	ctx, d, c := context.Background(), tn.District(), tn.byNumber(number)
	person, ok := d.Org.PersonByLogin(login)
	if !ok {
		tn.t.Fatalf("no %s in the district", login)
	}
	for _, p := range d.Org.PostsOf(person.ID, d.Day) {
		a := casework.Acting{District: d, By: procedure.Actor{Person: string(p.Person), Post: string(p.ID), Role: procedure.Role(p.Role), Unit: string(p.Unit), Area: p.Area}}
		offers, err := casework.Available(ctx, tn.DB, a, c, tn.Clock.Now())
		if err != nil {
			tn.t.Fatal(err)
		}
		for _, o := range offers {
			if o.Action != m.Action || !o.Allowed {
				continue
			}
			m.Task = o.Task
			if err := tn.DB.Write(ctx, func(tx *db.Tx) error { _, err := casework.Act(ctx, tx, a, c.ID, m); return err }); err != nil {
				tn.t.Fatal(err)
			}
			return
		}
	}
	tn.t.Fatalf("%s may not %s %s", login, m.Action, number)
}

// photo is a picture from the invented district.
func (tn *town) photo(key string) map[string][]byte {
	tn.t.Helper()
	picture, err := sample.New().Photo(key)
	if err != nil {
		tn.t.Fatal(err)
	}
	return map[string][]byte{key + ".jpg": picture}
}

// middle is a point in a grid.
func (tn *town) middle(grid area.Code) (lon, lat float64) {
	tn.t.Helper()
	o, ok := tn.District().Areas.Outline(grid)
	if !ok {
		tn.t.Fatalf("%s has no outline", grid)
	}
	b := o.Box()
	return (b.Min.Lon + b.Max.Lon) / 2, (b.Min.Lat + b.Max.Lat) / 2
}
