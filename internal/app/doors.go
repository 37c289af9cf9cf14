package app

import (
	"linli/internal/api"
	"linli/internal/ogc"
	"linli/internal/open311"
	"linli/internal/web"
	"linli/internal/web/admin"
	"linli/internal/web/desk"
	"linli/internal/web/enter"
	"linli/internal/web/feeds"
	"linli/internal/web/field"
	"linli/internal/web/inlet"
	"linli/internal/web/me"
	"linli/internal/web/portal"
	"linli/internal/web/proof"
	"linli/internal/web/score"
	"linli/internal/web/take"
	"linli/internal/web/watch"
)

// doors are the parts of the web that a house has.
func doors() []web.Mount {
	return []web.Mount{enter.Routes, portal.Routes, me.Routes, take.Routes, field.Routes, admin.Routes, desk.Routes, watch.Routes, score.Routes, proof.Routes, feeds.Routes, inlet.Routes, api.Routes, open311.Routes, ogc.Routes}
}
