package take

import (
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

func bar(v *page.View) ui.StaffBar {
	return ui.StaffBar{Home: "/desk", SignOut: "/sign-out", Me: v.Reader.Person.Name}
}
