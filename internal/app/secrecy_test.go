package app_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/db/dbtest"
	"linli/internal/supervise"
)

// TestReporterIsNeverNamed has people report in secret by every channel, each
// with a name, a number, words, a picture and a minute of their own; lets the
// cases go through every act; and then looks for any of it in everything that
// whoever must not know can reach, in every row that is not the report itself,
// in what leaves the house by itself, in the log and on the disk.
func TestReporterIsNeverNamed(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		h := hush(t, address)
		h.listens()
		h.report()
		h.guarded()
		h.play()
		h.known()
		h.walk()
		h.left()
		h.rows()
		h.disk()
		h.logged()
	})
}

// hushed is a district in which people reported in secret.
type hushed struct {
	*story
	t         *testing.T
	files     string
	log       *written
	out       *leaving
	witnesses []*witness
	mine      []*witness                  // whose pages the present reader opens one by one
	strangers map[string]*apptest.Browser // residents' browsers, by case
}

// witness is who reported in secret, and what would tell.
type witness struct {
	as     string // what the story calls the case
	name   string
	latin  string
	phone  string
	minute int // of the hour at which they reported
	number string
	word   string

	spelt       []string // each of it, in every spelling
	alone, came *regexp.Regexp
}

func (w *witness) tail() string { return w.phone[7:] }

// said is what a witness writes, as people do: their name and number are in it.
func (w *witness) said() string {
	return fmt.Sprintf("%[1]s看见的：店里卖过期食品。我叫%[1]s，电话%[2]s，也就是%[3]s，尾号 %[4]s。", w.name, w.phone, w.phone[:3]+" "+w.phone[3:7]+"-"+w.phone[7:], w.tail())
}

// address names the witness, as an address may.
func (w *witness) address() string { return "桂香路18号，" + w.name + "家对面" }

// photo is a picture as a telephone takes it: upright by a note, with the name,
// a place, a serial number and a small copy beside the pixels.
func (w *witness) photo() []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil) // into memory
	note := func(marker byte, body string) string {
		n := len(body) + 2
		return string([]byte{0xff, marker, byte(n >> 8), byte(n)}) + body
	}
	told := note(0xe1, "Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00"+w.latin+" "+w.name+" SN-"+w.phone) +
		note(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>"+w.latin+w.name+"</x:xmpmeta>") +
		note(0xed, "Photoshop 3.0\x00"+w.latin) + note(0xfe, w.latin+w.phone)
	return []byte("\xff\xd8" + told + string(b.Bytes()[2:]) + w.latin)
}

// written is what the program wrote into its log.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func hush(t *testing.T, address string) *hushed {
	t.Helper()
	h := &hushed{t: t, files: t.TempDir(), log: &written{}, out: &leaving{}, strangers: map[string]*apptest.Browser{}}
	w := apptest.At(t, address, func(c *app.Config) {
		c.Outside, c.Carriers = loopback, map[channel.Name]channel.Carrier{channel.SMS: h.out, channel.Mail: h.out}
		c.Files, c.Requests, c.Log = h.files, true, slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	h.story = &story{World: w, cases: map[string]casework.ID{}, sights: map[string]sight{}, meetings: map[string]supervise.MeetingID{}, admissions: map[string]string{}}
	return h
}

// report sends one report by every channel, each at a minute of its own.
func (h *hushed) report() {
	d, grid := h.District(), ""
	for _, a := range d.Areas.Tier(area.Grid) {
		if a.Name.ZH == "桂香07网格" {
			grid = string(a.Code)
		}
	}
	for i, as := range []string{"portal", "nameless", "hotline", "counter", "worker", "machine"} {
		w := &witness{as: as, name: "裘万" + string([]rune("山水林岭川原")[i]), latin: "Qiuwan" + as, phone: fmt.Sprintf("1380000%d", 7131+311*i), minute: 31 + 3*i}
		h.witnesses = append(h.witnesses, w)
		h.Clock.Set(time.Date(2026, 11, 23, 10, w.minute, 0, 0, h.zone()))
		form := url.Values{"text": {w.said()}, "matter": {"d-report"}, "address": {w.address()}, "area": {grid}, "danger": {"no"}, "name": {w.name}, "phone": {w.phone}}
		photo := apptest.File{Field: "photos", Name: w.name + "的" + w.latin + ".jpg", Data: w.photo()}
		switch as {
		case "portal", "nameless":
			h.portal(w, form, photo)
		case "hotline", "counter":
			h.desk(w, form)
		case "worker":
			form.Set("do", "send")
			form.Set("token", "worker")
			a := h.As("liuxiaoyan").PostFiles("/field/report", form, photo)
			w.number = caseNumber.FindString(a.Text())
		case "machine":
			h.machine(w, form, photo)
		}
		c, err := casework.ByNumber(h.t.Context(), h.DB, h.code(), w.number)
		if err != nil || !c.Secret {
			h.t.Fatalf("%s: number %q, secret %t, %v", as, w.number, c.Secret, err)
		}
		h.cases[as] = c.ID
	}
	h.Clock.Set(time.Date(2026, 11, 23, 11, 58, 0, 0, h.zone()))
	h.Due()
}

func (h *hushed) portal(w *witness, form url.Values, photo apptest.File) {
	h.t.Helper()
	if w.as == "nameless" {
		form.Del("name")
		form.Del("phone")
	}
	b := h.Browser()
	h.strangers[w.as] = b
	form.Set("sender", strings.Repeat("A", 25)+strings.ToUpper(w.as[:1]))
	form.Set("step", "more")
	form.Set("go", "next")
	b.PostFiles("/report", form, photo)
	form.Set("step", "send")
	form.Set("go", "send")
	a := b.Post("/report", form)
	w.number = caseNumber.FindString(a.Text())
	for _, n := range a.Find(func(n *html.Node) bool { return strings.Contains(apptest.Attr(n, "class"), "huge num") }) {
		w.word = apptest.Text(n)
	}
	if w.word == "" {
		h.t.Fatalf("%s: no word: %.300s", w.as, a.Text())
	}
}

// desk takes a report down for the telephone or at the counter. Who rings about
// rubbish may ask for secrecy too.
func (h *hushed) desk(w *witness, form url.Values) {
	h.t.Helper()
	login := map[string]string{"hotline": "hejing", "counter": "yaolan"}[w.as]
	if w.as == "hotline" {
		form.Set("matter", "m06010")
	}
	form.Set("secret", "yes")
	form.Set("channel", w.as)
	form.Set("token", w.as)
	form.Set("do", "save")
	a := h.As(login).Post("/desk/take", form)
	if a.Status != http.StatusOK {
		h.t.Fatalf("%s: %d %.300s", w.as, a.Status, a.Text())
	}
	for _, id := range regexp.MustCompile(`/desk/take/receipt/([0-9a-f-]+)`).FindAllStringSubmatch(a.Path, 1) {
		c, err := casework.ByID(h.t.Context(), h.DB, h.code(), casework.ID(id[1]))
		if err != nil {
			h.t.Fatal(err)
		}
		w.number = c.Number
	}
}

// posted takes an action over the desk's own pages.
func (h *hushed) posted(login, as, action string, form url.Values) apptest.Answer {
	h.t.Helper()
	c, err := h.of(as)
	if err != nil {
		h.t.Fatal(err)
	}
	tasks, err := casework.Tasks(h.t.Context(), h.DB, h.code(), c.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, task := range tasks {
		if task.State == "open" {
			form.Set("task", task.ID)
		}
	}
	form.Set("action", action)
	form.Set("revision", strconv.Itoa(c.Revision))
	return h.As(login).Post("/desk/case/"+string(c.ID)+"/act", form)
}

// tells runs lines of a story.
func (h *hushed) tells(lines ...string) {
	h.t.Helper()
	for _, line := range lines {
		args := strings.Fields(line)
		w := words{named: map[string]string{}}
		for _, arg := range args[1:] {
			if name, value, ok := strings.Cut(arg, "="); ok {
				w.named[name] = strings.ReplaceAll(value, "_", " ")
				continue
			}
			w.plain = append(w.plain, arg)
		}
		do := func() error { return h.person(args[0], w) }
		if args[0] == "merge" {
			do = func() error { return merge(h.story, w) }
		}
		if err := do(); err != nil {
			h.t.Fatalf("%s: %v", line, err)
		}
		h.Due()
	}
}

// speaks is what a witness says later on the tracking page, with a picture.
func (h *hushed) speaks(w *witness, action, grade string) {
	h.t.Helper()
	page := "/track/" + w.number
	b := h.strangers[w.as]
	a := b.Get(page)
	do := ""
	for _, n := range a.Find(func(n *html.Node) bool { return apptest.Attr(n, "name") == "do" }) {
		if strings.HasSuffix(apptest.Attr(n, "value"), " "+action) {
			do = apptest.Attr(n, "value")
		}
	}
	if do == "" {
		h.t.Fatalf("%s may not %s: %d %.400s", w.as, action, a.Status, a.Text())
	}
	got := b.PostFiles(page, url.Values{"do": {do}, "grade": {grade}, "reason": {w.said()}}, apptest.File{Field: "photos", Name: w.name + ".jpg", Data: w.photo()})
	if got.Status != http.StatusOK || !strings.Contains(got.Text(), "收到您的话了") {
		h.t.Fatalf("%s %s: %d %.300s", w.as, action, got.Status, got.Text())
	}
	h.Due()
}
