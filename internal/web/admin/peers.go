package admin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/georeport"
	"linli/internal/lang"
	"linli/internal/peer"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// peersPath is where the other servers of Open311 are kept.
const peersPath = home + "/peers"

// linksShown is how many requests one page lists.
const linksShown = 100

func peerRoutes(mux *http.ServeMux, h *page.House) {
	for pattern, fn := range map[string]page.Handler{
		"GET " + peersPath:                peersShow,
		"POST " + peersPath:               peerAdd,
		"GET " + peersPath + "/{id}":      peerShow,
		"POST " + peersPath + "/{id}/run": peerRun,
	} {
		mux.Handle(pattern, h.Staff(rights.SetupImport, fn))
	}
}

// peersView is every peer of the district, and the form for a new one.
type peersView struct {
	again
	Peers                  []peer.Peer
	Fetches, Beyond, Words bool
}

func peersShow(v *page.View) error { return showPeers(v, http.StatusOK, peersView{Fetches: true}) }

func showPeers(v *page.View, status int, s peersView) (err error) {
	if s.Peers, err = peer.All(v.Context(), v.House.DB, v.District.Code); err != nil {
		return err
	}
	return show(v, status, head{
		Title: v.Say("Open311 对接", "Open311 servers"), At: "/peers",
		Said: v.Say("和别的城市、别的平台按 Open311 收送来件。送出去的不带姓名和电话，要保密的件不送。", "Requests are exchanged with other cities and systems by Open311. No name and no telephone number goes out, and nothing that was reported in secret."),
	}, peersPage(v, s))
}

// peerLabels name the fields of the form.
var peerLabels = map[string]lang.Text{
	"name":         lang.T("哪家的系统", "Whose system"),
	"address":      lang.T("接口地址", "Address of the endpoint"),
	"jurisdiction": lang.T("jurisdiction_id", "jurisdiction_id"),
	"key":          lang.T("对方发的密钥", "The key they gave"),
	"format":       lang.T("格式", "Format"),
	"services":     lang.T("对方的服务对哪个事项", "Which of their services is which matter"),
	"minutes":      lang.T("几分钟一轮", "Minutes between two rounds"),
	"fetches":      lang.T("把那边新的收过来", "Fetch what is new there"),
	"area":         lang.T("只收哪个区域的", "Fetch only what lies in"),
	"unit":         lang.T("把派给哪个单位的送过去", "Send the cases of a unit there"),
}

// peerKeeper is who sets up peers.
func peerKeeper(v *page.View) procedure.Actor { return v.Acting(rights.SetupImport, 0).By }

// peerAdd sets up a peer.
func peerAdd(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	p, err := askedPeer(v)
	var added peer.Peer
	if err == nil {
		err = v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
			added, err = v.House.Peers.Add(v.Context(), tx, v.District, p, peerKeeper(v))
			return err
		})
	}
	if err != nil {
		form, ok := back(v, err)
		if !ok {
			return err
		}
		return showPeers(v, http.StatusUnprocessableEntity, peersView{again: form.named(v, peerLabels), Fetches: p.Fetches, Beyond: p.Beyond, Words: p.Words})
	}
	return v.GoSaying(peersPath+"/"+added.ID, "接上了，马上开始第一轮。", "Connected; the first round begins at once.")
}

// askedPeer reads the form.
func askedPeer(v *page.View) (p peer.Peer, err error) {
	form := v.R.PostForm
	get := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	p = peer.Peer{
		Name: get("name"), Address: get("address"), Jurisdiction: get("jurisdiction"), Key: get("key"), Format: georeport.Format(get("format")), Area: get("area"),
		Unit: get("unit"), Fetches: form.Has("fetches"), Beyond: form.Has("beyond"), Words: form.Has("words"),
	}
	minutes, err := strconv.Atoi(get("minutes"))
	if err != nil {
		return p, errs.New(errs.Invalid, "写 1 到 10080 分钟。", "From 1 to 10080 minutes.").At("minutes")
	}
	p.Every = time.Duration(minutes) * time.Minute
	p.Services, err = peer.ParseServices(form.Get("services"))
	return p, err
}

// unshown leaves a field empty whatever was typed: a key goes into no page.
func unshown(f *ui.Field) { f.Value = "" }

// peerView is one peer with what is exchanged with it.
type peerView struct {
	Peer    peer.Peer
	Links   []peer.Link
	Numbers map[casework.ID]string
}

func peerShow(v *page.View) (err error) {
	s := peerView{Numbers: map[casework.ID]string{}}
	if s.Peer, err = peer.Find(v.Context(), v.House.DB, v.District.Code, v.R.PathValue("id")); err != nil {
		return err
	}
	if s.Links, err = peer.Links(v.Context(), v.House.DB, v.District.Code, s.Peer.ID, linksShown); err != nil {
		return err
	}
	ids := make([]string, len(s.Links))
	for i, l := range s.Links {
		ids[i] = string(l.Case)
	}
	faces, err := casework.Faces(v.Context(), v.House.DB, v.District.Code, ids)
	if err != nil {
		return err
	}
	for id, face := range faces {
		s.Numbers[id] = face.Number
	}
	return show(v, http.StatusOK, head{
		Title: s.Peer.Name, At: "/peers", Said: peerStands(v, s.Peer), Path: []ui.Link{{Text: v.Say("Open311 对接", "Open311 servers"), Href: peersPath}, {Text: s.Peer.Name}},
	}, peerPage(v, s))
}

// peerRun ends a peer's rounds, or lets them begin again.
func peerRun(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	id, runs := v.R.PathValue("id"), v.R.PostForm.Get("do") == "resume"
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return peer.Run(v.Context(), tx, v.District.Code, id, runs, peerKeeper(v))
	})
	if err != nil {
		return err
	}
	if runs {
		return v.GoSaying(peersPath+"/"+id, "恢复了。", "It goes on.")
	}
	return v.GoSaying(peersPath+"/"+id, "停了，不再收送。", "Ended; nothing is exchanged any more.")
}

// peerStands says how the last round went.
func peerStands(v *page.View, p peer.Peer) string {
	switch {
	case !p.Runs:
		return v.Say("停着", "Ended")
	case p.RoundAt.IsZero():
		return v.Say("第一轮还没开始", "The first round has not begun yet")
	case p.Why != "":
		return v.Say("%s 那一轮有问题", "The round of %s had a problem", v.MomentText(p.RoundAt))
	}
	return v.Say("%[1]s 一轮：收 %[2]d 件，送 %[3]d 件", "Round of %[1]s: %[2]d fetched, %[3]d sent", v.MomentText(p.RoundAt), p.Came, p.Went)
}

func peerTone(p peer.Peer) ui.Tone {
	switch {
	case !p.Runs:
		return ui.Hold
	case p.Why != "":
		return ui.Late
	}
	return ui.OK
}

func peerCells(v *page.View, p peer.Peer) []ui.Cell {
	var does []string
	if p.Fetches {
		does = append(does, v.Say("收过来", "fetched from there"))
	}
	if p.Unit != "" {
		does = append(does, v.Say("送%s的", "sent there: cases of %s", v.UnitName(p.Unit)))
	}
	if p.Beyond {
		does = append(does, v.Say("送区外的", "sent there: what lies outside"))
	}
	return []ui.Cell{
		{Text: p.Name, Href: peersPath + "/" + p.ID, Sub: p.Address}, {Text: strings.Join(does, v.Say("，", ", "))}, {Body: ui.Signal(peerTone(p), peerStands(v, p))},
	}
}

var linkStates = map[peer.State]lang.Text{
	peer.Sending: lang.T("送了，还不知道到没到", "sent; not known whether it arrived"),
	peer.Token:   lang.T("对方收了，还没给编号", "taken there; no number yet"),
	peer.Posted:  lang.T("有编号", "has a number there"),
	peer.Refused: lang.T("对方不收", "refused there"),
}

func linkCells(v *page.View, s peerView, l peer.Link) []ui.Cell {
	number := s.Numbers[l.Case]
	way := v.Say("送过去", "sent there")
	if l.Way == peer.In {
		way = v.Say("收过来", "fetched")
	}
	stands := ""
	switch georeport.Text(l.Status) {
	case georeport.Open:
		stands = v.Say("在办", "open")
	case georeport.Closed:
		stands = v.Say("办结了", "closed")
	}
	return []ui.Cell{
		{Text: number, Href: "/desk/search?q=" + number, Sub: way}, {Text: linkStates[l.State].In(v.Lang), Sub: strings.TrimSpace(l.Remote + " " + l.Why)},
		{Text: stands, Sub: l.Notes}, {Text: v.MomentText(l.SeenAt)},
	}
}

// peerServices are the services of a peer, a line each.
func peerServices(v *page.View, p peer.Peer) (all []string) {
	for code, matter := range p.Services {
		all = append(all, code+" = "+matter+" "+v.District.Catalogue.Title(matter).In(v.Lang))
	}
	slices.Sort(all)
	return all
}
