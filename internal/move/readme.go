package move

import (
	"fmt"
	"strings"
)

// readme is what somebody finds who opens an export without linli.
func readme(code string, clear bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# 区 %[1]s 的完整导出 · A whole export of district %[1]s

- `+"`datapackage.json`"+`：清单（Frictionless Data Package），写明每个文件的 SHA-256、每张表每一列是什么。 · the manifest: the SHA-256 of every file, what every column is.
- `+"`tables/*.jsonl`"+`：每张表一个文件，一行一条 JSON，按主键排。时刻是 UTC 的微秒数，9223372036854775807 是没有；法定日期是 YYYY-MM-DD。 · a file a table, a JSON object a line, in the order of the primary key. Instants are microseconds in UTC, 9223372036854775807 where there is none; legal dates are YYYY-MM-DD.
- `+"`photos/`"+`：照片，文件名是内容的 SHA-256。 · pictures, named by the SHA-256 of their bytes.
- `+"`log/`"+`：痕迹的公开日志（C2SP tlog-tiles）和公钥，可以单独核对：linli trail verify --tiles log --key log/key · the public log of the trail and its key, which can be looked over alone.
- `+"`files.jsonl`"+`：照片和日志各文件的清单。 · the list of pictures and files of the log.

`, code)
	if clear {
		b.WriteString("`clear/*.age`：姓名、电话等，用 age 加密给接收方；别人打不开。 · Names, phone numbers and the like, encrypted with age to the receiver.\n\n")
	} else {
		b.WriteString("姓名、电话等仍是密文，密钥文件不在这里：它另外送。 · Names, phone numbers and the like are sealed; the key file is not here and goes another way.\n\n")
	}
	b.WriteString("没有带走的表 · Tables that stayed behind:\n\n")
	for _, l := range left {
		fmt.Fprintf(&b, "- `%s`：%s · %s\n", l.table, l.why.ZH, l.why.EN)
	}
	b.WriteString("\n装到另一处 · To bring it in elsewhere: `linli import export`\n")
	return b.String()
}
