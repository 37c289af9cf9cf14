package move

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
)

// spool keeps the list of files on disk until it is written: a place takes one
// file at a time, and a district may have millions of pictures.
type spool struct {
	file *os.File
	buf  *bufio.Writer
	n    int64
}

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "linli-list-*")
	if err != nil {
		return nil, err
	}
	return &spool{file: f, buf: bufio.NewWriterSize(f, bufferSize)}, nil
}

func (s *spool) add(l listed) error {
	line, err := json.Marshal(l)
	if err != nil {
		return err
	}
	s.n++
	_, err = s.buf.Write(append(line, '\n'))
	return err
}

// copy writes out what was gathered.
func (s *spool) copy(w io.Writer) error {
	if err := s.buf.Flush(); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(w, s.file)
	return err
}

func (s *spool) drop() error { return errors.Join(s.file.Close(), os.Remove(s.file.Name())) }
