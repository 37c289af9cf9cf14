package admin

import (
	"net/http"
	"net/url"
	"strconv"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/retain"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

const (
	retentionPath = home + "/retention"
	registerPath  = home + "/register"
)

// removalsShown is how many batches the page lists.
const removalsShown = 50

// retentionView is what would go tonight, what went, and what holds keep.
type retentionView struct {
	Lines    []retain.Line
	Removals []retain.Removal
	Holds    []retain.Hold
	Form     url.Values
	Problems map[string]string
	Mistakes []ui.FieldError
}

func retention(v *page.View) error { return retentionView{}.show(v, http.StatusOK) }

func (s retentionView) show(v *page.View, status int) (err error) {
	ctx, r := v.Context(), v.House.DB
	if s.Lines, err = retain.Preview(ctx, r, v.District, v.Now); err != nil {
		return err
	}
	if s.Removals, err = retain.Removals(ctx, r, v.District.Code, v.Now.AddDate(-1, 0, 0), v.Now.AddDate(0, 0, 1), removalsShown); err != nil {
		return err
	}
	if s.Holds, err = retain.Holds(ctx, r, v.District.Code, v.Now, true); err != nil {
		return err
	}
	return show(v, status, head{
		Title: v.Say("保存期限", "Retention"), At: "/retention",
		Said: v.Say("每晚把过了期限的清理掉。这里先看今晚会清理什么，什么因为法律要求留着。", "What is past its time goes each night. Here is what would go tonight, and what stays because a law asks for it."),
	}, retentionPage(v, s))
}

// putHold begins a hold, of a case by its number or of a person by theirs.
func putHold(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	form := v.R.PostForm
	h, err := holdOf(v, form)
	if err == nil {
		err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
			_, err := retain.Put(v.Context(), tx, v.District, v.Acting(rights.HoldKeep, 0).By, h)
			return err
		})
	}
	if err == nil {
		return v.GoSaying(retentionPath, "保留设好了。", "The hold is put.")
	}
	s := retentionView{Form: form}
	var ok bool
	if s.Problems, s.Mistakes, ok = v.FieldErrors(err); !ok {
		return err
	}
	return s.show(v, page.Status(err))
}

// holdOf reads the form. The number of a person is turned into its blind index
// and goes nowhere else.
func holdOf(v *page.View, form url.Values) (h retain.Hold, err error) {
	h = retain.Hold{Kind: retain.Kind(form.Get("kind")), Why: form.Get("why"), Basis: form.Get("basis")}
	if day, err := clock.ParseDate(form.Get("until")); err == nil {
		h.Until = day.Add(1).Start(v.Zone())
	}
	ref := form.Get("ref")
	if h.Kind == retain.OfPerson {
		phone, err := ident.ParsePhone(ref)
		if err != nil {
			return h, errs.New(errs.Invalid, "请写 11 位手机号。", "Please write a mobile number of 11 digits.").At("ref")
		}
		h.Ref = v.House.Desk.PhoneIndex(string(phone))
		return h, nil
	}
	number, err := ident.ParseNumber(ref)
	if err != nil {
		return h, errs.New(errs.Invalid, "请写件的编号。", "Please write the number of the case.").At("ref")
	}
	c, err := casework.ByNumber(v.Context(), v.House.DB, v.District.Code, string(number))
	if errs.KindOf(err) == errs.NotFound {
		return h, errs.New(errs.Invalid, "没有这个编号。", "There is no such number.").At("ref")
	}
	h.Ref = string(c.ID)
	return h, err
}

// liftHold ends a hold before its day.
func liftHold(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return retain.Lift(v.Context(), tx, v.District, v.Acting(rights.HoldKeep, 0).By, retain.HoldID(v.R.PathValue("id")), v.R.PostForm.Get("why"))
	})
	if err != nil {
		return err
	}
	return v.GoSaying(retentionPath, "保留解除了。", "The hold is lifted.")
}

// register is every stored column with its purpose and ground.
func register(v *page.View) error {
	return show(v, http.StatusOK, head{
		Title: v.Say("信息登记表", "Register of fields"), At: "/register",
		Said: v.Say("每张表每一列：谁的、多敏感、为什么存、依据什么、多久。可以打印。", "Every table and column: whose, how sensitive, what for, on which ground, for how long. It may be printed."),
	}, page.Register(v, registerPath, v.R.URL.Query().Get("q")))
}

func (s retentionView) field(name, label string) ui.Field {
	return ui.Field{ID: "hold-" + name, Name: name, Label: label, Value: s.Form.Get(name), Err: s.Problems[name], Required: true}
}

// cells is one line of what would go tonight.
func lineCells(v *page.View, l retain.Line) []ui.Cell {
	held, span, goes := 0, v.Say("一直保存", "for good"), strconv.Itoa(l.Goes)
	for _, n := range l.Held {
		held += n
	}
	if !l.Before.IsZero() {
		span = l.Rule.For.Text().In(v.Lang)
	}
	if l.More {
		goes = v.Say("%d 以上", "over %d", l.Goes)
	}
	return []ui.Cell{{Text: l.Rule.Title.In(v.Lang), Sub: l.What}, {Text: span, Sub: l.Rule.Basis.In(v.Lang)}, {Text: goes, Right: true}, {Text: strconv.Itoa(held), Right: true}}
}

func removalCells(v *page.View, m retain.Removal) []ui.Cell {
	title := m.Rule
	if k, ok := v.District.Catalogue.Privacy().KeepOf(m.Rule); ok {
		title = k.Title.In(v.Lang)
	}
	return []ui.Cell{{Text: v.MomentText(m.At)}, {Text: title, Sub: m.What}, {Text: m.Span, Sub: m.Version}, {Text: strconv.Itoa(m.Many), Right: true}}
}
