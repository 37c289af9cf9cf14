// Package packs carries the configuration packs that ship with linli, so that
// the program needs no other file to start. What is in them is data: see
// internal/catalogue, which reads and checks them.
package packs

import (
	"embed"
	"io/fs"
)

//go:embed all:base
var files embed.FS

// Base is the pack every district starts from: the components and matters of
// GB/T 47678.5, social governance, the hotline's demand kinds, and the nine
// procedures they run on.
func Base() fs.FS {
	base, err := fs.Sub(files, "base")
	if err != nil {
		panic("packs: the base pack is not embedded: " + err.Error()) // the path is constant
	}
	return base
}
