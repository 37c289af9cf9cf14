package frame

import (
	"errors"

	"linli/internal/clock"
	"linli/internal/errs"
)

// DateOr reads a day; or where none is given.
func DateOr(text string, or clock.Date, field string) (clock.Date, error) {
	if text == "" {
		return or, nil
	}
	day, err := clock.ParseDate(text)
	for _, e := range errs.Each(err) {
		return "", e.At(field)
	}
	return day, err
}

// Renamed gives the fields that a verb complains of the names that the interface
// has for them.
func Renamed(err error, names map[string]string) error {
	all := errs.Each(err)
	if len(all) == 0 {
		return err
	}
	out := make([]error, len(all))
	for i, e := range all {
		out[i] = e
		if name, ok := names[e.Field]; ok {
			out[i] = e.At(name)
		}
	}
	return errors.Join(out...)
}
