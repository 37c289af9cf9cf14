package feeds

import (
	"net/url"
	"time"

	"github.com/gorilla/feeds"

	"linli/internal/web/page"
)

func title(v *page.View, n news) string {
	return v.Say("%[1]s的消息", "News of %[2]s", n.Area.Name.ZH, n.Area.Name.EN)
}

func about(v *page.View) string {
	return v.Say("报上来的街面问题和办得怎么样，按公开的口径。", "What was reported in the street and what became of it, as far as it is public.")
}

// address is the whole address of the area's page, with what comes behind it.
func address(v *page.View, n news, rest string) string { return v.Origin() + href(n.Area.Code, rest) }

// tag names something for ever (RFC 4151), whatever address it is read at next.
func tag(v *page.View, name string) string {
	host := v.R.Host
	if u, err := url.Parse(v.Origin()); err == nil {
		host = u.Hostname()
	}
	return "tag:" + host + ",2026:" + v.District.Code + "/" + name
}

func rssOf(v *page.View, n news) *feeds.RssFeed {
	out := &feeds.RssFeed{Title: title(v, n), Link: address(v, n, ""), Description: about(v), Language: v.Lang.Tag(), Ttl: 5}
	if !n.At.IsZero() {
		out.LastBuildDate = n.At.In(v.Zone()).Format(time.RFC1123Z)
	}
	for _, i := range n.items() {
		out.Items = append(out.Items, &feeds.RssItem{
			Title: i.title(v), Link: address(v, n, "#"+i.name()), Description: i.text(v),
			Guid: &feeds.RssGuid{Id: tag(v, i.name()), IsPermaLink: "false"}, PubDate: i.at().In(v.Zone()).Format(time.RFC1123Z),
		})
	}
	return out
}

func atomOf(v *page.View, n news) *feeds.AtomFeed {
	at := n.At
	if at.IsZero() { // an Atom feed must say when it changed; without news that is the day
		at = startOfDay(v)
	}
	out := &feeds.AtomFeed{
		Xmlns: "http://www.w3.org/2005/Atom", Title: title(v, n), Subtitle: about(v), Id: tag(v, string(n.Area.Code)), Updated: at.In(v.Zone()).Format(time.RFC3339),
		Link:   &feeds.AtomLink{Href: address(v, n, "/feed.atom"), Rel: "self", Type: "application/atom+xml"},
		Author: &feeds.AtomAuthor{AtomPerson: feeds.AtomPerson{Name: centre(v)}},
	}
	for _, i := range n.items() {
		when := i.at().In(v.Zone()).Format(time.RFC3339)
		out.Entries = append(out.Entries, &feeds.AtomEntry{
			Title: i.title(v), Id: tag(v, i.name()), Updated: when, Published: when,
			Links:   []feeds.AtomLink{{Href: address(v, n, "#"+i.name()), Rel: "alternate", Type: "text/html"}},
			Summary: &feeds.AtomSummary{Content: i.text(v), Type: "text"},
		})
	}
	return out
}

func startOfDay(v *page.View) time.Time {
	y, m, d := v.Now.In(v.Zone()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, v.Zone())
}

// centre names whoever speaks here.
func centre(v *page.View) string {
	if id := v.District.Centre(); id != "" {
		return v.UnitName(id)
	}
	return v.District.Settings.Name
}

func hotline(v *page.View) string {
	if v.District.Settings.Hotline != "" {
		return v.District.Settings.Hotline
	}
	return "12345"
}

// dayText is the day and the minute, which tells that the screen is alive.
func dayText(v *page.View) string {
	now := v.Now.In(v.Zone())
	days := [...]string{"日", "一", "二", "三", "四", "五", "六"}
	return v.Say("%[1]d月%[2]d日 星期%[3]s %[4]s", "%[5]s %[4]s", int(now.Month()), now.Day(), days[now.Weekday()], now.Format("15:04"), now.Format("Monday 2 January"))
}
