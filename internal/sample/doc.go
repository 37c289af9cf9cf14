// Package sample makes the one invented district that feeds the demo, the
// tests and the gallery of components: 邻里区 (Linli), code 990101, with 3
// streets, 12 communities, 110 grids, 20 units, 60 people and 2,000 stories of
// what residents reported in the last 90 days.
//
// It writes the same files that a real district would bring (areas, outlines,
// units, people, posts, routes), so that a demo that starts proves the
// importers, and it tells stories rather than rows, so that every case in the
// demo went through the real verbs and carries a real trail.
//
// Everything comes from short word lists and generators with fixed seeds: the
// same bytes every time, stories relative to the instant they are told for. No
// person, place, firm or figure in it is real; every phone number is of the
// form 1380000xxxx.
//
// How it is made, in reading order: lattice.go draws a street plan of some 400
// blocks; areas.go deals the blocks out to streets, communities and grids;
// outline.go turns sets of blocks into outlines that share their borders to the
// last digit; roads.go names the streets between the blocks and numbers the
// houses; ground.go adds river, parks and buildings; units.go, people.go and
// routes.go say who works there; files.go writes it all down; tell.go and
// fate.go tell the stories from words/matters.yaml, small.go those between
// neighbours; asks.go lets units ask for pauses and more time; watch.go has the
// admission list, the roster of leaders on duty and the totals of former years.
//
// It does not touch the database and calls no verb; app replays the stories.
package sample
