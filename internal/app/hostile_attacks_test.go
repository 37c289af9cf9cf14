package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"net/url"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/document"
)

// attacks are all requests that must be refused.
func (b *besieged) attacks() []attack {
	var all []attack
	for _, some := range [][]attack{b.strangers(), b.residents(), b.systems(), b.staff(), b.people()} {
		all = append(all, some...)
	}
	if b.DB.Engine() == db.SQLite { // these are refused before there is an engine, and take their time
		all = append(append(all, b.files()...), b.floods()...)
	}
	return all
}

// What is sent again and again.
const (
	nul       = "井盖\x00破了"
	injection = "' or 1=1; drop table cases; --"
	sender    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

var long = strings.Repeat("长", 10_000)

// gbk is Chinese in the encoding that a form must not have.
func gbk(s string) string {
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		panic(err) // a constant of this test
	}
	return out
}

// strangers are requests that do not come from our own pages.
func (b *besieged) strangers() []attack {
	cross := map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
	return []attack{
		{why: "a form on another site", method: "POST", path: "/report", head: cross, body: form("text", "井盖"), want: 403},
		{why: "a form on another site, of somebody signed in", as: "chenli", method: "POST", path: "/desk/case/" + b.id + "/act", head: cross, body: form("action", "send"), want: 403},
		{why: "an upload from another site", as: "suming", method: "POST", path: "/desk/admin/import", head: cross, body: files("file", "areas.csv", []byte("code,name\n")), want: 403},
		{why: "a method no page has", method: "DELETE", path: "/report", want: 404},
		{why: "a method no operation has", as: "key", method: "PATCH", path: "/api/v1/reports", body: asJSON("{}")},
		{why: "posting where there is only reading", as: "chenli", method: "POST", path: "/desk/cases", body: form("x", "1"), want: 404},
		{why: "climbing out of the assets", method: "GET", path: "/assets/..%2f..%2f..%2fetc%2fpasswd"},
		{why: "climbing out of the photos", method: "GET", path: "/photo/..%2f..%2flinli.key", want: 404},
		{why: "a photo with a NUL in its name", method: "GET", path: "/photo/a%00b"},
		{why: "the desk without signing in", method: "POST", path: "/desk/take", body: form("text", "井盖"), want: 401},
		{why: "administration by who has no right to it", as: "chenli", method: "POST", path: "/desk/admin/import", body: files("file", "areas.csv", []byte("code,name\n")), want: 403},
		{why: "exporting by who has no right to it", as: "hejing", method: "GET", path: "/desk/cases.csv", want: 403},
		{why: "no key", method: "POST", path: "/api/v1/reports", body: asJSON(`{"text":"x"}`), want: 401},
		{why: "a key made up", method: "GET", path: "/api/v1/cases", head: map[string]string{"Authorization": "Bearer linli_990101_" + injection + "_x"}, want: 401},
		{why: "a key of 10,000 characters", method: "GET", path: "/api/v1/cases", head: map[string]string{"Authorization": "Bearer " + strings.Repeat("k", 10_000)}, want: 401},
		{why: "a password that is wrong", method: "POST", path: "/sign-in", body: form("login", injection, "password", "x")},
		{why: "a login that nobody can have", method: "POST", path: "/sign-in", body: form("login", nul, "password", "x")},
		{why: "a login in another encoding", method: "POST", path: "/sign-in", body: form("login", gbk("陈立"), "password", "x")},
		{why: "a second step without a first", method: "POST", path: "/sign-in/second", body: form("code", "123456"), want: harmless},
		{why: "setting a second step up without a first", method: "POST", path: "/sign-in/set-up", body: form("code", "123456"), want: harmless},
		{why: "a passkey's answer that is a script", method: "POST", path: "/sign-in/passkey", body: form("answer", injection)},
		{why: "a passkey's answer of NUL", method: "POST", path: "/sign-in/passkey", body: form("answer", nul)},
		{why: "a link of invitation that is SQL", method: "GET", path: "/sign-in/invited/" + url.PathEscape(injection), want: 404},
		{why: "a link of invitation with a NUL", method: "POST", path: "/sign-in/invited/a%00b", body: form("password", long)},
		{why: "ending a session that is SQL", as: "chenli", method: "POST", path: "/account/sessions", body: form("id", injection), want: 404},
		{why: "ending a session with a NUL", as: "chenli", method: "POST", path: "/account/sessions", body: form("id", nul)},
		{why: "removing a passkey that is SQL", as: "chenli", method: "POST", path: "/account/passkey/remove", body: form("id", injection), want: 404},
		{why: "another password over its limit", as: "chenli", method: "POST", path: "/account/password", body: form("old", app.DemoPassword, "password", long)},
		{why: "a password of 10,000 characters", method: "POST", path: "/sign-in", body: form("login", "chenli", "password", long)},
	}
}

// residents are the forms of the portal, as no browser sends them.
func (b *besieged) residents() []attack {
	send := func(pairs ...string) body {
		return form(append([]string{"step", "send", "sender", sender, "matter", "c01002"}, pairs...)...)
	}
	post := func(why string, of body) attack { return attack{why: why, method: "POST", path: "/report", body: of} }
	track := "/track/" + b.number
	return []attack{
		post("nothing at all", form("step", "send")),
		post("a text over its limit", send("text", long)),
		post("text in GB18030", send("text", gbk("井盖破了，快来修"))),
		post("half of a surrogate pair", send("text", "\xed\xa0\x80井盖")),
		post("a phone that is a script", send("text", "x", "phone", "<script>alert(1)</script>")),
		post("following a case that is none", send("text", "x", "follow", injection)),
		post("a form cut off in the middle", body{files("photos", "a.jpg", []byte("x")).kind, "--x\r\nContent-Disposition: form-data; name=\"te"}),
		post("a form whose boundary is missing", body{"multipart/form-data", "x"}),
		post("percent signs that are none", body{"application/x-www-form-urlencoded", "text=%zz&step=send"}),
		post("JSON instead of a form", body{"application/json", `{"text":"井盖"}`}),
		{why: "a number that is none", method: "POST", path: "/track", body: form("number", injection, "word", "1234")},
		{why: "a number with NUL", method: "POST", path: "/track", body: form("number", "2611\x0023-01478", "word", nul)},
		{why: "a word of 10,000 characters", method: "POST", path: "/track", body: form("number", b.number, "word", long)},
		{why: "acting on a case that was not proved", method: "POST", path: track, body: form("action", "content", "rating", "5", "task", "x"), want: harmless},
		{why: "a case page by a word made up", method: "GET", path: track + "?word=" + strings.Repeat("k", 10_000)},
		{why: "a number that climbs", method: "GET", path: "/track/..%2f..%2fetc"},
		{why: "a matter that is none", method: "GET", path: "/matters/c01002'%20or%201=1"},
		{why: "a matter with NUL", method: "GET", path: "/matters/%00"},
		{why: "an area that is none", method: "POST", path: "/area", body: form("area", injection)},
		{why: "a waiting photo that is none", method: "GET", path: "/report/photo/-1?sender=" + sender},
		{why: "a search of SQL", method: "GET", path: "/matters?q=%27%20or%201%3D1%20--", want: harmless},
		{why: "a search of 10,000 characters, signs and NUL", method: "GET", path: "/matters?q=%00%22%2A%28NEAR" + strings.Repeat("a", 10_000), want: harmless},
		{why: "unknown and repeated parameters", method: "GET", path: "/?utm=1&utm=2&lang=xx&%00=%ff", want: harmless},
		{why: "a way out of the house", method: "GET", path: "/choose?lang=zh&next=https://evil.example/%0d%0aSet-Cookie:x=1", want: harmless},
		{why: "coordinates that are no numbers", method: "POST", path: "/report", body: form("step", "where", "text", "x", "matter", "c01002", "lon", "NaN", "lat", "Infinity", "box", "NaN,1,Inf,-1", "go", "on")},
	}
}

// systems are requests by a system with a key.
func (b *besieged) systems() []attack {
	post := func(why, json string) attack {
		return attack{why: why, as: "key", method: "POST", path: "/api/v1/reports", body: asJSON(json)}
	}
	get := func(why, path string) attack {
		return attack{why: why, as: "key", method: "GET", path: "/api/v1" + path}
	}
	formed := func(why string, of body) attack {
		return attack{why: why, as: "key", method: "POST", path: "/api/v1/reports", body: of}
	}
	return []attack{
		post("no JSON", "{"), post("JSON of another shape", `[1,2]`), post("nothing", ""), post("null", "null"),
		post("a number for a text", `{"text":5}`), post("a property of none", `{"text":"x","isAdmin":true}`),
		post("a text over its limit", `{"text":"`+long+`"}`), post("neither text nor matter", `{}`),
		post("a matter that is none", `{"text":"x","matter":"`+injection+`"}`), post("a matter that is a group", `{"text":"x","matter":"c01"}`),
		post("an area that is none", `{"text":"x","area":"990101999"}`), post("a phone that is none", `{"text":"x","phone":"<b>1"}`),
		post("coordinates beyond the world", `{"text":"x","lon":1e308,"lat":-91}`), post("coordinates that are no numbers", `{"text":"x","lon":NaN,"lat":1}`),
		post("one coordinate", `{"text":"x","lon":121}`), post("a datum of none", `{"text":"x","lon":121,"lat":30,"datum":"mars"}`),
		post("a photo that is no base64", `{"text":"x","photos":[{"data":"***"}]}`), post("a photo that is text", `{"text":"x","photos":[{"name":"../../a.jpg","data":"aGVsbG8="}]}`),
		post("ten photos", `{"text":"x","photos":[`+strings.TrimSuffix(strings.Repeat(`{"data":"aGVsbG8="},`, 10), ",")+`]}`),
		post("JSON a thousand deep", strings.Repeat(`{"text":`, 1000)+`1`+strings.Repeat("}", 1000)),
		formed("JSON under another name", body{"text/plain", `{"text":"x"}`}), formed("XML", body{"application/xml", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>`}),
		formed("JSON in GB18030", asJSON(`{"matter":"c01002","text":"`+gbk("井盖破了")+`"}`)),
		formed("a form cut off", body{"multipart/form-data; boundary=x", "--x\r\nContent-Disp"}),
		formed("a form with coordinates that are no numbers", files("other", "a", nil, "text", "x", "lon", "NaN", "lat", "NaN")),
		formed("a form with infinite coordinates", files("other", "a", nil, "text", "x", "lon", "Infinity", "lat", "-Inf")),
		formed("a form with a field of none", files("photos", "a.jpg", nil, "text", "x", "role", "admin")),
		formed("a form in GB18030", files("other", "a", nil, "text", gbk("井盖破了"))),
		formed("a form with a sender of 10,000 characters", files("other", "a", nil, "text", "x", "sender", long)),
		get("a cursor that is none", "/cases?after=x"), get("a cursor of SQL", "/cases?after=MSc7IGRyb3AgdGFibGUgY2FzZXM7IC0t"), get("a cursor with NUL", "/cases?after=MSAA"),
		get("a limit of none", "/cases?limit=-1"), get("a limit beyond", "/cases?limit=100000000000000000000"), get("a parameter of none", "/cases?where=1%3D1"),
		get("a state of none", "/cases?state=open%27--"), get("a unit with NUL", "/cases?unit=%00"), get("a search with NUL", "/cases?q=%00"), get("a search in GB18030", "/cases?q=%BE%AE%B8%C7"),
		get("a search of 10,000 characters", "/cases?q="+strings.Repeat("a", 10_000)), get("a time that is none", "/cases?from=yesterday"), get("a time of the year 99999", "/cases?from=99999-01-01T00:00:00Z"),
		get("a case of SQL", "/cases/%27%20or%201%3D1"), get("a case with NUL", "/cases/%00"), get("a report that climbs", "/reports/..%2f..%2f"), get("a report of another", "/reports/00000000-0000-7000-8000-000000000000"),
		get("a place that is no number", "/locate?lon=NaN&lat=NaN"), get("a place beyond the world", "/locate?lon=181&lat=91"), get("no place", "/locate"),
		get("an address of none", "/admin"),
	}
}

// staff are requests by people who have signed in.
func (b *besieged) staff() []attack {
	take := func(why string, of body) attack {
		return attack{why: why, as: "hejing", method: "POST", path: "/desk/take", body: of}
	}
	see := func(why, path string, want int) attack {
		return attack{why: why, as: "chenli", method: "GET", path: "/desk" + path, want: want}
	}
	act := "/desk/case/" + b.id + "/act"
	return []attack{
		take("saving nothing", form("do", "save")), take("a text over its limit", form("do", "save", "text", long)),
		take("text in GB18030", form("do", "save", "text", gbk("井盖"))), take("a phone that is SQL", form("do", "save", "text", "x", "phone", injection)),
		take("a matter that is none", form("do", "save", "text", "x", "matter", injection)), take("joining a case that is none", form("text", "x", "attach", injection)),
		take("joining a case with NUL in its name", form("text", "x", "attach", nul)),
		{why: "an action that is none", as: "chenli", method: "POST", path: act, body: form("action", injection, "task", injection)},
		{why: "an action of somebody else", as: "hejing", method: "POST", path: act, body: form("action", "send", "unit", "u-shizheng")},
		{why: "an action with NUL", as: "chenli", method: "POST", path: act, body: form("action", nul, "task", nul, "unit", nul)},
		{why: "a grid worker's task that is none", as: "dingxia", method: "POST", path: "/field/task/" + "%00", body: form("action", "pass")},
		{why: "a grid worker's report of nothing", as: "dingxia", method: "POST", path: "/field/report", body: form("do", "send")},
		{why: "merging what is none", as: "chenli", method: "POST", path: "/desk/merge", body: form("ids", injection, "ids", nul, "keep", "x")},
		{why: "naming an owner without the right", as: "chenli", method: "POST", path: "/desk/case/" + b.id + "/owner", body: form("unit", "u-shizheng", "reason", "x"), want: 403},
		{why: "saving a filter that is none", as: "chenli", method: "POST", path: "/desk/filters", body: form("name", long, "list", "https://evil.example/")},
		see("a case with NUL", "/case/%00", 0), see("a case of SQL", "/case/%27%20or%201%3D1", 0),
		see("a search of SQL", "/search?q=%27%20or%201%3D1%20--", harmless), see("a search of FTS syntax", "/search?q=%22%2A%20NEAR(a%20b)%20pieces%3Ax&as=text", harmless),
		see("a cursor of SQL", "/cases?after=MSc7IGRyb3AgdGFibGUgY2FzZXM7IC0t", 0), see("a cursor with NUL", "/cases?after=MSAA", 0),
		see("a state of none", "/cases?state=%27--", 0), see("an area of none", "/cases?area=%00", 0), see("a day of none", "/cases?from=%ff", 0),
		see("unknown and repeated parameters", "/cases?x=1&x=2&state=open&state=%00", harmless),
		{why: "a table of a list that is none", as: "zhouhui", method: "GET", path: "/desk/cases.xlsx?state=%27--"},
	}
}

// files are uploads that are not what they say.
func (b *besieged) files() []attack {
	var real bytes.Buffer
	_ = jpeg.Encode(&real, image.NewGray(image.Rect(0, 0, 64, 48)), nil)
	var all []attack
	for _, f := range []struct {
		why, name string
		data      []byte
	}{
		{"a GIF that is also a script", "a.gif", []byte("GIF89a/*\x00\x00*/=1;alert(1)//;")},
		{"a GIF named .jpg", "a.jpg", []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")},
		{"an SVG named .jpg", "a.jpg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)},
		{"HTML behind the beginning of a JPEG", "a.jpg", append(real.Bytes()[:20:20], "<script>alert(1)</script>"...)},
		{"a PNG of 60,000 × 60,000", "a.png", hugePNG(60_000, 60_000)},
		{"a photo cut off", "../../../etc/cron.d/x.jpg", real.Bytes()[:real.Len()/2]},
		{"an empty photo", "a.jpg", nil},
		{"a photo over its limit", "a.jpg", append(real.Bytes(), make([]byte, document.MaxBytes)...)},
		{"a program", "a.jpg\x00.exe", []byte("MZ\x90\x00\x03")},
	} {
		all = append(all,
			attack{why: f.why + ", from a resident", method: "POST", path: "/report", body: files("photos", f.name, f.data, "step", "more", "sender", sender, "text", "x", "matter", "c01002")},
			attack{why: f.why + ", from a system", as: "key", method: "POST", path: "/api/v1/reports", body: files("photos", f.name, f.data, "text", "x")})
	}
	for _, f := range []struct {
		why, name string
		data      []byte
	}{
		{"a workbook that unfolds to a gigabyte", "areas.xlsx", bomb(1 << 30)},
		{"a workbook that is none", "areas.xlsx", []byte("PK\x03\x04 and no more")},
		{"a table that is a photo", "areas.csv", real.Bytes()},
		{"a table with a path for a name", "../../../areas.csv", []byte("code,name\n\"990101")},
		{"a table of bad codes", "areas.csv", []byte("code,name,tier\n'; drop table areas; --,x,district\n")},
		{"an outline a thousand deep", "outlines.geojson", []byte(strings.Repeat("[", 100_000))},
		{"an empty table", "areas.csv", nil},
	} {
		all = append(all, attack{why: f.why, as: "suming", method: "POST", path: "/desk/admin/import", body: files("file", f.name, f.data, "table", strings.TrimSuffix(f.name[strings.LastIndex(f.name, "/")+1:], f.name[strings.LastIndex(f.name, "."):]), "go", "import")})
	}
	return all
}

// floods are requests that are too large to be read.
func (b *besieged) floods() []attack {
	over := strings.Repeat("x", document.MaxFiles*document.MaxBytes+2<<20)
	return []attack{
		{why: "a form larger than all photos", method: "POST", path: "/report", body: files("photos", "a.jpg", []byte(over)), want: 413},
		{why: "fields without files, larger than memory", method: "POST", path: "/report", body: form("text", strings.Repeat("a", 11<<20))},
		{why: "JSON over its limit", as: "key", method: "POST", path: "/api/v1/reports", body: asJSON(`{"text":"` + strings.Repeat("a", 17<<20) + `"}`), want: 413},
		{why: "a form over its limit, from a system", as: "key", method: "POST", path: "/api/v1/reports", body: files("photos", "a.jpg", []byte(over), "text", "x"), want: 413},
		{why: "a thousand fields", method: "POST", path: "/report", body: form(strings.Split(strings.Repeat("step send text  ", 1000), " ")...)},
	}
}

// hugePNG claims to be very large, and holds nothing.
func hugePNG(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), w), h)
	head = append(head, 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	return binary.BigEndian.AppendUint32(append(out, head...), crc32.ChecksumIEEE(head))
}

// bomb is a workbook whose one sheet unfolds to size bytes.
func bomb(size int) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name, text string, repeat int) {
		w, err := z.Create(name)
		for err == nil && repeat > 0 {
			_, err = w.Write([]byte(text))
			repeat--
		}
		if err != nil {
			panic(err) // into memory
		}
	}
	put("[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`, 1)
	put("xl/workbook.xml", `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets><sheet name="a" sheetId="1"/></sheets></workbook>`, 1)
	put("xl/worksheets/sheet1.xml", strings.Repeat(" ", 1<<20), size>>20)
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}
