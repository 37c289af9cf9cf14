// Package db opens SQLite or PostgreSQL and gives the rest of linli one way to
// read and one way to write, with one SQL text for both engines.
//
// # Writing
//
// The outermost verb calls [DB.Write]; everything below takes the [Tx]. A Tx
// carries Now, read once, so that every row of a transaction shares its
// instant. [Tx.Exec] may wait until the next read or the commit, which lets
// PostgreSQL take all inserts of a verb in one round trip; what it returns is
// therefore only about sending, and Write reports what the engine said.
// [Tx.Change] is for updates that compare a version: it says how many rows
// it met.
//
// # Reading
//
// A [Reader] is a *DB or a *Tx. [All], [One] and [Scan] take the SQL beside
// the function that names where each column goes.
//
// # What is stored how
//
// Columns are text, bigint, boolean and double precision. Instants are bigint
// microseconds since 1970 UTC ([At], [Time]); a due instant that is missing
// sorts last ([Due]). Legal dates are text YYYY-MM-DD. Anything that grows has
// district first in its primary key. NULL is not used.
//
// # What differs
//
// SQLite has one writer with group commit: transactions that arrive together
// share one fsync and are acknowledged after it. PostgreSQL has a pool. The few
// places where the engines need different SQL say so in a comment that begins
// "Differs because".
//
// Migrations go forward only. It owns no tables of its own.
package db
