package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"linli/internal/sheet"
)

// readJSON reads the shape of holiday-cn, {"year": 2027, "days": [{"name",
// "date", "isOffDay"}]}, or its list of days alone. It goes token by token,
// because a refusal must name the line.
func (n *notice) readJSON(source []byte) {
	j := &jsonNotice{notice: n, source: source, dec: json.NewDecoder(bytes.NewReader(source))}
	err := j.read()
	if err == nil {
		if _, err = j.dec.Token(); errors.Is(err, io.EOF) {
			return
		}
		err = errors.New("more than one value")
	}
	if errors.Is(err, errTold) {
		return
	}
	at := j.dec.InputOffset()
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = syntax.Offset
	}
	n.bad(j.line(at), "", "JSON 写法有误：%v", "This is not valid JSON: %v", err)
}

type jsonNotice struct {
	*notice
	source []byte
	dec    *json.Decoder
}

// line is the line of the next value after an offset.
func (j *jsonNotice) line(offset int64) int {
	at := min(int(offset), len(j.source))
	for at < len(j.source) && bytes.IndexByte([]byte(" \t\r\n,:"), j.source[at]) >= 0 {
		at++
	}
	return 1 + bytes.Count(j.source[:at], []byte("\n"))
}

// errTold stops the reading where the finding has been written already.
var errTold = errors.New("told")

func (j *jsonNotice) read() error {
	token, err := j.dec.Token()
	if err != nil {
		return err
	}
	if token == json.Delim('[') {
		return j.list()
	}
	seen := false
	for j.dec.More() {
		key, err := j.dec.Token()
		if err != nil {
			return err
		}
		line := j.line(j.dec.InputOffset())
		switch key {
		case "year":
			if err := j.year(line); err != nil {
				return err
			}
		case "days":
			seen = true
			if token, err := j.dec.Token(); err != nil {
				return err
			} else if token != json.Delim('[') {
				j.bad(line, "days", "days 应是一列日子。", "days should be a list of days.")
				return errTold
			}
			if err := j.list(); err != nil {
				return err
			}
		default:
			var skipped json.RawMessage
			if err := j.dec.Decode(&skipped); err != nil {
				return err
			}
		}
	}
	if !seen {
		j.bad(1, "days", "没有写 days：要有一列日子，每天有 name、date、isOffDay。", "There is no days: a list of days is needed, each with name, date and isOffDay.")
		return errTold
	}
	_, err = j.dec.Token()
	return err
}

func (j *jsonNotice) year(line int) error {
	var year int
	if err := j.dec.Decode(&year); err != nil {
		j.bad(line, "year", "year 应是年份，例如 2027。", "year should be a year, for example 2027.")
		return errTold
	}
	switch {
	case year < firstYear || year > lastYear:
		j.bad(line, "year", "%[1]d 不在 %[2]d 到 %[3]d 年之间。", "%[1]d is not between %[2]d and %[3]d.", year, firstYear, lastYear)
		return errTold
	case j.stated != 0 && j.stated != year:
		j.bad(line, "year", "文件名写的是 %[1]d 年，里面是 %[2]d 年。", "The file is named for %[1]d but holds %[2]d.", j.stated, year)
		return errTold
	}
	j.stated = year
	return nil
}

// list reads the days up to the end of their list.
func (j *jsonNotice) list() error {
	for j.dec.More() {
		line := j.line(j.dec.InputOffset())
		var day struct {
			Name     string `json:"name"`
			NameEN   string `json:"name_en"`
			Date     string `json:"date"`
			IsOffDay *bool  `json:"isOffDay"`
		}
		var wrong *json.UnmarshalTypeError
		switch err := j.dec.Decode(&day); {
		case errors.As(err, &wrong):
			j.bad(line, wrong.Field, "“%s”写得不对：date 是文字，isOffDay 是 true 或 false。", "“%s” is not as it should be: date is text, isOffDay is true or false.", sheet.Clip(wrong.Field))
		case err != nil:
			return err
		case day.IsOffDay == nil:
			j.bad(line, "isOffDay", "没有写 isOffDay：true 休息，false 调休上班。", "There is no isOffDay: true for off, false for a make-up workday.")
		default:
			j.add(line, day.Date, *day.IsOffDay, day.Name, day.NameEN)
		}
	}
	_, err := j.dec.Token()
	return err
}
