package learn

import (
	"fmt"

	"linli/internal/lang"
)

// Why says in one sentence which earlier cases speak for the unit.
func (r Row) Why() lang.Text {
	if r.Here.Count > 0 {
		return r.Here.text()
	}
	none, some := r.Here.text(), r.Best.text()
	if r.Best.Count == 0 {
		return none
	}
	return lang.Text{ZH: none.ZH + "；" + some.ZH, EN: none.EN + "; " + some.EN}
}

// text tells one count. "It" is the unit that the sentence stands beside.
func (e Evidence) text() lang.Text {
	place, matter := placeWords(e.Area), matterWords(e.Above)
	zh, en := place.ZH+matter.ZH, matter.EN+" "+place.EN
	switch {
	case e.Of == 1 && e.Count == 0:
		return lang.Text{ZH: zh + "有过 1 件，不由它办", EN: "it did not handle the one case of " + en}
	case e.Of == 1:
		return lang.Text{ZH: zh + "有过 1 件，由它办", EN: "it handled the one case of " + en}
	case e.Count == 0:
		return lang.Text{
			ZH: fmt.Sprintf("%s %d 件都不由它办", zh, e.Of),
			EN: fmt.Sprintf("it handled none of %d cases of %s", e.Of, en),
		}
	case e.Count == e.Of:
		return lang.Text{
			ZH: fmt.Sprintf("%s %d 件都由它办", zh, e.Of),
			EN: fmt.Sprintf("it handled all %d cases of %s", e.Of, en),
		}
	}
	return lang.Text{
		ZH: fmt.Sprintf("%s %d 件里 %d 件由它办", zh, e.Of, e.Count),
		EN: fmt.Sprintf("it handled %d of %d cases of %s", e.Count, e.Of, en),
	}
}

// placeWords names the tier of an area by the length of its code.
func placeWords(code string) lang.Text {
	switch len(code) {
	case 6:
		return lang.T("全区", "in the whole district")
	case 9:
		return lang.T("同街道", "in the same street")
	case 12:
		return lang.T("同社区", "in the same community")
	case 15:
		return lang.T("同网格", "in the same grid")
	}
	return lang.T("同片区", "in the same area")
}

// matterWords names how wide a matter is by the levels below it.
func matterWords(above int) lang.Text {
	switch above {
	case 0:
		return lang.T("同类", "the same matter")
	case 1:
		return lang.T("同大类", "the same group of matters")
	}
	return lang.T("同门类", "the same class of matters")
}
