package notice

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// Wording is how a district words a template.
type Wording struct {
	Template Template
	Version  int // 0: the pack's
	Text     lang.Text
	At       time.Time
	By       procedure.Actor
}

// Own reports whether it is the district's own, not the pack's.
func (w Wording) Own() bool { return w.Version > 0 && !w.Text.IsZero() }

const textColumns = `template, version, text_zh, text_en, at, by_person, by_post`

func (w *Wording) dest() []any {
	return []any{&w.Template, &w.Version, &w.Text.ZH, &w.Text.EN, db.Time(&w.At), &w.By.Person, &w.By.Post}
}

// Base is a template as the pack words it.
func (b *Book) Base(name Template) lang.Text {
	one := b.all[name]
	return lang.Text{ZH: one.zh.String(), EN: one.en.String()}
}

// Facts lists the facts that a template has as the pack words it.
func (b *Book) Facts(name Template) []string { return facts(b.all[name].zh) }

// Wordings are all templates of a book as a district words them now.
func (b *Book) Wordings(ctx context.Context, r db.Reader, district string) (all []Wording, err error) {
	defer errs.Wrap(&err, "notice.Wordings(%s)", district)
	own, err := db.All(ctx, r, (*Wording).dest, `select `+textColumns+` from notice_texts t where t.district = $1 and t.version =
		(select max(n.version) from notice_texts n where n.district = t.district and n.template = t.template)`, district)
	if err != nil {
		return nil, err
	}
	for _, name := range Templates() {
		one := Wording{Template: name}
		if i := slices.IndexFunc(own, func(w Wording) bool { return w.Template == name }); i >= 0 {
			one = own[i]
		}
		if !one.Own() {
			one.Text = b.Base(name)
		}
		all = append(all, one)
	}
	return all, nil
}

// Versions are a district's own wordings of a template, newest first.
func Versions(ctx context.Context, r db.Reader, district string, name Template) (all []Wording, err error) {
	defer errs.Wrap(&err, "notice.Versions(%s)", name)
	return db.All(ctx, r, (*Wording).dest, `select `+textColumns+` from notice_texts where district = $1 and template = $2 order by version desc`, district, string(name))
}

// Reword keeps a district's own wording of a template as a new version; an empty
// text has the pack's stand again. after is the version that the writer saw:
// errs.Conflict where another came meanwhile. What cannot stand is errs.Invalid
// with why, at text-zh or text-en.
func (b *Book) Reword(ctx context.Context, tx *db.Tx, district string, by procedure.Actor, name Template, text lang.Text, after int) (err error) {
	defer errs.Wrap(&err, "notice.Reword(%s)", name)
	text.ZH, text.EN = clean(text.ZH), clean(text.EN)
	if !text.IsZero() {
		if _, err := b.check(name, text); err != nil {
			return err
		}
	}
	now, err := db.Value[int](ctx, tx, `select coalesce(max(version), 0) from notice_texts where district = $1 and template = $2`, district, string(name))
	if err != nil {
		return err
	}
	if now != after {
		return errs.New(errs.Conflict, "别人刚改过这一条，请看过再改。", "Somebody has just changed this one; please look again.")
	}
	if err := tx.Exec(ctx, `insert into notice_texts (district, template, version, text_zh, text_en, at, by_person, by_post) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		district, string(name), now+1, text.ZH, text.EN, db.At(tx.Now), by.Person, by.Post); err != nil {
		return err
	}
	act := "worded"
	if text.IsZero() {
		act = "worded-back"
	}
	return trail.Note(ctx, tx, district, trail.Setup, "notices", trail.Entry{Person: by.Person, Post: by.Post, Unit: by.Unit, Act: act,
		Detail: map[string]string{"template": string(name)}})
}

func clean(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// check reads a district's wording. Beside what every template must be, a fact
// that the pack's wording does not count on may be missing one day: it belongs
// into [ ].
func (b *Book) check(name Template, text lang.Text) (one both, err error) {
	base, ok := b.all[name]
	if !ok {
		return both{}, errs.New(errs.NotFound, "没有这个模板。", "There is no such template.")
	}
	for _, side := range []struct {
		field, text string
		into        *wording
	}{{"text-zh", text.ZH, &one.zh}, {"text-en", text.EN, &one.en}} {
		if side.text == "" {
			return both{}, errs.New(errs.Invalid, "中文和英文都要写。", "Write both Chinese and English.").At(side.field)
		}
		if len([]rune(side.text)) > wordingMost {
			return both{}, errs.New(errs.Invalid, "最多 %d 字。", "Up to %d letters.", wordingMost).At(side.field)
		}
		if *side.into, err = cut(side.text); err != nil {
			return both{}, errs.New(errs.Invalid, "写法不对：%s", "It is not written right: %s", err.Error()).At(side.field)
		}
		for _, fact := range needed(*side.into) {
			if !slices.Contains(needed(base.zh), fact) {
				return both{}, errs.New(errs.Invalid, "{%[1]s} 有时没有，请放进 [ ] 里，没有时整段不写。", "{%[1]s} is not always known; put it in [ ], which is left out without it.", fact).At(side.field)
			}
		}
	}
	if zh, en := facts(one.zh), facts(one.en); !slices.Equal(zh, en) {
		return both{}, errs.New(errs.Invalid, "中文说了 %[1]v，英文说了 %[2]v，两边要一样。", "Chinese tells %[1]v and English %[2]v; both must tell the same.", zh, en).At("text-en")
	}
	return one, nil
}

// needed are the facts outside of [ ].
func needed(w wording) (names []string) {
	for _, p := range w {
		if p.fact != "" {
			names = append(names, p.fact)
		}
	}
	return names
}

// Say fills a template as the district words it. Where its own wording lacks a
// fact that the pack's does without, the pack's stands.
func (b *Book) Say(ctx context.Context, r db.Reader, district string, name Template, f Facts) (t lang.Text, err error) {
	defer errs.Wrap(&err, "notice.Say(%s)", name)
	own, err := db.All(ctx, r, (*Wording).dest, `select `+textColumns+` from notice_texts where district = $1 and template = $2 order by version desc limit 1`, district, string(name))
	if err != nil {
		return lang.Text{}, err
	}
	if len(own) == 1 && own[0].Own() {
		if one, err := b.check(name, own[0].Text); err == nil {
			if t, lack := one.fill(f); lack == "" {
				return t, nil
			}
		}
	}
	return b.Text(name, f)
}

// Preview is a wording with facts that are an example, as a channel tells it:
// news is true where the channel may not tell enough of it and says only that
// there is news. A wording that cannot stand is errs.Invalid.
func (b *Book) Preview(name Template, text lang.Text, f Facts, ch channel.Name, trusted bool) (t lang.Text, news bool, err error) {
	defer errs.Wrap(&err, "notice.Preview(%s)", name)
	one, err := b.check(name, lang.Text{ZH: clean(text.ZH), EN: clean(text.EN)})
	if err != nil {
		return lang.Text{}, false, err
	}
	if ch != channel.Portal {
		f = b.linked(f)
	}
	f = f.upTo(Highest(ch, trusted))
	t, lack := one.fill(f)
	if lack == "" {
		return t, false, nil
	}
	t, err = b.Text(News, f)
	return t, true, err
}

func (one both) fill(f Facts) (t lang.Text, lack string) {
	if t.ZH, lack = one.zh.fill(f, lang.ZH); lack != "" {
		return lang.Text{}, lack
	}
	t.EN, lack = one.en.fill(f, lang.EN)
	return t, lack
}

// String is the wording as it is written.
func (w wording) String() string {
	var b strings.Builder
	for _, p := range w {
		switch {
		case p.part != nil:
			b.WriteString("[" + p.part.String() + "]")
		case p.fact != "":
			b.WriteString("{" + p.fact + "}")
		default:
			b.WriteString(p.text)
		}
	}
	return b.String()
}
