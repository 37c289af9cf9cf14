//go:build linux || darwin || freebsd

package doctor

import "syscall"

// free asks the file system, for what somebody who is not root may still write.
func free(path string) (left, all uint64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return 0, 0, err
	}
	size := uint64(s.Bsize) //nolint:unconvert // its type is another on each system
	return uint64(s.Bavail) * size, uint64(s.Blocks) * size, nil
}
