package sample

import (
	"strconv"
	"strings"

	"linli/internal/errs"
	"linli/internal/sample/photo"
)

// photoSeeds is how many pictures there are of each kind and stage.
const photoSeeds = 4

// Photo draws the picture of that key, such as manhole-before-2, as JPEG of 640
// by 440. It is NotFound for a key that no story has.
func (d *District) Photo(key string) (picture []byte, err error) {
	defer errs.Wrap(&err, "sample.Photo(%s)", key)
	kind, rest, _ := strings.Cut(key, "-")
	stage, number, _ := strings.Cut(rest, "-")
	seed, err := strconv.ParseUint(number, 10, 16)
	if err != nil || seed < 1 || seed > photoSeeds {
		return nil, errs.New(errs.NotFound, "没有这张照片", "There is no such picture").Because(err)
	}
	return photo.Draw(kind, photo.Stage(stage), seed)
}
