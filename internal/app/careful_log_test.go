package app

import (
	"fmt"
	"strings"
	"testing"
)

func TestCleanLine(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, line, want string }{
		{"what the program wrote stays", `time=2026-11-23T10:00:00.000+08:00 level=INFO msg="a request" status=200 took=1.5ms`, `time=2026-11-23T10:00:00.000+08:00 level=INFO msg="a request" status=200 took=1.5ms`},
		{"a phone number in a value goes", `level=WARN msg="job failed" error="send to 13800001234: refused"`, `level=WARN msg="job failed" error="send to …: refused"`},
		{"so does a value by its name", `level=INFO msg=x phone=13800001234 login=chenli`, `level=INFO msg=x phone=… login=…`},
		{"a quoted word within a value goes", `level=WARN msg=x error="no such unit \"张三\""`, `level=WARN msg=x error="no such unit \"…\""`},
		{"JSON is read as such", `{"level":"INFO","msg":"x","error":"mail zhang.san@example.cn","of":{"name":"张三","n":1}}`, `{"error":"mail …@…","level":"INFO","msg":"x","of":{"n":1,"name":"…"}}`},
		{"a line of somebody else is cleaned whole", `panic: open "张三.txt": 13800001234`, `panic: open "…": …`},
		{"a line that was cut off", `level=INFO msg="begun but`, `level=INFO msg="begun but`},
		{"a number as a JSON number names nobody we know", `{"status":200}`, `{"status":200}`},
	} {
		if got := cleanLine(row.line); got != row.want {
			t.Errorf("%s:\n got %s\nwant %s", row.why, got, row.want)
		}
	}
}

func TestLogEnd(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for n := range 5 * logLines {
		fmt.Fprintf(&b, "level=INFO msg=line n=%d\n", n)
	}
	b.WriteString(strings.Repeat("x", 3*logLine))
	lines, err := LogEnd(strings.NewReader(b.String()))
	if err != nil || len(lines) != logLines || lines[0] != fmt.Sprintf("level=INFO msg=line n=%d", 4*logLines+1) || len(lines[logLines-1]) > logLine {
		t.Errorf("%d lines, the first %.60q, %v", len(lines), lines[0], err)
	}
}

// FuzzCleanLine holds that a phone number never stays, wherever it stands.
func FuzzCleanLine(f *testing.F) {
	f.Add(`level=INFO msg="`, `"`)
	f.Add(`{"a":"`, `"}`)
	f.Add("", "")
	f.Fuzz(func(t *testing.T, before, after string) {
		got := cleanLine(before + " 13800009173 " + after)
		if strings.Contains(got, "13800009173") && !strings.Contains(before+after, "13800009173") {
			t.Errorf("%q stays", got)
		}
	})
}
