package move

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"linli/internal/errs"
)

var (
	districtShape = regexp.MustCompile(`^[0-9]{6}$`)
	tableShape    = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	hashShape     = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
)

// check refuses a resource that is not one of ours.
func (r Resource) check() error {
	table, isTable := strings.CutSuffix(strings.TrimPrefix(r.Path, tableFolder), ".jsonl")
	secret, isClear := strings.CutSuffix(strings.TrimPrefix(r.Path, clearFolder), ".jsonl.age")
	switch {
	case !fs.ValidPath(r.Path), !hashShape.MatchString(r.Hash), r.Bytes < 0:
	case strings.HasPrefix(r.Path, tableFolder) && isTable && tableShape.MatchString(table) && r.Schema != nil:
		return nil
	case strings.HasPrefix(r.Path, clearFolder) && isClear && tableShape.MatchString(secret):
		return nil
	case r.Path == listName || r.Path == handedName:
		return nil
	}
	return errs.New(errs.Invalid, "datapackage.json 里的 %q 看不懂。", "datapackage.json has %q, which cannot be understood.", r.Path)
}

// table is the name of the table that a resource holds; ” for another.
func (r Resource) table() string {
	if name, ok := strings.CutPrefix(r.Path, tableFolder); ok {
		return strings.TrimSuffix(name, ".jsonl")
	}
	return ""
}

// listed is a line of the list of files: a picture, a tile of the log, the
// README.
type listed struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Absent bool   `json:"absent,omitempty"`
}

// Check looks over an export: every file is there, and as it was written, and no
// other is. It names the first that is not; nothing is written anywhere. told
// hears which file is looked at.
func Check(ctx context.Context, files fs.FS, told func(path string)) (m *Manifest, err error) {
	defer errs.Wrap(&err, "move.Check")
	data, err := readMost(files, manifestName, mostOfManifest)
	if err != nil {
		return nil, err
	}
	if m, err = ParseManifest(data); err != nil {
		return nil, err
	}
	known := map[string]bool{manifestName: true}
	for _, r := range m.Resources {
		told(r.Path)
		known[r.Path] = true
		if err := sumOf(ctx, files, r.Path, r.Bytes, strings.TrimPrefix(r.Hash, "sha256:")); err != nil {
			return nil, err
		}
	}
	err = eachListed(files, func(l listed) error {
		known[l.Path] = true
		if l.Absent {
			return nil
		}
		if !fs.ValidPath(l.Path) || !ours(l.Path) {
			return errs.New(errs.Invalid, "%s 里的 %q 看不懂。", "%s has %q, which cannot be understood.", listName, l.Path)
		}
		told(l.Path)
		return sumOf(ctx, files, l.Path, l.Bytes, l.SHA256)
	})
	if err != nil {
		return nil, err
	}
	return m, nothingElse(files, known)
}

// ours reports whether a listed file is of a sort that an export has.
func ours(path string) bool {
	return path == readmeName || strings.HasPrefix(path, logFolder) || photoPath(path)
}

var photoShape = regexp.MustCompile(`^photos/([0-9a-f]{2})/([0-9a-f]{64})(-small)?\.jpg$`)

func photoPath(path string) bool {
	parts := photoShape.FindStringSubmatch(path)
	return parts != nil && strings.HasPrefix(parts[2], parts[1])
}

// nothingElse refuses a file that the export does not name.
func nothingElse(files fs.FS, known map[string]bool) error {
	return fs.WalkDir(files, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || known[path] {
			return err
		}
		return errs.New(errs.Invalid, "多出一个清单里没有的文件：%s。", "There is a file that the export does not name: %s.", path)
	})
}

// sumOf reads a file and compares it with what it should be.
func sumOf(ctx context.Context, files fs.FS, path string, size int64, want string) error {
	f, err := open(files, path)
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(sum, &canceled{ctx, f})
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if n != size || hex.EncodeToString(sum.Sum(nil)) != want {
		return errs.New(errs.Invalid, "文件 %s 和写出时不一样，没有导入任何东西。", "The file %s is not as it was written. Nothing was brought in.", path)
	}
	return nil
}

func open(files fs.FS, path string) (fs.File, error) {
	f, err := files.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.New(errs.Invalid, "缺文件 %s，没有导入任何东西。", "The file %s is missing. Nothing was brought in.", path).Because(err)
	}
	return f, err
}

// canceled is a reader that ends with its context.
type canceled struct {
	ctx context.Context
	r   io.Reader
}

func (c *canceled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

func readMost(files fs.FS, path string, most int64) ([]byte, error) {
	f, err := open(files, path)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if int64(len(data)) > most {
		return nil, errs.New(errs.TooLarge, "文件 %s 太大。", "The file %s is too large.", path)
	}
	return data, nil
}

// mostOfLine bounds a line: the outline of a whole district is one.
const mostOfLine = 64 << 20

// lines calls each for every line of a file, numbered from 1.
func lines(r io.Reader, each func(n int, line []byte) error) error {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, bufferSize), mostOfLine)
	s.Split(wholeLines)
	n := 0
	for s.Scan() {
		n++
		if err := each(n, s.Bytes()); err != nil {
			return err
		}
	}
	return s.Err()
}

// wholeLines takes lines that end, so that a file that was cut off shows.
func wholeLines(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return 0, nil, errors.New("the last line does not end")
	}
	return 0, nil, nil
}

// eachListed reads the list of files.
func eachListed(files fs.FS, each func(l listed) error) error {
	f, err := open(files, listName)
	if err != nil {
		return err
	}
	err = lines(f, func(n int, line []byte) error {
		var l listed
		if err := json.Unmarshal(line, &l); err != nil {
			return errs.New(errs.Invalid, "%s 第 %d 行读不懂。", "%s, line %d, cannot be understood.", listName, n).Because(err)
		}
		return each(l)
	})
	return errors.Join(err, f.Close())
}

// sortedTables are the tables of an export in the order in which they are
// written: what blind indexes are made of comes before what borrows them.
func (m *Manifest) sortedTables() (names []string) {
	for _, r := range m.Resources {
		if name := r.table(); name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	borrows := func(name string) bool {
		return slices.ContainsFunc(blindsOf(name), func(b blind) bool { return b.from == "" })
	}
	lends := slices.DeleteFunc(slices.Clone(names), borrows)
	return append(lends, slices.DeleteFunc(names, func(n string) bool { return !borrows(n) })...)
}
