package look_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/fields"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/look"
)

func TestTheLedgerNamesUnitsAndNoClerk(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		r, err := w.World.Desk.Receive(t.Context(), w.d, intake.Sending{Channel: intake.Hotline, Matter: road, Text: "路面塌了", Area: "990101001", Phone: phone, By: w.actor("hejing")})
		if err != nil {
			t.Fatal(err)
		}
		w.later(time.Minute)
		a := w.asking("guoyan")
		a.Case, a.Report, a.Reason = r.Case.ID, r.Report, "邻居老王说他也看见了"
		w.sees(a)
		lines := w.ledger(r.Report)
		if len(lines) != 2 || lines[0].Taken || !lines[1].Taken {
			t.Fatalf("newest first, down to who took it down: %+v", lines)
		}
		if l := lines[0]; l.Role.ZH != "受理员" || l.Unit.IsZero() || l.Purpose.ZH == "" || l.Basis.EN == "" || l.Kind != look.ToAsk || len(l.Fields) != 1 {
			t.Errorf("the look: %+v", l)
		}
		if l := lines[1]; l.Role.ZH != "话务员" || l.Unit.IsZero() || len(l.Fields) != 1 || l.Fields[0] != fields.Phone {
			t.Errorf("the taking down: %+v", l)
		}
		var table, machine bytes.Buffer
		numbers := map[casework.ID]string{r.Case.ID: r.Case.Number}
		if err := look.WriteCSV(&table, lang.ZH, w.d.Calendar.Zone(), lines, numbers); err != nil {
			t.Fatal(err)
		}
		if err := look.WriteJSON(&machine, lines, numbers); err != nil {
			t.Fatal(err)
		}
		clerk, _ := w.d.Org.PersonByLogin("guoyan")
		for what, text := range map[string]string{"csv": table.String(), "json": machine.String()} {
			for _, no := range []string{clerk.Name, string(clerk.ID), "guoyan", "老王", phone} {
				if strings.Contains(text, no) {
					t.Errorf("the %s holds %q:\n%s", what, no, text)
				}
			}
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table.String(), "\uFEFF"))).ReadAll()
		if err != nil || len(rows) != 3 || rows[1][1] != r.Case.Number || rows[2][2] != "记下来件时在场" {
			t.Errorf("the table: %q, %v", rows, err)
		}
		var back []map[string]any
		if err := json.Unmarshal(machine.Bytes(), &back); err != nil || len(back) != 2 || back[1]["at_taking_down"] != true {
			t.Errorf("for machines: %s, %v", machine.String(), err)
		}
	})
}

func TestTheLedgerOfWhatNobodyLookedAtIsEmpty(t *testing.T) {
	t.Parallel()
	w := newTown(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	if lines := w.ledger(w.report); len(lines) != 0 {
		t.Errorf("%+v", lines)
	}
	var b bytes.Buffer
	if err := look.WriteJSON(&b, nil, nil); err != nil || strings.TrimSpace(b.String()) != "[]" {
		t.Errorf("%q, %v", b.String(), err)
	}
}

func TestWhatIsHeldBackIsSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	until := time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)
	unit := lang.T("区监察办", "Supervision Office")
	for _, row := range []struct {
		why    string
		held   *look.Held
		zh, en string
	}{
		{"nothing was held back", nil, "", ""},
		{"granted", &look.Held{Law: "监察法第二十五条", Granted: true, Until: until, Unit: unit},
			"依法推迟到 2027-02-01 00:00 才告诉您。依据：监察法第二十五条。批准：区监察办。",
			"By law you were told only after 2027-02-01 00:00. The law: 监察法第二十五条. Granted by Supervision Office."},
		{"refused", &look.Held{Law: "监察法第二十五条", Unit: unit}, "申请过推迟告诉您（依据：监察法第二十五条），没有批准。",
			"It was asked that you be told later (by 监察法第二十五条); it was not granted."},
	} {
		if got := row.held.Say(lang.ZH, time.UTC); got != row.zh {
			t.Errorf("%s: %q, want %q", row.why, got, row.zh)
		}
		if got := row.held.Say(lang.EN, time.UTC); got != row.en {
			t.Errorf("%s: %q, want %q", row.why, got, row.en)
		}
	}
}

func TestEveryWordIsSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	var all []lang.Text
	for _, k := range look.Kinds() {
		all = append(all, k.Text())
	}
	for _, f := range fields.Shown() {
		all = append(all, look.FieldText(f))
	}
	for _, s := range []look.Sign{look.Many, look.Others, look.Night, look.Again} {
		all = append(all, s.Text())
	}
	for _, s := range []look.DelayState{look.Asked, look.Granted, look.Refused} {
		all = append(all, s.Text())
	}
	for _, text := range all {
		if text.ZH == "" || text.EN == "" || text.ZH == text.EN {
			t.Errorf("%+v", text)
		}
	}
}
