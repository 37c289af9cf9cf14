package app

import (
	"context"
	"io/fs"
	"path/filepath"

	"filippo.io/age"

	"linli/internal/db"
	"linli/internal/move"
	"linli/internal/trail"
)

// MoveOut writes a district to a place; see package move. Where noted, the trail
// says first that it left, so that the export holds that too.
func (a *App) MoveOut(ctx context.Context, place move.Place, code string, to []age.Recipient, noted bool, told func(what string, done int64)) (*move.Manifest, error) {
	signer, err := a.signer(code)
	if err != nil {
		return nil, err
	}
	if noted {
		kind := "sealed"
		if len(to) > 0 {
			kind = "clear"
		}
		if err := a.noteMove(ctx, trail.Exports, code, "moved-out", map[string]string{"what": "district", "kind": kind}); err != nil {
			return nil, err
		}
		if _, err := a.Trail.TakeIn(ctx, a.DB, code); err != nil {
			return nil, err
		}
	}
	return move.Export(ctx, a.DB, place, move.Out{District: code, Keys: a.Vault, Store: a.Documents, Signer: signer, ClearTo: to, Told: told})
}

// MoveIn brings an export in; see package move. Where noted, the trail says so
// afterwards.
func (a *App) MoveIn(ctx context.Context, files fs.FS, with []age.Identity, noted bool, told func(what string, done int64)) (move.Loaded, error) {
	loaded, err := move.Load(ctx, a.DB, files, move.In{Keys: a.Vault, KeyFile: filepath.Join(a.cfg.Files, KeyFile), Store: a.Documents, Identities: with, Told: told})
	if err != nil || !noted {
		return loaded, err
	}
	kind := "sealed"
	if loaded.Resealed {
		kind = "clear"
	}
	return loaded, a.noteMove(ctx, trail.Setup, loaded.District, "moved-in", map[string]string{"what": "district", "kind": kind})
}

// noteMove puts down in a book that a district went or came. It was done at the
// command line, so nobody's name stands beside it.
func (a *App) noteMove(ctx context.Context, book trail.Book, code, act string, facts map[string]string) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		return trail.Note(ctx, tx, code, book, "district", trail.Entry{Act: act, Detail: facts})
	})
}

// FilesFolder is the folder of pictures and of the key file.
func (a *App) FilesFolder() string { return a.cfg.Files }
