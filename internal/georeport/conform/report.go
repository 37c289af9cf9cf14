package conform

import (
	"fmt"
	"io"

	"linli/internal/errs"
	"linli/internal/lang"
)

// verdictText names a verdict for a person.
var verdictText = map[Verdict]lang.Text{
	Pass:    lang.T("合格", "pass"),
	Fail:    lang.T("不合格", "fail"),
	Advice:  lang.T("建议", "advice"),
	Skipped: lang.T("没法查", "skipped"),
}

// Text writes the report as a person reads it: what failed first.
func (r Report) Text(w io.Writer) (err error) {
	defer errs.Wrap(&err, "conform.Report.Text")
	for _, v := range []Verdict{Fail, Advice, Skipped, Pass} {
		if n := r.Count(v); n > 0 {
			if _, err := fmt.Fprintf(w, "%s · %s：%d\n", verdictText[v].ZH, verdictText[v].EN, n); err != nil {
				return err
			}
		}
		for _, o := range r.Outcomes {
			if o.Verdict != v {
				continue
			}
			if _, err := fmt.Fprintf(w, "  %-22s %-5s %s · %s（%s）\n", o.Check, o.Format, o.About.ZH, o.About.EN, o.Section); err != nil {
				return err
			}
			for _, saw := range o.Saw {
				if _, err := fmt.Fprintf(w, "      %s\n", saw); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
