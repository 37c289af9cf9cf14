//go:build !linux && !darwin && !freebsd

package doctor

import "errors"

func free(string) (left, all uint64, err error) {
	return 0, 0, errors.New("not known on this system")
}
