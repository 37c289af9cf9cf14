package notice

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"linli/internal/errs"
	"linli/internal/lang"
)

//go:embed notices.yaml
var standard []byte

// wordingMost is the longest template in one language, in letters.
const wordingMost = 1000

// Book holds the templates of a district. It is not changed once made.
type Book struct {
	all map[Template]both
	out Out
}

type both struct{ zh, en wording }

// Standard is the book that comes with linli.
func Standard() (b *Book, err error) {
	defer errs.Wrap(&err, "notice.Standard")
	return new(Book).With("notices.yaml", standard)
}

// With gives a book in which the templates of a district's own file stand in
// place of those of b. It refuses the whole file, naming every line that is
// wrong, for an unknown or misspelled fact, a missing language, or two
// languages that do not tell the same.
func (b *Book) With(file string, text []byte) (_ *Book, err error) {
	defer errs.Wrap(&err, "notice.With(%s)", file)
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, errs.New(errs.Invalid, "%s 不是 YAML", "%s is not YAML", file).Because(err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, wrong(file, 1, "要写成“模板名: {zh: …, en: …}”", "write “template: {zh: …, en: …}”")
	}
	own := map[Template]both{}
	var all []error
	pairs := doc.Content[0].Content
	for i := 0; i < len(pairs); i += 2 {
		key := pairs[i]
		name := Template(key.Value)
		one, err := readTemplate(file, key, pairs[i+1])
		if _, twice := own[name]; twice && err == nil {
			err = wrong(file, key.Line, "模板“%s”写了两次", "template “%s” is there twice", clip(key.Value))
		}
		if err != nil {
			all = append(all, err)
			continue
		}
		own[name] = one
	}
	if len(all) > 0 {
		return nil, errors.Join(all...)
	}
	whole := maps.Clone(b.all)
	if whole == nil {
		whole = map[Template]both{}
	}
	maps.Copy(whole, own)
	return &Book{all: whole, out: b.out}, nil
}

func readTemplate(file string, key, value *yaml.Node) (one both, err error) {
	if !slices.Contains(Templates(), Template(key.Value)) {
		return both{}, wrong(file, key.Line, "没有叫“%s”的模板", "there is no template “%s”", clip(key.Value))
	}
	// Aliases are refused with everything else that is not a plain mapping.
	if value.Kind != yaml.MappingNode {
		return both{}, wrong(file, value.Line, "“%s”要有 zh 和 en", "“%s” needs zh and en", key.Value)
	}
	for i := 0; i < len(value.Content); i += 2 {
		k, v := value.Content[i], value.Content[i+1]
		into := map[string]*wording{"zh": &one.zh, "en": &one.en}[k.Value]
		if into == nil || *into != nil || v.Kind != yaml.ScalarNode || v.Value == "" {
			return both{}, wrong(file, k.Line, "“%s”只写 zh 和 en，各一段文字", "“%s” has zh and en, a text each", key.Value)
		}
		if len([]rune(v.Value)) > wordingMost {
			return both{}, wrong(file, v.Line, "“%s”超过 %d 字", "“%s” is over %d letters", key.Value, wordingMost)
		}
		if *into, err = cut(v.Value); err != nil {
			return both{}, wrong(file, v.Line, "“%s”里的写法不对：%s", "“%s” is not written right: %s", key.Value, err)
		}
	}
	if one.zh == nil || one.en == nil {
		return both{}, wrong(file, key.Line, "“%s”缺中文或英文", "“%s” lacks Chinese or English", key.Value)
	}
	if zh, en := facts(one.zh), facts(one.en); !slices.Equal(zh, en) {
		return both{}, wrong(file, key.Line, "“%s”中文说了 %v，英文说了 %v", "“%s” tells %v in Chinese and %v in English", key.Value, zh, en)
	}
	return one, nil
}

func wrong(file string, line int, zh, en string, args ...any) error {
	what := lang.T(zh, en, args...)
	return &errs.Error{Kind: errs.Invalid, Text: lang.Text{
		ZH: fmt.Sprintf("%s 第 %d 行：%s", file, line, what.ZH),
		EN: fmt.Sprintf("%s line %d: %s", file, line, what.EN),
	}}
}

// Text fills a template. A fact that it needs and f lacks is an internal
// error: the caller did not give what the template's event always has.
func (b *Book) Text(name Template, f Facts) (t lang.Text, err error) {
	one, ok := b.all[name]
	if !ok {
		return lang.Text{}, fmt.Errorf("the book has no template %q", name)
	}
	var lackZH, lackEN string
	t.ZH, lackZH = one.zh.fill(f, lang.ZH)
	t.EN, lackEN = one.en.fill(f, lang.EN)
	if lackZH != "" || lackEN != "" {
		return lang.Text{}, fmt.Errorf("template %q needs {%s}", name, cmp.Or(lackZH, lackEN))
	}
	return t, nil
}
