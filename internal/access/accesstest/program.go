package accesstest

import (
	"bufio"
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// unreachable is what the go command says where a module cannot be had.
var unreachable = regexp.MustCompile(`dial tcp|no such host|40[34] |connection refused|module lookup disabled|i/o timeout`)

// Run builds the program in a folder, which is a module of its own, starts it,
// and gives the first lines it prints. It ends with the test, or with stop.
// Where its module cannot be had, the test is skipped, and says so.
func Run(t testing.TB, folder string, lines int, args ...string) (said []string, stop func()) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "program")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Dir = folder
	if out, err := build.CombinedOutput(); err != nil {
		if unreachable.Match(out) {
			t.Skipf("NOT TESTED: the module of %s cannot be had here: %s", folder, out)
		}
		t.Fatalf("build %s: %v\n%s", folder, err, out)
	}
	ctx, cancel := context.WithCancel(context.Background())
	run := exec.CommandContext(ctx, binary, args...)
	run.Env = append(run.Environ(), "PEBBLE_VA_NOSLEEP=1")
	out, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		cancel()
		_ = run.Wait() // it was killed
	})
	t.Cleanup(stop)
	read := bufio.NewReader(out)
	for range lines {
		line, err := read.ReadString('\n')
		if err != nil {
			t.Fatalf("%s says nothing: %v", folder, err)
		}
		said = append(said, strings.TrimSpace(line))
	}
	return said, stop
}
