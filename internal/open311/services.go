package open311

import (
	"strconv"
	"strings"

	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/georeport"
	"linli/internal/lang"
)

// services lists the matters that can be reported today. A matter is known at
// once by its number, so each is realtime.
func (d *door) services(c *call) (any, error) {
	all := georeport.Services{}
	for _, m := range c.District.Catalogue.Matters() {
		if !c.offers(m) {
			continue
		}
		_, asks := c.questions(m)
		all = append(all, georeport.Service{
			Code: georeport.Text(m.Code), Name: c.say(m.Title), Description: c.say(m.Filing), Metadata: georeport.Flag(asks),
			Type: georeport.Realtime, Keywords: georeport.Text(strings.Join(m.Words, ", ")), Group: c.say(c.District.Catalogue.Title(c.District.Catalogue.Major(m.Code))),
		})
	}
	return all, nil
}

// offers reports whether a case can be about a matter today.
func (c *call) offers(m catalogue.Matter) bool {
	return c.District.Catalogue.Selectable(m.Code) && m.ValidOn(c.District.Day)
}

// questions is the form of a matter, if it has one that asks anything.
func (c *call) questions(m catalogue.Matter) (*catalogue.Form, bool) {
	f, ok := c.District.Catalogue.Form(m.Form)
	return f, ok && len(f.Fields) > 0
}

func (c *call) say(t lang.Text) georeport.Text { return georeport.Text(t.In(c.Lang)) }

// matter is the matter of a service code.
func (c *call) matter(code string) (catalogue.Matter, error) {
	m, ok := c.District.Catalogue.Matter(code)
	if !ok || !c.offers(m) {
		return m, errs.New(errs.NotFound, "没有这个 service_code。", "There is no such service_code.").At("service_code")
	}
	return m, nil
}

// definition gives the questions of a matter's form.
func (d *door) definition(c *call) (any, error) {
	m, err := c.matter(c.id)
	if err != nil {
		return nil, err
	}
	def := georeport.Definition{Code: georeport.Text(m.Code), Attributes: georeport.Attributes{}}
	f, ok := c.questions(m)
	if !ok {
		return def, nil
	}
	for i, field := range f.Fields {
		def.Attributes = append(def.Attributes, c.attribute(field, i+1))
	}
	return def, nil
}

// attribute is one question as the standard has it: true or false is a list of
// two, since the standard has no type for it.
func (c *call) attribute(f catalogue.Field, order int) georeport.Attribute {
	a := georeport.Attribute{
		Variable: true, Code: georeport.Text(f.Name), Datatype: georeport.String, Required: georeport.Flag(f.Required),
		Order: georeport.Whole(order), Description: c.say(f.Title), DatatypeDescription: c.say(f.Help),
	}
	for _, choice := range f.Choices {
		a.Datatype = georeport.SingleList
		a.Values = append(a.Values, georeport.Value{Key: georeport.Text(choice.Value), Name: c.say(choice.Title)})
	}
	switch {
	case len(f.Choices) > 0:
	case f.Type == "integer" || f.Type == "number":
		a.Datatype = georeport.Number
	case f.Type == "boolean":
		a.Datatype = georeport.SingleList
		a.Values = georeport.Values{{Key: "true", Name: c.say(yes)}, {Key: "false", Name: c.say(no)}}
	case f.Format == "date" || f.Format == "date-time":
		a.Datatype = georeport.Datetime
	case f.Max > linesFrom:
		a.Datatype = georeport.Lines
	}
	if a.DatatypeDescription == "" && f.Max > 0 && a.Datatype == georeport.String {
		a.DatatypeDescription = c.say(lang.T("最多 %s 个字", "at most %s characters", strconv.Itoa(f.Max)))
	}
	return a
}

// linesFrom is how long an answer must be allowed to be to have lines.
const linesFrom = 200

var (
	yes = lang.T("是", "yes")
	no  = lang.T("否", "no")
)
