// Package feed tells other systems what changed: every public change of a case,
// of an area, unit or matter, and of what else the district says about itself, as
// an event of CloudEvents 1.0.
//
// There is no second outbox. A change is an entry of the trail, every entry
// becomes a leaf of its log, and places in the log have no gaps: the cursor of
// the feed is the place. An entry of an import names many changes, and makes an
// event of each; a [Cursor] may stand between them. [Read] goes from a cursor on,
// so that a reader who keeps the cursor it was given loses nothing, gets nothing
// twice, and may begin again from any point. An event comes some seconds after
// its change, when the log has taken the entry in.
//
// Which entries give an event is a closed list ([Kinds]). What an event says is
// public: number, matter, areas, the words a resident reads, the unit, the date
// promised; and it is what was so after that entry, taken from the entry itself.
// What things are called is as the district calls them now. Nobody is named, and
// no word of a report or of staff goes out.
//
// A case whose reporter is kept secret gives no event at all: that one came at
// this minute is what would tell. Nor does a request about somebody's own data.
//
// It writes nothing and owns no tables.
package feed
