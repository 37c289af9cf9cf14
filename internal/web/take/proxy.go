package take

import (
	"net/http"
	"slices"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/ident"
	"linli/internal/procedure"
	"linli/internal/resident"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// proxyForm is an authority to act for somebody, as the clerk takes it down, and
// what runs already for the person's number.
type proxyForm struct {
	Agent, Phone, Name, Until, Born string
	Relation                        resident.Relation
	Deeds                           []resident.Deed
	Paper                           resident.Paper
	Find                            string
	Running                         []resident.Proxy
	Looked                          bool
	Errs                            map[string]string
	Mistakes                        []ui.FieldError
}

// witness is the reader's post that sees the papers at the counter.
func witness(v *page.View) procedure.Actor { return v.Acting(rights.ProxyKeep, 0).By }

func proxyPage(v *page.View) error {
	return v.Show(http.StatusOK, proxyView(v, proxyForm{Deeds: resident.Deeds()}))
}

// recordProxy keeps an authority, or finds what runs for a number.
func recordProxy(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	f := readProxy(v)
	if v.R.PostForm.Get("do") == "find" {
		if err := f.find(v); err != nil {
			return err
		}
		return v.Show(http.StatusOK, proxyView(v, f))
	}
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := v.House.Residents.Witness(v.Context(), tx, v.District.Code, f.witnessed(witness(v)), v.Zone(), v.Lang)
		return err
	})
	if err == nil {
		return v.GoSaying("/desk/take/proxy", "登记好了。代办人用自己的手机登录，就看得到。", "Recorded. Who acts signs in with their own phone and sees it.")
	}
	fields, list, ok := v.FieldErrors(err)
	if !ok {
		return err
	}
	for i := range list {
		list[i].Label = proxyLabel(v, list[i].ID)
	}
	f.Errs, f.Mistakes = fields, list
	return v.Show(page.Status(err), proxyView(v, f))
}

func readProxy(v *page.View) proxyForm {
	q := v.R.PostForm
	f := proxyForm{
		Agent: q.Get("agent"), Phone: q.Get("phone"), Name: q.Get("name"), Until: q.Get("until"), Born: q.Get("born"), Find: q.Get("find"),
		Relation: resident.Relation(q.Get("relation")), Paper: resident.Paper(q.Get("paper")), Deeds: []resident.Deed{resident.See},
	}
	for _, d := range q["deeds"] {
		if resident.Deed(d) != resident.See {
			f.Deeds = append(f.Deeds, resident.Deed(d))
		}
	}
	return f
}

// find looks up what runs for a number, whichever side it is on.
func (f *proxyForm) find(v *page.View) error {
	f.Deeds = resident.Deeds()
	phone, err := ident.ParsePhone(f.Find)
	if err != nil {
		f.Errs = map[string]string{"find": v.Say("写全号码，11 位。", "Write the whole number, 11 digits.")}
		return nil
	}
	f.Looked = true
	f.Running, err = v.House.Residents.Between(v.Context(), v.House.DB, v.District.Code, string(phone), v.Now)
	return err
}

// witnessed is the form as the register takes it. A number that cannot be read
// is left as it is typed, for the register to refuse beside the other faults.
func (f proxyForm) witnessed(by procedure.Actor) resident.Witnessed {
	return resident.Witnessed{
		Terms: resident.Terms{Relation: f.Relation, Deeds: f.Deeds, Until: clock.Date(f.Until)},
		Agent: phoneOf(f.Agent), Principal: phoneOf(f.Phone), Name: f.Name, Born: clock.Date(f.Born), Paper: f.Paper, Person: by.Person, Post: by.Post,
	}
}

func phoneOf(typed string) ident.Phone {
	if p, err := ident.ParsePhone(typed); err == nil {
		return p
	}
	return ident.Phone(typed)
}

// endProxy ends an authority for somebody at the counter.
func endProxy(v *page.View) error {
	by := witness(v)
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return resident.EndAtCounter(v.Context(), tx, v.District.Code, resident.ProxyID(v.R.PathValue("proxy")), by.Person, by.Post)
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/desk/take/proxy", "结束了，从现在起不能再代办。", "It has ended; nothing more can be done by it from now on.")
}

func proxyLabel(v *page.View, field string) string {
	switch field {
	case "agent":
		return v.Say("代办人的手机号", "Number of who acts")
	case "phone":
		return v.Say("本人的手机号", "The person's number")
	case "name":
		return v.Say("本人的称呼", "The person's name")
	case "relation":
		return v.Say("关系", "Relation")
	case "deeds":
		return v.Say("可以代办的", "What may be done")
	case "until":
		return v.Say("到哪天为止", "Last day")
	case "paper":
		return v.Say("看过的证件", "Paper seen")
	case "born":
		return v.Say("孩子的出生日期", "The child's day of birth")
	}
	return label(v, field)
}

func relations(v *page.View) (all []ui.Option) {
	for _, r := range append(resident.Relations(), resident.Guardian) {
		o := ui.Option{Value: string(r), Label: r.Title().In(v.Lang)}
		if r == resident.Guardian {
			o.Label = v.Say("监护人（孩子不满十四周岁）", "guardian (of a child under fourteen)")
		}
		all = append(all, o)
	}
	return all
}

func papers(v *page.View) (all []ui.Option) {
	add := func(group string, some []resident.Paper) {
		for _, p := range some {
			if !slices.ContainsFunc(all, func(o ui.Option) bool { return o.Value == string(p) }) {
				all = append(all, ui.Option{Value: string(p), Label: p.Title().In(v.Lang), Group: group})
			}
		}
	}
	add(v.Say("替成年人办", "For a grown-up"), resident.Papers(false))
	add(v.Say("替不满十四周岁的孩子办（户口簿也可以）", "For a child under fourteen (the household register too)"), resident.Papers(true))
	return all
}
