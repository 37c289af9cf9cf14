// Package area knows where things are in a district: its tiers (district,
// street, community, grid), what they are called, how they are outlined and
// from when to when. A grid is either basic, with an outline, or exclusive: a
// list of members such as boats or market stalls, which has none (ZJ-15).
//
// Import and ImportOutlines take a district's own tables and report every
// fault at its row: codes of the wrong shape, areas without a parent, names
// twice among neighbours, outlines that overlap or leave their parent.
//
// Open reads what is valid on a day into a Map. A Map never changes and answers
// without the database: which grid a point is in (Locate), which areas an
// address may mean and why (FromAddress), what lies in what. No point is ever
// lost: outside every grid it still has the smallest area that holds it, and in
// the end the district, marked as outside.
//
// It owns the tables areas and outlines. It does not know who works where
// (package org), and it draws nothing.
package area
