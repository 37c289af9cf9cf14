package portal

import (
	"net/http"

	"linli/internal/web/page"
)

const registerPath = "/about/register"

// register is every stored column for everyone to read: what is kept, why, on
// which ground, for how long.
func register(v *page.View) error {
	return v.Show(http.StatusOK, registerPage(v, v.R.URL.Query().Get("q")))
}

// notices are what people are told when data are collected, in full.
func notices(v *page.View) error { return v.Show(http.StatusOK, noticesPage(v)) }
