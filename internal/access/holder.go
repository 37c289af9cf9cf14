package access

import (
	"net"
	"net/url"
	"strings"
)

// Holder is whose a session, a passkey or a second factor is: "staff:chenli",
// "resident:0190…". Both kinds of people sign in by the same functions and can
// never be taken for each other.
type Holder string

// Staff is the holder of an account.
func Staff(login string) Holder { return Holder("staff:" + normal(login)) }

// Resident is a resident who has signed in.
func Resident(id string) Holder { return Holder("resident:" + id) }

// Login is the login of an account's holder; ok is false of anybody else.
func (h Holder) Login() (login string, ok bool) { return strings.CutPrefix(string(h), "staff:") }

// Resident is the id of a resident; ok is false of anybody else.
func (h Holder) Resident() (id string, ok bool) { return strings.CutPrefix(string(h), "resident:") }

// Site is what a browser binds a passkey to: the name of the house and the
// address its pages come from, such as https://linli.example.cn.
type Site struct {
	Name   string
	Origin string
}

// host is the name a passkey is good at; empty where a browser makes none: at a
// bare address such as 127.0.0.1, or over a line that others can read.
func (s Site) host() string {
	u, err := url.Parse(s.Origin)
	if err != nil || net.ParseIP(u.Hostname()) != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if u.Scheme != "https" && host != "localhost" && !strings.HasSuffix(host, ".localhost") {
		return ""
	}
	return host
}

// Works reports whether a browser makes and shows passkeys at this site.
func (s Site) Works() bool { return s.host() != "" }
