package api_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/inbox"
	"linli/internal/rights"
)

// The tree of areas comes in one answer, down to the grids.
func TestTheTreeOfAreas(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("平台", rights.ReportReceive)
	tree := w.get("/api/v1/areas/tree", key).want(t, http.StatusOK)
	if tree.text("tier") != "district" || tree.text("below", 0, "below", 0, "below", 0, "tier") != "grid" || strings.Contains(tree.Raw, "MultiPolygon") {
		t.Errorf("the tree: %.600s", tree.Raw)
	}
	n := 0
	for a := range w.District().Areas.All() {
		n++
		if !strings.Contains(tree.Raw, `"`+string(a.Code)+`"`) {
			t.Errorf("%s is not in it", a.Code)
		}
	}
	if had := strings.Count(tree.Raw, `"outlined"`); had != n {
		t.Errorf("%d areas in the tree, %d in the district", had, n)
	}
	_, grid := w.inside()
	part := w.get("/api/v1/areas/tree?outlines=true&within="+grid[:9], key).want(t, http.StatusOK)
	if part.text("code") != grid[:9] || strings.Count(part.Raw, "MultiPolygon") < 2 {
		t.Errorf("a street with outlines: %.300s", part.Raw)
	}
	w.refused(refusal{"no such area", "GET", "/api/v1/areas/tree?within=110101", key, "", 404})
}

// The books are read by who audits, and by nobody else.
func TestTheBooksAreRead(t *testing.T) {
	t.Parallel()
	w := setup(t)
	post := encode(t, map[string]any{"person": w.post("duwei").Person, "role": "handler", "unit": "u-shengtai", "reason": "轮岗，电话 13800000021"})
	w.put("/api/v1/posts", w.whole("luopei"), post).want(t, http.StatusOK)
	reads := w.whole("heqiao")
	got := w.get("/api/v1/audit?book=rights&who=luopei&limit=1", reads).want(t, http.StatusOK)
	if got.text("items", 0, "act") != "post-given" || got.text("items", 0, "person", "name", "zh") != "罗沛" || strings.Contains(got.Raw, "13800000021") {
		t.Errorf("the book of rights: %.600s", got.Raw)
	}
	if got := w.get("/api/v1/audit?who=nobody", reads).want(t, http.StatusOK); len(got.at("items").([]any)) != 0 {
		t.Errorf("of nobody: %.300s", got.Raw)
	}
	if got := w.get("/api/v1/audit?from=2027-01-01", reads).want(t, http.StatusOK); len(got.at("items").([]any)) != 0 {
		t.Errorf("of days to come: %.300s", got.Raw)
	}
	w.refused(
		refusal{"who gives rights does not audit them", "GET", "/api/v1/audit", w.whole("luopei"), "", 403},
		refusal{"nor does who sets up", "GET", "/api/v1/audit", w.whole("suming"), "", 403},
		refusal{"nor a system", "GET", "/api/v1/audit", w.key("平台", rights.AuditSee), "", 403},
		refusal{"a book that is none", "GET", "/api/v1/audit?book=cases", reads, "", 422},
	)
	roles := w.get("/api/v1/roles", reads).want(t, http.StatusOK)
	if roles.text("items", 0, "role", "name", "zh") == "" || !strings.Contains(roles.Raw, "post.keep") {
		t.Errorf("roles: %.300s", roles.Raw)
	}
	w.refused(refusal{"a handler reads no roles", "GET", "/api/v1/roles", w.whole("heyong"), "", 403})
}

// The district words its messages itself, within what a message may tell.
func TestMessagesAreWorded(t *testing.T) {
	t.Parallel()
	w := setup(t)
	sets := w.whole("suming")
	all := w.get("/api/v1/wordings", sets).want(t, http.StatusOK)
	if all.text("items", 0, "text", "zh") == "" || all.at("items", 0, "own") != false {
		t.Fatalf("wordings: %.300s", all.Raw)
	}
	const path = "/api/v1/wordings/closed"
	text := func(zh string, version int) string {
		return encode(t, map[string]any{"zh": zh, "en": "Number {number} has ended.", "version": version})
	}
	w.refused(
		refusal{"a handler words nothing", "PUT", path, w.whole("heyong"), text("编号{number}办结了。", 0), 403},
		refusal{"no such template", "PUT", "/api/v1/wordings/none", sets, text("编号{number}办结了。", 0), 404},
	)
	if got := w.way("PUT", path, sets, text("{phone}办结了。", 0)); got.Status != 422 || got.text("errors", 0, "location") != "body.zh" {
		t.Errorf("a fact that no message may tell: %.400s", got.Raw)
	}
	if got := w.way("PUT", path, sets, text("编号{number}办结了。", 0)).want(t, http.StatusOK); got.at("own") != true || got.at("version") != 1.0 {
		t.Errorf("worded: %s", got.Raw)
	}
	w.refused(refusal{"somebody wrote meanwhile", "PUT", path, sets, text("编号{number}结束了。", 0), 409})
}

// full is a mailbox that takes nothing any more.
type full struct{}

func (full) Carry(context.Context, channel.Letter) (channel.Receipt, error) {
	return channel.Receipt{State: channel.Failed, Why: "552 5.2.2"}, nil
}

// Whether a message arrived is told with where it went, masked, and one that did
// not is sent again.
func TestMessagesAreFollowed(t *testing.T) {
	t.Parallel()
	w := worldOf(t, apptest.At(t, "sqlite:"+t.TempDir()+"/linli.db", func(c *app.Config) { c.Carriers = map[channel.Name]channel.Carrier{channel.Mail: full{}} }))
	if _, err := w.Inbox.Take(t.Context(), w.District(), inbox.Letter{Came: channel.Came{Channel: channel.Mail, Ref: "1", From: "wang@example.cn", Text: "路灯不亮"}}); err != nil {
		t.Fatal(err)
	}
	w.Due()
	sets, reads := w.whole("suming"), w.whole("heqiao")
	got := w.get("/api/v1/messages?channel=mail&state=failed", reads).want(t, http.StatusOK)
	if got.text("items", 0, "why") != "552 5.2.2" || got.text("items", 0, "to") != "w***@example.cn" || strings.Contains(got.Raw, "wang@") {
		t.Errorf("it did not arrive: %s", got.Raw)
	}
	path := "/api/v1/messages/" + got.text("items", 0, "id") + "/again"
	w.refused(
		refusal{"a handler reads no messages", "GET", "/api/v1/messages", w.whole("heyong"), "", 403},
		refusal{"who audits sends none again", "POST", path, reads, "", 403},
		refusal{"no such message", "POST", "/api/v1/messages/x1/again", sets, "", 404},
	)
	w.quiet("POST", path, sets, "")
	if got := w.get("/api/v1/messages?channel=mail&state=queued", sets).want(t, http.StatusOK); !strings.Contains(path, got.text("items", 0, "id")) || got.text("items", 0, "id") == "" {
		t.Errorf("it does not wait: %s", got.Raw)
	}
}

// Of a secret case the list has the day and whether a message arrived: neither the
// moment nor the channel, and no address, however masked.
func TestMessagesOfSecretCases(t *testing.T) {
	t.Parallel()
	w := worldOf(t, apptest.At(t, "sqlite:"+t.TempDir()+"/linli.db", func(c *app.Config) { c.Carriers = map[channel.Name]channel.Carrier{channel.Mail: full{}} }))
	var took [2]casework.ID
	for i := range took {
		in, err := w.Inbox.Take(t.Context(), w.District(), inbox.Letter{Came: channel.Came{Channel: channel.Mail, Ref: strconv.Itoa(i), From: "wang@example.cn", Text: "路灯不亮"}})
		if err != nil {
			t.Fatal(err)
		}
		took[i] = in.Case
	}
	w.Due()
	err := w.DB.Write(t.Context(), func(tx *db.Tx) error {
		return tx.Exec(t.Context(), "update cases set secret = true where id = $1", string(took[1]))
	})
	if err != nil { // else one of them was found out to be secret after it came
		t.Fatal(err)
	}
	got := w.get("/api/v1/messages", w.whole("heqiao")).want(t, http.StatusOK)
	told := map[casework.ID]int{}
	items, _ := got.at("items").([]any)
	for i := range items {
		id := casework.ID(got.text("items", i, "case"))
		told[id]++
		at, err := time.Parse(time.RFC3339, got.text("items", i, "at"))
		zone := w.District().Calendar.Zone()
		day := err == nil && at.Equal(clock.DateOf(at, zone).Start(zone))
		secret := id == took[1]
		if got.text("items", i, "state") == "" || day != secret || (got.text("items", i, "to") == "") != secret || (got.text("items", i, "channel") == "") != secret || (got.text("items", i, "why") == "") != secret {
			t.Errorf("secret %v: %v", secret, got.at("items", i))
		}
	}
	if told[took[0]] == 0 || told[took[1]] == 0 {
		t.Errorf("told of %v, want of both of %v: %s", told, took, got.Raw)
	}
}

// Who sees a case is told to who sees it, and to who looks after rights.
func TestWhoSeesACase(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.sent()
	path := "/api/v1/cases/" + c.Number + "/seers"
	w.key("大屏", rights.CaseSeeAll)
	for why, key := range map[string]string{"who leads the unit": w.whole("luzhen"), "who looks after rights": w.whole("heqiao")} {
		got := w.get(path, key).want(t, http.StatusOK)
		if !strings.Contains(got.Raw, "陆振") || !strings.Contains(got.Raw, "大屏") || strings.Contains(got.Raw, "杜微") {
			t.Errorf("%s reads %.600s", why, got.Raw)
		}
	}
	w.refused(
		refusal{"another department", "GET", path, w.whole("duwei"), "", 404},
		refusal{"a number that is none", "GET", "/api/v1/cases/261123-99997/seers", w.whole("heqiao"), "", 404},
		refusal{"a system", "GET", path, w.key("平台", rights.CaseSeeAll), "", 403},
	)
	eyes := w.whole("dingyan")
	w.refused(refusal{"it is not open to the observer", "GET", "/api/v1/observed/" + c.Number, eyes, "", 404})
	w.put("/api/v1/cases/"+c.Number+"/disclosures", w.whole("zhouhui"), encode(t, map[string]any{"post": w.post("dingyan").ID, "reason": "视察", "until": w.Clock.Now().AddDate(0, 1, 0)})).want(t, http.StatusOK)
	got := w.get("/api/v1/observed/"+c.Number, eyes).want(t, http.StatusOK)
	if got.text("steps", 0, "did", "zh") != "收到了" || len(got.at("steps").([]any)) < 3 || strings.Contains(got.Raw, "井盖") || strings.Contains(got.Raw, "郭燕") || got.text("until") == "" {
		t.Errorf("the observer reads %.900s", got.Raw)
	}
}
