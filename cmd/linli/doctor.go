package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/doctor"
	"linli/internal/errs"
	"linli/internal/lang"
)

// sick are the words for severities, as the command line shows them.
var sick = map[doctor.Severity]lang.Text{
	doctor.Broken: lang.T("坏了", "broken"), doctor.Warning: lang.T("要管", "warning"), doctor.Note: lang.T("留意", "note"), doctor.Fine: lang.T("正常", "fine"),
}

// placing are the flags that name an installation, spelt as serve has them.
type placing struct {
	database, files, cert, backups, channels string
	outside, issuer, roots                   string
}

// place is the installation they name.
func (p *placing) place() doctor.Place {
	at := doctor.Place{Database: p.database, Files: p.files, KeyFile: filepath.Join(p.files, app.KeyFile), Backups: p.backups, Now: time.Now}
	if p.cert != "" {
		at.Certs = []string{p.cert}
	}
	return at
}

// reach is how to try what that installation talks to.
func (p *placing) reach(ctx context.Context) (map[string]func(context.Context) error, error) {
	cfg := app.Config{Database: p.database, Files: p.files, Channels: p.channels, OIDC: access.OIDC{Issuer: p.issuer}}
	var err error
	if cfg.Outside, err = networks("--allow-outside", p.outside); err != nil {
		return nil, err
	}
	if p.roots != "" {
		if cfg.OIDC.HTTP, err = app.Trusting(p.roots); err != nil {
			return nil, err
		}
	}
	return app.Reach(ctx, cfg)
}

// examine tells an operator what is wrong and what to do.
func examine(ctx context.Context, args []string, out io.Writer) error {
	f, p := flags("doctor", out), &placing{}
	f.StringVar(&p.database, "database", "sqlite:linli.db", "sqlite:PATH or postgres://…")
	f.StringVar(&p.files, "files", "files", "folder of pictures and of the key file")
	f.StringVar(&p.cert, "tls-cert", "", "certificate in PEM, if the program speaks TLS itself")
	f.StringVar(&p.backups, "backups", "", "folder of backups, to see how old the newest is")
	f.StringVar(&p.channels, "channels", "", "file of the settings of channels")
	f.StringVar(&p.outside, "allow-outside", "", "private networks that may be called, as serve has them")
	f.StringVar(&p.issuer, "oidc-issuer", "", "address of the OpenID provider, as serve has it")
	f.StringVar(&p.roots, "oidc-roots", "", "certificates in PEM that vouch for it, as serve has them")
	reach := f.Bool("reach", false, "try to connect to mail servers, gateways, receivers of webhooks, Open311 servers and the sign-in provider, too")
	asJSON := f.Bool("json", false, "print JSON")
	if err := parse(f, args); err != nil {
		return err
	}
	at := p.place()
	if *reach {
		var err error
		if at.Reach, err = p.reach(ctx); err != nil {
			return err
		}
	}
	found := doctor.Examine(ctx, at)
	if *asJSON {
		to := json.NewEncoder(out)
		to.SetIndent("", "  ")
		if err := to.Encode(found); err != nil {
			return err
		}
	} else {
		for _, one := range found {
			fmt.Fprintf(out, "%s %s  %s\n    %s\n    %s\n", sick[one.Severity].ZH, sick[one.Severity].EN, one.Check, one.What.ZH, one.What.EN)
			if one.Do.ZH != "" {
				fmt.Fprintf(out, "    → %s\n    → %s\n", one.Do.ZH, one.Do.EN)
			}
		}
	}
	if doctor.Worst(found) == doctor.Broken {
		return errs.New(errs.Conflict, "有坏了的，见上。", "Something is broken, see above.")
	}
	return nil
}
