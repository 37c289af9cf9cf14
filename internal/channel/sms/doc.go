// Package sms sends text messages and hears what comes back, by the two ways
// that operators offer: an HTTP gateway ([Gateway]) and SMPP 3.4 ([SMSC]).
//
// No two gateways speak alike, so a [Gateway] is a block of settings: the
// request is a template, the answer is judged by paths into it, and so are the
// delivery reports and the texts of residents that the gateway calls back with.
// A gateway that answers 200 with an error inside has failed; one that answers
// what cannot be read is asked again later.
//
// A text is counted the way it is billed ([Parts]): 160 characters of the GSM
// alphabet or 70 others fit into one part, 153 or 67 into each of several.
//
// It knows no district and no case, and keeps nothing.
package sms

import (
	"linli/internal/channel"
)

// Report is what became of a text that was handed over, or of one part of it.
type Report struct {
	Ref   string
	State channel.State
	Why   string
	Gone  bool // there is no such number
}

// Part is one part of a text that was too long for one. Whoever hears it keeps it
// until the others have come: the centre does not send it again once it was told
// that it arrived.
type Part struct {
	From, To string
	Series   string // the sender's own number of the text
	Part     int    // from 1
	Parts    int
	Text     string
}

// Heard is what one call of a gateway brought.
type Heard struct {
	Reports []Report
	Came    []channel.Came
	Parts   []Part
	Answer  Reply // what the gateway wants to read once that is stored
}

// Reply is an answer in a gateway's own form.
type Reply struct {
	Type string `yaml:"type"` // Content-Type; empty is text/plain
	Body string `yaml:"body"`
}
