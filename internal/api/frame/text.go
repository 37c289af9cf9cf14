package frame

import (
	"time"

	"linli/internal/lang"
)

// Text is something said in both languages.
type Text struct {
	ZH string `json:"zh" doc:"中文 · Chinese"`
	EN string `json:"en" doc:"英文 · English"`
}

// TextOf is a text of ours as an answer has it.
func TextOf(t lang.Text) Text { return Text{t.ZH, t.In(lang.EN)} }

// TextIf is a text that may be missing.
func TextIf(t lang.Text) *Text {
	if t.IsZero() {
		return nil
	}
	out := TextOf(t)
	return &out
}

// Named is a code with what it is called.
type Named struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
}

// Name says what a code is called.
func Name[C ~string](code C, name lang.Text) Named { return Named{string(code), TextOf(name)} }

// NameIf is a code with its name; nil for no code.
func NameIf[C ~string](code C, name lang.Text) *Named {
	if code == "" {
		return nil
	}
	out := Name(code, name)
	return &out
}

// At is an instant that may be missing.
func At(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
