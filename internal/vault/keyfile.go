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
	"strconv"
	"strings"

	"linli/internal/errs"
)

// A key file begins with its form. The first form had AES alone and made its
// index keys from version 1; it is read still, and written no more. The third
// is the second with secrets that another installation handed over, and is only
// written where there are some.
const (
	headerOne   = "linli-vault-keys 1"
	headerTwo   = "linli-vault-keys 2"
	headerThree = "linli-vault-keys 3"
)

// ring is what a key file holds.
type ring struct {
	indexing Cipher // whose family's hash the blind indexes use
	index    []byte // of which index keys are made
	adopted  []adopted
	versions []version
}

// version is one key that seals or sealed.
type version struct {
	number int
	cipher Cipher
	master []byte
}

// newest is the version that seals.
func (r *ring) newest() int { return r.versions[len(r.versions)-1].number }

// Make makes a key file with one random key of a cipher, and leaves one that is
// there as it is.
func Make(keyFile string, c Cipher) (err error) {
	defer errs.Wrap(&err, "vault.Make(%s, %s)", keyFile, c)
	if _, err := os.Stat(keyFile); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	r := &ring{indexing: c, index: newMaster(), versions: []version{{1, c, newMaster()}}}
	// A link fails where a file is already: of two programs that start together
	// one makes the keys, and both read those.
	if err := write(keyFile, r, os.Link); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Version is what a key file says of one of its keys.
type Version struct {
	Number int
	Cipher Cipher
	Newest bool // it seals
}

// Versions lists the keys of a file, oldest first, and how its blind indexes are made.
func Versions(keyFile string) (all []Version, index string, err error) {
	defer errs.Wrap(&err, "vault.Versions(%s)", keyFile)
	r, err := read(keyFile)
	if err != nil {
		return nil, "", err
	}
	for _, one := range r.versions {
		all = append(all, Version{one.number, one.cipher, one.number == r.newest()})
	}
	return all, r.indexing.index(), nil
}

// Rotate adds a key version to keyFile, with which every running Vault seals
// from now on. What older versions sealed can still be revealed. Two programs
// must not rotate the same file at once.
func Rotate(keyFile string, c Cipher) (number int, err error) {
	defer errs.Wrap(&err, "vault.Rotate(%s, %s)", keyFile, c)
	r, err := read(keyFile)
	if err != nil {
		return 0, err
	}
	number = r.newest() + 1
	r.versions = append(r.versions, version{number, c, newMaster()})
	return number, write(keyFile, r, os.Rename)
}

// Retire takes a version out of keyFile and puts it, alone, into a file beside
// it, whose name it returns: backups of the database made before still need it.
// The newest version stays. That no value needs the version is for the caller
// to know (Count).
func Retire(keyFile string, number int) (aside string, err error) {
	defer errs.Wrap(&err, "vault.Retire(%s, %d)", keyFile, number)
	r, err := read(keyFile)
	if err != nil {
		return "", err
	}
	left, gone := *r, *r
	left.versions, gone.versions, gone.adopted = nil, nil, nil
	for _, one := range r.versions {
		if one.number == number {
			gone.versions = append(gone.versions, one)
		} else {
			left.versions = append(left.versions, one)
		}
	}
	switch {
	case len(gone.versions) == 0:
		return "", errs.New(errs.NotFound, "密钥文件里没有第 %d 版。", "There is no version %d in the key file.", number)
	case number == r.newest():
		return "", errs.New(errs.Invalid, "第 %d 版正在用，先换一把新的：linli keys rotate。", "Version %d is in use; make a new one first: linli keys rotate.", number)
	}
	aside = fmt.Sprintf("%s.retired-%d", keyFile, number)
	// Aside first: a power cut between the two leaves it in both.
	if err := write(aside, &gone, os.Rename); err != nil {
		return "", err
	}
	return aside, write(keyFile, &left, os.Rename)
}

func newMaster() []byte {
	master := make([]byte, keySize)
	rand.Read(master) // never fails: the program ends instead
	return master
}

func read(path string) (*ring, error) {
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
	r, err := parse(string(text))
	if err != nil {
		return nil, errs.New(errs.Invalid, "密钥文件 %s 读不懂", "the key file %s cannot be understood", path).Because(err)
	}
	return r, nil
}

// parse reads a key file. Its errors never repeat a key.
func parse(text string) (*ring, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	switch lines[0] {
	case headerOne:
		return parseOne(lines[1:])
	case headerTwo:
		return parseTwo(lines[1:])
	case headerThree:
		return parseThree(lines[1:])
	}
	return nil, fmt.Errorf("line 1 must be %q", headerTwo)
}

// parseOne reads one line a version, "1 BASE64", from 1 upwards without a gap.
func parseOne(lines []string) (*ring, error) {
	r := &ring{indexing: AES}
	for i, line := range lines {
		body, ok := strings.CutPrefix(line, strconv.Itoa(i+1)+" ")
		if !ok {
			return nil, fmt.Errorf("line %d must begin with version %d", i+2, i+1)
		}
		master, err := parseMaster(body, i+2)
		if err != nil {
			return nil, err
		}
		r.versions = append(r.versions, version{i + 1, AES, master})
	}
	if len(r.versions) == 0 {
		return nil, errors.New("there is no key in it")
	}
	r.index = r.versions[0].master
	return r, nil
}

// parseTwo reads "index hmac-sha256 BASE64" and then one line a version, "2
// sm4-gcm BASE64", upwards; those that are missing were retired.
func parseTwo(lines []string) (*ring, error) {
	r := &ring{}
	for i, line := range lines {
		parts := strings.Split(line, " ")
		if len(parts) != 3 {
			return nil, fmt.Errorf("line %d must have three words", i+2)
		}
		master, err := parseMaster(parts[2], i+2)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			r.index, r.indexing = master, AES
			if parts[1] == SM4.index() {
				r.indexing = SM4
			}
			if parts[0] != "index" || parts[1] != r.indexing.index() {
				return nil, errors.New("line 2 must say how indexes are made")
			}
			continue
		}
		number, err := strconv.Atoi(parts[0])
		c, unknown := ParseCipher(parts[1])
		last := 0
		if len(r.versions) > 0 {
			last = r.newest()
		}
		if err != nil || strconv.Itoa(number) != parts[0] || number <= last || unknown != nil {
			return nil, fmt.Errorf("line %d must be a version above %d, a cipher and a key", i+2, last)
		}
		r.versions = append(r.versions, version{number, c, master})
	}
	if len(r.versions) == 0 {
		return nil, errors.New("there is no key in it")
	}
	return r, nil
}

func parseMaster(body string, line int) ([]byte, error) {
	master, err := base64.StdEncoding.Strict().DecodeString(body)
	if err != nil || len(master) != keySize {
		return nil, fmt.Errorf("line %d does not hold a key of %d bytes", line, keySize)
	}
	return master, nil
}

// write puts the file on disk whole or not at all: a temporary file beside it,
// synced, then brought to its name by place.
func write(path string, r *ring, place func(from, to string) error) (err error) {
	var b bytes.Buffer
	header := headerTwo
	if len(r.adopted) > 0 {
		header = headerThree
	}
	fmt.Fprintln(&b, header)
	fmt.Fprintln(&b, "index", r.indexing.index(), base64.StdEncoding.EncodeToString(r.index))
	for _, one := range r.adopted {
		fmt.Fprintln(&b, one.line())
	}
	for _, one := range r.versions {
		fmt.Fprintln(&b, one.number, one.cipher, base64.StdEncoding.EncodeToString(one.master))
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
