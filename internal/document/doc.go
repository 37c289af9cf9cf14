// Package document keeps the pictures that people send: before and after,
// evidence, whatever else belongs to a report or a case.
//
// A picture passes through three hands. [Check] looks at bytes from outside:
// their size, what they are by content and never by name, how many pixels they
// claim before any is decoded. What it lets through it draws anew as a JPEG of
// a bounded size, turned upright, with a small copy for lists; so camera and
// place data, and whatever else hid in the file, stay behind. [Store.Keep] puts
// the result on disk, named by its hash, synced, before any transaction speaks
// of it: a row never points at a missing file, and a file without a row does no
// harm. [Add] writes the row in the caller's transaction. [Store.Take] is Check
// and Keep with a bound on the memory of pictures being decoded at once.
//
// It owns the table documents. It does not decide who may see a picture: a door
// asks for the subject first, then opens.
package document

// Limits of what people may send, which forms say beside the button.
const (
	MaxBytes  = 10 << 20   // of one file
	MaxFiles  = 9          // with one report or one act
	MaxPixels = 40_000_000 // of one picture, before it is made smaller
	LongSide  = 2000       // pixels of what is stored
	ThumbSide = 480        // pixels of the small copy
)

// Type is the media type of every stored picture.
const Type = "image/jpeg"

// Accept is what a file input may offer.
const Accept = "image/jpeg,image/png,image/webp"
