package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/trail"
)

// auditing is what the ways of looking over a trail have in common.
type auditing struct {
	database, files, district, tiles, key, kept, language, log *string
}

func auditFlags(f *flag.FlagSet) auditing {
	return auditing{
		database: f.String("database", "", "sqlite:PATH or postgres://…, the one in use or a backup"),
		files:    f.String("files", "", "folder of the key file, of which the public key can be made"),
		district: f.String("district", "", "code of the district; all of the database unless named"),
		tiles:    f.String("tiles", "", "address or folder of a public log"),
		key:      f.String("key", "", "public key of the log, as /trail/DISTRICT/key gives it, or a file of it"),
		kept:     f.String("checkpoint", "", "file of a checkpoint that somebody kept"),
		language: f.String("lang", "zh", "zh or en"),
		log:      f.String("log-address", "", "what the log is called, as linli serve has it"),
	}
}

// trailing looks over a trail, alone or from outside, and copies its log.
func trailing(ctx context.Context, args []string, out io.Writer) error {
	usage := errs.New(errs.Invalid, "用法：linli trail verify [--database …] [--tiles 地址] [--key 公钥] [--checkpoint 文件] | check 回执 --key 公钥 | checkpoint --database … | export 文件夹 --database … --files …",
		"usage: linli trail verify [--database …] [--tiles ADDRESS] [--key KEY] [--checkpoint FILE] | check RECEIPT --key KEY | checkpoint --database … | export FOLDER --database … --files …")
	if len(args) == 0 {
		return usage
	}
	f := flags("trail "+args[0], out)
	a := auditFlags(f)
	rest, err := interspersed(f, args[1:])
	if err != nil {
		return err
	}
	if *a.key, err = textOf(*a.key); err != nil {
		return err
	}
	switch {
	case args[0] == "verify" && len(rest) == 0 && *a.database == "" && *a.tiles != "":
		return a.verifyTiles(ctx, out)
	case args[0] == "verify" && len(rest) == 0 && *a.database != "":
		return a.verify(ctx, out)
	case args[0] == "check" && len(rest) == 1:
		return a.check(rest[0], out)
	case args[0] == "checkpoint" && len(rest) == 0 && *a.database != "":
		return a.eachDistrict(ctx, func(r db.Reader, code string) error {
			signed, _, err := trail.NewestCheckpoint(ctx, r, code)
			fmt.Fprint(out, signed)
			return err
		})
	case args[0] == "export" && len(rest) == 1 && *a.database != "":
		return a.export(ctx, rest[0], out)
	}
	return usage
}

// eachDistrict opens the database for reading and goes through its districts.
func (a auditing) eachDistrict(ctx context.Context, do func(r db.Reader, code string) error) error {
	r, err := db.OpenToRead(ctx, *a.database)
	if err != nil {
		return err
	}
	codes, err := trail.Districts(ctx, r)
	if err != nil {
		return errors.Join(err, r.Close())
	}
	if *a.district != "" {
		codes = []string{*a.district}
	}
	for _, code := range codes {
		if err := do(r, code); err != nil {
			return errors.Join(err, r.Close())
		}
	}
	return r.Close()
}

// publicKey is the key that was given, or the one of the key file.
func (a auditing) publicKey(code string) (string, error) {
	if *a.key != "" || *a.files == "" {
		return *a.key, nil
	}
	signer, err := app.LogSigner(filepath.Join(*a.files, app.KeyFile), *a.log, code)
	if err != nil {
		return "", err
	}
	return signer.Key(), nil
}

func (a auditing) verify(ctx context.Context, out io.Writer) error {
	wrong := false
	err := a.eachDistrict(ctx, func(r db.Reader, code string) error {
		in := trail.Auditing{District: code, Progress: progress(out)}
		var err error
		if in.Key, err = a.publicKey(code); err != nil {
			return err
		}
		if in.Kept, err = a.keptTexts(); err != nil {
			return err
		}
		if *a.tiles != "" {
			in.Tiles = source(*a.tiles)
		}
		report, err := trail.Audit(ctx, r, in)
		if err != nil {
			return err
		}
		wrong = a.tell(out, code, report) || wrong
		return nil
	})
	return errors.Join(err, a.verdict(wrong))
}

func (a auditing) verifyTiles(ctx context.Context, out io.Writer) error {
	from := source(*a.tiles)
	if *a.key == "" {
		return errs.New(errs.Invalid, "请用 --key 给出公钥；从别处核对过的才算数。", "Please give the public key with --key, one that you compared elsewhere.")
	}
	kept, err := a.keptTexts()
	if err != nil {
		return err
	}
	report, err := trail.AuditTiles(ctx, from, *a.key, kept, progress(out))
	if err != nil {
		return err
	}
	return a.verdict(a.tell(out, *a.tiles, report))
}

func (a auditing) keptTexts() ([]string, error) {
	if *a.kept == "" {
		return nil, nil
	}
	data, err := os.ReadFile(*a.kept)
	return []string{string(data)}, err
}

// tell prints what was found, and whether anything was.
func (a auditing) tell(out io.Writer, what string, report *trail.AuditReport) (wrong bool) {
	l := lang.Parse(*a.language)
	fmt.Fprintln(out, lang.T("%s：痕迹 %d 条，日志 %d 片，检查点 %d 份，等着进日志的 %d 条，分开放的话 %d 段，依法删掉的 %d 段",
		"%s: %d entries, %d leaves of the log, %d checkpoints, %d entries waiting for the log, %d texts kept apart, %d erased by law",
		what, report.Entries, report.Leaves, report.Checkpoints, report.Pending, report.Words, report.Erased).In(l))
	if report.Unsigned {
		fmt.Fprintln(out, lang.T("没有给公钥，签名没有查", "no key was given, so signatures were not looked at").In(l))
	}
	for _, f := range report.Findings {
		subject := f.Subject
		if subject == "" {
			subject = lang.T("日志", "the log").In(l)
		}
		fmt.Fprintf(out, "  %s  %s  %s\n", f.Kind, subject, f.Text.In(l))
	}
	if report.More > 0 {
		fmt.Fprintln(out, lang.T("  还有 %d 处", "  and %d more", report.More).In(l))
	}
	if len(report.Findings) == 0 {
		fmt.Fprintln(out, lang.T("  都对得上", "  everything adds up").In(l))
	}
	return len(report.Findings) > 0
}

func (a auditing) verdict(wrong bool) error {
	if wrong {
		return errs.New(errs.Conflict, "有对不上的地方，见上。", "Something does not add up; see above.")
	}
	return nil
}

// check checks one receipt by itself.
func (a auditing) check(file string, out io.Writer) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if *a.key == "" {
		return errs.New(errs.Invalid, "请用 --key 给出公钥。", "Please give the public key with --key.")
	}
	rec, err := trail.CheckProof(string(data), *a.key)
	if err != nil {
		return err
	}
	l := lang.Parse(*a.language)
	fmt.Fprintln(out, lang.T("回执成立：%s 的日志第 %d 片（共 %d 片）\n  %s 第 %d 条：%s，%s", "The receipt holds: leaf %[2]d of %[3]d in the log %[1]s\n  %[4]s, entry %[5]d: %[6]s, %[7]s",
		rec.Log, rec.Leaf, rec.Size, rec.Subject, rec.Seq, rec.Act, rec.At.Format(time.RFC3339Nano)).In(l))
	for _, line := range rec.Lines() {
		fmt.Fprintln(out, "  "+line)
	}
	return nil
}

// export copies the public log of a district to a folder, which any web server
// can serve and anyone can keep.
func (a auditing) export(ctx context.Context, folder string, out io.Writer) error {
	return a.eachDistrict(ctx, func(r db.Reader, code string) error {
		key, err := a.publicKey(code)
		if err != nil {
			return err
		}
		if key == "" {
			return errs.New(errs.Invalid, "请用 --files 或 --key 给出密钥。", "Please give the key, with --files or --key.")
		}
		size, err := trail.Export(ctx, r, code, key, func(path string, data []byte) error {
			at := filepath.Join(folder, code, filepath.FromSlash(path))
			if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
				return err
			}
			return os.WriteFile(at, data, 0o644)
		})
		if err == nil {
			fmt.Fprintln(out, lang.T("%s：%d 片，放在 %s", "%s: %d leaves, in %s", code, size, filepath.Join(folder, code)).In(lang.Parse(*a.language)))
		}
		return err
	})
}

// textOf is a key as given, or as a file holds it.
func textOf(key string) (string, error) {
	if key == "" || strings.Contains(key, "+") {
		return key, nil
	}
	data, err := os.ReadFile(key)
	return strings.TrimSpace(string(data)), err
}

// progress says now and then how far a long look has come.
func progress(out io.Writer) func(int64) {
	return func(rows int64) {
		const often = 500_000
		if rows%often == 0 {
			fmt.Fprintf(out, "  … %d\n", rows)
		}
	}
}

// mostOfTile bounds what is taken from elsewhere as one file of a log.
const mostOfTile = 1 << 20

// source reads a log from an address or a folder.
func source(at string) trail.Source {
	if !strings.HasPrefix(at, "http://") && !strings.HasPrefix(at, "https://") {
		return trail.FromFolder(os.DirFS(at))
	}
	client := &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // the log is where it was said to be
	}}
	return func(ctx context.Context, path string) ([]byte, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(at, "/")+"/"+path, nil)
		if err != nil {
			return nil, err
		}
		got, err := client.Do(r)
		if err != nil {
			return nil, err
		}
		defer got.Body.Close()
		switch got.StatusCode {
		case http.StatusOK:
			return io.ReadAll(io.LimitReader(got.Body, mostOfTile))
		case http.StatusNotFound, http.StatusGone:
			return nil, errs.New(errs.NotFound, "没有 %s。", "There is no %s.", path).Because(fs.ErrNotExist)
		}
		return nil, fmt.Errorf("%s/%s: %s", at, path, got.Status)
	}
}
