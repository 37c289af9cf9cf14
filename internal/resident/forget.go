package resident

import (
	"context"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/vault"
)

// Sealed are the columns of this package that a change of keys seals again.
func Sealed() []vault.Table {
	return []vault.Table{
		{Name: "residents", Key: []string{"id"}, Columns: []vault.Column{{Name: "phone", Field: phoneField}, {Name: "name", Field: nameField}}},
		{Name: "resident_codes", Key: []string{"phone_index"}, Columns: []vault.Column{{Name: "phone", Field: phoneField}, {Name: "outgoing", Field: sendField}}},
	}
}

// Forget removes accounts of residents. Their proxies end; what they reported
// stays with its case. Sessions and passkeys are package access's to remove.
func Forget(ctx context.Context, tx *db.Tx, district string, ids []string) (err error) {
	defer errs.Wrap(&err, "resident.Forget(%s, %d)", district, len(ids))
	for _, id := range ids {
		if err := endAll(ctx, tx, district, ID(id), ByAccount); err != nil {
			return err
		}
		for _, sql := range []string{
			"delete from resident_codes where district = $1 and phone_index in (select phone_index from residents where district = $1 and id = $2 and phone_index <> '')",
			"delete from residents where district = $1 and id = $2",
		} {
			if err := tx.Exec(ctx, sql, district, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// ForgetProxies removes authorities that ended long ago.
func ForgetProxies(ctx context.Context, tx *db.Tx, district string, ids []string) (err error) {
	defer errs.Wrap(&err, "resident.ForgetProxies(%s, %d)", district, len(ids))
	for _, id := range ids {
		if err := tx.Exec(ctx, "delete from proxies where district = $1 and id = $2", district, id); err != nil {
			return err
		}
	}
	return nil
}
