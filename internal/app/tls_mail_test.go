package app

import (
	"crypto/tls"
	"errors"
	"testing"
)

// Mail servers name nobody, or the machine that they were told to call: where a
// certificate is chosen by name they get that of the first one.
func TestMailTLSNeedsNoName(t *testing.T) {
	t.Parallel()
	asked := ""
	s := &spoken{first: "linli.example", ours: func(host string) error {
		if host != "linli.example" && host != "www.linli.example" {
			return errors.New("not ours")
		}
		return nil
	}, config: &tls.Config{NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12, GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		asked = hello.ServerName
		return &tls.Certificate{}, nil
	}}}
	mail := s.forMail()
	for name, want := range map[string]string{"": "linli.example", "mx.inside": "linli.example", "www.linli.example": "www.linli.example"} {
		if _, err := mail.GetCertificate(&tls.ClientHelloInfo{ServerName: name}); err != nil || asked != want {
			t.Errorf("%q is given the certificate of %q, %v; want %q", name, asked, err, want)
		}
	}
	if len(mail.NextProtos) != 0 || len(s.config.NextProtos) != 1 || mail.MinVersion != tls.VersionTLS12 {
		t.Errorf("mail speaks %v from %x, pages %v", mail.NextProtos, mail.MinVersion, s.config.NextProtos)
	}
}
