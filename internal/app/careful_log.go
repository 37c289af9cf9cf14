package app

import (
	"bufio"
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// What of a log goes into a bundle: so many lines of its end, none longer.
const (
	logLines = 2000
	logLine  = 8 << 10
)

// LogEnd reads a log of this program, written as text or as JSON, and gives the
// last of its lines, cleaned once more: a log may hold what others wrote, such as
// what the supervisor of the program adds.
func LogEnd(log io.Reader) (lines []string, err error) {
	in := bufio.NewReaderSize(log, 64<<10)
	for {
		line, err := shortLine(in)
		if line != "" {
			if lines = append(lines, line); len(lines) >= 2*logLines {
				lines = append([]string(nil), lines[len(lines)-logLines:]...)
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	lines = lines[max(0, len(lines)-logLines):]
	for i := range lines {
		lines[i] = cleanLine(lines[i])
	}
	return lines, nil
}

// shortLine reads a line, of which it keeps what goes into a bundle.
func shortLine(in *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		part, more, err := in.ReadLine()
		b.Write(part[:min(len(part), max(0, logLine-b.Len()))])
		if err != nil || !more {
			return strings.ToValidUTF8(b.String(), "…"), err
		}
	}
}

// word is name=value of a line of text.
var word = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_.-]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?:\s+|$)`)

// cleanLine takes out of a line what a log must not hold.
func cleanLine(line string) string {
	if object, ok := jsonLine(line); ok {
		if clean, err := json.Marshal(cleanJSON("", object)); err == nil {
			return string(clean)
		}
	}
	var b strings.Builder
	rest := line
	for rest != "" {
		m := word.FindStringSubmatch(rest)
		if m == nil {
			b.WriteString(scrub(rest)) // not a line of ours, or no longer
			break
		}
		rest = rest[len(m[0]):]
		value := m[2]
		plain, err := strconv.Unquote(value)
		quoted := err == nil
		if !quoted {
			plain = value
		}
		if plain = scrub(plain); secretNames.MatchString(m[1]) {
			plain = "…"
		}
		if quoted {
			plain = strconv.Quote(plain)
		}
		b.WriteString(m[1] + "=" + plain + " ")
	}
	return strings.TrimRight(b.String(), " ")
}

func jsonLine(line string) (object map[string]any, ok bool) {
	dec := json.NewDecoder(strings.NewReader(line))
	dec.UseNumber()
	if dec.Decode(&object) != nil || object == nil {
		return nil, false
	}
	_, err := dec.Token()
	return object, err == io.EOF
}

func cleanJSON(name string, value any) any {
	if secretNames.MatchString(name) {
		return "…"
	}
	switch v := value.(type) {
	case string:
		return scrub(v)
	case json.Number:
		if clean := scrub(string(v)); clean != string(v) {
			return clean
		}
	case map[string]any:
		clean := make(map[string]any, len(v))
		for name, inner := range v {
			clean[scrub(name)] = cleanJSON(name, inner)
		}
		return clean
	case []any:
		clean := make([]any, len(v))
		for i, inner := range v {
			clean[i] = cleanJSON("", inner)
		}
		return clean
	}
	return value
}
