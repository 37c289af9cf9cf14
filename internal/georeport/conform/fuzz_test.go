package conform

import (
	"testing"

	"linli/internal/georeport"
)

// FuzzParse: whatever a server sends is read or refused.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`[{"service_code":"1","values":[true,null,1]}]`), true)
	f.Add([]byte(`<services><service><service_code>1</service_code></service></services>`), false)
	f.Fuzz(func(t *testing.T, data []byte, isJSON bool) {
		format := georeport.XML
		if isJSON {
			format = georeport.JSON
		}
		n, err := parse(data, format, "services")
		if err != nil {
			return
		}
		items, err := n.items(format, "service")
		if err != nil {
			return
		}
		for _, one := range items {
			for name := range one.fields {
				one.text(name)
				one.isText(name)
			}
		}
	})
}
