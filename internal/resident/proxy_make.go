package resident

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/lang"
)

// How much one agent may ask for and hold.
const (
	asksADay     = 5
	principalsAt = 30 // at once, which is a community worker's lane of old people
)

// adult is from when a child is asked itself: 个人信息保护法 31 counts children
// under fourteen as sensitive and has their guardians consent.
const adult = 14

// Terms are what an agent is to be allowed.
type Terms struct {
	Relation Relation
	Deeds    []Deed
	Until    clock.Date // the last day
}

// check says what is wrong with terms, and when they end.
func (t Terms) check(now time.Time, zone *time.Location) (until time.Time, err error) {
	var all []error
	bad := func(field, zh, en string) {
		all = append(all, errs.New(errs.Invalid, "%[1]s", "%[2]s", zh, en).At(field))
	}
	if t.Relation != Guardian && !slices.Contains(Relations(), t.Relation) {
		bad("relation", "请选您和他是什么关系。", "Please choose what you are to the person.")
	}
	known := func(d Deed) bool { return slices.Contains(Deeds(), d) }
	if len(t.Deeds) == 0 || !slices.Contains(t.Deeds, See) || slices.ContainsFunc(t.Deeds, func(d Deed) bool { return !known(d) }) {
		bad("deeds", "请选可以代办什么；查看进度总是要选的。", "Please choose what may be done; seeing the cases always belongs to it.")
	}
	if _, err := clock.ParseDate(string(t.Until)); err != nil {
		bad("until", "请写到哪一天为止，如 2027-05-31。", "Please write the last day, such as 2027-05-31.")
		return time.Time{}, errors.Join(all...)
	}
	until = t.Until.Add(1).Start(zone)
	today := clock.DateOf(now, zone)
	if !until.After(now) || until.After(today.Start(zone).AddDate(1, 0, 1)) {
		bad("until", "从今天起最长一年。", "From today on, a year at the most.")
	}
	return until, errors.Join(all...)
}

// AskProxy sends a code to the phone of the person an agent wants to act for.
// Whoever tells the agent the code agrees. It is errs.Often where the agent has
// asked five times today; the answer does not tell whether the number is known.
// shown is the code itself, in the demo alone.
func (b *Book) AskProxy(ctx context.Context, tx *db.Tx, district string, agent Resident, principal ident.Phone, t Terms, zone *time.Location, l lang.Lang) (id ProxyID, shown string, err error) {
	defer errs.Wrap(&err, "resident.AskProxy(%s)", agent.ID)
	until, err := t.check(tx.Now, zone)
	if t.Relation == Guardian {
		err = errors.Join(err, errs.New(errs.Invalid, "替不满十四周岁的孩子办，请监护人带证件到窗口登记。", "To act for a child under fourteen, the guardian comes to the counter with the papers.").At("relation"))
	}
	if principal == agent.Phone {
		err = errors.Join(err, errs.New(errs.Invalid, "这是您自己的手机。请写本人的手机号。", "This is your own phone. Please write the other person's number.").At("phone"))
	}
	if err != nil {
		return "", "", err
	}
	if err := b.mayAsk(ctx, tx, district, agent.ID); err != nil {
		return "", "", err
	}
	if id, err = newProxyID(); err != nil {
		return "", "", err
	}
	shown, err = b.send(ctx, tx, district, principal, string(id), l, func(code string) string { return asking(agent, t, code, l) })
	if err != nil {
		return "", "", err
	}
	p := Proxy{ID: id, Agent: agent.ID, Relation: t.Relation, Deeds: t.Deeds, Until: until, How: ByCode, Made: tx.Now}
	return id, shown, p.insert(ctx, tx, district)
}

// asking is the message to the person who is asked.
func asking(agent Resident, t Terms, code string, l lang.Lang) string {
	zh, en := "", ""
	for i, d := range t.Deeds {
		title := d.Title()
		if i > 0 {
			zh, en = zh+"、", en+"; "
		}
		zh, en = zh+title.ZH, en+title.EN
	}
	return lang.T("手机 %[1]s 的机主想在邻里上替您：%[3]s，到 %[2]s 为止。同意，就把验证码 %[5]s 告诉他，%[6]d 分钟内有效；不同意，请不要告诉任何人。",
		"The holder of %[1]s wants to act for you at linli until %[2]s: %[4]s. If you agree, tell them the code %[5]s, good for %[6]d minutes; if not, tell it to nobody.",
		agent.Phone.Mask(), string(t.Until), zh, en, code, minutes(CodeLives)).In(l)
}

func newProxyID() (ProxyID, error) {
	id, err := uuid.NewV7()
	return ProxyID(id.String()), err
}

// mayAsk bounds how often an agent asks, and for how many.
func (b *Book) mayAsk(ctx context.Context, tx *db.Tx, district string, agent ID) error {
	asked, err := db.Value[int](ctx, tx, `select count(*) from proxies where district = $1 and agent = $2 and how = $3 and made_at > $4`,
		district, string(agent), ByCode, db.At(tx.Now.Add(-day)))
	if err != nil {
		return err
	}
	if asked >= asksADay {
		return errs.New(errs.Often, "今天申请代办的次数太多了，请明天再来，或和本人一起到窗口办。", "You have asked too often today; please come again tomorrow, or come to the counter with the person.").After(day).At("phone")
	}
	return b.room(ctx, tx, district, agent)
}

func (b *Book) room(ctx context.Context, tx *db.Tx, district string, agent ID) error {
	held, err := db.Value[int](ctx, tx, `select count(*) from proxies where district = $1 and agent = $2 and from_at > 0 and until_at > $3 and ended_at = 0`,
		district, string(agent), db.At(tx.Now))
	if err == nil && held >= principalsAt {
		err = errs.New(errs.Conflict, "一个人同时最多替 %d 个人办。", "One person acts for %d others at the most.", principalsAt)
	}
	return err
}

func (p Proxy) insert(ctx context.Context, tx *db.Tx, district string) error {
	return tx.Exec(ctx, `insert into proxies (district, `+proxyColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		district, string(p.ID), string(p.Principal), string(p.Agent), string(p.Relation), deeds(p.Deeds).String(), db.At(p.From), db.At(p.Until),
		p.How, string(p.Paper), p.Person, p.Post, db.At(p.Made), db.At(p.Ended), p.EndedBy)
}

// ConfirmProxy begins a proxy that was asked for, with the code that went to the
// person's phone. A wrong one is errs.SignIn and stays counted.
func (b *Book) ConfirmProxy(ctx context.Context, d *db.DB, district string, agent ID, id ProxyID, principal ident.Phone, code string, l lang.Lang) (p Proxy, err error) {
	defer errs.Wrap(&err, "resident.ConfirmProxy(%s)", id)
	right := false
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if right, err = b.spend(ctx, tx, district, principal, string(id), code); err != nil || !right {
			return err
		}
		p, err = db.One(ctx, tx, (*Proxy).dest, `select `+proxyColumns+` from proxies where district = $1 and id = $2 and agent = $3 and from_at = 0 and ended_at = 0`,
			district, string(id), string(agent))
		if errs.KindOf(err) == errs.NotFound {
			right = false
			return nil
		}
		if err != nil {
			return err
		}
		of, err := b.meet(ctx, tx, district, principal, l)
		if err != nil {
			return err
		}
		if of.ID == agent {
			return errs.New(errs.Invalid, "这是您自己的手机。请写本人的手机号。", "This is your own phone. Please write the other person's number.").At("phone")
		}
		p.Principal, p.From = of.ID, tx.Now
		if err := tx.Exec(ctx, `update proxies set principal = $1, from_at = $2 where district = $3 and id = $4`,
			string(p.Principal), db.At(p.From), district, string(id)); err != nil {
			return err
		}
		return b.begun(ctx, tx, district, p)
	})
	if err == nil && !right {
		err = wrongCode()
	}
	return p, err
}

// begun ends what the new proxy replaces, and records it.
func (b *Book) begun(ctx context.Context, tx *db.Tx, district string, p Proxy) error {
	older, err := db.All(ctx, tx, (*Proxy).dest, `select `+proxyColumns+` from proxies
		where district = $1 and agent = $2 and principal = $3 and id <> $4 and from_at > 0 and ended_at = 0`,
		district, string(p.Agent), string(p.Principal), string(p.ID))
	if err != nil {
		return err
	}
	for _, o := range older {
		if err := end(ctx, tx, district, o, p.renewer()); err != nil {
			return err
		}
	}
	return note(ctx, tx, district, p, "made", map[string]string{"how": p.How, "relation": string(p.Relation), "deeds": deeds(p.Deeds).String(),
		"until": p.Until.UTC().Format(time.RFC3339), "paper": string(p.Paper), "post": p.Post})
}

// renewer is by whom an older proxy ends that a new one replaces.
func (p Proxy) renewer() string {
	if p.How == AtCounter {
		return ByClerk
	}
	return ByPrincipal
}

// Witnessed is what a clerk takes down at the counter.
type Witnessed struct {
	Terms
	Agent     ident.Phone
	Principal ident.Phone // may be empty of a child
	Name      string      // of the person; may be left out where there is a phone
	Born      clock.Date  // of a child alone, to know when it turns fourteen; not kept
	Paper     Paper
	Person    string // the clerk
	Post      string
}

// Witness records a proxy for which a clerk has seen the people and a paper.
func (b *Book) Witness(ctx context.Context, tx *db.Tx, district string, w Witnessed, zone *time.Location, l lang.Lang) (p Proxy, err error) {
	defer errs.Wrap(&err, "resident.Witness(%s)", w.Post)
	until, err := w.check(tx.Now, zone)
	if err != nil {
		return Proxy{}, err
	}
	name, err := checkName(w.Name)
	if err != nil {
		return Proxy{}, err
	}
	agent, err := b.meet(ctx, tx, district, w.Agent, l)
	if err != nil {
		return Proxy{}, err
	}
	if err := b.room(ctx, tx, district, agent.ID); err != nil {
		return Proxy{}, err
	}
	of, err := b.principal(ctx, tx, district, w, name, l)
	if err != nil {
		return Proxy{}, err
	}
	id, err := newProxyID()
	if err != nil {
		return Proxy{}, err
	}
	p = Proxy{ID: id, Principal: of.ID, Agent: agent.ID, Relation: w.Relation, Deeds: w.Deeds, From: tx.Now, Until: until, How: AtCounter, Paper: w.Paper,
		Person: w.Person, Post: w.Post, Made: tx.Now}
	if err := p.insert(ctx, tx, district); err != nil {
		return Proxy{}, err
	}
	return p, b.begun(ctx, tx, district, p)
}

// check says what is wrong with what a clerk took down, and when it ends.
func (w Witnessed) check(now time.Time, zone *time.Location) (time.Time, error) {
	until, err := w.Terms.check(now, zone)
	all := []error{err}
	bad := func(field, zh, en string) {
		all = append(all, errs.New(errs.Invalid, "%[1]s", "%[2]s", zh, en).At(field))
	}
	guardian := w.Relation == Guardian
	if !w.Agent.Mobile() {
		bad("agent", "写代办人的手机号，11 位，他用这个号登录。", "Write the mobile number of the one who acts, 11 digits; it is what they sign in with.")
	}
	if !w.Principal.Mobile() && (!guardian || w.Principal != "") {
		bad("phone", "写本人的手机号，11 位。没有手机的孩子可以不写。", "Write the person's mobile number, 11 digits. A child without one has none.")
	}
	if w.Principal == w.Agent && w.Agent != "" {
		bad("phone", "本人和代办人不能是同一个号码。", "The person and the one who acts cannot have the same number.")
	}
	if guardian && w.Principal == "" && w.Name == "" {
		bad("name", "没有手机的孩子，写一下称呼，监护人好认。", "Of a child without a phone, write a name by which the guardian knows it.")
	}
	if !slices.Contains(Papers(guardian), w.Paper) {
		bad("paper", "请选看过的证件。", "Please choose the paper you have seen.")
	}
	if guardian {
		until, err = w.childhood(now, until, zone)
		all = append(all, err)
	}
	return until, errors.Join(all...)
}

// childhood ends a guardian's authority with the child's fourteenth birthday.
func (w Witnessed) childhood(now, until time.Time, zone *time.Location) (time.Time, error) {
	if _, err := clock.ParseDate(string(w.Born)); err != nil {
		return until, errs.New(errs.Invalid, "写孩子的出生日期，如 2018-03-05；只用来算到哪天满十四周岁，不保存。", "Write the child's day of birth, such as 2018-03-05; it is only used to count to the fourteenth birthday and is not kept.").At("born")
	}
	birthday := w.Born.Start(zone).AddDate(adult, 0, 0)
	if !birthday.After(now) || w.Born.Start(zone).After(now) {
		return until, errs.New(errs.Invalid, "满十四周岁的，由本人用自己的手机同意，不按监护登记。", "From fourteen on, the person agrees by their own phone; this is not recorded as guardianship.").At("born")
	}
	if birthday.Before(until) {
		return birthday, nil
	}
	return until, nil
}

// principal is whom a clerk's record is for: the holder of the phone, or a child
// without one.
func (b *Book) principal(ctx context.Context, tx *db.Tx, district string, w Witnessed, name string, l lang.Lang) (Resident, error) {
	if w.Principal == "" {
		return b.make(ctx, tx, district, Resident{Name: name, Lang: l, From: tx.Now})
	}
	of, err := b.meet(ctx, tx, district, w.Principal, l)
	if err != nil || name == "" || of.Name != "" {
		return of, err
	}
	return of, b.Change(ctx, tx, district, of.ID, Settings{Name: name, Lang: of.Lang})
}
