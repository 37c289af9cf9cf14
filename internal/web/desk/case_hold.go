package desk

import (
	"linli/internal/web/page"
)

// caseHold takes a task up, or puts it down, from the page of its case or from
// beside the queue.
func caseHold(v *page.View) error {
	s, err := caseOfForm(v)
	if err != nil {
		return err
	}
	form := v.R.PostForm
	if err := v.Hold(s.Case, s.Tasks); err != nil {
		return s.comeBack(v, holdWhich(form.Get("task")), err)
	}
	back := page.Local(form.Get("back"))
	if back == "/" {
		back = s.path()
	}
	zh, en := v.HoldSaid()
	return v.GoSaying(back, zh, en, s.Case.Number)
}

// holdWhich names the form of a task.
func holdWhich(task string) string { return "hold " + task }

// holdID begins the ids of a task's form.
func holdID(task string) string { return "hold-" + task }
