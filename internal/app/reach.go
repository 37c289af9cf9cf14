package app

import (
	"context"
	"errors"
	"net"
	"strconv"
)

// Reach names how to try the servers that the settings of channels name: by
// connecting to them, and saying nothing.
func Reach(channelsFile, files string) (map[string]func(context.Context) error, error) {
	c, err := readChannels(channelsFile, files)
	if err != nil {
		return nil, err
	}
	reach := map[string]func(context.Context) error{}
	try := func(name string, s *server) {
		if s != nil && s.Host != "" && s.Port != 0 {
			reach[name] = func(ctx context.Context) error { return knock(ctx, net.JoinHostPort(s.Host, strconv.Itoa(s.Port))) }
		}
	}
	if c.Mail != nil {
		try("mail out", c.Mail.Out)
		if c.Mail.In != nil {
			try("mail in", &c.Mail.In.server)
		}
	}
	return reach, nil
}

// knock connects and lets go. The operator named the address, so any will do.
func knock(ctx context.Context, address string) error {
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		var at *net.OpError
		if errors.As(err, &at) {
			return at.Err // without the addresses of this machine
		}
		return err
	}
	return c.Close()
}
