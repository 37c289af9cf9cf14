package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestDrainOf(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer out.Close()
	for _, row := range []struct {
		why  string
		log  *os.File
		want time.Duration
	}{
		{"a service whose log is a file", file, usualDrain},
		{"a container or journal: a pipe", out, usualDrain},
		{"a service that keeps no log is no terminal, though null is a device", null, usualDrain},
	} {
		if got := drainOf(row.log); got != row.want {
			t.Errorf("%s: %v, want %v", row.why, got, row.want)
		}
	}
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no terminal can be made here:", err)
	}
	defer terminal.Close()
	if got := drainOf(terminal); got != 0 {
		t.Errorf("at a terminal: %v, want none", got)
	}
}
