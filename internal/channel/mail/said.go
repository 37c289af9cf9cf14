package mail

import (
	"regexp"
	"strings"

	"github.com/emersion/go-message"
	"golang.org/x/net/html"
)

// quoted begins what a mail program repeats of the mail that is answered.
var quoted = regexp.MustCompile(`(?i)^\s*(在.{4,120}写道[:：]|on .{4,200} wrote:|-{2,}\s*(原始邮件|original message|forwarded message|转发的邮件)\s*-{2,}|-{4,}|_{10,}|(发件人|from)\s*[:：].*@.*)\s*$`)

// said is what the sender wrote: without what is quoted, and the signature.
func said(text string) string {
	var kept []string
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if len(kept) > 0 && (quoted.MatchString(line) || line == "-- ") {
			break
		}
		if strings.HasPrefix(strings.TrimSpace(line), ">") {
			continue
		}
		kept = append(kept, strings.TrimRight(line, " \t\r\u00a0"))
	}
	return strings.TrimSpace(many.ReplaceAllString(strings.Join(kept, "\n"), "\n\n"))
}

var many = regexp.MustCompile(`\n{3,}`)

// Strip makes plain text of HTML: no style, no script, a line for each block.
func Strip(source string) string {
	z := html.NewTokenizer(strings.NewReader(source))
	var b strings.Builder
	skip := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if skip == "" {
				b.WriteString(strings.Join(strings.FieldsFunc(html.UnescapeString(string(z.Raw())), func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }), " "))
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			switch tag := string(name); tag {
			case "script", "style", "head", "title", "blockquote":
				if skip == "" {
					skip = tag
				}
			case "p", "div", "br", "tr", "li", "h1", "h2", "h3", "hr":
				b.WriteString("\n")
			}
		case html.SelfClosingTagToken:
			if name, _ := z.TagName(); string(name) == "br" {
				b.WriteString("\n")
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == skip {
				skip = ""
			}
		}
	}
}

// stopWords are what somebody writes, alone, to be told no more.
var stopWords = map[string]bool{"退订": true, "td": true, "t": true, "stop": true, "unsubscribe": true, "停止": true}

func stops(text string) bool {
	return stopWords[strings.ToLower(strings.Trim(text, " 。.!！\n\t"))]
}

// fromPrograms are mailboxes behind which nobody sits.
var fromPrograms = regexp.MustCompile(`(?i)^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|noreply-.*|bounces?([-+].*)?|daemon|root)@`)

// answering begins the subject of what programs answer.
var answering = regexp.MustCompile(`(?i)^\s*(自动回复|自动答复|autoreply|auto-reply|auto:|automatic reply|out of (the )?office|undelivered mail|delivery status notification|退信|系统退信)`)

// automatic says why a mail was written by a program; empty where a person did.
// Who answers a program is soon answered by one: that is how mail goes in rings.
// RFC 3834, RFC 5230
func automatic(h message.Header, from, subject string) string {
	get := func(name string) string { return strings.ToLower(strings.TrimSpace(h.Get(name))) }
	switch by := get("Auto-Submitted"); {
	case by != "" && !strings.HasPrefix(by, "no"):
		return "Auto-Submitted"
	case strings.HasPrefix(get("Return-Path"), "<>"):
		return "Return-Path"
	}
	switch get("Precedence") {
	case "bulk", "junk", "list", "auto_reply":
		return "Precedence"
	}
	for _, name := range []string{"List-Id", "List-Post", "List-Unsubscribe", "X-Loop", "X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "Feedback-Id"} {
		if h.Has(name) {
			return name
		}
	}
	switch {
	case from == "":
		return "From"
	case fromPrograms.MatchString(from):
		return "From"
	case answering.MatchString(subject):
		return "Subject"
	}
	return ""
}
