package ogc

import (
	"net/http"
	"net/url"

	"linli/internal/web/ui"
)

// bar is the top and the bottom of the pages for people.
func (c *call) bar(back ui.Link) ui.ResidentBar {
	return ui.ResidentBar{Back: back, Home: "/", Foot: []ui.Link{
		{Text: c.Say("区域数据", "Area data"), Href: root},
		{Text: c.Say("我们办得怎么样", "How we are doing"), Href: "/performance"},
		{Text: c.Say("我的信息怎么用", "How my data is used"), Href: "/about/privacy"},
	}}
}

func (c *call) showLanding(l landingPage) error {
	return c.Show(http.StatusOK, landingHTML(c, l))
}

func (c *call) showConformance(t conformsTo) error {
	return c.Show(http.StatusOK, conformanceHTML(c, t))
}

func (c *call) showCollections(l describedList) error {
	return c.Show(http.StatusOK, collectionsHTML(c, l))
}

func (c *call) showDefinition() error { return c.Show(http.StatusOK, definitionHTML(c)) }

func (c *call) showItems(col collection, f featureCollection) error {
	return c.Show(http.StatusOK, itemsHTML(c, col, f))
}

func (c *call) showItem(col collection, f feature) error {
	return c.Show(http.StatusOK, itemHTML(c, col, f))
}

// inside is an address of the house without its origin, in the form for people.
func inside(path string) string { return root + path + "?f=html" }

// turned are the links of a page that lead on and back, in the form for people.
func turned(f featureCollection) (previous, next string) {
	for _, l := range f.Links {
		switch l.Rel {
		case "next":
			next = htmlOf(l.Href)
		case "prev":
			previous = htmlOf(l.Href)
		}
	}
	return previous, next
}

// htmlOf is the page of a document's whole address, without its origin.
func htmlOf(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return root
	}
	q := u.Query()
	q.Set("f", formHTML)
	return u.Path + "?" + q.Encode()
}
