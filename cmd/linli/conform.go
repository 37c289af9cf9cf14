package main

import (
	"context"
	"encoding/json"
	"io"
	"net/netip"
	"time"

	"linli/internal/errs"
	"linli/internal/georeport"
	"linli/internal/georeport/conform"
	"linli/internal/outbound"
)

// conformance holds a server of Open311 GeoReport v2, ours or anybody's, to the
// specification. It ends with an error where the server fails a check.
func conformance(ctx context.Context, args []string, out io.Writer) error {
	f := flags("conform", out)
	key := f.String("key", "", "api_key; needed for --post, better in LINLI_KEY")
	post := f.Bool("post", false, "post requests too: one stays at the server, and says that it is a test")
	jurisdiction := f.String("jurisdiction", "", "jurisdiction_id, where the server serves several")
	discovery := f.String("discovery", "", "address of the discovery document without .xml or .json; below the endpoint unless named")
	format := f.String("format", "", "json or xml; both unless named")
	asJSON := f.Bool("json", false, "write the report as JSON")
	rest, err := interspersed(f, args)
	if err != nil {
		return err
	}
	one := georeport.Format(*format)
	if len(rest) != 1 || *post && *key == "" || one != "" && one != georeport.JSON && one != georeport.XML {
		return errs.New(errs.Invalid, "用法：linli conform 接口地址 [--key 密钥] [--post] [--jurisdiction 编号] [--discovery 地址] [--format json|xml] [--json]",
			"usage: linli conform URL [--key K] [--post] [--jurisdiction J] [--discovery URL] [--format json|xml] [--json]")
	}
	t := conform.Target{Base: rest[0], Discovery: *discovery, Jurisdiction: *jurisdiction, Key: *key, Post: *post, Now: time.Now()}
	if one != "" {
		t.Formats = []georeport.Format{one}
	}
	// Whoever types an address at a command line means it, inside or outside.
	t.HTTP = outbound.Client(outbound.Config{Allow: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}, Timeout: time.Minute})
	r := conform.Run(ctx, t)
	if *asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		err = e.Encode(r)
	} else {
		err = r.Text(out)
	}
	if n := r.Count(conform.Fail); err == nil && n > 0 {
		return errs.New(errs.Invalid, "%d 项不合格。", "%d checks failed.", n)
	}
	return err
}
