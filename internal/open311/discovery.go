package open311

import (
	"linli/internal/georeport"
	"linli/internal/lang"
)

// discovery says where the interface is, whom to ask and how to get a key.
func (d *door) discovery(c *call) (any, error) {
	scheme := "http"
	if d.house.Secure || c.r.TLS != nil {
		scheme = "https"
	}
	s := c.District.Settings
	hotline := s.Hotline
	if hotline == "" {
		hotline = "12345"
	}
	name := lang.Text{ZH: s.Name, EN: s.NameEN}.In(c.Lang)
	contact := lang.T("%[1]s，电话 %[2]s", "%[1]s, telephone %[2]s", name, hotline)
	keys := lang.T("密钥由区里的系统管理员发。", "Keys are given out by the district's system administrator.")
	kind := georeport.Text("production")
	if d.house.Demo != nil {
		kind = "test"
	}
	changed := georeport.Text(c.District.Day) // what is offered changes with the day, not within it
	return georeport.Discovery{
		Changeset: changed, Contact: georeport.Text(contact.In(c.Lang)), KeyService: georeport.Text(keys.In(c.Lang)),
		Endpoints: georeport.Endpoints{{
			Specification: georeport.Specification, URL: georeport.Text(scheme + "://" + c.r.Host + base), Changeset: changed, Type: kind,
			Formats: georeport.Formats{"text/xml", "application/json"},
		}},
	}, nil
}
