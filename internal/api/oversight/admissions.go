package oversight

import (
	"context"
	"net/http"
	"slices"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/supervise"
)

// Admission is a duty that grids and communities take over, for a time.
type Admission struct {
	ID         string        `json:"id"`
	Matter     string        `json:"matter,omitempty"`
	Duty       frame.Text    `json:"duty"`
	ProposedBy *frame.Named  `json:"proposed_by,omitempty"`
	Basis      string        `json:"basis,omitempty"`
	Units      []frame.Named `json:"units"`
	Minutes    int           `json:"minutes" doc:"一个站每月花多少分钟 · Of one station's time in a month"`
	Forms      string        `json:"forms,omitempty" doc:"要填哪些表 · Which forms it takes"`
	From       string        `json:"valid_from,omitempty"`
	To         string        `json:"valid_to,omitempty"`
	State      frame.Named   `json:"state"`
	ApprovedBy string        `json:"approved_by,omitempty" doc:"谁批的 · The body that approved it"`
	ApprovedOn string        `json:"approved_on,omitempty" format:"date"`
	Reason     string        `json:"reason,omitempty" doc:"为什么没批，或者为什么停 · Why it was declined or ended"`
}

// NewAdmission proposes a duty for the list.
type NewAdmission struct {
	Matter     string   `json:"matter,omitempty" maxLength:"40" doc:"事项代码，或代码的开头 · A code of the catalogue, or how codes begin"`
	Duty       string   `json:"duty" minLength:"1" maxLength:"200"`
	DutyEN     string   `json:"duty_en,omitempty" maxLength:"200"`
	ProposedBy string   `json:"proposed_by" maxLength:"40" doc:"本来是哪家的事 · The unit whose duty it is otherwise"`
	Basis      string   `json:"basis" maxLength:"500"`
	Units      []string `json:"units,omitempty" maxItems:"200" doc:"交给哪些站；不写是全部 · The stations; all of them where empty"`
	Minutes    int      `json:"minutes" minimum:"0" maximum:"100000"`
	Forms      string   `json:"forms,omitempty" maxLength:"500"`
	From       string   `json:"valid_from" format:"date"`
	To         string   `json:"valid_to,omitempty" format:"date"`
}

// AdmissionDeed is what is decided about a duty.
type AdmissionDeed struct {
	Do         string `json:"do" enum:"approve,decline,end"`
	ApprovedBy string `json:"approved_by,omitempty" maxLength:"200" doc:"approve：谁批的 · approve: the body that approved it"`
	Reason     string `json:"reason,omitempty" maxLength:"2000" doc:"decline 和 end 要写 · Needed to decline or end"`
	Last       string `json:"last,omitempty" format:"date" doc:"end：最后一天 · end: its last day"`
}

// Burden is what the duties of a day cost one station in a month.
type Burden struct {
	Unit    frame.Named `json:"unit"`
	Duties  int         `json:"duties"`
	Minutes int         `json:"minutes"`
	Forms   int         `json:"forms"`
}

type (
	admissionsInput struct {
		Matter     string `query:"matter" maxLength:"40" doc:"和这个事项的件有关的 · What bears on cases of this matter"`
		ProposedBy string `query:"proposed_by" maxLength:"40"`
		Unit       string `query:"unit" maxLength:"40" doc:"交给这个站的 · For this station"`
		State      string `query:"state" enum:"proposed,approved,declined"`
		On         string `query:"on" format:"date" doc:"那天有效的 · In force on a day"`
	}
	newAdmissionInput  struct{ Body NewAdmission }
	admissionDeedInput struct {
		Admission string `path:"admission" maxLength:"60"`
		Body      AdmissionDeed
	}
	burdensInput struct {
		On string `query:"on" format:"date" doc:"哪一天；不写是今天 · The day; today where empty"`
	}
)

func admissionOperations(d *frame.Door) {
	frame.Register(d, frame.Told("list-admissions", http.MethodGet, "/admissions", tag, "准入清单 · The admission list", "没定的在前。密钥要有 case.see 或 admission.keep。 · Those not decided first. The key needs case.see or admission.keep."), frame.AnyKey, listAdmissions)
	frame.Register(d, frame.Told("list-burdens", http.MethodGet, "/admissions/burdens", tag, "各站的负担 · What it costs the stations",
		"清单上的事一个月花各社区站多少时间、几张表，多的在前。密钥要有 case.see 或 admission.keep。 · What the duties of a day cost each community station in a month, the heaviest first. The key needs case.see or admission.keep."), frame.AnyKey, listBurdens)
	frame.Acting(d, frame.Told("propose-admission", http.MethodPost, "/admissions", tag, "提一项准入 · Propose a duty",
		"单位负责人替本单位提；有 admission.keep 的替谁都能提。 · The head of a unit proposes for it; who has admission.keep for any."), frame.AnyKey, proposeAdmission)
	frame.Acting(d, frame.Told("act-on-admission", http.MethodPost, "/admissions/{admission}/acts", tag, "批、不批、停 · Approve, decline or end a duty",
		"提的人不能批，单位不能批自己的。 · Whoever proposed it does not approve it, and no unit its own."), rights.AdmissionKeep, actOnAdmission)
}

func admissionOf(c *frame.Caller, m supervise.Admission) Admission {
	return Admission{
		ID: m.ID, Matter: m.Matter, Duty: frame.TextOf(m.Duty), ProposedBy: shape.UnitOf(c.District, m.ProposedBy), Basis: m.Basis, Units: units(c, m.Units), Minutes: m.Minutes, Forms: m.Forms,
		From: string(m.From), To: string(m.To), State: frame.Name(m.State, m.State.Text()), ApprovedBy: m.ApprovedBy, ApprovedOn: string(m.ApprovedOn), Reason: m.Reason,
	}
}

func listAdmissions(ctx context.Context, c *frame.Caller, in *admissionsInput) (*frame.Output[frame.Whole[Admission]], error) {
	on, err := frame.DateOr(in.On, "", "on")
	if err == nil {
		err = c.Needs(rights.CaseSee, rights.AdmissionKeep)
	}
	if err != nil {
		return nil, err
	}
	found, err := supervise.Admissions(ctx, c.House.DB, c.District.Code, supervise.AdmissionFilter{
		Matter: in.Matter, ProposedBy: in.ProposedBy, Unit: in.Unit, State: supervise.AdmissionState(in.State), On: on,
	})
	var all []Admission
	for _, m := range found {
		all = append(all, admissionOf(c, m))
	}
	return frame.WholeOf(all, err)
}

func listBurdens(ctx context.Context, c *frame.Caller, in *burdensInput) (*frame.Output[frame.Whole[Burden]], error) {
	on, err := frame.DateOr(in.On, c.District.Day, "on")
	if err == nil {
		err = c.Needs(rights.CaseSee, rights.AdmissionKeep)
	}
	if err != nil {
		return nil, err
	}
	var stations []string
	for _, u := range c.District.Org.UnitsByKind(org.CommunityStation) {
		if u.ValidOn(on) {
			stations = append(stations, string(u.ID))
		}
	}
	duties, err := supervise.Admissions(ctx, c.House.DB, c.District.Code, supervise.AdmissionFilter{})
	var all []Burden
	for _, b := range supervise.Burdens(duties, stations, on) {
		all = append(all, Burden{*shape.UnitOf(c.District, b.Unit), b.Duties, b.Minutes, b.Forms})
	}
	return frame.WholeOf(all, err)
}

// proposes reports whether a post lets the caller propose: the head of a unit by
// that, anybody else by the right to keep the list, which the key has to have.
func proposes(c *frame.Caller, by procedure.Actor) error {
	if by.Role != procedure.UnitLead {
		if err := c.Needs(rights.AdmissionKeep); err != nil {
			return err
		}
	}
	return supervise.Admission{}.May(c.District, by, supervise.ActPropose)
}

func proposeAdmission(ctx context.Context, c *frame.Caller, in *newAdmissionInput) (*frame.Output[Admission], error) {
	b := in.Body
	if err := c.Needs(rights.CaseSee, rights.AdmissionKeep); err != nil {
		return nil, err
	}
	may := func(by procedure.Actor) error { return proposes(c, by) }
	if !slices.ContainsFunc(c.Actors(), func(by procedure.Actor) bool { return may(by) == nil }) {
		return nil, may(c.Acting(rights.AdmissionKeep, 0).By)
	}
	m := supervise.Admission{
		Matter: b.Matter, Duty: lang.Text{ZH: b.Duty, EN: b.DutyEN}, ProposedBy: b.ProposedBy, Basis: b.Basis, Units: b.Units, Minutes: b.Minutes, Forms: b.Forms,
	}
	var err error
	if m.From, err = frame.DateOr(b.From, "", "valid_from"); err != nil {
		return nil, err
	}
	if m.To, err = frame.DateOr(b.To, "", "valid_to"); err != nil {
		return nil, err
	}
	proposed, err := frame.Written(ctx, c, func(tx *db.Tx) (supervise.Admission, error) {
		return supervise.ProposeAdmission(ctx, tx, c.ActingWhere(rights.AdmissionKeep, may), m)
	})
	if err != nil {
		return nil, err
	}
	return frame.Reply(admissionOf(c, proposed), nil)
}

func actOnAdmission(ctx context.Context, c *frame.Caller, in *admissionDeedInput) (*frame.Output[Admission], error) {
	last, err := frame.DateOr(in.Body.Last, "", "last")
	if err != nil {
		return nil, err
	}
	a := c.Acting(rights.AdmissionKeep, 0)
	m, err := frame.Written(ctx, c, func(tx *db.Tx) (supervise.Admission, error) {
		switch supervise.AdmissionAct(in.Body.Do) {
		case supervise.ActApprove:
			return supervise.ApproveAdmission(ctx, tx, a, in.Admission, in.Body.ApprovedBy)
		case supervise.ActDecline:
			return supervise.DeclineAdmission(ctx, tx, a, in.Admission, in.Body.Reason)
		}
		return supervise.EndAdmission(ctx, tx, a, in.Admission, last, in.Body.Reason)
	})
	if errs.KindOf(err) == errs.NotFound {
		err = errs.New(errs.NotFound, "准入清单上没有这一条。", "The admission list has no such duty.")
	}
	if err != nil {
		return nil, frame.Renamed(err, map[string]string{"to": "last"})
	}
	return frame.Reply(admissionOf(c, m), nil)
}
