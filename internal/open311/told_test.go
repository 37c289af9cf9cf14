package open311_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/db/dbtest"
	"linli/internal/georeport"
	"linli/internal/notice"
	"linli/internal/rights"
)

// post keeps the letters that go out.
type post struct {
	mu  sync.Mutex
	all []channel.Letter
}

func (p *post) Carry(_ context.Context, l channel.Letter) (channel.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, l)
	return channel.Receipt{Ref: l.ID, State: channel.Sent}, nil
}

// TestPostedMailboxIsTold: who is named with a request hears of it, as who leaves
// a mailbox on the form does; what only the other program knows is not kept.
func TestPostedMailboxIsTold(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		out := &post{}
		w := &world{apptest.At(t, address, func(c *app.Config) {
			c.Carriers = map[channel.Name]channel.Carrier{channel.Mail: out, channel.SMS: out}
		}), t}
		key, c := w.key("报修程序", rights.ReportReceive), w.of("event")
		client := w.client(key, georeport.JSON)
		id := w.post(client, w.form(c, "email", "Zhao@example.cn", "phone", "13800001277", "device_id", "tt222111xyz", "account_id", "acct-nobody-here"))
		w.Due()
		told := map[string]bool{}
		for _, l := range out.all {
			told[l.Address] = told[l.Address] || strings.Contains(l.Words(), id)
		}
		if !told["Zhao@example.cn"] || !told["13800001277"] || len(told) != 2 {
			t.Errorf("told of %s: %v, want mailbox and number", id, told)
		}
		one, err := casework.ByNumber(t.Context(), w.DB, w.House.District, id)
		if err != nil {
			t.Fatal(err)
		}
		reports, err := casework.Reports(t.Context(), w.DB, w.House.District, one.ID)
		if err != nil || len(reports) != 1 {
			t.Fatalf("%d reports, %v", len(reports), err)
		}
		ways, err := notice.Ways(t.Context(), w.DB, w.House.District, notice.OfReport(reports[0].ID))
		if err != nil || len(ways) != 1 || ways[0].Trusted() {
			t.Errorf("ways %+v, %v; want the mailbox, which nobody has confirmed", ways, err)
		}
		if r := w.call(http.MethodPost, "/open311/v2/requests.json?api_key="+key, w.form(c, "email", "nobody at home")); r.Status != http.StatusBadRequest || !strings.Contains(r.Body, "email") {
			t.Errorf("what is no mailbox: %d %s", r.Status, r.Body)
		}
		// Nobody fills a mailbox with requests: they are taken in, and it hears no more.
		for range 12 {
			w.post(client, w.form(c, "email", "victim@example.cn"))
		}
		w.Due()
		n := 0
		for _, l := range out.all {
			if l.Address == "victim@example.cn" {
				n++
			}
		}
		if n == 0 || n > 10 {
			t.Errorf("%d letters went to one mailbox for 12 requests in a day, want at most 10", n)
		}
	})
}
