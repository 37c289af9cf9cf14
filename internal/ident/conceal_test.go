package ident_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"linli/internal/ident"
)

func TestConceal(t *testing.T) {
	t.Parallel()
	const name, phone = "裘万山", "13800000713"
	for _, tt := range []struct{ why, text, want string }{
		{"nothing in it", "店里卖过期食品", "店里卖过期食品"},
		{"the name", "我是裘万山，住隔壁", "我是***，住隔壁"},
		{"the name, spaced", "裘 万·山 写", "*** 写"},
		{"the number", "打13800000713找我", "打***找我"},
		{"the number in groups", "138-0000 0713", "***"},
		{"the number in wide figures", "１３８００００００７１３", "***"},
		{"the number in words", "幺三八零零零零零七一三", "***"},
		{"its tail alone", "尾号0713的", "尾号***的"},
		{"its tail within another number", "单号 990713", "单号 990713"},
		{"another's number", "老板 13800009999", "老板 ***"},
		{"a name nobody gave", "我叫李桂芬，看见的", "我叫***，看见的"},
		{"it again", "李桂芬看见的，我叫李桂芬", "***看见的，我叫***"},
		{"the end of a number nobody gave", "尾号是 4321", "尾号是 ***"},
		{"no name after 我叫", "我叫他们停下来", "我叫他们停下来"},
		{"in English", "my name is Qiu Wanshan, I saw it", "my name is ***, I saw it"},
		{"twice, side by side", "裘万山裘万山", "******"},
		{"bytes that are no text", "\xff裘万山", "\xff***"},
	} {
		if got := ident.Conceal(tt.text, name, phone, ""); got != tt.want {
			t.Errorf("%s: Conceal(%q) = %q, want %q", tt.why, tt.text, got, tt.want)
		}
	}
	for text, want := range map[string]bool{"请打 138 0000 0713": true, "尾号0713": true, "裘万山": true, "请打 13900000000": false, "": false} {
		if got := ident.Tells(text, name, phone); got != want {
			t.Errorf("Tells(%q) = %t, want %t", text, got, want)
		}
	}
	if got := ident.Conceal("山上的垃圾", "山"); got != "山上的垃圾" {
		t.Errorf("one letter for a name hides %q", got)
	}
}

// FuzzConceal holds that what was given is not in what comes out, and that
// nothing but hiding was done.
func FuzzConceal(f *testing.F) {
	f.Add("我是裘万山，打 138 0000 0713", "裘万山", "13800000713")
	f.Add("一二三四五六七八", "五六", "1234567")
	f.Add("\xff\xfe", "\xff\xff", "")
	f.Fuzz(func(t *testing.T, text, name, phone string) {
		got := ident.Conceal(text, name, phone)
		if utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("%q became %q", text, got)
		}
		for _, who := range []string{name, phone} {
			letters := strings.Map(func(r rune) rune {
				if r == '*' || r == utf8.RuneError {
					return -1
				}
				return r
			}, who)
			if utf8.RuneCountInString(letters) >= 2 && letters == who && ident.Conceal(who, who) == ident.Concealed && strings.Contains(got, who) {
				t.Errorf("%q is still in %q", who, got)
			}
		}
	})
}
