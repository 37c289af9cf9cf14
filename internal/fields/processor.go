package fields

import (
	"cmp"

	"go.yaml.in/yaml/v3"

	"linli/internal/lang"
	"linli/internal/sheet"
)

// Role is as what somebody outside the district's units comes to personal data.
type Role string

// The roles.
const (
	Entrusted Role = "entrusted" // processes for us and as we say (个人信息保护法 21)
	Recipient Role = "recipient" // decides for itself what it does with them (23)
)

// Title names a role for a person.
func (o Role) Title() lang.Text {
	if o == Recipient {
		return lang.T("接收方", "Recipient")
	}
	return lang.T("受托方", "Processor on our behalf")
}

// Processor is somebody outside to whom personal data go: people are told who,
// which data, what for and on which ground.
type Processor struct {
	Name    string
	Role    Role
	Title   lang.Text
	Does    lang.Text // what for, and on what terms
	Kinds   lang.Text // of data
	Basis   lang.Text
	Consent string // without which nothing goes to it; '' where a law is enough
}

func (r *reader) processor(p sheet.Pair, rules *Rules) Processor {
	f := r.Fields(p.Value, sheet.Clip(p.Key.Value), "role", "title", "does", "kinds", "basis", "consent")
	out := Processor{Name: p.Key.Value, Role: Role(r.word(f["role"])), Title: r.Text(f["title"], p.Key, "title"), Does: r.prose(f["does"], p.Key, "does"),
		Kinds: r.prose(f["kinds"], p.Key, "kinds"), Basis: r.prose(f["basis"], p.Key, "basis"), Consent: r.word(f["consent"])}
	if out.Role != Entrusted && out.Role != Recipient {
		r.Bad(cmp.Or(f["role"], p.Key), "role", "role 写 entrusted（受托方）或 recipient（接收方）。", "role is entrusted or recipient.")
	}
	if _, ok := rules.Consent(out.Consent); out.Consent != "" && !ok {
		r.Bad(f["consent"], "consent", "上面没有“%s”这项同意。", "There is no consent “%s” above.", out.Consent)
	}
	return out
}

// word reads a plain word; empty where there is none.
func (r *reader) word(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	return n.Value
}
