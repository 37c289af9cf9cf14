package look

import (
	"strings"

	"linli/internal/fields"
	"linli/internal/lang"
)

// Kind is what sort of reason a look had. The person concerned reads it.
type Kind string

// The kinds of reason, in the order in which a form lists them.
const (
	ToAsk   Kind = "ask"   // what it is about, where, since when
	ToTell  Kind = "tell"  // how it goes
	ToVisit Kind = "visit" // to agree on a time, or to find the door
	ToCheck Kind = "check" // whether it was solved, whether it is this person
	ByLaw   Kind = "law"   // somebody with the power to asks for it
	ToHelp  Kind = "help"  // somebody is in danger
	Other   Kind = "other" // said in words
)

// Kinds lists the kinds of reason.
func Kinds() []Kind { return []Kind{ToAsk, ToTell, ToVisit, ToCheck, ByLaw, ToHelp, Other} }

// Text names the kind for a person; empty for one that there is not.
func (k Kind) Text() lang.Text {
	switch k {
	case ToAsk:
		return lang.T("问清情况", "to ask about it")
	case ToTell:
		return lang.T("告诉办得怎样了", "to tell how it goes")
	case ToVisit:
		return lang.T("上门，约时间或找地方", "to visit: agree on a time, find the place")
	case ToCheck:
		return lang.T("核对", "to check")
	case ByLaw:
		return lang.T("依法要求提供", "demanded by law")
	case ToHelp:
		return lang.T("救急", "to help in danger")
	case Other:
		return lang.T("其他", "other")
	}
	return lang.Text{}
}

// FieldText names a personal field for a person.
func FieldText(field string) lang.Text {
	switch field {
	case fields.Name:
		return lang.T("姓名", "name")
	case fields.Phone:
		return lang.T("电话", "phone number")
	case fields.Address:
		return lang.T("写的地址", "address as written")
	}
	return lang.Text{ZH: field, EN: field}
}

// FieldsText names several: 姓名、电话.
func FieldsText(names []string) lang.Text {
	var zh, en []string
	for _, name := range names {
		t := FieldText(name)
		zh, en = append(zh, t.ZH), append(en, t.EN)
	}
	return lang.Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")}
}

// Sign is what is unusual about somebody's reading.
type Sign string

// The signs.
const (
	Many   Sign = "many"   // more in a day than the district's number
	Others Sign = "others" // many cases in which the reader has nothing to do
	Night  Sign = "night"  // at night, without duty
	Again  Sign = "again"  // one person's data again and again
)

// Text names the sign for whoever is to look into it.
func (s Sign) Text() lang.Text {
	switch s {
	case Many:
		return lang.T("一天看的次数多", "many in one day")
	case Others:
		return lang.T("看了很多不归自己办的件", "many cases that are not theirs to deal with")
	case Night:
		return lang.T("夜里不值班时看", "at night, off duty")
	case Again:
		return lang.T("反复看同一个人", "the same person again and again")
	}
	return lang.Text{ZH: string(s), EN: string(s)}
}

// SignsText names several.
func SignsText(signs []Sign) lang.Text {
	var zh, en []string
	for _, s := range signs {
		zh, en = append(zh, s.Text().ZH), append(en, s.Text().EN)
	}
	return lang.Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")}
}

// list and split are how several words stand in one column.
func list[T ~string](words []T) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = string(w)
	}
	return strings.Join(all, ",")
}

func split[T ~string](s string) (words []T) {
	for _, w := range strings.Split(s, ",") {
		if w != "" {
			words = append(words, T(w))
		}
	}
	return words
}
