package supervise_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/supervise"
	"linli/internal/trail"
)

var day = clock.Limit{N: 1, Unit: clock.WorkingDays}

// try runs a verb and says how it was refused.
func (w *town) try(fn func(*db.Tx) error) error { return w.DB.Write(w.t.Context(), fn) }

func (w *town) order(login string, id casework.ID, g supervise.Giving) (o supervise.Order, err error) {
	err = w.try(func(tx *db.Tx) error {
		o, err = supervise.GiveOrder(w.t.Context(), tx, w.acting(login), id, g)
		return err
	})
	return o, err
}

func (w *town) urge(login string, id casework.ID, g supervise.Giving) (o supervise.Order, err error) {
	err = w.try(func(tx *db.Tx) error { o, err = supervise.Urge(w.t.Context(), tx, w.acting(login), id, g); return err })
	return o, err
}

func (w *town) reply(login string, id supervise.OrderID, text string) (o supervise.Order, err error) {
	err = w.try(func(tx *db.Tx) error {
		o, err = supervise.Reply(w.t.Context(), tx, w.acting(login), id, text)
		return err
	})
	return o, err
}

func (w *town) lift(login string, id supervise.OrderID, reason string) (o supervise.Order, err error) {
	err = w.try(func(tx *db.Tx) error {
		o, err = supervise.Lift(w.t.Context(), tx, w.acting(login), id, reason)
		return err
	})
	return o, err
}

// An order by hand is listed, answered, and lifted by who may.
func TestOrderByHand(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		id := w.sent("u-shizheng")
		good := supervise.Giving{Reason: "居民又打电话来问", Form: "listed", Within: day}
		for _, row := range []struct {
			why, login string
			change     func(*supervise.Giving)
			kind       errs.Kind
		}{
			{"a handler orders nobody", "wugang", func(*supervise.Giving) {}, errs.Forbidden},
			{"no reason", "zhouhui", func(g *supervise.Giving) { g.Reason = " " }, errs.Invalid},
			{"a form that the ladder has not", "zhouhui", func(g *supervise.Giving) { g.Form = "shout" }, errs.Invalid},
			{"no time to answer", "zhouhui", func(g *supervise.Giving) { g.Within = clock.Limit{} }, errs.Invalid},
			{"a million days to answer", "zhouhui", func(g *supervise.Giving) { g.Within = clock.Limit{N: 1_000_000, Unit: clock.Days} }, errs.Invalid},
			{"a year to answer", "zhouhui", func(g *supervise.Giving) { g.Within = clock.Limit{N: 365, Unit: clock.Days} }, errs.Invalid},
			{"a unit that does not have it", "zhouhui", func(g *supervise.Giving) { g.Unit = "u-ranqi" }, errs.Invalid},
		} {
			g := good
			row.change(&g)
			if _, err := w.order(row.login, id, g); errs.KindOf(err) != row.kind {
				t.Errorf("%s: got %v, want %s", row.why, err, row.kind)
			}
		}
		if got := w.orders(id); len(got) != 0 {
			t.Fatalf("refused orders left %v", got)
		}
		o, err := w.order("zhouhui", id, good)
		if err != nil {
			t.Fatal(err)
		}
		if got := o.ReplyDue.In(w.d.Calendar.Zone()).Format("2006-01-02 15:04"); got != "2026-11-24 17:30" || o.Unit != "u-shizheng" || o.State != supervise.Asked {
			t.Errorf("got %+v, want an answer of u-shizheng due 2026-11-24 17:30", o)
		}
		if _, err := w.lift("wugang", o.ID, "办好了"); !errors.Is(err, errs.Forbidden) {
			t.Errorf("the unit lifted its own order: %v", err)
		}
		if _, err := w.reply("qiufeng", o.ID, "不归我们"); !errors.Is(err, errs.Forbidden) {
			t.Errorf("another unit answered: %v", err)
		}
		if n, late, err := supervise.CountOrders(t.Context(), w.DB, w.d, supervise.OrderFilter{Units: []string{"u-shizheng"}, Waiting: true}, w.Clock.Now()); n != 1 || late != 0 || err != nil {
			t.Errorf("%d to answer, %d late, %v, want 1 and none", n, late, err)
		}
		w.set("2026-11-25 09:00")
		if _, late, _ := supervise.CountOrders(t.Context(), w.DB, w.d, supervise.OrderFilter{Units: []string{"u-shizheng"}, Waiting: true}, w.Clock.Now()); late != 1 {
			t.Errorf("%d late, want 1", late)
		}
		if _, err := w.reply("wugang", o.ID, ""); !errors.Is(err, errs.Invalid) {
			t.Errorf("an empty answer was taken: %v", err)
		}
		if o, err = w.reply("wugang", o.ID, "等路面材料，周五办完"); err != nil || !o.LateReply(w.Clock.Now()) {
			t.Errorf("got %+v, %v, want a late answer", o, err)
		}
		if _, err := w.reply("wugang", o.ID, "再说一遍"); !errors.Is(err, errs.Conflict) {
			t.Errorf("answered twice: %v", err)
		}
		if o, err = w.lift("zhouhui", o.ID, "已经说清楚"); err != nil || o.State != supervise.Lifted {
			t.Errorf("got %+v, %v, want it lifted", o, err)
		}
		w.run()
		if diff := cmp.Diff([]string{"order u-shizheng", "order-answered u-shizheng", "order-lifted u-shizheng"}, w.acts(id)); diff != "" {
			t.Errorf("trail (-want +got)\n%s", diff)
		}
		want := []string{"order-answered dengning", "order-answered zhouhui", "order-lifted luzhen", "order-lifted u-shizheng", "ordered luzhen", "ordered u-shizheng"}
		if diff := cmp.Diff(want, w.told(id)); diff != "" {
			t.Errorf("told (-want +got)\n%s", diff)
		}
		back, err := supervise.OrderByID(t.Context(), w.DB, w.d.Code, o.ID)
		if diff := cmp.Diff(o, back, cmp.Comparer(func(a, b supervise.Signature) bool { return a.Post == b.Post && a.Person == b.Person })); diff != "" || err != nil {
			t.Errorf("what is stored is not what was returned: %v\n%s", err, diff)
		}
	})
}

func TestUrgeByHand(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		id := w.sent("u-shizheng", "u-yuanlin")
		if _, err := w.urge("guoyan", id, supervise.Giving{Reason: "快点"}); !errors.Is(err, errs.Forbidden) {
			t.Errorf("an acceptor urged: %v", err)
		}
		o, err := w.urge("zhouhui", id, supervise.Giving{Unit: "u-yuanlin", Reason: "居民等了一天"})
		if err != nil || o.Unit != "u-yuanlin" || o.State != supervise.Told {
			t.Errorf("got %+v, %v, want the helper urged and asked nothing", o, err)
		}
		if o, err = w.urge("zhouhui", id, supervise.Giving{Reason: "居民等了一天"}); err != nil || o.Unit != "u-shizheng" {
			t.Errorf("got %+v, %v, want the lead urged where no unit is named", o, err)
		}
		if _, err := w.lift("zhouhui", o.ID, "不用催了"); !errors.Is(err, errs.Conflict) {
			t.Errorf("an urging, which asks nothing, was lifted: %v", err)
		}
		due := w.open(id, "u-shizheng").Due
		w.at("2026-12-02 17:31")
		if got := w.open(id, "u-shizheng"); !got.Due.Equal(due) || got.Rung == 0 {
			t.Errorf("due %s, rung %d: an urging by hand moves no date and takes no rung", got.Due, got.Rung)
		}
		rejected := w.report(road)
		w.does("guoyan", rejected, "reject", procedure.Move{Reason: "不归本区"})
		if _, err := w.urge("zhouhui", rejected, supervise.Giving{Reason: "快点"}); !errors.Is(err, errs.Conflict) {
			t.Errorf("a case that ended was urged: %v", err)
		}
		if _, err := w.urge("zhouhui", rejected, supervise.Giving{Unit: "u-centre", Reason: "快点"}); !errors.Is(err, errs.Conflict) {
			t.Errorf("whoever took in a case that ended was urged: %v", err)
		}
		if _, err := w.urge("zhouhui", "no-such", supervise.Giving{Reason: "快点"}); !errors.Is(err, errs.NotFound) {
			t.Errorf("no case was urged: %v", err)
		}
	})
}

// A unit is held to account for what the trail shows, answers, and a leader who
// did not open it decides.
func TestAccountability(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		id := w.sent("u-shizheng")
		w.at("2026-12-09 17:31")
		entries, err := trail.Of(t.Context(), w.DB, w.d.Code, string(id))
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(entries, func(e trail.Entry) bool { return e.Act == "overdue" })
		good := supervise.Accusation{Unit: "u-shizheng", Fault: "inaction", Reason: "超期五天没有动静", Within: day,
			Evidence: []supervise.Evidence{{Case: id, Seq: entries[i].Seq}}}
		open := func(login string, x supervise.Accusation) (o supervise.Order, err error) {
			x.Evidence = slices.Clone(x.Evidence)
			err = w.try(func(tx *db.Tx) error {
				o, err = supervise.HoldToAccount(t.Context(), tx, w.acting(login), x)
				return err
			})
			return o, err
		}
		for _, row := range []struct {
			why, login string
			change     func(*supervise.Accusation)
			kind       errs.Kind
		}{
			{"a handler holds nobody to account", "qiufeng", func(*supervise.Accusation) {}, errs.Forbidden},
			{"nobody against their own unit", "zhouhui", func(x *supervise.Accusation) { x.Unit = "u-centre" }, errs.Forbidden},
			{"an unknown fault", "zhouhui", func(x *supervise.Accusation) { x.Fault = "laziness" }, errs.Invalid},
			{"an unknown unit", "zhouhui", func(x *supervise.Accusation) { x.Unit = "u-none" }, errs.Invalid},
			{"without evidence", "zhouhui", func(x *supervise.Accusation) { x.Evidence = nil }, errs.Invalid},
			{"evidence that is not in the trail", "zhouhui", func(x *supervise.Accusation) { x.Evidence[0].Seq = 999 }, errs.Invalid},
			{"the same evidence twice", "zhouhui", func(x *supervise.Accusation) { x.Evidence = append(x.Evidence, x.Evidence[0]) }, errs.Invalid},
			{"evidence of a case that is not there", "zhouhui", func(x *supervise.Accusation) { x.Evidence[0].Case = "no-such" }, errs.NotFound},
			{"a unit that never had the case", "zhouhui", func(x *supervise.Accusation) { x.Unit = "u-ranqi" }, errs.Invalid},
			{"without a reason", "zhouhui", func(x *supervise.Accusation) { x.Reason = "" }, errs.Invalid},
		} {
			x := good
			x.Evidence = slices.Clone(good.Evidence)
			row.change(&x)
			if _, err := open(row.login, x); errs.KindOf(err) != row.kind {
				t.Errorf("%s: got %v, want %s", row.why, err, row.kind)
			}
		}
		o, err := open("zhouhui", good)
		if err != nil {
			t.Fatal(err)
		}
		decide := func(login string, v supervise.Verdict) (o2 supervise.Order, err error) {
			err = w.try(func(tx *db.Tx) error {
				o2, err = supervise.DecideAccountability(t.Context(), tx, w.acting(login), o.ID, v)
				return err
			})
			return o2, err
		}
		yes := supervise.Verdict{Upheld: true, Means: "circular", Reason: "说明不成立"}
		if _, err := decide("linwang", yes); !errors.Is(err, errs.Conflict) {
			t.Errorf("decided before the unit had its say: %v", err)
		}
		if _, err := w.reply("wugang", o.ID, "材料没到"); !errors.Is(err, errs.Forbidden) {
			t.Errorf("a handler answered for a unit that has a head: %v", err)
		}
		if _, err := w.reply("luzhen", o.ID, "材料没到，已经补上"); err != nil {
			t.Error(err)
		}
		if _, err := decide("zhouhui", yes); !errors.Is(err, errs.Forbidden) {
			t.Errorf("who opened it decided: %v", err)
		}
		if _, err := decide("linwang", supervise.Verdict{Upheld: true, Means: "shame", Reason: "x"}); !errors.Is(err, errs.Invalid) {
			t.Errorf("by an unknown means: %v", err)
		}
		got, err := decide("linwang", yes)
		if err != nil || got.State != supervise.Upheld || got.Means != "circular" {
			t.Errorf("got %+v, %v, want it upheld", got, err)
		}
		if _, err := decide("linwang", supervise.Verdict{Reason: "改主意"}); !errors.Is(err, errs.Conflict) {
			t.Errorf("decided twice: %v", err)
		}
		w.run()
		own, err := supervise.AccountTrail(t.Context(), w.DB, w.d.Code, o.ID)
		var acts []string
		for _, e := range own {
			acts = append(acts, e.Act)
		}
		if diff := cmp.Diff([]string{"opened", "order-answered", "upheld"}, acts); diff != "" || err != nil {
			t.Errorf("its own trail %v (-want +got)\n%s", err, diff)
		}
		if all := w.orders(id); !slices.ContainsFunc(all, func(had supervise.Order) bool { return had.ID == o.ID }) {
			t.Error("the case does not show what rests on it")
		}
		evidence, err := supervise.EvidenceOf(t.Context(), w.DB, w.d.Code, o.ID)
		if len(evidence) != 1 || evidence[0].Seq != good.Evidence[0].Seq || evidence[0].Number == "" || err != nil {
			t.Errorf("evidence %v, %v", evidence, err)
		}
		for _, want := range []string{"accused luzhen", "account-upheld luzhen", "account-upheld zhouhui"} {
			if !slices.Contains(w.told(id), want) {
				t.Errorf("told %v, want also %q", w.told(id), want)
			}
		}
	})
}

// A unit that says nothing is decided about when its time is over.
func TestSilenceIsNoWayOut(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		id := w.sent("u-shizheng")
		var o supervise.Order
		w.write(func(tx *db.Tx) (err error) {
			o, err = supervise.HoldToAccount(t.Context(), tx, w.acting("zhouhui"), supervise.Accusation{
				Unit: "u-shizheng", Fault: "delay", Reason: "拖", Within: day, Evidence: []supervise.Evidence{{Case: id, Seq: 1}}})
			return err
		})
		w.set("2026-11-24 17:31")
		w.write(func(tx *db.Tx) (err error) {
			o, err = supervise.DecideAccountability(t.Context(), tx, w.acting("linwang"), o.ID, supervise.Verdict{Reason: "是别家的事"})
			return err
		})
		if o.State != supervise.Dropped || o.Means != "" {
			t.Errorf("got %+v, want it dropped", o)
		}
	})
}

// Lists hold what their filter says, and counts agree with them.
func TestOrderLists(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		id := w.sent("u-shizheng")
		other := w.sent("u-chengguan")
		for _, c := range []casework.ID{id, other} {
			if _, err := w.order("zhouhui", c, supervise.Giving{Reason: "看看", Form: "daily", Within: day}); err != nil {
				t.Fatal(err)
			}
			if _, err := w.urge("zhouhui", c, supervise.Giving{Reason: "看看"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.reply("wugang", w.orders(id)[0].ID, "在办"); err != nil {
			t.Fatal(err)
		}
		now := w.Clock.Now()
		for _, row := range []struct {
			why  string
			f    supervise.OrderFilter
			want int
		}{
			{"everything", supervise.OrderFilter{}, 4},
			{"one unit's", supervise.OrderFilter{Units: []string{"u-shizheng"}}, 2},
			{"nobody's is nothing, not everything", supervise.OrderFilter{Units: []string{}}, 0},
			{"of a kind", supervise.OrderFilter{Kinds: []supervise.OrderKind{supervise.Urging}}, 2},
			{"of no kind", supervise.OrderFilter{Kinds: []supervise.OrderKind{}}, 0},
			{"that still ask something", supervise.OrderFilter{Running: true}, 2},
			{"that wait for an answer", supervise.OrderFilter{Waiting: true}, 1},
			{"in a state", supervise.OrderFilter{States: []supervise.OrderState{supervise.Replied, supervise.Told}}, 3},
			{"in no state", supervise.OrderFilter{States: []supervise.OrderState{}}, 0},
			{"none is missing yet", supervise.OrderFilter{Missing: now}, 0},
			{"one is missing after its date, the answered one is not", supervise.OrderFilter{Missing: now.Add(30 * 24 * time.Hour)}, 1},
			{"from an instant on", supervise.OrderFilter{From: now}, 4},
			{"until it", supervise.OrderFilter{To: now}, 0},
			{"after it", supervise.OrderFilter{From: now.Add(time.Second)}, 0},
		} {
			list, err := supervise.Orders(t.Context(), w.DB, w.d, row.f, 100)
			if err != nil {
				t.Fatal(err)
			}
			n, _, err := supervise.CountOrders(t.Context(), w.DB, w.d, row.f, now)
			if len(list) != row.want || n != row.want || err != nil {
				t.Errorf("%s: %d listed, %d counted, %v, want %d", row.why, len(list), n, err, row.want)
			}
		}
		all, err := supervise.Orders(t.Context(), w.DB, w.d, supervise.OrderFilter{}, 100)
		rest, err2 := supervise.Orders(t.Context(), w.DB, w.d, supervise.OrderFilter{Skip: 3}, 100)
		if err != nil || err2 != nil || len(rest) != 1 || rest[0].ID != all[3].ID {
			t.Errorf("after three of %d: %v, %v, %v", len(all), rest, err, err2)
		}
		answer, err := supervise.ToAnswer(t.Context(), w.DB, w.d, []string{"u-chengguan"}, 10)
		if len(answer) != 1 || answer[0].Unit != "u-chengguan" || err != nil {
			t.Errorf("to answer %v, %v, want the one of u-chengguan", answer, err)
		}
	})
}

// Who may answer, lift and decide: the same rules that draw the buttons.
func TestMay(t *testing.T) {
	t.Parallel()
	w := newTown(t, "sqlite:"+t.TempDir()+"/linli.db")
	now := w.Clock.Now()
	asked := supervise.Order{Kind: supervise.Accountability, State: supervise.Asked, Unit: "u-shizheng", By: supervise.Signature{Unit: "u-centre", Person: "p1"}, ReplyDue: now.Add(-time.Hour)}
	order := supervise.Order{Kind: supervise.Supervision, State: supervise.Asked, Unit: "u-shizheng"}
	onCentre := supervise.Order{Kind: supervise.Supervision, State: supervise.Asked, Unit: "u-centre"}
	with := func(o supervise.Order, change func(*supervise.Order)) supervise.Order { change(&o); return o }
	by := func(role, unit, person string) procedure.Actor {
		return procedure.Actor{Role: procedure.Role(role), Unit: unit, Person: person}
	}
	for _, row := range []struct {
		why  string
		got  error
		want errs.Kind
	}{
		{"a leader decides once the time to answer is over", asked.MayDecide(w.d, by("leader", "u-centre", "p2"), now), ""},
		{"not the one who opened it", asked.MayDecide(w.d, by("leader", "u-centre", "p1"), now), errs.Forbidden},
		{"not a leader of that unit", asked.MayDecide(w.d, by("leader", "u-shizheng", "p2"), now), errs.Forbidden},
		{"not a supervisor", asked.MayDecide(w.d, by("supervisor", "u-centre", "p2"), now), errs.Forbidden},
		{"not while the unit has time", asked.MayDecide(w.d, by("leader", "u-centre", "p2"), now.Add(-2*time.Hour)), errs.Conflict},
		{"an order is not decided", order.MayDecide(w.d, by("leader", "u-centre", "p2"), now), errs.Conflict},
		{"a supervisor lifts", order.MayLift(w.d, by("supervisor", "u-centre", "p2")), ""},
		{"not of that unit", order.MayLift(w.d, by("supervisor", "u-shizheng", "p2")), errs.Forbidden},
		{"nor its own leader", order.MayLift(w.d, by("leader", "u-shizheng", "p2")), errs.Forbidden},
		{"the leader of the district sits in the centre", onCentre.MayLift(w.d, by("leader", "u-centre", "p2")), ""},
		{"but not one who answered for it", with(onCentre, func(o *supervise.Order) { o.ReplyBy.Person = "p2" }).MayLift(w.d, by("leader", "u-centre", "p2")), errs.Forbidden},
		{"nor another supervisor of the centre", onCentre.MayLift(w.d, by("supervisor", "u-centre", "p2")), errs.Forbidden},
		{"not one who only works", order.MayLift(w.d, by("handler", "u-centre", "p2")), errs.Forbidden},
		{"accountability is decided, not lifted", asked.MayLift(w.d, by("supervisor", "u-centre", "p2")), errs.Conflict},
		{"what was lifted stays so", with(order, func(o *supervise.Order) { o.State = supervise.Lifted }).MayLift(w.d, by("supervisor", "u-centre", "p2")), errs.Conflict},
		{"a handler answers an order", order.MayReply(w.d, by("handler", "u-shizheng", "p2")), ""},
		{"for accountability the head does", asked.MayReply(w.d, by("unit-lead", "u-shizheng", "p2")), ""},
		{"and not a handler", asked.MayReply(w.d, by("handler", "u-shizheng", "p2")), errs.Forbidden},
		{"another unit does not", order.MayReply(w.d, by("handler", "u-chengguan", "p2")), errs.Forbidden},
		{"an order to nobody is nobody's", with(order, func(o *supervise.Order) { o.Unit = "" }).MayReply(w.d, by("handler", "", "p2")), errs.Forbidden},
		{"a grid worker does not answer for the station", with(order, func(o *supervise.Order) { o.Unit = "u-guixiang" }).MayReply(w.d, by("grid-worker", "u-guixiang", "p2")), errs.Forbidden},
	} {
		if errs.KindOf(row.got) != row.want || (row.got == nil) != (row.want == "") {
			t.Errorf("%s: got %v, want %q", row.why, row.got, row.want)
		}
	}
}
