package app

import (
	"context"
	"net"
)

// ReceiveMail has the stories hand mail in over SMTP, as ServeWith does.
func (a *App) ReceiveMail(ctx context.Context, l net.Listener, district string) error {
	return a.receiveMail(ctx, l, district, nil)
}
