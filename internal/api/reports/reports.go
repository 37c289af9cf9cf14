package reports

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/rights"
)

// NewReport is what a system sends.
type NewReport struct {
	Sender  string        `json:"sender,omitempty" maxLength:"50" doc:"您那边的编号；同一个编号只成一件 · Your own reference; the same one makes one report"`
	Text    string        `json:"text,omitempty" maxLength:"2000" doc:"什么事；没有 text 就要有 matter · What it is about; needed unless matter says it"`
	Matter  string        `json:"matter,omitempty" maxLength:"40" doc:"事项代码；不写就按 text 猜 · A matter's code; guessed from text where empty"`
	Address string        `json:"address,omitempty" maxLength:"200" doc:"地址 · The address"`
	Lon     *float64      `json:"lon,omitempty" minimum:"-180" maximum:"180" doc:"经度，和 lat 一起写 · Longitude, together with lat"`
	Lat     *float64      `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"纬度 · Latitude"`
	Datum   string        `json:"datum,omitempty" maxLength:"20" doc:"坐标系：cgcs2000（不写就是它）、wgs84、gcj02、bd09 · The datum of lon and lat; cgcs2000 where empty"`
	Area    string        `json:"area,omitempty" maxLength:"15" doc:"没有坐标时的区域代码 · The code of an area, where there is no point"`
	Danger  bool          `json:"danger,omitempty" doc:"有没有危险 · Whether anybody is in danger"`
	Secret  bool          `json:"secret,omitempty" doc:"本人要求保密 · The person asks to be kept secret"`
	Attach  string        `json:"attach,omitempty" maxLength:"60" doc:"并到哪一件：id 或编号，要看得到它 · The case it is about, by id or number, which the key must see"`
	Name    string        `json:"name,omitempty" maxLength:"50" doc:"怎么称呼 · The person's name"`
	Phone   string        `json:"phone,omitempty" maxLength:"40" doc:"电话 · The person's telephone"`
	Lang    string        `json:"lang,omitempty" enum:"zh,en" doc:"用什么语言告诉本人 · The language to tell the person in"`
	Photos  []shape.Photo `json:"photos,omitempty" maxItems:"9" doc:"照片，每张不超过 10 MB · Photos of up to 10 MB each"`
}

// Report is a report as its sender sees it.
type Report struct {
	ID         string     `json:"id"`
	Sender     string     `json:"sender,omitempty" doc:"您那边的编号 · Your own reference"`
	ReceivedAt time.Time  `json:"received_at"`
	Flag       string     `json:"flag,omitempty" enum:"placeholder,outside" doc:"坐标是占位值，或在区外 · The point is a placeholder, or outside the district"`
	Case       ReportCase `json:"case"`
}

// ReportCase is the case of a report as the sender follows it.
type ReportCase struct {
	ID       string       `json:"id"`
	Number   string       `json:"number" doc:"念得出来的编号 · The number to be read over the phone"`
	Matter   frame.Named  `json:"matter"`
	State    string       `json:"state" enum:"open,closed,answered,rejected,merged"`
	Status   frame.Text   `json:"status" doc:"居民看到的话 · In the words a resident reads"`
	Unit     *frame.Named `json:"unit,omitempty" doc:"承办单位 · The unit that deals with it"`
	Place    shape.Place  `json:"place"`
	OpenedAt time.Time    `json:"opened_at"`
	Due      *time.Time   `json:"due,omitempty" doc:"答应的期限 · The promised date"`
	ClosedAt *time.Time   `json:"closed_at,omitempty"`
}

type newReportInput struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"50" doc:"没有 sender 时代替它 · Stands in for sender where there is none"`
	Body           NewReport
}

type newReportOutput struct {
	Status int
	Body   Report
}

type reportInput struct {
	ID string `path:"id" maxLength:"36"`
}

// The tag of what people send, and what of it they may follow.
const tag = "reports"

// Operations adds all that is about reports.
func Operations(d *frame.Door) {
	send := frame.Bodied(frame.Told("send-report", http.MethodPost, "/reports", tag, "报一件事 · Send a report",
		"收下后回 201。同一个 sender 或 Idempotency-Key 再发，不会多出一件，回 200 和一样的内容。JSON 最多 16 MB；照片多时用 multipart/form-data，字段名相同，照片放在 photos 里。"+
			" · Answers 201 once it is on disk. The same sender or Idempotency-Key again makes nothing new and answers 200 with the same. JSON may hold 16 MB; for more photos send multipart/form-data with the same names, the files under photos."))
	send.DefaultStatus = http.StatusCreated
	send.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{frame.FormType: {Schema: formSchema()}}}
	send.Responses["200"] = &huma.Response{
		Description: "早就收到了 · It had been received before",
		Content:     map[string]*huma.MediaType{"application/json": {Schema: d.Schema(reflect.TypeFor[Report]())}},
	}
	frame.Register(d, send, rights.ReportReceive, sendReport)
	d.Form("/reports", rights.ReportReceive, takeForm)
	frame.Register(d, frame.Told("read-report", http.MethodGet, "/reports/{id}", tag, "一件来件办到哪了 · How a report stands",
		"只看得到自己发来的。 · Only those this system sent."), rights.ReportReceive, readReport)
	lookOperations(d)
	trackOperations(d)
}

func sendReport(ctx context.Context, c *frame.Caller, in *newReportInput) (*newReportOutput, error) {
	s, err := addressed(ctx, c, in.Body, in.IdempotencyKey)
	if err != nil {
		return nil, err
	}
	if s.Photos, err = shape.KeepPhotos(ctx, c, in.Body.Photos); err != nil {
		return nil, err
	}
	return receive(ctx, c, s)
}

// receive takes a sending in and answers with the report as it then stands.
func receive(ctx context.Context, c *frame.Caller, s intake.Sending) (*newReportOutput, error) {
	receipt, err := c.House.Desk.Receive(ctx, c.District, s)
	if err != nil {
		return nil, err
	}
	out := &newReportOutput{Status: http.StatusCreated, Body: reportOf(c, receipt.Sent, receipt.Case)}
	if receipt.Again {
		out.Status = http.StatusOK
	}
	return out, nil
}

func readReport(ctx context.Context, c *frame.Caller, in *reportInput) (*frame.Output[Report], error) {
	missing := errs.New(errs.NotFound, "没有这个来件。", "There is no such report.")
	if uuid.Validate(in.ID) != nil {
		return nil, missing
	}
	r, err := casework.ReportByID(ctx, c.House.DB, c.District.Code, strings.ToLower(in.ID))
	if errs.KindOf(err) == errs.NotFound || err == nil && !sent(c, r) {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	one, err := casework.ByID(ctx, c.House.DB, c.District.Code, r.Case)
	if err != nil {
		return nil, err
	}
	return frame.Reply(reportOf(c, r, one), nil)
}

// addressed is what was sent, with the case it is said to be about and, by a key
// that acts, who takes it down.
func addressed(ctx context.Context, c *frame.Caller, in NewReport, idempotency string) (intake.Sending, error) {
	s, err := sending(c, in, idempotency)
	if err != nil {
		return s, err
	}
	if c.Reader != nil {
		s.By = c.Acting(rights.ReportReceive, 0).By
	}
	if in.Attach == "" {
		return s, nil
	}
	one, _, err := c.FindCase(ctx, in.Attach)
	for _, e := range errs.Each(err) {
		return s, e.At("attach")
	}
	s.Attach = one.ID
	return s, err
}

// sending is what a system sent, as intake takes it.
func sending(c *frame.Caller, in NewReport, idempotency string) (intake.Sending, error) {
	s := intake.Sending{
		Channel: intake.Machine, Text: in.Text, Matter: strings.TrimSpace(in.Matter), Address: in.Address, Area: strings.TrimSpace(in.Area),
		Danger: in.Danger, Secret: in.Secret, Name: in.Name, Phone: in.Phone, Lang: lang.Parse(in.Lang),
	}
	reference := strings.TrimSpace(in.Sender)
	if reference == "" {
		reference = strings.TrimSpace(idempotency)
	}
	if reference == "" {
		reference = uuid.NewString() // so that the report is still known as this system's
	}
	s.Sender = prefix(c) + reference
	if s.Area != "" && !c.District.Areas.Known(s.Area) {
		return s, errs.New(errs.Invalid, "没有这个区域：%s", "There is no such area: %s", frame.Short(s.Area)).At("area")
	}
	if (in.Lon == nil) != (in.Lat == nil) {
		return s, errs.New(errs.Invalid, "lon 和 lat 要一起写。", "lon and lat go together.").At("lon")
	}
	if in.Lon == nil {
		return s, nil
	}
	point, err := shape.PointOf(c.District, *in.Lon, *in.Lat, in.Datum)
	s.Point = point
	return s, err
}

// prefix keeps the references of one system apart from those of others. It is
// the name of the system and not its key, so that a new key goes on with them;
// a name holds no slash here, so that no reference can reach into another.
func prefix(c *frame.Caller) string {
	name := []rune(strings.ReplaceAll(c.Key.Name, "/", "_"))
	return string(name[:min(len(name), 40)]) + "/"
}

// sent reports whether the calling system sent a report.
func sent(c *frame.Caller, r casework.Report) bool {
	return r.Channel == string(intake.Machine) && strings.HasPrefix(r.Sender, prefix(c))
}

func reportOf(c *frame.Caller, r casework.Report, one casework.Case) Report {
	d := c.District
	return Report{
		ID: r.ID, Sender: strings.TrimPrefix(r.Sender, prefix(c)), ReceivedAt: r.At, Flag: r.Flag,
		Case: ReportCase{
			ID: string(one.ID), Number: one.Number, Matter: frame.Name(one.Matter, d.Catalogue.Title(one.Matter)),
			State: string(one.State), Status: shape.StatusOf(d, one), Unit: shape.UnitOf(d, one.Unit), Place: shape.PlaceOf(d, one.Place),
			OpenedAt: one.OpenedAt, Due: frame.At(one.Due), ClosedAt: frame.At(one.ClosedAt),
		},
	}
}
