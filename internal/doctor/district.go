package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/retain"
	"linli/internal/trail"
	"linli/internal/vault"
)

// district looks at what a district cannot do without.
func (x *examination) district(ctx context.Context, r db.Reader, code string) {
	d, err := district.Open(ctx, r, code, x.now)
	if err != nil {
		x.failed("district "+code, err, lang.T("导入时改过表吗？看日志；不行就从备份恢复。", "Were tables changed by an import? See the log, and restore a backup if need be."))
		return
	}
	if missing := d.Missing(x.now); len(missing) > 0 {
		x.tell("calendar", Warning, lang.T("%[1]s：没有 %[2]s 年的放假安排，落在那里的期限是暂定的。", "%[1]s: the days off of %[2]s are not known; deadlines in them are provisional.", code, strings.Trim(fmt.Sprint(missing), "[]")),
			lang.T("把国务院的放假通知导进来：管理页的日历，或 linli import years。", "Bring in the State Council's notice: on the calendar's page of the administration, or by linli import years."))
	} else {
		x.fine("calendar", lang.T("%s：放假安排都有。", "%s: the days off are known.", code))
	}
	x.people(ctx, r, d)
	x.log(ctx, r, code)
	x.match(ctx, r, code)
}

// people looks who could administer the district, and with how many factors
// those sign in who see personal data.
func (x *examination) people(ctx context.Context, r db.Reader, d *district.District) {
	accounts, err := access.Accounts(ctx, r, d.Code)
	if err != nil {
		x.failed("accounts", err, lang.T("运行 linli migrate。", "Run linli migrate."))
		return
	}
	admin, single := false, 0
	for _, a := range accounts {
		if !a.Active {
			continue
		}
		var roles []string
		for _, p := range d.HeldAt(org.PersonID(a.Person), x.now) {
			roles = append(roles, string(p.Role))
			admin = admin || p.Role == org.Admin
		}
		if !d.Catalogue.Roles().Second(roles...) {
			continue
		}
		f, err := access.FactorsOf(ctx, r, d.Code, access.Staff(a.Login))
		if err != nil {
			x.failed("accounts", err, lang.T("运行 linli migrate。", "Run linli migrate."))
			return
		}
		if !f.Any() {
			single++
		}
	}
	if !admin {
		x.tell("administrator", Broken, lang.T("%s：没有一个开着的账号担任系统管理员。", "%s: no open account holds the post of a system administrator.", d.Code),
			lang.T("linli account invite 登录名 --district %s，给有这个岗位的人。", "linli account invite LOGIN --district %s, for somebody who holds that post.", d.Code))
	} else {
		x.fine("administrator", lang.T("%s：有系统管理员。", "%s: there is a system administrator.", d.Code))
	}
	if single > 0 {
		x.tell("factors", Note, lang.T("%[1]s：%[2]d 个看得到个人信息的账号还没设第二步验证，下次登录时会要他们设。", "%[1]s: %[2]d accounts that see personal data have no second step yet; they are asked to set one up at the next sign-in.", d.Code, single),
			lang.T("不用的账号关掉：linli account close。", "Close those that nobody uses: linli account close."))
	} else {
		x.fine("factors", lang.T("%s：看得到个人信息的账号都有第二步验证。", "%s: all accounts that see personal data have a second step.", d.Code))
	}
}

// logLate is how old the newest checkpoint may be while entries wait for the
// log. It is signed every ten seconds.
const logLate = 10 * time.Minute

// log looks whether the public log keeps up with the trail.
func (x *examination) log(ctx context.Context, r db.Reader, code string) {
	entries, err := trail.CountOf(ctx, r, code, trail.Filter{Until: x.now.Add(-logLate)})
	var leaves int64
	if err == nil {
		leaves, err = trail.Size(ctx, r, code)
	}
	if err != nil {
		x.failed("log", err, lang.T("运行 linli trail verify。", "Run linli trail verify."))
		return
	}
	if behind := int64(entries) - leaves; behind > 0 {
		x.tell("log", Warning, lang.T("%[1]s：%[2]d 条痕迹十分钟了还没进公开日志。", "%[1]s: %[2]d entries of the trail have not come into the public log within ten minutes.", code, behind),
			lang.T("看 linli serve 在不在跑，看日志里 kind=trail-log 的错误。", "See whether linli serve runs, and the log for errors of kind=trail-log."))
		return
	}
	x.fine("log", lang.T("%s：公开日志跟得上痕迹。", "%s: the public log keeps up with the trail.", code))
}

// match looks whether the keys are those that sealed what is in the database.
func (x *examination) match(ctx context.Context, r db.Reader, code string) {
	if _, err := os.Stat(x.KeyFile); err != nil {
		return // told already; opening would make a new one
	}
	v, err := vault.Open(x.KeyFile)
	if err != nil {
		return // told already
	}
	tried, opened := 0, 0
	for _, t := range retain.Tables() {
		some, good, bad := v.Fits(ctx, r, code, t)
		tried, opened, err = tried+some, opened+good, errors.Join(err, bad)
	}
	switch {
	case err != nil:
		x.failed("key match", err, lang.T("运行 linli migrate。", "Run linli migrate."))
	case opened < tried:
		x.tell("key match", Broken, lang.T("%[1]s：抽看 %[2]d 个加密的值，%[3]d 个打不开。密钥文件不是这个库的，或有人改过数据。", "%[1]s: of %[2]d sealed values, %[3]d do not open. The key file is not this database's, or somebody changed the data.", code, tried, tried-opened),
			lang.T("停下程序，放回和这个库一起的密钥文件；在这之前新写的用的是另一把。", "Stop the program and put back the key file that belongs to this database; what was written meanwhile is sealed by another."))
	default:
		x.fine("key match", lang.T("%[1]s：抽看 %[2]d 个加密的值，都打得开。", "%[1]s: all of %[2]d sealed values that were tried open.", code, tried))
	}
}
