// Package org knows who acts in a district: units of both kinds (条
// departments and 块 territorial offices, stations and the operation centre),
// the people in them, and the posts that people hold: a role in a unit, for an
// area, from one day to another. Rights hang on posts, never on people.
//
// ImportUnits, ImportPeople and ImportPosts take a district's own tables,
// report every fault at its row, and write only what the report's policy
// allows. What a file does not mention stays as it is: a post ends by its date,
// a unit by its validity, and neither is deleted, because cases name them.
//
// Posts are also given and ended one by one, to the minute (Give, End), and
// somebody stands in for a holder on leave (Stand): the same rules guard these
// and the import, and each is an entry in the trail of the post. What a person may
// do at an instant is Directory.HeldAt, for every page, act and open connection.
//
// Open reads it all into a Directory, which never changes and answers without
// the database: who works in this grid today, which office serves this area,
// who sits under whom.
//
// It owns the tables units, unit_areas, people, posts and standins. What follows
// when a post changes hands is a job (TurnJob, ToldJob) for the packages that know
// cases and messages. It does not know outlines or area names (package area), accounts and rights (access), or
// residents (register). Areas are codes to it; whoever imports says which exist.
package org
