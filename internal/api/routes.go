package api

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/api/admin"
	"linli/internal/api/cases"
	"linli/internal/api/events"
	"linli/internal/api/frame"
	"linli/internal/api/oversight"
	"linli/internal/api/reports"
	"linli/internal/api/tables"
	"linli/internal/web/page"
)

// Routes adds the machine interface.
func Routes(mux *http.ServeMux, h *page.House) {
	d := frame.New(h, about(), examples())
	for _, add := range []func(*frame.Door){
		reports.Operations, cases.Operations, oversight.Operations, events.Operations, tables.Operations, admin.Operations,
	} {
		add(d)
	}
	d.Serve(mux)
}

// about describes the interface as a whole.
func about() huma.Config {
	c := huma.DefaultConfig("邻里 Linli", "1.0.0")
	c.Info.Description = "上报、查案件、取区里的表。密钥放在 Authorization: Bearer 里。出错时回 problem+json，code 不变，文字有中英文。" +
		" · Send reports, read cases and the district's tables. The key goes into Authorization: Bearer. Failures are problem+json with a stable code and words in both languages."
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "linli_…，由区管理员发 · given out by the district's administrator"},
	}
	c.Security = []map[string][]string{{"key": {}}}
	c.Tags = []*huma.Tag{
		{Name: "reports", Description: "来件 · What people send"},
		{Name: "cases", Description: "案件 · Cases, without personal data"},
		{Name: "acts", Description: "办件 · What is done to cases, by keys that act"},
		{Name: "tasks", Description: "待办和提醒 · Tasks and notices"},
		{Name: "supervision", Description: "督办、协调会、看板 · Supervision, meetings, the board"},
		{Name: "scores", Description: "考核 · Scorecards"},
		{Name: "events", Description: "变更流和推送 · The change feed and webhooks"},
		{Name: "district", Description: "区里的表 · The district's tables"},
		{Name: "administration", Description: "设置和权限 · Set-up and rights"},
	}
	return c
}

// examplesFile holds one exchange for each operation, as the tests of this
// package had it with the invented district: go test ./internal/api -update writes it
// anew, and after that, with -run TestDocument, the document, which takes them
// from what is built in.
//
//go:embed examples.json
var examplesFile []byte

// examples reads the file once.
var examples = sync.OnceValue(func() map[string]frame.Exchange {
	all := map[string]frame.Exchange{}
	if err := json.Unmarshal(examplesFile, &all); err != nil {
		panic("examples.json: " + err.Error()) // it is built in, and a test reads it
	}
	return all
})
