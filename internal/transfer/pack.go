package transfer

import (
	"context"
	"io/fs"

	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/setup"
	"linli/internal/sheet"
)

// InstallPack checks the pack in a folder and puts it into a district that is
// there. Of a pack with faults nothing is installed; the report names each.
func InstallPack(ctx context.Context, d *db.DB, code string, files fs.FS, policy sheet.Policy) (report *sheet.Report, err error) {
	defer errs.Wrap(&err, "transfer.InstallPack(%s)", code)
	policy.SkipBad = false // its parts lean on each other
	report = CheckPack(files)
	report.Policy = policy
	if _, err := district.Open(ctx, d, code, d.Now()); err != nil {
		return report, err
	}
	if err := report.Settle(); err != nil {
		return report, err
	}
	pack, _ := catalogue.Load(files)
	if pack == nil {
		return report, errs.New(errs.Conflict, "配置包在检查之后变了，请再装一次。", "The pack changed after it was checked; please install it again.")
	}
	// The way of a whole set-up, which has open dates counted again where a
	// limit is another afterwards.
	if _, err := setup.Into(ctx, d, code, setup.Source{Pack: pack}); err != nil {
		return report, err
	}
	return report, nil
}

// CheckPack checks the pack in a folder as one: everything that is wrong is in
// the report, whose verdict says whether it could be installed.
func CheckPack(files fs.FS) *sheet.Report {
	report := sheet.NewReport(sheet.Policy{DryRun: true})
	_, findings := catalogue.Load(files)
	for _, f := range findings {
		report.Add(f)
	}
	return report
}
