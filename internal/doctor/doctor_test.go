package doctor_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/doctor"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/vault"
)

// ward is an installation to look at.
type ward struct {
	*apptest.World
	t     *testing.T
	place doctor.Place
}

func admit(t *testing.T, address string) *ward {
	t.Helper()
	files := t.TempDir()
	w := &ward{World: apptest.At(t, address, func(c *app.Config) { c.Files = files }), t: t}
	w.Due()
	w.place = doctor.Place{
		Database: address, Files: files, KeyFile: filepath.Join(files, app.KeyFile), Now: w.Clock.Now,
		Free: func(string) (left, all uint64, err error) { return 100 << 30, 200 << 30, nil },
	}
	return w
}

// examine gives the findings of a check, and fails where one says nothing.
func (w *ward) examine(check string) []doctor.Finding {
	w.t.Helper()
	var of []doctor.Finding
	for _, f := range doctor.Examine(w.t.Context(), w.place) {
		if f.What.ZH == "" || f.What.EN == "" || (f.Severity == doctor.Broken || f.Severity == doctor.Warning) && (f.Do.ZH == "" || f.Do.EN == "") {
			w.t.Errorf("%+v does not say what, or what to do, in both languages", f)
		}
		if strings.Contains(f.What.EN+f.Do.EN, "%!") {
			w.t.Errorf("%s says %s %s", f.Check, f.What.EN, f.Do.EN)
		}
		if f.Check == check {
			of = append(of, f)
		}
	}
	return of
}

func (w *ward) want(check string, worst doctor.Severity, says string) {
	w.t.Helper()
	found := w.examine(check)
	if got := doctor.Worst(found); got != worst || len(found) == 0 {
		w.t.Errorf("%s: %s (%+v), want %s", check, got, found, worst)
	}
	for _, f := range found {
		if strings.Contains(f.What.EN, says) {
			return
		}
	}
	w.t.Errorf("%s: %+v does not say %q", check, found, says)
}

func (w *ward) write(sql string, args ...any) {
	w.t.Helper()
	if err := w.DB.Write(context.Background(), func(tx *db.Tx) error { return tx.Exec(context.Background(), sql, args...) }); err != nil {
		w.t.Fatal(err)
	}
}

// TestExamine breaks one thing after the other and looks whether it is found.
func TestExamine(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		w := admit(t, address)
		// The demo's hands have no second step before they first sign in, and no
		// backup is named: all else is well.
		w.place.Now = func() time.Time { return w.DB.Now() }
		for _, f := range doctor.Examine(t.Context(), w.place) {
			if f.Check == "durable" && w.DB.Engine() == db.Postgres {
				continue // a throw-away server runs without fsync, and that is found
			}
			clock := f.Check == "clock" // the world's clock is the test's own
			if f.Severity == doctor.Broken || f.Severity == doctor.Warning && !clock && f.Check != "calendar" {
				t.Errorf("a sound installation: %+v", f)
			}
		}
		w.files()
		w.certificates()
		w.backups()
		w.channels()
		w.people()
		w.late()
		w.strangeKeys()
		w.tables()
	})
}

func (w *ward) files() {
	sound := w.place
	w.place.Files = filepath.Join(w.t.TempDir(), "nowhere")
	w.want("files", doctor.Broken, "cannot be written")
	w.place = sound
	for left, want := range map[uint64]doctor.Severity{100 << 20: doctor.Broken, 2 << 30: doctor.Warning, 9 << 30: doctor.Warning, 50 << 30: doctor.Fine} {
		w.place.Free = func(string) (uint64, uint64, error) { return left, 200 << 30, nil }
		w.want("disk", want, "are left")
	}
	w.place.Free = func(string) (uint64, uint64, error) { return 0, 0, errors.New("no such thing") }
	w.want("disk", doctor.Note, "cannot be told")
	w.place.Free = nil
	if found := w.examine("disk"); len(found) == 0 || found[0].Severity == doctor.Note {
		w.t.Errorf("the system does not say how much is left: %+v", found)
	}
	w.place = sound
	if err := os.Chmod(w.place.KeyFile, 0o640); err != nil {
		w.t.Fatal(err)
	}
	w.want("key", doctor.Broken, "others can read it")
	if err := os.Chmod(w.place.KeyFile, 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.want("key", doctor.Fine, "its owner alone")
	w.place.KeyFile += ".gone"
	w.want("key", doctor.Broken, "no key file")
	if _, err := os.Stat(w.place.KeyFile); err == nil {
		w.t.Error("the doctor made a key file")
	}
	w.place = sound
}

// certificate writes one that is good for a time.
func (w *ward) certificate(from, until time.Time) string {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		w.t.Fatal(err)
	}
	path := filepath.Join(w.t.TempDir(), "cert.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

func (w *ward) certificates() {
	now, day := w.place.Now(), 24*time.Hour
	for _, row := range []struct {
		from, until time.Duration
		want        doctor.Severity
		says, why   string
	}{
		{-90 * day, -time.Hour, doctor.Broken, "ended on", "browsers refuse it"},
		{time.Hour, 90 * day, doctor.Broken, "not valid yet", "so they do here"},
		{-90 * day, 20 * day, doctor.Warning, "ends on", "it should have been renewed"},
		{-day, 60 * day, doctor.Fine, "ends on", "there is time"},
	} {
		w.place.Certs = []string{w.certificate(now.Add(row.from), now.Add(row.until))}
		w.want("certificate", row.want, row.says)
	}
	w.place.Certs = []string{w.place.KeyFile}
	w.want("certificate", doctor.Broken, "holds no certificate")
	w.place.Certs = []string{filepath.Join(w.t.TempDir(), "gone.pem")}
	w.want("certificate", doctor.Broken, "")
	w.place.Certs = nil
}

func (w *ward) backups() {
	w.want("backup", doctor.Note, "not known")
	w.place.Backups = w.t.TempDir()
	w.want("backup", doctor.Broken, "no backup")
	path := filepath.Join(w.place.Backups, "linli.zip")
	for age, want := range map[time.Duration]doctor.Severity{time.Hour: doctor.Fine, 50 * time.Hour: doctor.Warning} {
		at := w.place.Now().Add(-age)
		if err := errors.Join(os.WriteFile(path, []byte("PK"), 0o600), os.Chtimes(path, at, at)); err != nil {
			w.t.Fatal(err)
		}
		w.want("backup", want, "hours old")
	}
}

func (w *ward) channels() {
	gone := func(context.Context) error { return errors.New("connection refused") }
	w.place.Reach = map[string]func(context.Context) error{
		"channel mail out": gone, "channel sms": func(context.Context) error { return nil }, "hook 应急局": gone, "peer next door": gone,
		"sign-in": func(context.Context) error { return errs.New(errs.Busy, "现在连不上。", "It is away now.") },
	}
	w.want("channel mail out", doctor.Warning, "connection refused")
	w.want("channel sms", doctor.Fine, "can be reached")
	w.want("hook 应急局", doctor.Warning, "connection refused")
	w.want("peer next door", doctor.Warning, "connection refused")
	w.want("sign-in", doctor.Warning, "reached: It is away now.")
	for _, f := range doctor.Examine(w.t.Context(), w.place) {
		if want := map[string]lang.Text{
			"channel mail out": lang.T("渠道“邮件，发”连不上：connection refused。", "The channel “mail, going out” cannot be reached: connection refused."),
			"channel sms":      lang.T("渠道“短信”连得上。", "The channel “text messages” can be reached."),
			"hook 应急局":         lang.T("推送“应急局”连不上：connection refused。", "The webhook “应急局” cannot be reached: connection refused."),
			"peer next door":   lang.T("Open311 对接“next door”连不上：connection refused。", "The Open311 server “next door” cannot be reached: connection refused."),
			"sign-in":          lang.T("统一登录连不上：现在连不上。", "The sign-in provider cannot be reached: It is away now."),
		}[f.Check]; !want.IsZero() && f.What != want {
			w.t.Errorf("%s is said as %v, want %v", f.Check, f.What, want)
		}
	}
	w.place.Reach = nil
}

func (w *ward) people() {
	w.want("administrator", doctor.Fine, "there is")
	w.write("update accounts set active = false")
	w.want("administrator", doctor.Broken, "no open account")
	w.want("factors", doctor.Fine, "second step")
	w.write("update accounts set active = true")
	w.write("delete from totps")
	w.want("factors", doctor.Note, "no second step yet")
}

func (w *ward) late() {
	w.want("jobs", doctor.Fine, "none is late")
	w.write("insert into jobs (district, kind, key, args, run_at, attempts, error, parked, request) values ($1,'notice','a','{}',0,180,'gateway down',true,'')", w.House.District)
	w.want("jobs", doctor.Warning, "were given up")
	w.want("log", doctor.Fine, "keeps up")
	w.Clock.Advance(time.Hour)
	w.want("jobs", doctor.Warning, "has been due for")
	dbtest.Unguard(w.t, w.DB)
	w.write("delete from trail_checkpoints")
	w.want("log", doctor.Warning, "have not come into the public log")
	w.Clock.Advance(400 * 24 * time.Hour)
	w.want("calendar", doctor.Warning, "not known")
}

// strangeKeys puts the key file of another installation there.
func (w *ward) strangeKeys() {
	w.want("key match", doctor.Fine, "sealed values")
	w.write("insert into totps (district, holder, secret, confirmed, step, created) values ($1, 'staff:x', $2, true, 0, 0)", w.House.District, w.Vault.Seal(w.House.District, access.TOTPField, "x"))
	other := filepath.Join(w.t.TempDir(), "other.key")
	if _, err := vault.Open(other); err != nil {
		w.t.Fatal(err)
	}
	w.place.KeyFile = other
	w.want("key match", doctor.Broken, "do not open")
}

// tables plays an upgrade half done, and a database that is away.
func (w *ward) tables() {
	w.want("schema", doctor.Fine, "as the program has it")
	w.write("insert into goose_db_version (version_id, is_applied) values (9999, true)")
	w.want("schema", doctor.Warning, "newer than")
	w.write("delete from goose_db_version where version_id = 9999 or version_id > 60")
	w.want("schema", doctor.Warning, "the program needs")
	w.write("delete from goose_db_version")
	w.want("schema", doctor.Warning, "no tables")
	if path, ok := db.SQLitePath(w.place.Database); ok {
		w.place.Database = "sqlite:" + path + ".gone"
		w.want("database", doctor.Broken, "no file")
		if err := os.WriteFile(path+".gone", []byte("this is a letter and no database"), 0o600); err != nil {
			w.t.Fatal(err)
		}
		w.want("database", doctor.Broken, "")
		return
	}
	w.place.Database = "postgres://nobody@127.0.0.1:1/linli?sslmode=disable"
	w.want("database", doctor.Broken, "")
}
