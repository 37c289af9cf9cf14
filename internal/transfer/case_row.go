package transfer

import (
	"crypto/sha256"
	"math"
	"regexp"
	"strings"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/sheet"
)

// machine is the channel of a case whose source does not say how it came: from
// another system, which is true.
const machine = "machine"

var channelShape = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// historic checks one record. What is wrong with it is reported at its place,
// all of it at once; ok is false where it cannot be taken.
func (k *reader) historic(r *sheet.Record) (h casework.Historic, ok bool) {
	h = casework.Historic{
		Channel: r.Text("channel"), External: r.Text("external"), Via: r.Text("source"), File: r.File,
		Matter: r.Text("matter"), Kind: r.Text("kind"), Unit: r.Text("unit"), Text: r.Text("text"),
		Opened: r.Time("opened").Truncate(time.Microsecond), Closed: r.Time("closed").Truncate(time.Microsecond),
	}
	if h.Channel == "" {
		h.Channel = machine
	}
	k.once(r, h)
	k.known(r, h)
	k.dates(r, &h)
	k.verdict(r, &h)
	k.due(r, &h)
	k.place(r, &h)
	return h, !r.Bad()
}

// once refuses a number that stands twice in the file: which of the two would
// be the case is not for an import to guess.
func (k *reader) once(r *sheet.Record, h casework.Historic) {
	sum := sha256.Sum256([]byte(h.Channel + " " + h.External))
	key := [16]byte(sum[:16])
	if line := k.seen[key]; line > 0 {
		r.Fail(k.report, "external", "原编号“%s”重复，前一个在第 %d 行。", "The number “%s” is there twice; the other is on line %d.", h.External, line)
		return
	}
	k.seen[key] = int32(min(r.Line, math.MaxInt32))
}

// known refuses codes that the district does not have.
func (k *reader) known(r *sheet.Record, h casework.Historic) {
	if !k.to.Catalogue.Selectable(h.Matter) {
		r.Fail(k.report, "matter", "没有“%s”这个事项，或它只是分类。", "There is no matter “%s”, or it only gathers others.", h.Matter)
	} else if m, _ := k.to.Catalogue.Matter(h.Matter); !k.runs(m) {
		r.Fail(k.report, "matter", "事项“%s”的规程没有安装。", "The procedure of the matter “%s” is not installed.", h.Matter)
	}
	if h.Kind != "" && catalogue.Kind(h.Kind).Title().IsZero() {
		r.Fail(k.report, "kind", "没有“%s”这个类别。", "There is no kind “%s”.", h.Kind)
	}
	if code, err := area.ParseCode(r.Text("area")); r.Has("area") && (err != nil || !k.to.Areas.Known(string(code))) {
		r.Fail(k.report, "area", "没有“%s”这个区域。", "There is no area “%s”.", r.Text("area"))
	}
	if _, ok := k.to.Org.Unit(org.UnitID(h.Unit)); h.Unit != "" && !ok {
		r.Fail(k.report, "unit", "没有“%s”这个单位。", "There is no unit “%s”.", h.Unit)
	}
	if !channelShape.MatchString(h.Channel) {
		r.Fail(k.report, "channel", "渠道“%s”要写成小写代码，例如 hotline。", "The channel “%s” is a code in small letters, such as hotline.", h.Channel)
	}
}

func (k *reader) runs(m catalogue.Matter) bool {
	_, ok := k.to.Catalogue.Procedure(m.Procedure, "")
	return ok
}

// dates settles the state and refuses what cannot have been.
func (k *reader) dates(r *sheet.Record, h *casework.Historic) {
	if y := h.Opened.In(k.to.Calendar.Zone()).Year(); y < 2000 || y > 2099 {
		r.Fail(k.report, "opened", "受理时间在 %d 年，应在 2000 到 2099 年。", "It was opened in %d; only 2000 to 2099 are taken.", y)
	} else if h.Opened.After(k.now) {
		r.Fail(k.report, "opened", "受理时间在将来。", "It would be opened in the future.")
	}
	switch state := casework.State(strings.ToLower(r.Text("state"))); {
	case state == "" && r.Has("closed"):
		h.State = casework.Closed
	case state == "":
		h.State = casework.Running
	case state == casework.Running || state == casework.Closed || state == casework.Answered || state == casework.Rejected:
		h.State = state
	default:
		r.Fail(k.report, "state", "状态写 open、closed、answered 或 rejected，不是“%s”。", "The state is open, closed, answered or rejected, not “%s”.", string(state))
	}
	if !r.Has("closed") {
		return
	}
	switch {
	case h.State == casework.Running:
		r.Fail(k.report, "closed", "在办的不能有办结时间。", "A case that is open has no time of closing.")
	case h.Closed.Before(h.Opened):
		r.Fail(k.report, "closed", "办结早于受理。", "It was closed before it was opened.")
	case h.Closed.After(k.now):
		r.Fail(k.report, "closed", "办结时间在将来。", "It would be closed in the future.")
	}
}

// verdict takes the source's word on whether the case was in time.
func (k *reader) verdict(r *sheet.Record, h *casework.Historic) {
	switch strings.ToLower(r.Text("on_time")) {
	case "":
	case "yes", "1", "是":
		h.Judged, h.OnTime = true, true
	case "no", "0", "否":
		h.Judged = true
	default:
		r.Fail(k.report, "on_time", "按时写 yes 或 no，不是“%s”。", "On time is yes or no, not “%s”.", r.Text("on_time"))
	}
}

// due compares the promise that was given with the one the limit makes. The
// given one stands, since the resident was told it; that they differ is said.
func (k *reader) due(r *sheet.Record, h *casework.Historic) {
	if !r.Has("due") {
		return
	}
	h.Due = r.Time("due").Truncate(time.Microsecond)
	if h.Due.Before(h.Opened) {
		r.Fail(k.report, "due", "截止早于受理。", "It was due before it was opened.")
		return
	}
	own := casework.Promise(k.to, h.Matter, h.Opened)
	if r.Bad() || own.Equal(h.Due) {
		return
	}
	limit := lang.T("无时限", "no limit")
	if m, _ := k.to.Catalogue.Matter(h.Matter); !m.Limit.IsZero() {
		limit = m.Limit.Text()
	}
	k.caution(r, "due", "due", "给的是 %[1]s，按时限（%[2]s）应为 %[3]s；用给的。", "It gives %[1]s; by the limit (%[4]s) it would be %[3]s. The given one is kept.",
		k.wall(h.Due), limit.ZH, k.wall(own), limit.EN)
}

func (k *reader) wall(at time.Time) string {
	if at.IsZero() {
		return "—"
	}
	return at.In(k.to.Calendar.Zone()).Format(time.DateTime)
}

// cautionsMost is how many findings of one sort are given each on its own.
const cautionsMost = 100

// caution says what to look at in a row that is taken. After the first hundred
// of a sort only their number is told, in summary.
func (k *reader) caution(r *sheet.Record, sort, field, zh, en string, args ...any) {
	if k.odd[sort]++; k.odd[sort] <= cautionsMost {
		r.Warn(k.report, field, zh, en, args...)
	}
}

var oddText = []struct {
	sort string
	text lang.Text
}{
	{"missing", lang.Text{ZH: "没有坐标", EN: "without coordinates"}},
	{"placeholder", lang.Text{ZH: "坐标是占位值", EN: "with placeholder coordinates"}},
	{"outside", lang.Text{ZH: "坐标在所有轮廓之外", EN: "with coordinates outside every outline"}},
	{"due", lang.Text{ZH: "截止时间与时限不符", EN: "with a due date that is not by the limit"}},
}

// summary tells how often each odd thing was met.
func (k *reader) summary() {
	for _, odd := range oddText {
		if n := k.odd[odd.sort]; n > 0 {
			k.report.Add(sheet.Finding{Severity: sheet.Note, Text: lang.T("%[1]s的有 %[2]d 件，都收了。", "Cases %[3]s: %[2]d, all taken.", odd.text.ZH, n, odd.text.EN)})
		}
	}
}
