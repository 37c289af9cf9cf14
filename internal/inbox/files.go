package inbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"linli/internal/channel"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/lang"
)

// photos keeps the pictures of a letter. One that cannot be taken is named with
// what was left out; a full disk is an error.
func (b *Box) photos(ctx context.Context, l Letter) (all []document.Kept, left []channel.Left, err error) {
	left = slices.Clone(l.Dropped)
	for _, p := range l.Pictures {
		if len(all) == document.MaxFiles {
			left = append(left, channel.Left{Name: p.Name, Why: channel.TooMany})
			continue
		}
		kept, err := b.Documents.Take(ctx, p.Name, p.Data)
		switch errs.KindOf(err) {
		case errs.Invalid:
			left = append(left, channel.Left{Name: p.Name, Why: channel.NoPicture})
			continue
		case errs.TooLarge:
			left = append(left, channel.Left{Name: p.Name, Why: channel.TooLarge})
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		all = append(all, kept)
	}
	return all, left, nil
}

// reasons are the reasons why a file is not kept, as people read them.
var reasons = []struct {
	is   channel.Reason
	text lang.Text
}{
	{channel.NoPicture, lang.Text{ZH: "不是能收的照片", EN: "no picture that can be taken"}},
	{channel.TooLarge, lang.Text{ZH: "太大", EN: "too large"}},
	{channel.TooMany, lang.Text{ZH: "张数太多", EN: "one too many"}},
	{channel.NotFetched, lang.Text{ZH: "平台没有给", EN: "not given up by the platform"}},
}

func reasonText(why channel.Reason) lang.Text {
	for _, r := range reasons {
		if r.is == why {
			return r.text
		}
	}
	return lang.Text{}
}

// namedMost is how many files the writer is told by name.
const namedMost = 5

// leftText tells the writer what came with a letter and is not kept, and why.
func leftText(left []channel.Left) lang.Text {
	var zh, en []string
	if n := lost(left); n > 0 {
		zh = append(zh, fmt.Sprintf("有 %d 张照片没能从平台取来，没有收到。要紧的话，请再发一次。", n))
		en = append(en, fmt.Sprintf("The platform did not give up %d of your pictures, which did not reach us. Please send again what matters.", n))
	}
	if refused := slices.DeleteFunc(slices.Clone(left), isLost); len(refused) > 0 {
		text := refusedFiles(refused)
		zh, en = append(zh, text.ZH), append(en, text.EN)
	}
	return lang.Text{ZH: strings.Join(zh, ""), EN: strings.Join(en, " ")}
}

// isLost is a picture that never reached us, and has no name.
func isLost(f channel.Left) bool { return f.Why == channel.NotFetched }

func lost(left []channel.Left) (n int) {
	for _, f := range left {
		if isLost(f) {
			n++
		}
	}
	return n
}

// refusedFiles names files that came and are not kept.
func refusedFiles(left []channel.Left) lang.Text {
	var zh, en []string
	for _, f := range left[:min(len(left), namedMost)] {
		why := reasonText(f.Why)
		zh, en = append(zh, f.Name+"（"+why.ZH+"）"), append(en, f.Name+" ("+why.EN+")")
	}
	if more := len(left) - namedMost; more > 0 {
		zh, en = append(zh, fmt.Sprintf("另外 %d 个", more)), append(en, fmt.Sprintf("%d more", more))
	}
	return lang.Text{
		ZH: fmt.Sprintf("附件只收照片（JPEG、PNG、WebP，每张 %d MB 以内，最多 %d 张）。没有收下：%s。要紧的内容请用文字写，或拍成照片发来。", document.MaxBytes>>20, document.MaxFiles, strings.Join(zh, "、")),
		EN: fmt.Sprintf("Only photos are taken (JPEG, PNG, WebP, up to %d MB each, %d at most). Left out: %s. Please write what matters in words, or send a photo of it.", document.MaxBytes>>20, document.MaxFiles, strings.Join(en, ", ")),
	}
}

// leftOut is the record of what was left out: why and how many, without names,
// which may be of people.
func leftOut(left []channel.Left) string {
	var lines []string
	for _, r := range reasons {
		n := 0
		for _, f := range left {
			if f.Why == r.is {
				n++
			}
		}
		if n > 0 {
			lines = append(lines, fmt.Sprintf("%s: %d", r.is, n))
		}
	}
	return strings.Join(lines, "\n")
}

// LeftText is that record as staff read it; empty where nothing was left out.
func (t Took) LeftText() lang.Text {
	var zh, en []string
	for line := range strings.SplitSeq(t.LeftOut, "\n") {
		why, n, ok := strings.Cut(line, ": ")
		if !ok {
			continue
		}
		text := reasonText(channel.Reason(why))
		zh, en = append(zh, n+" 个"+text.ZH), append(en, n+" "+text.EN)
	}
	if len(zh) == 0 {
		return lang.Text{}
	}
	return lang.Text{ZH: "没收的附件：" + strings.Join(zh, "，"), EN: "Files left out: " + strings.Join(en, ", ")}
}
