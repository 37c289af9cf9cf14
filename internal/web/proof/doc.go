// Package proof is the door at /trail/: the public log of what was done, for
// whoever wants to check that nobody rewrote it. One page tells people what it
// is; the rest are the files of the log as C2SP's tlog-tiles has them, and the
// public key.
//
// It owns no tables and no rules. Everyone may read; there is nothing in it
// that says what was done or who did it.
package proof
