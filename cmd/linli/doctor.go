package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"time"

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
}

// place is the installation they name.
func (p *placing) place() (doctor.Place, error) {
	at := doctor.Place{Database: p.database, Files: p.files, KeyFile: filepath.Join(p.files, app.KeyFile), Backups: p.backups, Now: time.Now}
	if p.cert != "" {
		at.Certs = []string{p.cert}
	}
	var err error
	at.Reach, err = app.Reach(p.channels, p.files)
	return at, err
}

// examine tells an operator what is wrong and what to do.
func examine(ctx context.Context, args []string, out io.Writer) error {
	f, p := flags("doctor", out), &placing{}
	f.StringVar(&p.database, "database", "sqlite:linli.db", "sqlite:PATH or postgres://…")
	f.StringVar(&p.files, "files", "files", "folder of pictures and of the key file")
	f.StringVar(&p.cert, "tls-cert", "", "certificate in PEM, if the program speaks TLS itself")
	f.StringVar(&p.backups, "backups", "", "folder of backups, to see how old the newest is")
	f.StringVar(&p.channels, "channels", "", "file of the settings of channels")
	reach := f.Bool("reach", false, "try to connect to mail servers and gateways, too")
	asJSON := f.Bool("json", false, "print JSON")
	if err := parse(f, args); err != nil {
		return err
	}
	at, err := p.place()
	if err != nil {
		return err
	}
	if !*reach {
		at.Reach = nil
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
