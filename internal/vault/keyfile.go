package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"linli/internal/errs"
)

// header begins every key file; the number is the form of the file.
const header = "linli-vault-keys 1"

// readOrMake gives the masters in the order of their versions, from 1.
func readOrMake(path string) ([][]byte, error) {
	masters, err := read(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return masters, err
	}
	// A link fails where a file is already: of two programs that start
	// together one makes the key, and both read that one.
	err = write(path, [][]byte{newMaster()}, os.Link)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return read(path)
}

// Rotate adds a key version to keyFile, with which a Vault opened afterwards
// seals. What older versions sealed can still be revealed. Two programs must
// not rotate the same file at once.
func Rotate(keyFile string) (err error) {
	defer errs.Wrap(&err, "vault.Rotate(%s)", keyFile)
	masters, err := read(keyFile)
	if err != nil {
		return err
	}
	return write(keyFile, append(masters, newMaster()), os.Rename)
}

func newMaster() []byte {
	master := make([]byte, keySize)
	rand.Read(master) // never fails: the program ends instead
	return master
}

func read(path string) ([][]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if open := info.Mode().Perm() & 0o077; open != 0 {
		return nil, errs.New(errs.Forbidden, "密钥文件 %s 别人也能读：请执行 chmod 600", "others can read the key file %s: run chmod 600", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	masters, err := parse(text)
	if err != nil {
		return nil, errs.New(errs.Invalid, "密钥文件 %s 读不懂", "the key file %s cannot be understood", path).Because(err)
	}
	return masters, nil
}

// parse reads the header and one line a version, "1 BASE64", from 1 upwards
// without a gap. Its errors never repeat a key.
func parse(text []byte) ([][]byte, error) {
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if lines[0] != header {
		return nil, fmt.Errorf("line 1 must be %q", header)
	}
	var masters [][]byte
	for i, line := range lines[1:] {
		body, ok := strings.CutPrefix(line, fmt.Sprintf("%d ", i+1))
		if !ok {
			return nil, fmt.Errorf("line %d must begin with version %d", i+2, i+1)
		}
		master, err := base64.StdEncoding.Strict().DecodeString(body)
		if err != nil || len(master) != keySize {
			return nil, fmt.Errorf("line %d does not hold a key of %d bytes", i+2, keySize)
		}
		masters = append(masters, master)
	}
	if len(masters) == 0 {
		return nil, errors.New("there is no key in it")
	}
	return masters, nil
}

// write puts the file on disk whole or not at all: a temporary file beside it,
// synced, then brought to its name by place.
func write(path string, masters [][]byte, place func(from, to string) error) (err error) {
	var b bytes.Buffer
	fmt.Fprintln(&b, header)
	for i, master := range masters {
		fmt.Fprintln(&b, i+1, base64.StdEncoding.EncodeToString(master))
	}
	dir := filepath.Dir(path)
	temp, err := os.CreateTemp(dir, ".keys-*") // 0600 by itself
	if err != nil {
		return err
	}
	defer func() {
		if gone := os.Remove(temp.Name()); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}()
	_, err = temp.Write(b.Bytes())
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err := place(temp.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
