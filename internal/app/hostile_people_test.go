package app_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"linli/internal/org"
)

// people are requests about accounts, posts, keys, looks and one's own data.
func (b *besieged) people() []attack {
	var all []attack
	for _, some := range [][]attack{b.lookers(), b.observers(), b.administrators(), b.auditors(), b.owners(), b.logReaders()} {
		all = append(all, some...)
	}
	return all
}

// bad is a value that no field of ours can have: SQL, NUL, another encoding, too
// much of it.
func bad() []string { return []string{injection, nul, gbk("核实"), long} }

// lookers ask to see what is masked, and to tell the person later.
func (b *besieged) lookers() (all []attack) {
	reveal := "/desk/case/" + b.id + "/reveal"
	post := func(why, as, path string, want int, pairs ...string) {
		all = append(all, attack{why: why, as: as, method: "POST", path: path, body: form(pairs...), want: want})
	}
	post("looking for no purpose", "guoyan", reveal, 0, "report", b.report, "see-phone", "yes", "kind", "ask")
	post("looking at nothing", "guoyan", reveal, 0, "report", b.report, "purpose", "call-back", "kind", "ask")
	post("looking without the right", "chenli", reveal, 0, "report", b.report, "purpose", "call-back", "kind", "ask", "see-phone", "yes")
	post("looking as an administrator", "luopei", reveal, 403, "report", b.report, "purpose", "call-back", "kind", "ask", "see-phone", "yes")
	post("looking as an observer", "dingyan", reveal, 403, "report", b.report, "purpose", "call-back", "kind", "ask", "see-phone", "yes")
	post("looking at a case that is none", "guoyan", "/desk/case/"+url.PathEscape(injection)+"/reveal", 404, "report", b.report, "purpose", "call-back")
	for _, v := range bad() {
		post("a purpose of none", "guoyan", reveal, 0, "report", b.report, "purpose", v, "kind", "ask", "see-phone", "yes")
		post("a sort of reason of none", "guoyan", reveal, 0, "report", b.report, "purpose", "call-back", "kind", v, "see-phone", "yes")
		post("a report that is none", "guoyan", reveal, 0, "report", v, "purpose", "call-back", "kind", "ask", "see-phone", "yes")
		post("telling later of a look that is none", "zhouhui", "/desk/looks/delays", 0, "look", v, "law", "个人信息保护法第三十五条", "reason", "会妨碍调查", "until", "2026-12-20")
		post("the end of a hold that is none", "linwang", "/desk/admin/retention/holds/"+url.PathEscape(v)+"/lift", 0, "why", "结束了")
		post("a hold on what is none", "linwang", "/desk/admin/retention/holds", 0, "kind", "case", "number", v, "why", "诉讼", "basis", "民事诉讼法第七十条", "until", "2027-01-01")
		post("deciding on a delay that is none", "linwang", "/desk/looks/delays/"+url.PathEscape(v), 0, "do", "grant", "decision", "情况属实")
	}
	post("keeping data without the right", "chenli", "/desk/admin/retention/holds", 403, "kind", "case", "ref", b.id)
	post("deciding a request without the right", "chenli", "/desk/case/"+b.id+"/data", 403, "do", "grant")
	post("deciding a request that is none", "linwang", "/desk/case/"+b.id+"/data", 0, "do", "grant")
	post("deciding on a delay without the right", "chenli", "/desk/looks/delays/x", 403, "do", "grant", "decision", "情况属实")
	return all
}

// observers want more than was made open, and others want to open what is not theirs.
func (b *besieged) observers() (all []attack) {
	open := "/desk/case/" + b.id + "/disclosures"
	deputy, _ := b.District().Org.PersonByLogin("dingyan")
	to := "post:" + string(b.District().Org.PostsOf(deputy.ID, b.District().Day)[0].ID)
	post := func(why, as, path string, want int, pairs ...string) {
		all = append(all, attack{why: why, as: as, method: "POST", path: path, body: form(pairs...), want: want})
	}
	post("opening a case without the right", "chenli", open, 403, "to", to, "until", "2026-12-20", "reason", "视察")
	post("opening a case for ever", "zhouhui", open, 0, "to", to, "until", "2126-12-20", "reason", "视察")
	post("opening a case to nobody", "zhouhui", open, 0, "until", "2026-12-20", "reason", "视察")
	for _, v := range bad() {
		post("opening a case to who is none", "zhouhui", open, 0, "to", v, "until", "2026-12-20", "reason", "视察")
		post("opening a case until no day", "zhouhui", open, 0, "to", to, "until", v, "reason", "视察")
		post("closing what was not open", "zhouhui", open+"/"+url.PathEscape(v)+"/end", 0)
		post("a remark on a case that is none", "dingyan", "/desk/observe/"+url.PathEscape(v)+"/remark", 404, "note", "看过")
	}
	post("a remark on what is not open", "dingyan", "/desk/observe/"+b.id+"/remark", 404, "note", "看过")
	see := func(why, as, path string, want int) {
		all = append(all, attack{why: why, as: as, method: "GET", path: path, want: want})
	}
	see("a case that is not open to the observer", "dingyan", "/desk/observe/"+b.id, 404)
	see("a case by the desk's own page", "dingyan", "/desk/case/"+b.id, 403)
	see("the queue of who has none", "dingyan", "/desk", 0)
	see("an observer's list with a cursor of SQL", "dingyan", "/desk/observe?after=MSc7IGRyb3AgdGFibGUgY2FzZXM7IC0t", 0)
	see("an observer's search of SQL", "dingyan", "/desk/observe?q="+url.QueryEscape(injection), harmless)
	see("who sees a case, without the right", "chenli", "/desk/who?number="+b.number, 403)
	see("who sees a case that is none", "zhouhui", "/desk/case/%00/who", 0)
	return all
}

// administrators give what is none, and what is not theirs to give.
func (b *besieged) administrators() (all []attack) {
	d := b.District()
	who, _ := d.Org.PersonByLogin("chenli")
	self, _ := d.Org.PersonByLogin("luopei")
	person, seat := "/desk/admin/people/"+string(who.ID), "/desk/admin/posts/"+string(d.Org.PostsOf(who.ID, d.Day)[0].ID)
	post := func(why, as, path string, want int, pairs ...string) {
		all = append(all, attack{why: why, as: as, method: "POST", path: path, body: form(pairs...), want: want})
	}
	post("a post by who sets up", "suming", person, 403, "role", "handler", "unit", "u-shizheng", "from", "2026-11-23", "reason", "人手")
	post("a post to oneself", "luopei", "/desk/admin/people/"+string(self.ID), 0, "role", "handler", "unit", "u-shizheng", "from", "2026-11-23", "reason", "人手")
	post("a post of yesterday", "luopei", person, 0, "role", "handler", "unit", "u-shizheng", "from", "2026-11-22", "reason", "人手")
	post("a key by who sets up", "suming", "/desk/admin/keys", 403, "name", "x", "scopes", "case.see", "expires", "2026-12-20")
	post("a key with a right no key has", "luopei", "/desk/admin/keys", 0, "name", "x", "scopes", "account.manage", "expires", "2026-12-20")
	post("a key for ever", "luopei", "/desk/admin/keys", 0, "name", "x", "scopes", "case.see", "expires", "2126-12-20")
	for _, v := range bad() {
		if !strings.ContainsFunc(v, func(r rune) bool { return unicode.Is(unicode.Han, r) }) { // their refusals repeat what was sent, in its own language
			post("a role of none", "luopei", person, 0, "role", v, "unit", "u-shizheng", "from", "2026-11-23", "reason", "人手")
			post("an area of none", "luopei", person, 0, "role", string(org.Handler), "unit", "u-shizheng", "area", v, "from", "2026-11-23", "reason", "人手")
			post("a day of none", "luopei", person, 0, "role", string(org.Handler), "unit", "u-shizheng", "from", v, "reason", "人手")
		}
		post("a unit of none", "luopei", person, 0, "role", string(org.Handler), "unit", v, "from", "2026-11-23", "reason", "人手")
		post("a post to nobody", "luopei", "/desk/admin/people/"+url.PathEscape(v), 404, "role", "handler", "unit", "u-shizheng", "from", "2026-11-23", "reason", "人手")
		post("the end of a post that is none", "luopei", "/desk/admin/posts/"+url.PathEscape(v)+"/end", 404, "reason", "人手")
		post("the end of a post at no minute", "luopei", seat+"/end", 0, "at", v, "reason", "人手")
		post("a stand-in who is nobody", "luopei", seat+"/stand-in", 0, "person", v, "to", "2026-11-30T12:00", "reason", "休假")
		post("a stand-in until no minute", "luopei", seat+"/stand-in", 0, "person", string(self.ID), "to", v, "reason", "休假")
		post("the end of no stand-in", "luopei", seat+"/stand-ins/"+url.PathEscape(v), 404, "reason", "休假")
		post("a key for a unit of none", "luopei", "/desk/admin/keys", 0, "name", "x", "scopes", "case.see", "unit", v, "expires", "2026-12-20")
		post("a key for an area of none", "luopei", "/desk/admin/keys", 0, "name", "x", "scopes", "case.see", "area", v, "expires", "2026-12-20")
		post("a key until no day", "luopei", "/desk/admin/keys", 0, "name", "x", "scopes", "case.see", "expires", v)
		post("the end of a key that is none", "luopei", "/desk/admin/keys/"+url.PathEscape(v)+"/end", 0)
	}
	for _, v := range []string{nul, long} { // SQL is as good a name as any
		post("a key with a name of none", "luopei", "/desk/admin/keys", 0, "name", v, "scopes", "case.see", "expires", "2026-12-20")
	}
	return all
}

// auditors filter by what is none, and others read their pages.
func (b *besieged) auditors() (all []attack) {
	see := func(why, as, path string, want int) {
		all = append(all, attack{why: why, as: as, method: "GET", path: path, want: want})
	}
	for _, as := range []string{"chenli", "suming", "luopei"} {
		see("the audit pages, without the right", as, "/desk/admin/audit", 403)
		see("the audit's table, without the right", as, "/desk/admin/audit.csv", 403)
	}
	see("people, without the right", "chenli", "/desk/admin/people", 403)
	see("keys, without the right", "heqiao", "/desk/admin/keys", 403)
	for _, v := range bad() {
		see("a person that is none", "heqiao", "/desk/admin/people/"+url.PathEscape(v), 404)
		see("a post that is none", "heqiao", "/desk/admin/posts/"+url.PathEscape(v), 404)
	}
	see("a cursor of SQL", "heqiao", "/desk/admin/audit?after="+url.QueryEscape(injection), harmless)
	see("a day of none", "heqiao", "/desk/admin/audit?from=%00", 0)
	see("a book of none", "heqiao", "/desk/admin/audit?book="+url.QueryEscape(injection), harmless)
	return all
}

// owners are residents who have signed in, and who have not.
func (b *besieged) owners() (all []attack) {
	post := func(why, as, path string, want int, pairs ...string) {
		all = append(all, attack{why: why, as: as, method: "POST", path: path, body: form(pairs...), want: want})
	}
	see := func(why, as, path string, want int) {
		all = append(all, attack{why: why, as: as, method: "GET", path: path, want: want})
	}
	terms := func(field, value string) []string {
		f := map[string]string{"phone": "13800000088", "relation": "child", "deeds": "see", "until": "2027-01-01"}
		f[field] = value
		return []string{"phone", f["phone"], "relation", f["relation"], "deeds", f["deeds"], "until", f["until"]}
	}
	post("a code without asking for one", "", "/me/sign-in/code", harmless, "code", "123456")
	post("settings without signing in", "", "/me/settings", 401, "name", "x")
	post("closing an account without signing in", "", "/me/delete", 401, "sure", "yes")
	post("an agent for oneself", "resident", "/me/proxies/new", 0, terms("phone", "13800000039")...)
	post("authority for a hundred years", "resident", "/me/proxies/new", 0, terms("until", "2126-01-01")...)
	for _, v := range bad() {
		post("a code for a phone that is none", "", "/me/sign-in", 0, "phone", v)
		post("a name of none", "resident", "/me/settings", 0, "name", strings.Repeat(v, 40), "lang", "zh")
		for _, field := range []string{"phone", "relation", "deeds", "until"} {
			post("authority with no "+field, "resident", "/me/proxies/new", 0, terms(field, v)...)
		}
		post("the end of an authority that is none", "resident", "/me/proxies/"+url.PathEscape(v)+"/end", 0)
		see("the matters of somebody else", "resident", "/me/for/"+url.PathEscape(v), 0)
		post("a request about data of no kind", "resident", "/me/data", 0, "kind", v)
		post("a correction of no field", "resident", "/me/data", 0, "kind", "correct", "field", v, "value", "王小雨")
		post("a copy that is none", "resident", "/me/data/"+url.PathEscape(v)+"/copy", 0)
		post("a consent to what is none", "resident", "/me/consents/"+url.PathEscape(v), 0, "give", "yes")
		post("a passkey that is none", "resident", "/me/passkeys", 0, "answer", v, "name", "x")
		post("removing a passkey that is none", "resident", "/me/passkeys/"+url.PathEscape(v)+"/remove", 0)
		post("a passkey shown that is none", "", "/me/sign-in/passkey", 0, "answer", v)
		see("who looked, by a word made up", "", "/track/"+b.number+"/looks?word="+url.QueryEscape(v), 0)
		see("a receipt by a word made up", "", "/track/"+b.number+"/receipt?word="+url.QueryEscape(v), 0)
	}
	see("a resident at the desk is asked to sign in as staff", "resident", "/desk", harmless)
	return all
}

// logReaders ask the public log for what is not in it.
func (b *besieged) logReaders() (all []attack) {
	for _, path := range []string{
		"/trail/990102/checkpoint", "/trail/" + url.PathEscape(injection) + "/key", "/trail/990101/tile/0/x999/x999/999", "/trail/990101/tile/-1/000",
		"/trail/990101/tile/99999999999999999999/000", "/trail/990101/tile/0/000.p/0", "/trail/990101/tile/..%2f..%2flinli.key", "/trail/990101/tile/data/%00",
	} {
		all = append(all, attack{why: "a part of the log that is none", method: "GET", path: path, want: 404})
	}
	return all
}

var codeOnPage = regexp.MustCompile(`data-code[^>]*>\s*(\d{6})`)

// resident signs somebody in by the code that a demo's page shows.
func (b *besieged) resident() {
	b.t.Helper()
	b.House.Residents.Demo = true
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.clients["resident"] = &http.Client{Jar: jar}
	_, said, _ := b.send(attack{as: "resident", method: "POST", path: "/me/sign-in", body: form("phone", "13800000039")}, "zh")
	code := codeOnPage.FindStringSubmatch(said)
	if code == nil {
		b.t.Fatalf("no code on the page: %.500s", text(said))
	}
	if status, said, _ := b.send(attack{as: "resident", method: "POST", path: "/me/sign-in/code", body: form("code", code[1])}, "zh"); status != http.StatusOK {
		b.t.Fatalf("sign in as a resident: %d %.300s", status, text(said))
	}
}
