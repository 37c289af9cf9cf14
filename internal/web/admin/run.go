package admin

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/org"
	"linli/internal/sheet"
	"linli/internal/transfer"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// runsPath is where imports are shown that go on after the page was sent.
const runsPath = home + "/import/runs"

// runWait is how long a page waits for an import to end: most of those that are
// small end meanwhile, and their page shows at once what came of them.
const runWait = 1500 * time.Millisecond

// long says whether the table comes in in the background.
func (u upload) long() bool { return u.Table == transfer.CasesRun || u.Table == transfer.PastRun }

// startRun begins an import in the background and goes to where it is shown. What
// the first row shows to be wrong with the whole file is said at once.
func startRun(v *page.View, u upload) error {
	datum, err := geo.ParseDatum(u.Datum)
	if err != nil {
		return refused(v, u, err)
	}
	file, err := u.file(u.Table + u.ending())
	if err != nil {
		return refused(v, u, err)
	}
	seen := sheet.NewReport(sheet.Policy{SkipBad: true})
	mapping, err := u.mapped(seen)
	if err != nil {
		return err
	}
	if seen.MayWrite() {
		for range schemas()[u.Table].Each(mapping, file, seen) {
			break
		}
	}
	if !seen.MayWrite() {
		return show(v, http.StatusUnprocessableEntity, importHead(v, v.Say("试导入：%s", "Tried: %s", u.Name)), reportPage(v, u, seen))
	}
	id, ended, err := v.House.Imports.Start(v.Context(), v.District, transfer.Order{
		What: u.Table, File: file, Name: u.Name, Mapping: mapping, By: by(v),
		Options: transfer.Options{Policy: sheet.Policy{SkipBad: u.SkipBad, DryRun: !u.Real}, Datum: datum},
	})
	if errors.Is(err, errs.Conflict) {
		return refused(v, u, err)
	}
	if err != nil {
		return err
	}
	wait := time.NewTimer(runWait)
	defer wait.Stop()
	select {
	case <-ended:
	case <-wait.C:
	case <-v.Context().Done():
	}
	return v.Go(runsPath + "/" + string(id))
}

// mapped is the mapping that was sent; nil without one.
func (u upload) mapped(report *sheet.Report) (*sheet.Mapping, error) {
	files, err := u.mappings()
	if err != nil || files == nil {
		return nil, err
	}
	all := sheet.ParseMappings(files, u.Table+".yaml", report)
	if len(all) == 0 {
		return nil, nil //nolint:nilnil // what is wrong with it is in the report
	}
	return all[0], nil
}

// lateRuns are the latest imports of cases that the reader may bring in.
func lateRuns(v *page.View) ([]transfer.Run, error) {
	if !mayBring(v, transfer.CasesRun) {
		return nil, nil
	}
	return transfer.Runs(v.Context(), v.House.DB, v.District.Code, v.Now, 5)
}

// runShow shows how far an import is, or what came of it.
func runShow(v *page.View) error {
	if !mayBring(v, transfer.CasesRun) {
		return errs.New(errs.NotFound, "没有这次导入。", "There is no such import.")
	}
	run, err := transfer.RunOf(v.Context(), v.House.DB, v.District.Code, transfer.RunID(v.R.PathValue("id")), v.Now)
	if err != nil {
		return err
	}
	h := importHead(v, v.Say("导入%s", "Import: %s", tableName(v, run.What)))
	h.Said = run.File + " · " + v.MomentText(run.Begun)
	return show(v, http.StatusOK, h, runPage(v, run))
}

// mine is whether the reader brought it in. A finding may quote a cell, which may
// be about a resident: nobody else is shown what was found.
func mine(v *page.View, run transfer.Run) bool {
	return run.Person != "" && run.Person == by(v).Person
}

// foundCount is how much was found, with what was not kept.
func foundCount(run transfer.Run) int { return len(run.Found.Findings) + run.Found.More }

// runSaid says in a word how an import stands, and in which tone.
func runSaid(v *page.View, run transfer.Run) (ui.Tone, string) {
	switch run.State {
	case transfer.Checking:
		return ui.Near, v.Say("正在查，查了 %s 行", "Being checked, %s rows so far", ui.Number(run.Done))
	case transfer.Writing:
		return ui.Near, v.Say("正在写，%s / %s", "Being written, %s of %s", ui.Number(run.Done), ui.Number(run.Total))
	case transfer.Stopped:
		return ui.Late, v.Say("停了：程序中途重启过。再导一次就接着补上，已经进来的不会重复。", "Stopped: the program ended meanwhile. Import it again: what is missing comes, and nothing comes twice.")
	case transfer.Failed:
		return ui.Late, v.Say("没有做完：程序出了错，日志里有。再导一次就接着补上。", "Not finished: the program failed, and its log says how. Import it again, and what is missing comes.")
	case transfer.Refused:
		return ui.Late, run.Found.Verdict.In(v.Lang)
	}
	if run.Found.Skipped > 0 {
		return ui.Near, run.Found.Verdict.In(v.Lang)
	}
	return ui.OK, run.Found.Verdict.In(v.Lang)
}

// runFacts says who brings in what.
func runFacts(v *page.View, run transfer.Run) []ui.Fact {
	facts := []ui.Fact{{Name: v.Say("文件", "File"), Value: run.File}}
	if p, ok := v.District.Org.Person(org.PersonID(run.Person)); ok {
		facts = append(facts, ui.Fact{Name: v.Say("谁导的", "By"), Value: p.Name})
	}
	for _, c := range run.Found.Counts {
		facts = append(facts, ui.Fact{Name: c.What.In(v.Lang), Value: v.Say("新增 %s，没变 %s", "%s added, %s unchanged", ui.Number(c.Added), ui.Number(c.Same)), Strong: true})
	}
	if run.Found.Skipped > 0 {
		facts = append(facts, ui.Fact{Name: v.Say("跳过", "Left out"), Value: v.Say("%s 行", "%s rows", ui.Number(run.Found.Skipped))})
	}
	return facts
}

// runPlace is a finding's place under the name of the file as it was sent.
func runPlace(run transfer.Run, p sheet.Place) string {
	if p.File != run.What+".yaml" {
		p.File = run.File
	} else {
		p.File = "mapping.yaml"
	}
	return p.String()
}

// percent is how much of an import is written; nothing is known while it is checked.
func percent(run transfer.Run) int {
	if run.Total == 0 {
		return 0
	}
	return min(100, 100*run.Done/run.Total)
}

// comesAgain is whether an import that has ended is to be run once more.
func comesAgain(run transfer.Run) bool {
	return run.Dry || slices.Contains([]transfer.State{transfer.Stopped, transfer.Failed, transfer.Refused}, run.State)
}
