// Command genclient makes the Go package client from docs/openapi.json: types,
// one method for each operation, and for each list one that reads all of its
// pages. What does not depend on the document (sending, trying again, failures)
// is written by hand in client/client.go.
//
// It understands what our own document uses and fails on anything else, rather
// than leave something out. Run it from the root of the repository: make
// generate does.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "genclient:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	data, err := os.ReadFile(filepath.Join(root, "docs", "openapi.json"))
	if err != nil {
		return err
	}
	files, err := generate(data)
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(root, "client", name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
