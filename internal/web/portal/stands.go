package portal

import (
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/resident"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// deedOf is what acting on a case as its reporter comes to, for the authority of
// somebody who acts for another: handing in what is asked for, or saying how it
// went.
func deedOf(v *page.View, c casework.Case) resident.Deed {
	if _, supplement := v.Awaits(c); supplement {
		return resident.Supplement
	}
	return resident.Rate
}

// actingFor is whose case this is where the reader acts for another; empty for
// one's own.
func actingFor(s page.Stands) string {
	if s.For == nil {
		return ""
	}
	return s.For.Resident.Masked()
}

// asMe and asNobody are how a signed-in reader may report beside in another
// person's name, for which the field holds the proxy.
const (
	asMe     = "me"
	asNobody = "nobody"
)

// sender fills in who reports: the resident who has signed in, a person the
// resident acts for, or nobody. A secret report is never tied to an account: it
// holds what is typed into it and nothing else.
func (w *wizard) sender(v *page.View) (from resident.Resident, by *resident.Principal, err error) {
	if v.Resident == nil || w.As == "" || w.As == asNobody || w.matter(v).Secret {
		return resident.Resident{}, nil, nil
	}
	if w.As == asMe {
		return *v.Resident, nil, nil
	}
	all, err := v.Principals()
	if err != nil {
		return resident.Resident{}, nil, err
	}
	for i, p := range all {
		if string(p.ID) != w.As || !p.Allows(resident.Report, v.Now) {
			continue
		}
		of := p.Resident
		if of.Phone == "" {
			of.Phone = v.Resident.Phone // a child without one is reached through its guardian
		}
		return of, &all[i], nil
	}
	return resident.Resident{}, nil, errs.New(errs.Forbidden, "这项代办权限已经没有了，请和本人联系。", "This authority to act for somebody is no longer there; please talk to the person.")
}

// asOptions are in whose name a reader who has signed in can report.
func asOptions(v *page.View, s sendView) []ui.Option {
	all := []ui.Option{{Value: asMe, Label: v.Say("我，用登录的手机 %s", "Mine, with the phone I signed in with: %s", v.Resident.Phone.Mask())}}
	for _, p := range s.Acts {
		all = append(all, ui.Option{Value: string(p.ID), Label: v.Say("替%s报", "For %s", p.Resident.Masked()), Hint: v.Say("记在本人名下，本人看得到", "In that person's name, who can see it")})
	}
	return append(all, ui.Option{Value: asNobody, Label: v.Say("不留姓名和电话", "Nobody's"), Hint: v.Say("不记到您的账号，凭编号和取件码查", "Not tied to your account; followed by number and secret word")})
}

// principals are the persons for whom the reader may report.
func principals(v *page.View) (some []resident.Principal, err error) {
	all, err := v.Principals()
	for _, p := range all {
		if p.Allows(resident.Report, v.Now) {
			some = append(some, p)
		}
	}
	return some, err
}
