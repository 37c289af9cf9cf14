package ident

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Concealed stands where something was hidden in a text.
const Concealed = "***"

// surnames are those of nine in ten people, so that 我叫他停 is left as it is.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤裘"

// presented are the words by which people say their own name, and the name.
var presented = regexp.MustCompile(`(我叫|本人叫|我名叫|名字叫|我的名字是|本人姓名[:：是为]?)([` + surnames + `]\p{Han}{1,2})|(?i:(my name is\s+)([\p{L}]+(?:\s+\p{Lu}[\p{L}]+)?))`)

// Presented are the names by which whoever wrote a text says they go.
func Presented(text string) (names []string) {
	for _, m := range presented.FindAllStringSubmatch(text, -1) {
		names = append(names, m[2]+m[4])
	}
	return names
}

// ends are the last digits of a number, as people tell them.
var ends = regexp.MustCompile(`(尾号|后四位)([^\p{Nd}]{0,4})\p{Nd}{4}`)

// Conceal hides in a text what says who wrote it: the words given, such as a name
// and a number, however they are spaced or written; the last four digits of a
// number where they stand alone; the name after 我叫 and its like, wherever it
// stands; and every telephone and identity number. It cannot know a name that nobody gave.
func Conceal(text string, who ...string) string {
	text = cut(text, places(text, append(Presented(text), who...)))
	text = ends.ReplaceAllString(text, "$1$2"+Concealed)
	return HideNumbers(text)
}

// Without hides in a text the words given and nothing else, however they are spaced
// or written.
func Without(text string, who ...string) string { return cut(text, places(text, who)) }

// Tells reports whether a text holds what says who somebody is, as Conceal finds
// it.
func Tells(text string, who ...string) bool { return len(places(text, who)) > 0 }

// places are the spans of bytes at which a text holds any of some words.
func places(text string, who []string) (hidden [][2]int) {
	letters := lettersOf(text)
	for _, w := range who {
		word := lettersOf(w)
		if len(word) < 2 {
			continue // one letter is in every text
		}
		hidden = append(hidden, find(letters, word, false)...)
		if n := len(word); n >= 7 && figuresOnly(word) {
			hidden = append(hidden, find(letters, word[n-4:], true)...)
		}
	}
	return hidden
}

// letter is a letter or figure of a text as it is compared, and where it stands.
type letter struct {
	r        rune
	from, to int
}

// chinese figures are read as figures: 一三八 is as good a number as 138.
var chinese = map[rune]rune{'〇': '0', '零': '0', '一': '1', '二': '2', '三': '3', '四': '4', '五': '5', '六': '6', '七': '7', '八': '8', '九': '9', '幺': '1'}

// lettersOf reads a text without what people put between letters.
func lettersOf(text string) (all []letter) {
	for at, r := range text {
		folded := unicode.ToLower(r)
		if n := width.LookupRune(r).Narrow(); n != 0 {
			folded = unicode.ToLower(n)
		}
		if figure, ok := chinese[folded]; ok {
			folded = figure
		}
		if unicode.IsLetter(folded) || unicode.IsDigit(folded) {
			all = append(all, letter{folded, at, at + len(string(r))})
		}
	}
	return all
}

func figuresOnly(word []letter) bool {
	return !slices.ContainsFunc(word, func(l letter) bool { return !unicode.IsDigit(l.r) })
}

// find gives the places of a word; alone, those with no figure beside them.
func find(text, word []letter, alone bool) (all [][2]int) {
	for at := 0; at+len(word) <= len(text); at++ {
		end := at + len(word)
		if !slices.EqualFunc(text[at:end], word, func(a, b letter) bool { return a.r == b.r }) {
			continue
		}
		beside := at > 0 && unicode.IsDigit(text[at-1].r) && text[at-1].to == text[at].from ||
			end < len(text) && unicode.IsDigit(text[end].r) && text[end-1].to == text[end].from
		if !alone || !beside {
			all = append(all, [2]int{text[at].from, text[end-1].to})
		}
	}
	return all
}

// cut puts the mark in place of each span of bytes; spans that touch are one.
func cut(text string, spans [][2]int) string {
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	var b strings.Builder
	at := 0
	for _, s := range spans {
		if s[0] >= at {
			b.WriteString(text[at:s[0]] + Concealed)
		}
		if s[1] > at {
			at = s[1]
		}
	}
	return b.String() + text[at:]
}
