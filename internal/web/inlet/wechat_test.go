package inlet_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"strings"
	"testing"

	"linli/internal/casework"
	"linli/internal/channel/wechat/standin"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/document"
	"linli/internal/geo"
	"linli/internal/notice"
)

// photo is a small picture.
func photo(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 320, 240)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// inside is a point of the district as a phone gives it: shifted.
func (w *town) inside() geo.Point {
	w.t.Helper()
	for _, a := range w.District().Areas.Tier("grid") {
		if o, ok := w.District().Areas.Outline(a.Code); ok {
			if p := o.Box().Middle(); w.District().Areas.Locate(p).Grid == a.Code {
				return geo.Convert(p, geo.CGCS2000, geo.GCJ02)
			}
		}
	}
	w.t.Fatal("no grid holds its own middle")
	return geo.Point{}
}

// Words, a place and a picture, one after the other, are a report.
func TestConversationIsAReport(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		w := at(t, address)
		now, p := w.Clock.Now(), w.inside()
		w.platform.Pictures["media1"] = photo(t)
		for _, test := range []struct{ why, message, want string }{
			{"who follows is told how", standin.Event(zhou, "subscribe", "", now), "您好"},
			{"words are asked for a place", standin.Text(zhou, "1", "修鞋铺门口的路灯不亮", now), "在哪里？"},
			{"the same again is answered the same", standin.Text(zhou, "1", "修鞋铺门口的路灯不亮", now), "在哪里？"},
			{"a place", standin.Location(zhou, "2", p.Lat, p.Lon, "桂香街 18 号", now), "写“发”就送出"},
			{"a picture", standin.Image(zhou, "3", "media1", now), "写“发”就送出"},
			{"a sticker is not understood", standin.Event(zhou, "VIEW", "", now), "这种消息看不了"},
			{"and off", standin.Text(zhou, "4", "发", now), "编号马上发给您"},
			{"twice", standin.Text(zhou, "4", "发", now), "编号马上发给您"},
		} {
			if got := w.follower(test.message); !strings.Contains(got, test.want) {
				t.Fatalf("%s: got %q, want …%s…", test.why, got, test.want)
			}
		}
		w.Due()
		cases := w.cases("wechat")
		if len(cases) != 1 {
			t.Fatalf("there are %d cases, want one", len(cases))
		}
		c := cases[0]
		if c.Text != "修鞋铺门口的路灯不亮" || c.Place.Address != "桂香街 18 号" || c.Place.Grid == "" {
			t.Errorf("got %q at %+v", c.Text, c.Place)
		}
		if docs, err := document.Of(t.Context(), w.DB, w.House.District, string(c.ID)); err != nil || len(docs) != 1 {
			t.Errorf("it has %d pictures, %v, want one", len(docs), err)
		}
		sent, _ := w.platform.All()
		if len(sent) == 0 || !strings.Contains(words(sent[len(sent)-1]), c.Number) {
			t.Errorf("the follower was not told the number: %v", sent)
		}
		if n, err := db.Value[int](t.Context(), w.DB, "select count(*) from wechat_drafts where district = $1", w.House.District); err != nil || n != 0 {
			t.Errorf("%d drafts are left, %v", n, err)
		}
		w.afterwards(c)
	})
}

// afterwards asks how the case stands, as its reporter and as somebody else.
func (w *town) afterwards(c casework.Case) {
	w.t.Helper()
	now := w.Clock.Now()
	if got := w.follower(standin.Text(zhou, "10", "查", now)); !strings.Contains(got, c.Number) || !strings.Contains(got, "答应您") {
		w.t.Errorf("how does it stand: %q", got)
	}
	if got := w.follower(standin.Text("oStandin_other-000002", "11", "查 "+c.Number, now)); strings.Contains(got, "路灯") || !strings.Contains(got, "没有找到") {
		w.t.Errorf("somebody else was told %q", got)
	}
	msgs := w.messages(c, "wechat")
	if len(msgs) == 0 || msgs[0].State != notice.Sent {
		w.t.Fatalf("got %+v, want one that was sent", msgs)
	}
	if got := w.follower(standin.Event(zhou, "unsubscribe", "", now)); !strings.Contains(got, "不再发消息") {
		w.t.Errorf("who leaves was told %q", got)
	}
	if n, err := db.Value[int](w.t.Context(), w.DB, "select count(*) from ways where district = $1 and channel = 'wechat' and ended_at = 0", w.House.District); err != nil || n != 0 {
		w.t.Errorf("%d ways are left to who does not follow any more, %v", n, err)
	}
}

func words(s standin.Sent) string {
	text, _ := s.Body["text"].(map[string]any)
	said, _ := text["content"].(string)
	return said
}

// Without pictures the number is in the answer itself, and words alone will do.
func TestNumberAtOnce(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	now := w.Clock.Now()
	w.follower(standin.Text(zhou, "1", "污水井盖碎了", now))
	w.follower(standin.Text(zhou, "2", "桂香路 12 号", now))
	got := w.follower(standin.Text(zhou, "3", "发", now))
	cases := w.cases("wechat")
	if len(cases) != 1 || !strings.Contains(got, cases[0].Number) || cases[0].Place.Address != "桂香路 12 号" {
		t.Fatalf("got %q and %d cases", got, len(cases))
	}
	if again := w.follower(standin.Text(zhou, "3", "发", now)); again != got {
		t.Errorf("sent again, it is answered %q, want %q", again, got)
	}
	w.Due() // the job finds that it is done
	if n := len(w.cases("wechat")); n != 1 {
		t.Errorf("there are %d cases, want one", n)
	}
}

// Pictures that the platform does not give up do not keep a report back for ever.
func TestReportWithoutItsPicture(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	now := w.Clock.Now()
	w.platform.Answer("/cgi-bin/media/get", -1)
	w.follower(standin.Image(zhou, "1", "media1", now))
	w.follower(standin.Text(zhou, "2", "污水井盖碎了", now))
	w.follower(standin.Text(zhou, "3", "发", now))
	for range 8 {
		w.Due()
		w.Clock.Advance(5 * 60 * 1e9)
	}
	if n := len(w.cases("wechat")); n != 1 {
		t.Errorf("there are %d cases, want one without its picture", n)
	}
}

// What was begun can be dropped, and is forgotten after a day.
func TestDraftIsForgotten(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	now := w.Clock.Now()
	drafts := func() (n int) {
		n, err := db.Value[int](t.Context(), w.DB, "select count(*) from wechat_drafts where district = $1", w.House.District)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	w.follower(standin.Text(zhou, "1", "污水井盖碎了", now))
	if got := w.follower(standin.Text(zhou, "2", "取消", now)); !strings.Contains(got, "都删了") || drafts() != 0 {
		t.Errorf("got %q and %d drafts", got, drafts())
	}
	w.follower(standin.Text(zhou, "3", "污水井盖碎了", now))
	if drafts() != 1 {
		t.Fatal("nothing is kept of what was begun")
	}
	for range 3 { // the nights are one after the other
		w.Clock.Advance(24 * 60 * 60 * 1e9)
		w.Due()
	}
	if drafts() != 0 {
		t.Error("what was begun three days ago is still there")
	}
}

// The rows of a conversation tell nobody what was said.
func TestConversationIsSealed(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	now, p := w.Clock.Now(), w.inside()
	w.follower(standin.Text(zhou, "1", "污水井盖碎了", now))
	w.follower(standin.Location(zhou, "2", p.Lat, p.Lon, "桂香街 18 号", now))
	row, err := db.Value[string](t.Context(), w.DB, "select talk || openid || words || place || point || media from wechat_drafts where district = $1", w.House.District)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := db.Value[string](t.Context(), w.DB, "select id || reply from wechat_talks where district = $1", w.House.District)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{zhou, "井盖", "桂香", "120.", "记下"} {
		if strings.Contains(row+reply, secret) {
			t.Errorf("the rows hold %q in clear", secret)
		}
	}
}

// The platform asks once whether the address is the account's.
func TestEcho(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	q := standin.Query(w.Clock.Now())
	q.Set("echostr", "4711")
	resp, err := http.Get(w.URL + "/in/wechat?" + q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got, _ := io.ReadAll(resp.Body); resp.StatusCode != 200 || string(got) != "4711" {
		t.Errorf("got %d %q", resp.StatusCode, got)
	}
}
