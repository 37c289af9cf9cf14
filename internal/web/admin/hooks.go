package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"linli/internal/area"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/feed"
	"linli/internal/hook"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// hooksPath is where other systems' addresses are kept that are told of changes.
const hooksPath = home + "/hooks"

// deliveriesShown is how many deliveries one page lists.
const deliveriesShown = 50

func hookRoutes(mux *http.ServeMux, h *page.House) {
	for pattern, fn := range map[string]page.Handler{
		"GET " + hooksPath:                  hooksShow,
		"POST " + hooksPath:                 hookAdd,
		"GET " + hooksPath + "/{id}":        hookShow,
		"POST " + hooksPath + "/{id}/turn":  hookTurn,
		"POST " + hooksPath + "/{id}/again": hookAgain,
		"POST " + hooksPath + "/{id}/end":   hookEnd,
	} {
		mux.Handle(pattern, h.Staff(rights.HookKeep, fn))
	}
}

// hooksView is every hook of the district, and the form for a new one. Secret is
// that of the one just made: it is shown this once.
type hooksView struct {
	again
	Hooks  []hook.Hook
	Counts map[string]map[hook.Standing]int
	Chosen []string
	Secret string
}

func hooksShow(v *page.View) error { return showHooks(v, http.StatusOK, hooksView{}) }

func showHooks(v *page.View, status int, s hooksView) (err error) {
	if s.Hooks, err = hook.Hooks(v.Context(), v.House.DB, v.District.Code); err != nil {
		return err
	}
	if s.Counts, err = hook.Tally(v.Context(), v.House.DB, v.District.Code); err != nil {
		return err
	}
	return show(v, status, head{
		Title: v.Say("推送", "Webhooks"), At: "/hooks",
		Said: v.Say("有变更就推给别的系统。只推公开的信息，要保密的件一条也不推。", "Other systems are told of changes: public facts alone, and nothing of cases whose reporter is kept secret."),
	}, hooksPage(v, s))
}

// hookLabels name the fields of the form.
var hookLabels = map[string]lang.Text{
	"name": lang.T("推给哪个系统", "System"),
	"url":  lang.T("地址", "Address"),
	"unit": lang.T("只推哪个单位的案件", "Only the cases of a unit"),
	"area": lang.T("只推哪个区域的案件", "Only the cases of an area"),
}

// hookKeeper is who keeps hooks.
func hookKeeper(v *page.View) procedure.Actor { return v.Acting(rights.HookKeep, 0).By }

// hookAdd makes a hook and shows its secret.
func hookAdd(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	form := v.R.PostForm
	asked := hook.Asked{Name: strings.TrimSpace(form.Get("name")), URL: strings.TrimSpace(form.Get("url")), Area: area.Code(form.Get("area")), Unit: form.Get("unit"), Since: -1}
	if form.Get("since") == "beginning" {
		asked.Since = 0
	}
	var err error
	if asked.Kinds, err = feed.ParseKinds(strings.Join(form["types"], ",")); err != nil {
		return err
	}
	var secret string
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		_, secret, err = v.House.Hooks.Add(v.Context(), tx, v.District, asked, hookKeeper(v))
		return err
	})
	if err != nil {
		form, ok := back(v, err)
		if !ok {
			return err
		}
		return showHooks(v, http.StatusUnprocessableEntity, hooksView{again: form.named(v, hookLabels), Chosen: v.R.PostForm["types"]})
	}
	v.W.Header().Set("Cache-Control", "no-store")
	return showHooks(v, http.StatusOK, hooksView{Secret: secret})
}

// hookView is one hook with its deliveries.
type hookView struct {
	Hook       hook.Hook
	Address    string
	Counts     map[hook.Standing]int
	Only       hook.Standing
	Deliveries []hook.Delivery
	More       string
	Secret     string
}

func hookShow(v *page.View) error { return showHook(v, "") }

func showHook(v *page.View, secret string) (err error) {
	s := hookView{Secret: secret, Only: hook.Standing(v.R.URL.Query().Get("state"))}
	if !slices.Contains(hook.Standings(), s.Only) {
		s.Only = ""
	}
	if s.Hook, err = hook.ByID(v.Context(), v.House.DB, v.District.Code, v.R.PathValue("id")); err != nil {
		return err
	}
	if s.Address, err = v.House.Hooks.Address(v.District.Code, s.Hook); err != nil {
		return err
	}
	counts, err := hook.Tally(v.Context(), v.House.DB, v.District.Code)
	if err != nil {
		return err
	}
	s.Counts = counts[s.Hook.ID]
	s.Deliveries, s.More, err = hook.Deliveries(v.Context(), v.House.DB, v.District.Code, s.Hook.ID, s.Only, v.R.URL.Query().Get("before"), deliveriesShown)
	if err != nil {
		return err
	}
	return show(v, http.StatusOK, head{
		Title: s.Hook.Name, At: "/hooks", Said: hookStands(v, s.Hook), Path: []ui.Link{{Text: v.Say("推送", "Webhooks"), Href: hooksPath}, {Text: s.Hook.Name}},
	}, hookPage(v, s))
}

// hookTurn pauses, resumes, tries out, or changes the secret.
func hookTurn(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	id, code, by, secret := v.R.PathValue("id"), v.District.Code, hookKeeper(v), ""
	said := [2]string{}
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		switch v.R.PostForm.Get("do") {
		case "pause":
			said = [2]string{"停了。恢复时从停的地方接着推。", "Paused. Resumed, it goes on from where it stopped."}
			return hook.Pause(v.Context(), tx, code, id, by)
		case "resume":
			said = [2]string{"恢复了，从停的地方接着推。", "Resumed; it goes on from where it stopped."}
			return hook.Resume(v.Context(), tx, code, id, by)
		case "test":
			said = [2]string{"试推的一条已经排上，几秒后在下面看结果。", "A test is on its way; see below in some seconds what became of it."}
			return hook.Try(v.Context(), tx, code, id, by)
		case "rotate":
			secret, err = v.House.Hooks.Rotate(v.Context(), tx, code, id, by)
			return err
		}
		return errs.New(errs.Invalid, "不知道要做什么。", "It is not clear what to do.")
	})
	if err != nil {
		return err
	}
	if secret != "" {
		v.W.Header().Set("Cache-Control", "no-store")
		return showHook(v, secret)
	}
	return v.GoSaying(hooksPath+"/"+id, "%[1]s", "%[2]s", said[0], said[1])
}

// hookAgain sends one delivery again, or all that did not arrive.
func hookAgain(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	id, event, n := v.R.PathValue("id"), v.R.PostForm.Get("event"), int64(1)
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		if event != "" {
			return hook.Again(v.Context(), tx, v.District.Code, id, event, hookKeeper(v))
		}
		n, err = hook.AgainAll(v.Context(), tx, v.District.Code, id, hookKeeper(v))
		return err
	})
	if err != nil {
		return err
	}
	return v.GoSaying(hooksPath+"/"+id, "%d 条排上了，马上重推。", "%d queued to be sent again at once.", n)
}

func hookEnd(v *page.View) error {
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return hook.End(v.Context(), tx, v.District.Code, v.R.PathValue("id"), hookKeeper(v))
	})
	if err != nil {
		return err
	}
	return v.GoSaying(hooksPath, "删掉了，不再推。", "Removed; it is told of nothing more.")
}

// hookStands says in a sentence how a hook stands.
func hookStands(v *page.View, h hook.Hook) string {
	switch {
	case h.State == hook.Paused:
		return v.Say("停着，不推。", "Paused; nothing is sent.")
	case h.State == hook.Gone:
		return v.Say("对方说这个地址不用了，不再推。", "It answered that the address is no more; nothing is sent.")
	case h.Rests.After(v.Now):
		return v.Say("连着 %d 次没推到，%s再试。", "Failed %d times in a row; tried again %s.", h.Failures, v.MomentText(h.Rests))
	}
	return v.Say("在推。", "On.")
}

func hookTone(v *page.View, h hook.Hook) ui.Tone {
	switch {
	case h.State == hook.Paused:
		return ui.Hold
	case h.State == hook.Gone:
		return ui.Late
	case h.Rests.After(v.Now):
		return ui.Near
	}
	return ui.OK
}

func hookCells(v *page.View, h hook.Hook, counts map[hook.Standing]int) []ui.Cell {
	what := v.Say("全部", "everything")
	if len(h.Kinds) > 0 {
		what = v.Say("%d 种", "%d types", len(h.Kinds))
	}
	var where []string
	if h.Unit != "" {
		where = append(where, v.UnitName(h.Unit))
	}
	if h.Area != "" {
		where = append(where, v.District.Areas.Path(h.Area).In(v.Lang))
	}
	return []ui.Cell{
		{Text: h.Name, Sub: h.Host, Href: hooksPath + "/" + h.ID}, {Body: ui.Signal(hookTone(v, h), hookStands(v, h))},
		{Text: what, Sub: strings.Join(where, v.Say("，", ", "))}, {Text: ui.Number(counts[hook.Queued] + counts[hook.Failed]), Right: true}, {Text: ui.Number(counts[hook.Parked]), Right: true},
	}
}

func standingTone(s hook.Standing) ui.Tone {
	return map[hook.Standing]ui.Tone{hook.Sent: ui.OK, hook.Failed: ui.Near, hook.Parked: ui.Late, hook.Queued: ui.Hold}[s]
}

func deliveryCells(v *page.View, h hook.Hook, d hook.Delivery) []ui.Cell {
	what := v.MomentText(d.Queued)
	if !d.Tried.IsZero() {
		what = v.Say("%[1]s，第 %[2]d 次", "%[1]s, attempt %[2]d", v.MomentText(d.Tried), d.Attempts)
	}
	why := d.Why.Title().In(v.Lang)
	if d.Status != 0 {
		why = strings.TrimSpace("HTTP " + strconv.Itoa(d.Status) + " " + why)
	}
	return []ui.Cell{
		{Text: d.Kind.Title().In(v.Lang), Sub: d.Subject}, {Body: ui.Signal(standingTone(d.State), d.State.Title().In(v.Lang))}, {Text: what, Sub: why}, {Body: deliveryAgain(v, h, d)},
	}
}

// standingTabs filter the deliveries.
func standingTabs(v *page.View, s hookView) []ui.Link {
	path, all := hooksPath+"/"+s.Hook.ID, 0
	for _, n := range s.Counts {
		all += n
	}
	tabs := []ui.Link{{Text: v.Say("全部 %s", "All %s", ui.Number(all)), Href: path, Now: s.Only == ""}}
	for _, one := range hook.Standings() {
		tabs = append(tabs, ui.Link{Text: one.Title().In(v.Lang) + " " + ui.Number(s.Counts[one]), Href: path + "?" + url.Values{"state": {string(one)}}.Encode(), Now: s.Only == one})
	}
	return tabs
}

func (s hookView) earlier() string {
	q := url.Values{"before": {s.More}}
	if s.Only != "" {
		q.Set("state", string(s.Only))
	}
	return hooksPath + "/" + s.Hook.ID + "?" + q.Encode()
}
