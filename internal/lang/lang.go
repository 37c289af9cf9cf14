// Package lang holds the two languages linli speaks. Chinese comes first and
// is never missing; English is complete. A Text travels as a value through
// packs, errors and pages, and is only turned into one language at the door.
//
// It owns no wording: words live beside the thing they name.
package lang

import "fmt"

// Lang names a language a reader has chosen.
type Lang string

// The languages linli speaks.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Parse reads a language tag such as "en-GB". What it does not know is Chinese.
func Parse(tag string) Lang {
	if len(tag) >= 2 && (tag[:2] == "en" || tag[:2] == "EN") {
		return EN
	}
	return ZH
}

// Tag is the value of the HTML lang attribute.
func (l Lang) Tag() string {
	if l == EN {
		return "en"
	}
	return "zh-CN"
}

// Pick returns the one of two strings that is in l.
func (l Lang) Pick(zh, en string) string {
	if l == EN && en != "" {
		return en
	}
	return zh
}

// Text is one thing said in both languages.
type Text struct {
	ZH string `yaml:"zh" json:"zh"`
	EN string `yaml:"en" json:"en"`
}

// T makes a Text of the same format arguments in both languages.
func T(zh, en string, args ...any) Text {
	if len(args) == 0 {
		return Text{zh, en}
	}
	return Text{fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)}
}

// In returns the text in l, or in Chinese where there is no English.
func (t Text) In(l Lang) string { return l.Pick(t.ZH, t.EN) }

// String returns the Chinese, for logs and command lines.
func (t Text) String() string { return t.ZH }

// IsZero reports whether nothing is said in any language.
func (t Text) IsZero() bool { return t.ZH == "" && t.EN == "" }
