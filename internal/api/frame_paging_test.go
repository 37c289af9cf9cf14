package api_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// Whoever pages through a list while cases are opened, acted on and closed
// between his pages meets each one that was there throughout exactly once; in
// the order of deadlines, each one whose deadline stayed.
func TestPagingWhileOthersWork(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		w := worldOf(t, apptest.At(t, address))
		key := w.key("平台", rights.ReportReceive, rights.CaseSeeAll)
		dice := rand.New(rand.NewPCG(5, 1))
		var ids []string
		busy := func(opens, acts int) {
			for range opens {
				sent := w.send(key, fmt.Sprintf(`{"text":"路灯不亮","matter":"%s"}`, w.matter(dice.IntN(5))), nil).want(t, http.StatusCreated)
				ids = append(ids, sent.text("case", "id"))
			}
			for range acts {
				w.something(dice, casework.ID(ids[dice.IntN(len(ids))]))
			}
			for _, n := range dice.Perm(len(ids)) {
				if w.later(casework.ID(ids[n])) {
					break
				}
			}
			w.Clock.Advance(time.Duration(dice.IntN(90)) * time.Minute)
		}
		busy(12, 12)
		moved, closed := 0, 0
		for _, query := range []string{"newest=true", "", "state=open&newest=true", "state=open", "newest=true&fields=id,due"} {
			before := w.dues(key, query)
			seen := map[string]int{}
			for after := ""; ; busy(1, 4) {
				got := w.get("/api/v1/cases?limit=4&"+query+"&after="+url.QueryEscape(after), key).want(t, http.StatusOK)
				for i := range got.at("items").([]any) {
					seen[got.text("items", i, "id")]++
				}
				if after = got.text("next"); after == "" {
					break
				}
			}
			now := w.dues(key, query)
			for id, due := range before {
				stayed, there := now[id]
				if !there {
					closed++
					continue
				}
				if stayed != due {
					moved++
				}
				if sorted := query == "" || query == "state=open"; seen[id] != 1 && (!sorted || stayed == due) {
					t.Errorf("%q: %s, there throughout, was listed %d times", query, id, seen[id])
				}
			}
		}
		if moved == 0 || closed == 0 {
			t.Errorf("%d deadlines moved and %d cases left: nothing was put to the test", moved, closed)
		}
	})
}

// dues is a whole list, each case with its deadline.
func (w *world) dues(key, query string) map[string]string {
	w.t.Helper()
	got, all := w.get("/api/v1/cases?limit=200&"+query, key).want(w.t, http.StatusOK), map[string]string{}
	for i := range got.at("items").([]any) {
		all[got.text("items", i, "id")] = got.text("items", i, "due")
	}
	return all
}

// something is done to a case by somebody whose turn it is, if the dice and the
// rules let it.
func (w *world) something(dice *rand.Rand, id casework.ID) {
	w.t.Helper()
	who := w.acting([]string{"guoyan", "guoyan", "chenli", "chenli", "heyong"}[dice.IntN(5)])
	err := w.DB.Write(w.t.Context(), func(tx *db.Tx) error {
		c, err := casework.ByID(w.t.Context(), tx, w.House.District, id)
		if err != nil {
			return err
		}
		offers, err := casework.Available(w.t.Context(), tx, who, c, tx.Now)
		if err != nil || len(offers) == 0 {
			return err
		}
		o := offers[dice.IntN(len(offers))]
		_, err = casework.Act(w.t.Context(), tx, who, id, procedure.Move{
			Task: o.Task, Action: o.Action, Unit: "u-shizheng", Reason: "情况属实", Answer: "已经办了", Photos: 1, Evidence: 1,
		})
		return err
	})
	if err != nil {
		w.t.Logf("not done: %v", err) // the dice asked for what the rules refuse
	}
}

// later has the unit ask for a longer limit and get it, if it may: the deadline
// of a case moves.
func (w *world) later(id casework.ID) (moved bool) {
	w.t.Helper()
	err := w.DB.Write(w.t.Context(), func(tx *db.Tx) error {
		c, err := casework.ByID(w.t.Context(), tx, w.House.District, id)
		if err != nil {
			return err
		}
		options, err := casework.Asks(w.t.Context(), tx, w.acting("heyong"), c, tx.Now)
		if err != nil || len(options) == 0 {
			return err
		}
		e, err := casework.Ask(w.t.Context(), tx, w.acting("heyong"), id, casework.Asking{Kind: procedure.Extension, Task: options[0].Task, More: 2, Reason: "缺零件"})
		if err == nil {
			_, err = casework.Decide(w.t.Context(), tx, w.acting("zhouhui"), e.ID, true, "属实")
			moved = err == nil
		}
		return err
	})
	return moved && err == nil
}
