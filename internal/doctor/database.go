package doctor

import (
	"context"
	"strings"
	"time"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/job"
	"linli/internal/lang"
)

// skewMost is how far the clocks of program and database may be apart. Deadlines
// are reckoned by the program's; two copies must agree.
const skewMost = 5 * time.Second

// database looks at the database, and at what is in it where the schema is the
// one that this program knows.
func (x *examination) database(ctx context.Context) {
	r, err := x.open(ctx)
	if err != nil {
		x.failed("database", err, lang.T("看数据库开着没有、地址、用户和防火墙；SQLite 看路径和权限。", "See whether the database runs, its address, role and firewall; for SQLite the path and its permissions."))
		return
	}
	defer r.Close()
	state, err := db.StateOf(ctx, x.Database, r)
	if err != nil {
		x.failed("database", err, lang.T("从备份恢复，见 docs/moving-and-backup.md。", "Restore it from a backup, see docs/moving-and-backup.md."))
		return
	}
	x.fine("database", lang.T("数据库答应：%[1]s %[2]s。", "The database answers: %[1]s %[2]s.", string(state.Engine), state.Version))
	x.state(state)
	if !x.schema(ctx, r) {
		return
	}
	x.jobs(ctx, r)
	codes, err := district.Codes(ctx, r)
	if err != nil {
		x.failed("districts", err, lang.T("运行 linli trail verify，再从备份恢复。", "Run linli trail verify, then restore from a backup."))
		return
	}
	if len(codes) == 0 {
		x.tell("districts", Warning, lang.T("还没有区。", "There is no district yet."), lang.T("linli import district 把本区的表导进来，见 docs/setting-up-a-district.md。", "Bring in your tables by linli import district, see docs/setting-up-a-district.md."))
	}
	for _, code := range codes {
		x.district(ctx, r, code)
	}
}

// state looks at the settings of the engine and its clock.
func (x *examination) state(s db.State) {
	if s.Writable != nil {
		x.tell("writable", Broken, lang.T("数据库写不进：%s。", "The database cannot be written to: %s.", s.Writable.Error()),
			lang.T("SQLite：文件和它所在的文件夹都要归运行 linli 的用户。PostgreSQL：连主库，给用户 schema 的 create 权。", "SQLite: the file and its folder must belong to the user that linli runs as. PostgreSQL: connect to the primary, and grant create on the schema."))
	} else {
		x.fine("writable", lang.T("数据库写得进。", "The database can be written to."))
	}
	if len(s.Lossy) > 0 {
		var said []string
		for _, name := range s.Lossy {
			said = append(said, name+" = "+s.Settings[name])
		}
		x.tell("durable", Broken, lang.T("数据库的设置会让已答应的丢掉：%s。", "The database is set so that what was acknowledged may be lost: %s.", strings.Join(said, ", ")),
			lang.T("PostgreSQL：三项都设 on，重载。SQLite：停下程序，再用 linli serve 打开一次，它会设好。", "PostgreSQL: set all three to on and reload. SQLite: stop what holds the file and open it with linli serve, which sets it."))
	} else {
		x.fine("durable", lang.T("数据库的设置保得住已答应的。", "The database is set to keep what was acknowledged."))
	}
	if s.Now.IsZero() {
		return
	}
	skew := s.Now.Sub(x.Now())
	if skew.Abs() > skewMost {
		x.tell("clock", Warning, lang.T("数据库的钟和这台机器差 %s。期限按这台机器算。", "The clock of the database is %s from that of this machine. Deadlines are reckoned by this machine's.", skew.Round(time.Second).String()),
			lang.T("两台机器都开 NTP 对时：timedatectl set-ntp true。", "Keep both by NTP: timedatectl set-ntp true."))
		return
	}
	x.fine("clock", lang.T("数据库的钟和这台机器一致。", "The clocks of the database and of this machine agree."))
}

// schema says whether the tables are those that this program knows.
func (x *examination) schema(ctx context.Context, r db.Reader) bool {
	newest, err := db.Newest()
	if err != nil {
		x.failed("schema", err, lang.T("重新装程序。", "Install the program again."))
		return false
	}
	has, err := db.Version(ctx, r)
	switch {
	case err != nil:
		x.tell("schema", Warning, lang.T("库里还没有表。", "The database has no tables yet."), lang.T("运行 linli migrate，或第一次 linli serve。", "Run linli migrate, or linli serve for the first time."))
		return false
	case has < newest:
		x.tell("schema", Warning, lang.T("表结构是第 %[1]d 版，程序要第 %[2]d 版。", "The schema is at %[1]d, the program needs %[2]d.", has, newest),
			lang.T("先备份，再 linli migrate；旧程序可以继续服务，见 docs/running.md。", "Make a backup, then linli migrate; the former program may go on serving, see docs/running.md."))
		return false
	case has > newest:
		x.tell("schema", Warning, lang.T("表结构是第 %[1]d 版，比程序知道的第 %[2]d 版新。", "The schema is at %[1]d, newer than the %[2]d that this program knows.", has, newest),
			lang.T("升级到一半时正常；否则换新程序。", "Normal in the middle of an upgrade; otherwise use the newer program."))
	default:
		x.fine("schema", lang.T("表结构是第 %d 版，和程序一致。", "The schema is at %d, as the program has it.", has))
	}
	return true
}

// jobLate is how long a job may be due.
const jobLate = 10 * time.Minute

// jobs looks for what was given up and what is late.
func (x *examination) jobs(ctx context.Context, r db.Reader) {
	all, err := job.Standings(ctx, r)
	if err != nil {
		x.failed("jobs", err, lang.T("运行 linli migrate。", "Run linli migrate."))
		return
	}
	bad := false
	for _, s := range all {
		if s.Parked > 0 {
			bad = true
			x.tell("jobs", Warning, lang.T("%[1]s：%[3]d 件 %[2]s 试了一周，放下了。", "%[1]s: %[3]d jobs of the kind %[2]s were given up after a week of trying.", s.District, s.Kind, s.Parked),
				lang.T("看日志里 kind=%s 的原因，改好，再在管理页重发。", "See why in the log by kind=%s, mend it, then send them again on the administration's pages.", s.Kind))
		}
		if late := x.now.Sub(s.Oldest); s.Waiting > 0 && late > jobLate {
			bad = true
			x.tell("jobs", Warning, lang.T("%[1]s：%[2]s 最早的一件已晚了 %[3]s。", "%[1]s: the oldest of the kind %[2]s has been due for %[3]s.", s.District, s.Kind, late.Round(time.Minute).String()),
				lang.T("看 linli serve 在不在跑；在跑就看日志。", "See whether linli serve runs; if it does, look at its log."))
		}
	}
	if !bad {
		x.fine("jobs", lang.T("没有放下的、也没有晚了的后台任务。", "No job was given up, and none is late."))
	}
}
