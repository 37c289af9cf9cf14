package bench

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"linli/internal/app"
	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/sample"
	"linli/internal/sheet"
	"linli/internal/transfer"
)

// pastSteps is how much was done with each case of an invented history.
const pastSteps = 2

// History measures an import as an administrator runs it: a file of cases and one
// of what was done with them, each checked whole and then written, and the memory
// that takes. With a folder named the files stay, for `linli import`.
func History(ctx context.Context, cfg Config) error {
	fmt.Fprint(cfg.Out, "| engine | cases | cases/s | steps | steps/s | together | own memory | with mapped pages |\n|---|---|---|---|---|---|---|---|\n")
	return onEach(ctx, cfg, "history", historyOn)
}

func historyOn(ctx context.Context, cfg Config, address, dir string) error {
	conf := app.Config{Unlimited: true, Database: address, Files: filepath.Join(dir, "files"), District: sample.DistrictCode, Log: slog.New(slog.DiscardHandler)}
	if err := app.Seed(ctx, conf); err != nil {
		return err
	}
	conf.Seeding = true // nothing else runs
	a, err := app.New(ctx, conf)
	if err != nil {
		return err
	}
	defer a.Close()
	d, err := a.Districts.Get(ctx, sample.DistrictCode)
	if err != nil {
		return err
	}
	names, err := historyFiles(cfg, d, dir)
	if err != nil {
		return err
	}
	var took [2]time.Duration
	var rows [2]int
	most, all := 0, 0
	for i, bring := range []func(sheet.File, transfer.Options) (*sheet.Report, error){
		func(f sheet.File, o transfer.Options) (*sheet.Report, error) {
			return transfer.Cases(ctx, a.DB, d, f, nil, o)
		},
		func(f sheet.File, o transfer.Options) (*sheet.Report, error) {
			return transfer.Past(ctx, a.DB, d, f, nil, o)
		},
	} {
		begun := cfg.Now()
		report, err := brought(names[i], bring, func(int, int) { most, all = max(most, memory(ownMemory)), max(all, memory(allMemory)) })
		if err != nil {
			return err
		}
		took[i], rows[i] = cfg.Now().Sub(begun), report.Counts()[0].Added
	}
	fmt.Fprintf(cfg.Out, "| %s | %d | %.0f | %d | %.0f | %s | %d MB | %d MB |\n", a.DB.Engine(), rows[0], float64(rows[0])/took[0].Seconds(),
		rows[1], float64(rows[1])/took[1].Seconds(), (took[0] + took[1]).Round(time.Second), most/1024, all/1024)
	return nil
}

// brought brings in a file that lies on disk.
func brought(name string, bring func(sheet.File, transfer.Options) (*sheet.Report, error), progress func(done, total int)) (*sheet.Report, error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	about, err := in.Stat()
	if err != nil {
		return nil, err
	}
	file, err := sheet.At(filepath.Base(name), in, about.Size(), sheet.Limits{Bytes: 64 << 30, Rows: 20_000_000})
	if err != nil {
		return nil, err
	}
	return bring(file, transfer.Options{Progress: progress})
}

// historyFiles makes the two files, unless an earlier run left them.
func historyFiles(cfg Config, d *district.District, dir string) (names [2]string, err error) {
	names = [2]string{filepath.Join(dir, fmt.Sprintf("cases-%d.csv", cfg.Cases)), filepath.Join(dir, fmt.Sprintf("past-%d.csv", cfg.Cases))}
	if _, err := os.Stat(names[1]); err == nil {
		return names, nil
	}
	stories, err := sample.New().Stories(cfg.Now(), func(string, time.Time) time.Time { return time.Time{} })
	if err != nil {
		return names, err
	}
	h := &historian{d: d, stories: stories, dice: rand.New(rand.NewPCG(7, 11)), end: cfg.Now().Add(-time.Hour), total: cfg.Cases}
	var files [2]*os.File
	var tables [2]*csv.Writer
	for i, head := range []string{"external,channel,opened,matter,kind,area,unit,state,closed,lon,lat,address,text", "external,channel,at,did,unit,note"} {
		if files[i], err = os.Create(names[i]); err != nil {
			return names, err
		}
		defer files[i].Close()
		tables[i] = csv.NewWriter(bufio.NewWriterSize(files[i], 1<<20))
		_ = tables[i].Write(strings.Split(head, ",")) // an error stays, and is asked for at the end
	}
	for n := range cfg.Cases {
		c := h.tell(n)
		_ = tables[0].Write(caseLine(c, cfg.Now()))
		for step := range pastSteps {
			at := c.Opened.Add(time.Duration(10*(step+1)) * time.Minute).Format(time.RFC3339)
			_ = tables[1].Write([]string{c.External, c.Channel, at, [pastSteps]string{"派遣", "到场处置"}[step], c.Unit, "转来时注明：请当天去看。"})
		}
	}
	for i := range tables {
		if tables[i].Flush(); tables[i].Error() != nil {
			return names, tables[i].Error()
		}
		if err := files[i].Sync(); err != nil {
			return names, err
		}
	}
	return names, nil
}

// caseLine writes a case as a table has it.
func caseLine(c casework.Historic, now time.Time) []string {
	closed, area := "", c.Place.Grid
	if c.Closed.After(now) {
		c.Closed = now
	}
	if !c.Closed.IsZero() {
		closed = c.Closed.Format(time.RFC3339)
	}
	lon, lat := "", ""
	if c.Place.Point.Valid() {
		lon, lat = strconv.FormatFloat(c.Place.Point.Lon, 'f', 6, 64), strconv.FormatFloat(c.Place.Point.Lat, 'f', 6, 64)
	}
	return []string{c.External, c.Channel, c.Opened.Format(time.RFC3339), c.Matter, c.Kind, area, c.Unit, string(c.State), closed, lon, lat, c.Place.Address, c.Text}
}
