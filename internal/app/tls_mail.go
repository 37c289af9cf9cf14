package app

import "crypto/tls"

// readyTLS makes ready how pages are served and mail is taken in over TLS; nil
// where one is not. It fails at the start rather than at the first caller.
func (a *App) readyTLS() (pages *spoken, mailIn *tls.Config, err error) {
	if a.cfg.TLS.On() {
		if pages, err = a.cfg.TLS.ready(a.Log); err != nil {
			return nil, nil, err
		}
	}
	if a.cfg.MailIn == nil {
		return pages, nil, nil
	}
	speak := pages
	if m := a.channels.Mail; m != nil && m.Receive != nil {
		if speak, err = (TLS{Cert: m.Receive.Cert, Key: m.Receive.Key}).ready(a.Log); err != nil {
			return nil, nil, err
		}
	}
	if speak == nil {
		return pages, nil, nil
	}
	return pages, speak.forMail(), nil
}

// forMail is TLS as mail servers speak it. Most name nobody when they begin, and
// some the machine they were told to call; where a certificate is chosen by name
// they get that of our first one.
func (s *spoken) forMail() *tls.Config {
	config := s.config.Clone()
	config.NextProtos = nil
	if s.first == "" {
		return config
	}
	get := config.GetCertificate
	config.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if s.ours(hello.ServerName) != nil {
			named := *hello
			named.ServerName = s.first
			hello = &named
		}
		return get(hello)
	}
	return config
}
