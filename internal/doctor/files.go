package doctor

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"linli/internal/db"
	"linli/internal/lang"
	"linli/internal/vault"
)

// folder looks whether pictures can be kept.
func (x *examination) folder() {
	f, err := os.CreateTemp(x.Files, ".linli-doctor-")
	if err == nil {
		err = errors.Join(f.Close(), os.Remove(f.Name()))
	}
	if err != nil {
		x.tell("files", Broken, lang.T("文件夹 %[1]s 写不进：%[2]s。照片收不了。", "The folder %[1]s cannot be written to: %[2]s. Pictures cannot be taken in.", x.Files, err.Error()),
			lang.T("建好它，归运行 linli 的用户：chown linli: 文件夹；chmod 750 文件夹。systemd 的单元里要在 ReadWritePaths 或 StateDirectory 里。", "Make it and give it to the user that linli runs as: chown linli: FOLDER; chmod 750 FOLDER. In a systemd unit it must be in ReadWritePaths or StateDirectory."))
		return
	}
	x.fine("files", lang.T("文件夹 %s 写得进。", "The folder %s can be written to.", x.Files))
}

// How much must be left where data lies.
const (
	spaceNone = 512 << 20
	spaceLow  = 5 << 30
)

// space looks how much is left where data lies.
func (x *examination) space() {
	places := []string{x.Files}
	if path, ok := db.SQLitePath(x.Database); ok {
		places = append(places, filepath.Dir(path))
	}
	for _, at := range places {
		left, all, err := x.Free(at)
		if err != nil {
			x.tell("disk", Note, lang.T("%[1]s 还有多少空间看不出：%[2]s。", "How much is left at %[1]s cannot be told: %[2]s.", at, err.Error()), lang.Text{})
			continue
		}
		what := lang.T("%[1]s 还剩 %.1[2]f GB，共 %.1[3]f GB。", "At %[1]s, %.1[2]f GB of %.1[3]f GB are left.", at, float64(left)/(1<<30), float64(all)/(1<<30))
		do := lang.T("腾出空间或换大盘。满了以后收不进报告，但已答应的不会丢。", "Make room or take a larger disk. When it is full no report is taken in; nothing that was acknowledged is lost.")
		switch {
		case left < spaceNone:
			x.tell("disk", Broken, what, do)
		case left < spaceLow || left < all/20:
			x.tell("disk", Warning, what, do)
		default:
			x.fine("disk", what)
		}
	}
}

// keys looks at the key file, without making one.
func (x *examination) keys() {
	info, err := os.Stat(x.KeyFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		x.tell("key", Broken, lang.T("没有密钥文件 %s。没有它，姓名、电话打不开。", "There is no key file %s. Without it names and phone numbers cannot be opened.", x.KeyFile),
			lang.T("若是新装，第一次 linli serve 会做一把；若原来有过数据，从另外存放的备份里取回来，不要做新的。", "On a new installation the first linli serve makes one; where there were data, bring it back from where its copy is kept, and make no new one."))
		return
	case err != nil:
		x.failed("key", err, lang.T("看文件夹的权限。", "Look at the permissions of the folder."))
		return
	case info.Mode().Perm()&0o077 != 0:
		x.tell("key", Broken, lang.T("密钥文件 %[1]s 的权限是 %[2]s，别人也能读。程序不会启动。", "The key file %[1]s has the mode %[2]s: others can read it. The program does not start.", x.KeyFile, info.Mode().Perm().String()),
			lang.T("chmod 600 %s。若别人可能已读过，再用 linli keys rotate 换钥匙。", "chmod 600 %s. Where others may have read it, change the keys by linli keys rotate, too.", x.KeyFile))
		return
	}
	versions, _, err := vault.Versions(x.KeyFile)
	if err != nil {
		x.failed("key", err, lang.T("从另外存放的备份里取回密钥文件。", "Bring the key file back from where its copy is kept."))
		return
	}
	x.fine("key", lang.T("密钥文件 %[1]s 只有主人能读，有 %[2]d 把。", "The key file %[1]s is readable by its owner alone and holds %[2]d versions.", x.KeyFile, len(versions)))
}

// certLow is how long before its end a certificate should have been renewed.
const certLow = 21 * 24 * time.Hour

// certificates looks when they end.
func (x *examination) certificates() {
	for _, path := range x.Certs {
		data, err := os.ReadFile(path)
		if err != nil {
			x.failed("certificate", err, lang.T("看 --tls-cert 写的路径和权限。", "Look at the path of --tls-cert and its permissions."))
			continue
		}
		leaf, err := leafOf(data)
		if err != nil {
			x.tell("certificate", Broken, lang.T("%s 里没有证书。", "%s holds no certificate.", path), lang.T("放进 PEM 格式的证书和它的上级。", "Put the certificate in PEM there, with those that vouch for it."))
			continue
		}
		until := leaf.NotAfter.Format(time.DateOnly)
		do := lang.T("续证书，换掉文件：程序自己会再读，不用重启。", "Renew it and replace the files: the program reads them again by itself.")
		switch left := leaf.NotAfter.Sub(x.now); {
		case left <= 0:
			x.tell("certificate", Broken, lang.T("证书 %[1]s 已在 %[2]s 过期。", "The certificate %[1]s ended on %[2]s.", path, until), do)
		case x.now.Before(leaf.NotBefore):
			x.tell("certificate", Broken, lang.T("证书 %s 还没有生效。", "The certificate %s is not valid yet.", path), lang.T("看这台机器的时间，或换对的证书。", "Look at the clock of this machine, or use the right certificate."))
		case left < certLow:
			x.tell("certificate", Warning, lang.T("证书 %[1]s 到 %[2]s 为止。", "The certificate %[1]s ends on %[2]s.", path, until), do)
		default:
			x.fine("certificate", lang.T("证书 %[1]s 到 %[2]s 为止。", "The certificate %[1]s ends on %[2]s.", path, until))
		}
	}
}

func leafOf(data []byte) (*x509.Certificate, error) {
	var c tls.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			c.Certificate = append(c.Certificate, block.Bytes)
		}
	}
	if len(c.Certificate) == 0 {
		return nil, errors.New("no certificate")
	}
	return x509.ParseCertificate(c.Certificate[0])
}

// backupLow is how old the newest backup may be.
const backupLow = 26 * time.Hour

// backups looks how old the newest one is.
func (x *examination) backups() {
	do := lang.T("每天 linli backup 一次（PostgreSQL 用它自己的工具），见 docs/moving-and-backup.md；文件夹用 --backups 告诉本命令。", "Run linli backup every day (on PostgreSQL its own tools), see docs/moving-and-backup.md, and name the folder to this command by --backups.")
	if x.Backups == "" {
		x.tell("backup", Note, lang.T("不知道备份在哪里，所以没看。", "Where backups are kept is not known, so none was looked at."), do)
		return
	}
	entries, err := os.ReadDir(x.Backups)
	if err != nil {
		x.failed("backup", err, do)
		return
	}
	var newest time.Time
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && info.Size() > 0 && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	switch {
	case newest.IsZero():
		x.tell("backup", Broken, lang.T("%s 里没有备份。", "There is no backup in %s.", x.Backups), do)
	case x.now.Sub(newest) > backupLow:
		x.tell("backup", Warning, lang.T("最新的备份是 %d 小时前的。", "The newest backup is %d hours old.", int(x.now.Sub(newest).Hours())), do)
	default:
		x.fine("backup", lang.T("最新的备份是 %d 小时前的。", "The newest backup is %d hours old.", int(x.now.Sub(newest).Hours())))
	}
}
