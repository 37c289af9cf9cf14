package mail

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"linli/internal/channel"
)

const head = "From: =?utf-8?B?546L5bCP6Zuo?= <wang@example.cn>\r\nTo: shi+990101@linli.example.cn\r\nMessage-ID: <m1@example.cn>\r\nDate: Mon, 23 Nov 2026 09:52:00 +0800\r\nMIME-Version: 1.0\r\n"

func gb(t *testing.T, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func TestReadWhatSomebodyWrote(t *testing.T) {
	t.Parallel()
	words := "楼下的路灯不亮了"
	for _, row := range []struct{ why, raw, want string }{
		{"plain UTF-8", head + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + words, words},
		{"GB2312, as Foxmail writes", head + "Content-Type: text/plain; charset=\"gb2312\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(gb(t, words)), words},
		{"GB18030", head + "Content-Type: text/plain; charset=GB18030\r\n\r\n" + gb(t, words+"㐂"), words + "㐂"},
		{"GBK that does not say so", head + "\r\n" + gb(t, words), words},
		{"a charset nobody knows", head + "Content-Type: text/plain; charset=x-martian\r\n\r\n" + words, words},
		{"quoted-printable", head + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E8=B7=AF=E7=81=AF=\r\n=E5=9D=8F", "路灯坏"},
		{"HTML alone", head + "Content-Type: text/html; charset=utf-8\r\n\r\n<style>p{}</style><p>楼下的路灯</p><p>不亮了 &amp; 黑<script>x()</script></p>", "楼下的路灯\n不亮了 & 黑"},
		{"plain before HTML", head + "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + words + "\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>other</p>\r\n--b--", words},
		{"without what is quoted", head + "\r\n" + words + "\r\n\r\n在 2026年11月22日，邻里 <shi@linli.example.cn> 写道：\r\n> 收到了\r\n", words},
		{"nor as Outlook quotes", head + "\r\n" + words + "\r\n-----Original Message-----\r\nFrom: x\r\nold\r\n", words},
		{"nor the signature", head + "\r\n" + words + "\r\n-- \r\n王小雨\r\n13800000013\r\n", words},
		{"a part cut off in the middle", head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + words, words},
		{"an unknown encoding", head + "Content-Transfer-Encoding: x-rot13\r\n\r\n" + words, words},
		{"parts in parts in parts", head + nested(50) + "\r\ndeep", ""},
	} {
		r, err := Read([]byte(row.raw))
		if err != nil || r.Text != row.want {
			t.Errorf("%s: got %q, %v; want %q", row.why, r.Text, err, row.want)
		}
		if r.From != "wang@example.cn" || r.Name != "王小雨" || r.Ref != "m1@example.cn" || len(r.Tags) != 1 || r.Tags[0] != "990101" || r.To[0] != "shi@linli.example.cn" {
			t.Errorf("%s: from %q %q, ref %q, to %v %v", row.why, r.From, r.Name, r.Ref, r.To, r.Tags)
		}
		if r.Auto != "" {
			t.Errorf("%s: taken for a program's: %s", row.why, r.Auto)
		}
	}
}

// nested begins as many parts, each within the one before it.
func nested(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%[1]dx\r\n\r\n--b%[1]dx\r\n", i)
	}
	return b.String()
}

func TestReadPictures(t *testing.T) {
	t.Parallel()
	r, err := Read([]byte(head + "Subject: =?gb2312?B?" + b64(gb(t, "路灯坏了")) + "?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\n\r\nsee\r\n--b\r\nContent-Type: image/jpeg; name=a.jpg\r\nContent-Disposition: attachment; filename=\"=?utf-8?B?54Wn54mHLmpwZw==?=\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64("JPEG") +
		"\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=b.PNG\r\n\r\nPNG\r\n" +
		"--b\r\nContent-Type: application/msword\r\nContent-Disposition: attachment; filename=letter.doc\r\n\r\nDOC\r\n" +
		"--b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=page.html\r\n\r\n<script>x()</script>\r\n" +
		"--b\r\nContent-Type: image/svg+xml\r\nContent-Disposition: inline; filename=drawing.svg\r\n\r\n<svg onload=x()>\r\n" +
		"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: forwarded\r\n\r\nx\r\n" +
		"--b\r\nContent-Type: application/pgp-signature; name=signature.asc\r\n\r\nx\r\n" +
		"--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=huge.png\r\n\r\n" + strings.Repeat("0123456789abcde\n", pictureMost/16+1) + "\r\n--b--"))
	if err != nil || r.Subject != "路灯坏了" || len(r.Pictures) != 2 || r.Pictures[0].Name != "照片.jpg" || string(r.Pictures[0].Data) != "JPEG" || string(r.Pictures[1].Data) != "PNG" {
		t.Errorf("got %+v, %v", r, err)
	}
	want := []channel.Left{{Name: "letter.doc", Why: channel.NoPicture}, {Name: "page.html", Why: channel.NoPicture}, {Name: "drawing.svg", Why: channel.NoPicture},
		{Name: "message/rfc822", Why: channel.NoPicture}, {Name: "huge.png", Why: channel.TooLarge}}
	if !slices.Equal(r.Dropped, want) || strings.TrimSpace(r.Text) != "see" {
		t.Errorf("dropped %v of %q, want %v: what is no picture by its name, and what nobody sent as a file not at all", r.Dropped, r.Text, want)
	}
}

func TestReadThread(t *testing.T) {
	t.Parallel()
	r, err := Read([]byte("In-Reply-To: <0191-a@linli.example.cn>\r\nReferences: <thread.c-1@linli.example.cn>\r\n <0191-a@linli.example.cn>\r\nSubject: STOP\r\n" + head + "\r\nx"))
	if err != nil || fmt.Sprint(r.Thread) != "[0191-a@linli.example.cn thread.c-1@linli.example.cn 0191-a@linli.example.cn]" || !r.Stop {
		t.Errorf("got %v, stop %v, %v", r.Thread, r.Stop, err)
	}
}

func TestProgramsAreKnown(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		header string
		auto   bool
	}{
		{"Auto-Submitted: auto-replied", true},
		{"Auto-Submitted: no", false},
		{"Precedence: bulk", true},
		{"Precedence: first-class", false},
		{"List-Id: <x.example.cn>", true},
		{"X-Loop: somebody", true},
		{"X-Auto-Response-Suppress: All", true},
		{"Return-Path: <>", true},
		{"Return-Path: <wang@example.cn>", false},
		{"Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSN77ya5pS25Yiw?=", true},
		{"Subject: Out of Office: back on Monday", true},
		{"Subject: 自动门坏了", false},
	} {
		r, err := Read([]byte(row.header + "\r\n" + head + "\r\nx"))
		if err != nil || (r.Auto != "") != row.auto {
			t.Errorf("%s: got %q, %v", row.header, r.Auto, err)
		}
	}
	if r, err := Read([]byte("From: MAILER-DAEMON@example.cn\r\n\r\nx")); err != nil || r.Auto == "" {
		t.Errorf("a daemon: got %q, %v", r.Auto, err)
	}
	if r, err := Read([]byte("Subject: x\r\n\r\nx")); err != nil || r.Auto == "" {
		t.Errorf("from nobody: got %q, %v: there is nobody to answer", r.Auto, err)
	}
}

const dsn = `From: MAILER-DAEMON@mx.example.cn
To: shi+0191-a@linli.example.cn
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

I could not deliver it.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.cn

Final-Recipient: rfc822; zhang@example.cn
Action: %s
Status: 5.1.1 (unknown)
Diagnostic-Code: smtp; 550 5.1.1 zhang@example.cn unknown

--b
Content-Type: text/rfc822-headers

Message-ID: <0191-a@linli.example.cn>
Subject: x

--b--
`

func TestBounces(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		action string
		want   channel.State
	}{{"failed", channel.Failed}, {"delivered", channel.Delivered}, {"delayed", ""}} {
		r, err := Read([]byte(strings.ReplaceAll(fmt.Sprintf(dsn, row.action), "\n", "\r\n")))
		if err != nil || r.Auto == "" {
			t.Fatalf("%s: %+v, %v", row.action, r, err)
		}
		if row.want == "" {
			if len(r.Bounces) != 0 {
				t.Errorf("%s: got %+v, want nothing: it is still on its way", row.action, r.Bounces)
			}
			continue
		}
		if len(r.Bounces) != 1 || r.Bounces[0].State != row.want || r.Bounces[0].Ref != "0191-a@linli.example.cn" || r.Tags[0] != "0191-a" {
			t.Errorf("%s: got %+v, tags %v", row.action, r.Bounces, r.Tags)
		}
		if strings.Contains(r.Bounces[0].Why, "zhang") {
			t.Errorf("%s: the record names the address: %q", row.action, r.Bounces[0].Why)
		}
	}
}

// What says for good that there is no such mailbox ends the address; a mailbox
// that is full, a letter that is too large and a receiver's rules do not.
func TestBouncesThatEndAnAddress(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		status, why string
		gone        bool
	}{
		{"5.1.1", "no such mailbox", true},
		{"5.1.10", "the domain takes no mail", true},
		{"5.1.2", "no such domain", true},
		{"5.0.0", "what many servers say of an unknown user", true},
		{"5.2.1", "the mailbox is out of use", true},
		{"5.4.4", "no way there", true},
		{"5.1.8", "it is our own address that is wrong", false},
		{"5.2.2", "full", false},
		{"5.2.3", "too large for the mailbox", false},
		{"5.3.4", "too large for the server", false},
		{"5.6.1", "a form that it cannot show", false},
		{"5.7.1", "refused by rules, often those against spam", false},
		{"4.1.1", "for the time being", false},
		{"4.4.7", "given up after some days", false},
		{"", "nothing said", false},
	} {
		r, err := Read([]byte(strings.ReplaceAll(strings.Replace(fmt.Sprintf(dsn, "failed"), "5.1.1 (unknown)", row.status, 1), "\n", "\r\n")))
		if err != nil || len(r.Bounces) != 1 || r.Bounces[0].State != channel.Failed || r.Bounces[0].Gone != row.gone {
			t.Errorf("%s, %s: got %+v, %v; want gone: %t", row.status, row.why, r.Bounces, err, row.gone)
		}
	}
}

// Bad bytes harm nobody: reading ends, within its bounds, and what it gives is
// text.
func FuzzRead(f *testing.F) {
	f.Add([]byte(head + "\r\nx"))
	f.Add([]byte(fmt.Sprintf(dsn, "failed")))
	f.Add([]byte(head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n////\r\n--b--"))
	f.Add([]byte("Content-Type: text/html; charset=gb2312\r\n\r\n<p>\xc2\xb7"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Read(raw)
		if err != nil {
			return
		}
		if len(r.Text) > 4*textMost || len(r.Pictures) > picturesMost || len(r.Thread) > namesMost || len(r.Bounces) > namesMost {
			t.Errorf("over a bound: %d of text, %d pictures", len(r.Text), len(r.Pictures))
		}
		all := []string{r.Text, r.Subject, r.Name}
		for _, left := range r.Dropped {
			all = append(all, left.Name)
		}
		for _, s := range all {
			if strings.ToValidUTF8(s, "") != s {
				t.Errorf("not text: %q", s)
			}
		}
	})
}
