package move

import (
	"encoding/json"
	"strings"

	"linli/internal/channel"
	"linli/internal/inbox"
)

// arrivals is the table of letters that came in. It has of the address only the
// blind index; in clear that stands in the way by which the writer was answered,
// and for a text message in its report.
const arrivals = "arrivals"

// sent names a letter by what it became. Masked alike, the address of a way is
// that of the letter, and not another one that the reporter chose.
type sent struct{ channel, report, shown string }

// writerOf is how a way begins to name whoever is known by an arrival alone.
const writerOf = "writer:"

// arrived takes down from where a report was sent.
func (re *renewal) arrived(line []byte) error {
	var row struct {
		Channel string `json:"channel"`
		Report  string `json:"report_id"`
		Shown   string `json:"shown"`
		From    string `json:"from_index"`
	}
	if err := json.Unmarshal(line, &row); err != nil {
		return err
	}
	if row.Report == "" || row.From == "" {
		return nil
	}
	re.wrote[sent{row.Channel, row.Report, row.Shown}] = row.From
	if row.Channel == string(channel.SMS) { // the number is the report's
		re.wrote[sent{row.Channel, row.Report, ""}] = row.From
	}
	return nil
}

// writer learns from a row what the index of an address is here.
func (re *renewal) writer(t *table, cells []cell, plain map[string]string) {
	text := func(column string) string { return cells[t.number[column]].text }
	learn := func(before, name, address string) string {
		now := inbox.IndexOf(re.keys, channel.Name(name), address)
		if _, ok := re.wanted[before]; ok {
			re.wanted[before] = now
		}
		return now
	}
	switch address := plain["address"]; {
	case t.name == "reports" && plain["phone"] != "":
		if before := re.wrote[sent{string(channel.SMS), text("id"), ""}]; before != "" {
			learn(before, string(channel.SMS), plain["phone"])
		}
	case t.name != "ways" || address == "":
	default:
		holder := &cells[t.number["holder"]].text
		if before, ok := strings.CutPrefix(*holder, writerOf); ok {
			*holder = writerOf + learn(before, text("channel"), address)
		} else if report, ok := strings.CutPrefix(*holder, "report:"); ok {
			if before := re.wrote[sent{text("channel"), report, text("shown")}]; before != "" {
				learn(before, text("channel"), address)
			}
		}
	}
}
