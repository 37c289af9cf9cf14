package resident

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/trail"
)

// Deed is one thing that may be done for another person.
type Deed string

// The deeds.
const (
	See        Deed = "see"        // look at the cases
	Rate       Deed = "rate"       // rate, send back to work, open again
	Supplement Deed = "supplement" // hand in what the unit asks for
	Report     Deed = "report"     // report in the person's name
)

// Deeds are all of them, in the order in which a form offers them.
func Deeds() []Deed { return []Deed{See, Rate, Supplement, Report} }

// Title says a deed to a person.
func (d Deed) Title() lang.Text {
	switch d {
	case See:
		return lang.T("查看进度", "see how the cases stand")
	case Rate:
		return lang.T("评价、退回重办", "rate, and send back to work")
	case Supplement:
		return lang.T("补充材料", "hand in what is asked for")
	case Report:
		return lang.T("代为上报", "report in the person's name")
	}
	return lang.Text{ZH: string(d), EN: string(d)}
}

// Relation is what somebody who acts for another is to that person.
type Relation string

// The relations. A guardian acts for a child under fourteen.
const (
	Child     Relation = "child"
	Spouse    Relation = "spouse"
	Parent    Relation = "parent"
	Relative  Relation = "relative"
	Neighbour Relation = "neighbour"
	Worker    Relation = "community-worker"
	Guardian  Relation = "guardian"
)

// Relations are those of grown-up persons, who confirm a proxy themselves.
func Relations() []Relation { return []Relation{Child, Spouse, Parent, Relative, Neighbour, Worker} }

// Title says a relation to a person.
func (r Relation) Title() lang.Text {
	switch r {
	case Child:
		return lang.T("子女", "son or daughter")
	case Spouse:
		return lang.T("配偶", "husband or wife")
	case Parent:
		return lang.T("父母", "father or mother")
	case Relative:
		return lang.T("其他亲属", "another relative")
	case Neighbour:
		return lang.T("邻居、朋友", "neighbour or friend")
	case Worker:
		return lang.T("社区工作者", "community worker")
	case Guardian:
		return lang.T("监护人", "guardian")
	}
	return lang.Text{ZH: string(r), EN: string(r)}
}

// Paper is what a clerk saw of an authority. Its number is never kept.
type Paper string

// The papers.
const (
	IDCards   Paper = "id-cards"
	Household Paper = "household-register"
	Power     Paper = "power-of-attorney"
	Order     Paper = "posting-order"
	Birth     Paper = "birth-certificate"
	Custody   Paper = "guardianship-paper"
)

// Papers are those that show an authority: over a child, or of a grown-up.
func Papers(guardian bool) []Paper {
	if guardian {
		return []Paper{Household, Birth, Custody}
	}
	return []Paper{IDCards, Household, Power, Order}
}

// Title says a paper to a person.
func (p Paper) Title() lang.Text {
	switch p {
	case IDCards:
		return lang.T("本人到场，双方身份证", "the person is present; both identity cards")
	case Household:
		return lang.T("户口簿", "household register")
	case Power:
		return lang.T("本人签字的委托书和身份证", "a power of attorney signed by the person, and the identity card")
	case Order:
		return lang.T("社区工作证和本人签字的同意书", "a community worker's card and the person's signed consent")
	case Birth:
		return lang.T("出生医学证明", "birth certificate")
	case Custody:
		return lang.T("监护证明", "paper of guardianship")
	}
	return lang.Text{ZH: string(p), EN: string(p)}
}

// How an authority was shown.
const (
	ByCode    = "code"
	AtCounter = "counter"
)

// By whom, or by what, a proxy ended.
const (
	ByPrincipal = "principal"
	ByAgent     = "agent"
	ByClerk     = "counter"
	ByTime      = "time"
	ByNumber    = "number"  // the phone number has another holder
	ByAccount   = "account" // one of the two closed the account
)

// ProxyID names a proxy.
type ProxyID string

// Proxy is the recorded authority of one resident, the agent, to act for
// another, the principal.
type Proxy struct {
	ID        ProxyID
	Principal ID
	Agent     ID
	Relation  Relation
	Deeds     []Deed
	From      time.Time // zero while it waits for its code
	Until     time.Time
	How       string
	Paper     Paper
	Person    string // the clerk
	Post      string
	Made      time.Time
	Ended     time.Time // zero while nobody has ended it
	EndedBy   string
}

// Runs reports whether the authority holds at an instant. It ends by itself.
func (p Proxy) Runs(now time.Time) bool {
	return !p.From.IsZero() && !now.Before(p.From) && now.Before(p.Until) && p.Ended.IsZero()
}

// Allows reports whether the agent may do something at an instant.
func (p Proxy) Allows(d Deed, now time.Time) bool { return p.Runs(now) && slices.Contains(p.Deeds, d) }

const proxyColumns = `id, principal, agent, relation, deeds, from_at, until_at, how, paper, person, post, made_at, ended_at, ended_by`

var proxyList = strings.ReplaceAll(proxyColumns, ", ", ", p.")

func (p *Proxy) dest() []any {
	return []any{&p.ID, &p.Principal, &p.Agent, &p.Relation, (*deeds)(&p.Deeds), db.Time(&p.From), db.Time(&p.Until), &p.How, &p.Paper,
		&p.Person, &p.Post, db.Time(&p.Made), db.Time(&p.Ended), &p.EndedBy}
}

// deeds scans the stored words.
type deeds []Deed

// Scan reads words with spaces between.
func (d *deeds) Scan(v any) error {
	text, _ := v.(string)
	*d = nil
	for word := range strings.FieldsSeq(text) {
		*d = append(*d, Deed(word))
	}
	return nil
}

func (d deeds) String() string {
	var words []string
	for _, one := range d {
		words = append(words, string(one))
	}
	return strings.Join(words, " ")
}

// proxiesMost is how many proxies of a resident are listed.
const proxiesMost = 200

// Proxies are those in which a resident acts for others, and those in which
// others act for the resident: confirmed ones, newest first, with those that
// have ended.
func Proxies(ctx context.Context, r db.Reader, district string, id ID) (acting, actedFor []Proxy, err error) {
	defer errs.Wrap(&err, "resident.Proxies(%s)", id)
	if id == "" {
		return nil, nil, nil
	}
	if acting, err = db.All(ctx, r, (*Proxy).dest, `select `+proxyColumns+` from proxies where district = $1 and agent = $2 and from_at > 0
		order by made_at desc, id desc limit $3`, district, string(id), proxiesMost); err != nil {
		return nil, nil, err
	}
	actedFor, err = db.All(ctx, r, (*Proxy).dest, `select `+proxyColumns+` from proxies where district = $1 and principal = $2 and from_at > 0
		order by made_at desc, id desc limit $3`, district, string(id), proxiesMost)
	return acting, actedFor, err
}

// Find gives the proxy of an agent that runs now; errs.NotFound for any other.
func Find(ctx context.Context, r db.Reader, district string, agent ID, id ProxyID, now time.Time) (p Proxy, err error) {
	defer errs.Wrap(&err, "resident.Find(%s)", id)
	p, err = db.One(ctx, r, (*Proxy).dest, `select `+proxyColumns+` from proxies where district = $1 and id = $2 and agent = $3`,
		district, string(id), string(agent))
	if err == nil && !p.Runs(now) {
		err = errs.New(errs.NotFound, "没有找到", "not found")
	}
	return p, err
}

// Principal is a proxy with whom it is for.
type Principal struct {
	Proxy
	Resident Resident
}

// Principals are the persons a resident acts for now.
func (b *Book) Principals(ctx context.Context, r db.Reader, district string, agent ID, now time.Time) (all []Principal, err error) {
	defer errs.Wrap(&err, "resident.Principals(%s)", agent)
	acting, err := db.All(ctx, r, (*Proxy).dest, `select `+proxyColumns+` from proxies where district = $1 and agent = $2
		and from_at > 0 and from_at <= $3 and until_at > $3 and ended_at = 0 order by made_at, id limit $4`, district, string(agent), db.At(now), proxiesMost)
	if err != nil {
		return nil, err
	}
	for _, p := range acting {
		one, err := b.ByID(ctx, r, district, p.Principal)
		if err != nil {
			return nil, err
		}
		all = append(all, Principal{p, one})
	}
	return all, nil
}

// Acted records that an agent did something for the principal, about a subject:
// the id of a case, or of a person's own setting.
func Acted(ctx context.Context, tx *db.Tx, district string, p Proxy, what Deed, subject string) (err error) {
	defer errs.Wrap(&err, "resident.Acted(%s, %s)", p.ID, what)
	// Asked again here, in the transaction that acts: a proxy that was ended a
	// moment ago acts no more.
	now, err := Find(ctx, tx, district, p.Agent, p.ID, tx.Now)
	if err != nil || !now.Allows(what, tx.Now) {
		return errs.New(errs.Forbidden, "这项代办权限已经没有了，请和本人联系。", "This authority to act for somebody is no longer there; please talk to the person.").Because(err)
	}
	return note(ctx, tx, district, now, "acted", map[string]string{"deed": string(what), "on": subject})
}

// note writes about a proxy into the trail of the principal.
func note(ctx context.Context, tx *db.Tx, district string, p Proxy, act string, detail map[string]string) error {
	all := map[string]string{"proxy": string(p.ID), "for": string(p.Principal), "agent": string(p.Agent)}
	for k, v := range detail {
		all[k] = v
	}
	return trail.Note(ctx, tx, district, trail.Privacy, string(p.Principal), trail.Entry{Person: p.byClerk(act), Act: "proxy-" + act, Detail: all})
}

// byClerk is the clerk where it was the clerk who did it.
func (p Proxy) byClerk(act string) string {
	if act == "made" {
		return p.Person
	}
	return ""
}
