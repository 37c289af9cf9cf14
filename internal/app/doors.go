package app

import "linli/internal/web"

// doors are the parts of the web that a house has.
func doors() []web.Mount {
	return []web.Mount{}
}
