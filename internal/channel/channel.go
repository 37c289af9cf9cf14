// Package channel has the few words that those who tell people and those who
// carry what is told have in common: a [Letter] goes out by a [Carrier], which
// gives a [Receipt]; what comes back in is [Came].
//
// An adapter for one kind of carrier is a package below this one. It knows its
// counterpart's protocol and nothing of districts, cases or residents.
package channel

import (
	"context"
	"time"

	"linli/internal/lang"
)

// Name is a way in which people are told, or write to us.
type Name string

// The channels.
const (
	Portal Name = "portal" // linli's own pages: what is written there has arrived
	SMS    Name = "sms"
	Mail   Name = "mail"
	WeChat Name = "wechat"
	Push   Name = "push"
)

// State is how far a letter has come.
type State string

// The states. Sent is handed over to the carrier's counterpart; delivered is
// said by it.
const (
	Sent      State = "sent"
	Delivered State = "delivered"
	Failed    State = "failed"
)

// Letter is one thing to tell one reader.
type Letter struct {
	District string
	ID       string // of the message: the same letter again is told by it
	Thread   string // what belongs together, such as a case's number
	Address  string // number, mailbox, open id or subscription, in clear
	Subject  lang.Text
	Text     lang.Text
	Lang     lang.Lang         // which of the two the reader asked for
	Link     string            // the whole address of the page to read on; empty: none
	Template string            // which wording it is, for a carrier that has its own
	Facts    map[string]string // what the wording was filled with, for the same
}

// Words are the text in the reader's language.
func (l Letter) Words() string { return l.Text.In(l.Lang) }

// Receipt is what a carrier got for a letter.
type Receipt struct {
	Ref   string   // by which delivery is told later; empty where nothing will be
	Parts []string // the same of each part, where it went in several: it has arrived when all have
	State State
	Why   string // for the record, without anything personal
	Gone  bool   // the address is no more: stop using it
}

// Carrier takes letters to where they go. An error means that it may be tried
// again: nobody answered, or later was said. A letter that will never arrive
// is a receipt in state failed, with why.
type Carrier interface {
	Carry(ctx context.Context, l Letter) (Receipt, error)
}

// Came is what somebody wrote to us.
type Came struct {
	Channel  Name
	Ref      string // the counterpart's own id: the same twice is one
	From     string // address of who wrote
	To       string // address it was written to
	Name     string // what the sender calls himself; empty: not said
	Subject  string
	Text     string
	Thread   []string // ids of letters of ours that it answers
	Pictures []Picture
	Lon, Lat float64 // where it was sent from; zero: not said
	At       time.Time
}

// Left is a file that came with something and is not kept.
type Left struct {
	Name string
	Why  Reason
}

// Reason is why a file is not kept.
type Reason string

// The reasons. Only pictures can be drawn anew, which is what keeps what hides in
// a file from whoever opens it.
const (
	NoPicture  Reason = "no picture"
	TooLarge   Reason = "too large"
	TooMany    Reason = "too many"
	NotFetched Reason = "not fetched" // its platform did not give it up
)

// Picture is a file that came with it.
type Picture struct {
	Name string
	Data []byte
}
