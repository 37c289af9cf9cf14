package frame

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/ident"
)

// FindCase finds a case that the caller sees by its id or its number, however
// that is written. Any other is one and the same failure.
func (c *Caller) FindCase(ctx context.Context, name string) (one casework.Case, tasks []casework.Task, err error) {
	id, err := c.CaseID(ctx, name)
	if err == nil {
		one, tasks, err = c.Seen(ctx, id)
	}
	if errs.KindOf(err) == errs.NotFound {
		return casework.Case{}, nil, MissingCase(err)
	}
	return one, tasks, err
}

// Seen is a case that the caller sees, with its tasks. Any other is not found.
func (c *Caller) Seen(ctx context.Context, id casework.ID) (casework.Case, []casework.Task, error) {
	return casework.Seen(ctx, c.House.DB, c.District, c.Scope(), id, c.Now)
}

// SeenOf tells of many cases which ones the caller sees.
func (c *Caller) SeenOf(ctx context.Context, ids []casework.ID) (map[casework.ID]bool, error) {
	return casework.Within(ctx, c.House.DB, c.District, c.Scope(), c.Now, ids...)
}

// CaseID is the id of a case that is named by its id or its number. That it exists,
// and may be seen, is for whoever asks to find out.
func (c *Caller) CaseID(ctx context.Context, name string) (casework.ID, error) {
	if uuid.Validate(name) == nil {
		return casework.ID(strings.ToLower(name)), nil
	}
	number, err := ident.ParseNumber(name)
	if err != nil {
		return "", errs.New(errs.NotFound, "没有这件案件。", "There is no such case.")
	}
	one, err := casework.ByNumber(ctx, c.House.DB, c.District.Code, string(number))
	return one.ID, err
}

// MissingCase words that there is no case, whatever looked for it.
func MissingCase(err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return errs.New(errs.NotFound, "没有这件案件。", "There is no such case.")
	}
	return err
}

// MissingArea is the failure of an area, given in a field, that the district does
// not have, or that is not for the caller.
func MissingArea(code, field string) error {
	return errs.New(errs.NotFound, "没有这个区域：%s", "There is no such area: %s", Short(code)).At(field)
}

// MissingCode is the failure of a code that the district does not have.
func MissingCode() error {
	return errs.New(errs.NotFound, "没有这个代码。", "There is no such code.")
}
