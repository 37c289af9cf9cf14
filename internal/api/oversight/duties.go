package oversight

import (
	"context"
	"net/http"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/rights"
	"linli/internal/supervise"
)

// Duty is a turn of a leader on duty. Who it is, those are told who work here.
type Duty struct {
	ID     string       `json:"id"`
	Area   frame.Named  `json:"area"`
	Day    string       `json:"day" format:"date"`
	Hours  string       `json:"hours" doc:"例如 17:30-08:30，到第二天 · Such as 17:30-08:30, into the next day"`
	Unit   *frame.Named `json:"unit,omitempty"`
	Phone  string       `json:"phone,omitempty" doc:"办公室的电话 · Of the office"`
	Person string       `json:"person,omitempty" doc:"谁值班，只给能办事的密钥；没有就是值班室 · Who it is, for keys that act; none: whoever sits at the desk"`
}

// NewDuty is a turn as it is put on the roster.
type NewDuty struct {
	Day   string `json:"day" format:"date"`
	Hours string `json:"hours" minLength:"1" maxLength:"20" doc:"例如 08:30-17:30 · Such as 08:30-17:30"`
	Area  string `json:"area,omitempty" maxLength:"9" doc:"街道；不写是全区 · A street; the whole district where empty"`
	Unit  string `json:"unit" minLength:"1" maxLength:"40"`
	Login string `json:"login,omitempty" maxLength:"40" doc:"谁；不写是值班室 · Who; whoever sits at the desk where empty"`
	Phone string `json:"phone,omitempty" maxLength:"40"`
}

type (
	dutiesInput struct {
		From string `query:"from" format:"date" doc:"不写就是今天 · Today where empty"`
		To   string `query:"to" format:"date" doc:"不写就是七天后 · Seven days later where empty"`
	}
	newDutyInput struct{ Body NewDuty }
	dutyInput    struct {
		Duty string `path:"duty" maxLength:"60"`
	}
)

func dutyOperations(d *frame.Door) {
	const keeps = "密钥要有 supervise 或 setup.import。整张值班表用 import。 · The key needs supervise or setup.import. A whole roster comes by import."
	frame.Register(d, frame.Told("list-duties", http.MethodGet, "/duties", tag, "领导值班 · Leaders on duty", "单位、时段和电话；姓名只给能办事的密钥。密钥要有 case.see、supervise 或 setup.import。 · Unit, hours and telephone; the name for keys that act. The key needs case.see, supervise or setup.import."), frame.AnyKey, listDuties)
	frame.Acting(d, frame.Told("enter-duty", http.MethodPost, "/duties", tag, "排一班 · Put a turn on the roster",
		"同一处同一天同一时间开始的，换成新的。 · A turn that begins when one is there already takes its place. "+keeps), frame.AnyKey, enterDuty)
	frame.Acting(d, frame.Told("remove-duty", http.MethodDelete, "/duties/{duty}", tag, "撤一班 · Take a turn off the roster", keeps), frame.AnyKey, removeDuty)
}

// rosters refuses who does not keep the roster.
func rosters(c *frame.Caller) error { return c.Needs(rights.Supervise, rights.SetupImport) }

func dutyOf(c *frame.Caller, one supervise.Duty) Duty {
	out := Duty{ID: one.ID, Area: frame.Name(one.Area, one.Level(c.District)), Day: string(one.Day), Hours: one.Hours.String(), Unit: shape.UnitOf(c.District, one.Unit), Phone: one.Phone}
	if c.Reader != nil && (c.Can(rights.CaseSee) || c.Can(rights.SetupImport)) {
		out.Person = one.Person(c.District)
	}
	return out
}

func listDuties(ctx context.Context, c *frame.Caller, in *dutiesInput) (*frame.Output[frame.Whole[Duty]], error) {
	if err := c.Needs(rights.CaseSee, rights.Supervise, rights.SetupImport); err != nil {
		return nil, err
	}
	today := clock.DateOf(c.Now, c.Zone())
	from, err := frame.DateOr(in.From, today, "from")
	if err != nil {
		return nil, err
	}
	to, err := frame.DateOr(in.To, from.Add(7), "to")
	if err != nil {
		return nil, err
	}
	if to > from.Add(366) {
		return nil, errs.New(errs.Invalid, "一次最多取一年。", "A year at most.").At("to")
	}
	found, err := supervise.Duties(ctx, c.House.DB, c.District, from, to)
	var all []Duty
	for _, one := range found {
		all = append(all, dutyOf(c, one))
	}
	return frame.WholeOf(all, err)
}

func enterDuty(ctx context.Context, c *frame.Caller, in *newDutyInput) (*frame.Output[Duty], error) {
	if err := rosters(c); err != nil {
		return nil, err
	}
	b := in.Body
	duty, err := frame.Written(ctx, c, func(tx *db.Tx) (supervise.Duty, error) {
		return supervise.EnterDuty(ctx, tx, c.District, supervise.DutyForm{Day: b.Day, Hours: b.Hours, Area: b.Area, Unit: b.Unit, Login: b.Login, Phone: b.Phone})
	})
	if err != nil {
		return nil, err
	}
	return frame.Reply(dutyOf(c, duty), nil)
}

func removeDuty(ctx context.Context, c *frame.Caller, in *dutyInput) (*struct{}, error) {
	if err := rosters(c); err != nil {
		return nil, err
	}
	return frame.Done(ctx, c, func(tx *db.Tx) error { return supervise.RemoveDuty(ctx, tx, c.District, in.Duty) })
}
