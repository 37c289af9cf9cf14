package page

import (
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
)

// Hold is an open task that one of the reader's posts may take up, or put down
// again.
type Hold struct {
	Task casework.Task
	By   procedure.Actor
	Down bool // somebody has it, and it may be put down
}

// Holds lists what of a case the reader may take up and put down, as the same
// rules say that guard it. offers is what [View.Offers] gives of the case.
func (v *View) Holds(tasks []casework.Task, offers []Offer) []Hold {
	var all []Hold
	for _, t := range tasks {
		if by, ok := v.takesUp(&t, offers); ok {
			all = append(all, Hold{Task: t, By: by})
			continue
		}
		for _, by := range v.Working() {
			if t.MayPutDown(by) == nil {
				all = append(all, Hold{Task: t, By: by, Down: true})
				break
			}
		}
	}
	return all
}

// takesUp finds the post that may take a task up.
func (v *View) takesUp(t *casework.Task, offers []Offer) (procedure.Actor, bool) {
	for _, o := range offers {
		if t.MayTakeUp([]procedure.Offer{o.Offer}) == nil {
			return o.By, true
		}
	}
	return procedure.Actor{}, false
}

// Holder is the name of who has taken a task up.
func (v *View) Holder(t casework.Task) string { return v.personName(t.Person) }

// What a form of a hold says is to be done.
const (
	TakeUp  = "take-up"
	PutDown = "put-down"
)

// Hold takes a task up or puts it down, as a posted form says: task, hold, and
// the reason of putting it down. The form has been read with Form. What the
// page no longer offers is asked for with the reader's first post, so that the
// guard says why not.
func (v *View) Hold(c casework.Case, tasks []casework.Task) error {
	form := v.R.PostForm
	return v.HoldTask(c, tasks, 0, form.Get("task"), form.Get("hold"), form.Get("reason"))
}

// HoldTask takes a task of a case up or puts it down with a reason, as do says.
// revision is that of the case which was looked at; 0 takes it as it is.
func (v *View) HoldTask(c casework.Case, tasks []casework.Task, revision int, task, do, reason string) error {
	if do != TakeUp && do != PutDown {
		return errs.New(errs.Invalid, "请选接手还是放下。", "Please say whether to take it up or to put it down.")
	}
	if err := Long("reason", reason); err != nil {
		return err
	}
	if err := v.KeepsSecret(c, map[string]string{"reason": reason}); err != nil {
		return err
	}
	offers, err := v.Offers(c)
	if err != nil {
		return err
	}
	a := casework.Acting{District: v.District, Revision: revision}
	if actors := v.Working(); len(actors) > 0 {
		a.By = actors[0]
	}
	for _, h := range v.Holds(tasks, offers) {
		if h.Task.ID == task && h.Down == (do == PutDown) {
			a.By = h.By
		}
	}
	return v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		if do == TakeUp {
			_, err := casework.TakeUp(v.Context(), tx, a, c.ID, task)
			return err
		}
		_, err := casework.PutDown(v.Context(), tx, a, c.ID, task, reason)
		return err
	})
}

// HoldSaid is what came of a hold, in a line.
func (v *View) HoldSaid() (zh, en string) {
	if v.R.PostForm.Get("hold") == TakeUp {
		return "%[1]s：您接手了。", "%[1]s: you have taken it up."
	}
	return "%[1]s：放下了，回到单位的待办里。", "%[1]s: put down, back with the unit."
}
