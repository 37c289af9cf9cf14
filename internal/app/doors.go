package app

import (
	"linli/internal/api"
	"linli/internal/web"
	"linli/internal/web/portal"
)

// doors are the parts of the web that a house has.
func doors() []web.Mount {
	return []web.Mount{portal.Routes, api.Routes}
}
