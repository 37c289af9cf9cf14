package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"runtime/debug"
	"strings"

	"linli/internal/app"
	"linli/internal/errs"
)

// command is one word of the command line.
type command struct {
	name, does string
	run        func(ctx context.Context, args []string, out io.Writer) error
}

func commands() []command {
	return []command{
		{"demo", "演示：一个编出来的区 · an invented district, ready to click", demo},
		{"serve", "对外服务 · serve a district", serve},
		{"import", "导入：区的各张表、以往案件 · bring in a district's tables, cases", bring},
		{"export", "把整个区带走；39046：政务服务数据 · take a whole district out; 39046: government service records", takeOut},
		{"backup", "备份，不用停 · copy an installation that runs", backup},
		{"restore", "恢复备份 · put a backup back", restore},
		{"pack", "检查、安装配置包 · check or install a pack", pack},
		{"account", "加账号、密钥 · add an account or a key", account},
		{"keys", "加密用的密钥：看、换、停用 · keys of sealed fields: list, rotate, retire", keys},
		{"migrate", "更新表结构 · bring the tables up to date", migrate},
		{"trail", "查痕迹、查回执、导出公开日志 · look over the trail, check a receipt, copy the public log", trailing},
		{"conform", "查一个 Open311 接口合不合标准 · hold an Open311 server to the standard", conformance},
		{"doctor", "看装得好不好，哪里坏了怎么办 · look an installation over: what is wrong and what to do", examine},
		{"bundle", "求助时要的情况，没有个人信息 · what whoever helps needs, nothing personal", bundle},
		{"ready", "问一份在跑的程序准备好没有 · ask a running copy whether it is ready", ready},
		{"bench", "量快慢 · measure speed on this machine", measure},
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				return c.run(ctx, args[1:], out)
			}
		}
	}
	fmt.Fprintln(out, "linli 邻里\n\nusage: linli COMMAND [flags]")
	for _, c := range commands() {
		fmt.Fprintf(out, "  %-8s %s\n", c.name, c.does)
	}
	if len(args) > 0 && args[0] != "help" && args[0] != "-h" && args[0] != "--help" {
		return errs.New(errs.Invalid, "没有 %s 这个命令。", "There is no command %s.", args[0])
	}
	return nil
}

// flags makes a flag set whose values come from flags, then from LINLI_*.
func flags(name string, out io.Writer) *flag.FlagSet {
	f := flag.NewFlagSet("linli "+name, flag.ContinueOnError)
	f.SetOutput(out)
	return f
}

// parse reads flags; those not given are taken from LINLI_NAME where it is set,
// --tls-cert from LINLI_TLS_CERT.
func parse(f *flag.FlagSet, args []string) error {
	given := map[string]bool{}
	if err := f.Parse(args); err != nil {
		return err
	}
	f.Visit(func(one *flag.Flag) { given[one.Name] = true })
	var problem error
	f.VisitAll(func(one *flag.Flag) {
		if value, ok := os.LookupEnv("LINLI_" + strings.ToUpper(strings.ReplaceAll(one.Name, "-", "_"))); ok && !given[one.Name] {
			if err := f.Set(one.Name, value); err != nil {
				problem = err
			}
		}
	})
	return problem
}

func demo(ctx context.Context, args []string, out io.Writer) error {
	f := flags("demo", out)
	listen := f.String("listen", "127.0.0.1:8080", "address to listen on, loopback only")
	dir := f.String("dir", "", "folder for linli.db, files/ and demo.json; a temporary one unless named")
	if err := parse(f, args); err != nil {
		return err
	}
	if err := loopback(*listen); err != nil {
		return err
	}
	if *dir == "" {
		temp, err := os.MkdirTemp("", "linli-demo-")
		if err != nil {
			return err
		}
		*dir = temp
		defer os.RemoveAll(temp)
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return errs.New(errs.Busy, "%s 已被占用，换一个：--listen 127.0.0.1:8081", "%s is taken; try --listen 127.0.0.1:8081", *listen).Because(err)
	}
	fmt.Fprintln(out, "正在编一个区，讲九十天的事，要几秒 · making up a district and ninety days of its stories, some seconds")
	d, err := app.NewDemo(ctx, *dir, app.Config{}, out)
	if err != nil {
		return err
	}
	defer d.Close()
	debug.FreeOSMemory() // drawing photos and telling stories took more than serving will
	url := "http://" + listener.Addr().String()
	if err := d.Describe(ctx, url); err != nil {
		return err
	}
	greet(out, url, d)
	return d.Serve(ctx, listener, d.House)
}

// loopback refuses to show the demo, whose passwords everyone knows, to others.
func loopback(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	ip := net.ParseIP(host)
	if err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return errs.New(errs.Invalid, "演示只在本机开放，例如 --listen 127.0.0.1:8080", "the demo listens on loopback only, such as --listen 127.0.0.1:8080")
	}
	return nil
}

func greet(out io.Writer, url string, d *app.Demo) {
	fmt.Fprintf(out, "\n  %s          居民 · residents\n  %s/sign-in  工作人员 · staff, password %s\n\n", url, url, app.DemoPassword)
	for _, l := range d.House.Demo {
		fmt.Fprintf(out, "  %-14s %s\t%s\n", l.Login, l.Name, l.Post)
	}
	fmt.Fprintf(out, "\n  全部账号 · all accounts: %s/demo.json\n  Ctrl-C 结束 · to end\n\n", d.Dir)
}
