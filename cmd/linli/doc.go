// Linli (邻里) is one program with which a district serves its residents.
//
// A tour of the tree, in reading order:
//
//	internal/lang, errs        two languages; the few kinds of failure
//	internal/meter             metrics, traces, ids of requests
//	internal/clock             limits, calendars, deadlines, signals
//	internal/geo, ident        outlines and points; numbers and codes
//	internal/pieces, sheet     text cut for searching; tables from outside
//	internal/calendar          calendar files and notices of days off
//	internal/ladder, measure   rungs of supervision; formulas of scorecards
//	internal/rights            what roles may do
//	internal/fields            what every stored field is; rules of personal data
//	internal/db                SQLite and PostgreSQL, one text; group commit
//	internal/trail, vault, job what was done; what is sealed; what is to come
//	internal/org, area         units, people, posts, stand-ins; tiers, grids, locate
//	internal/procedure         steps and actions as data; Next and Available
//	internal/catalogue, learn  matters, packs, routing; rules from former cases
//	internal/document          photos
//	internal/access            accounts, second steps, sessions, invitations, keys
//	internal/resident          residents by their phone, and who acts for whom
//	internal/district          the picture of one district, read together
//	internal/casework          the centre: open, act, list, count; who sees what
//	internal/intake            a report from any channel
//	internal/notice            telling people
//	internal/look              behind the masks, and the ledger the person reads
//	internal/retain            what goes when its time is past, what is held
//	internal/privacy           what people ask about their own data
//	internal/supervise         urging, orders, meetings, the board
//	internal/evaluate          scorecards, counted from the trail alone
//	internal/setup, transfer   bringing a district's tables and cases in
//	internal/move              a whole district out and in; backup and restore
//	internal/sample            the invented district
//	internal/chart, paper      pictures and PDF
//	internal/web               ui (components), page (what pages share); the doors:
//	                           enter, portal, me, desk, take, field, admin, watch,
//	                           score, proof
//	internal/api               the interface for machines: frame stands around the
//	                           operations, which lie beside it by what they are about
//	internal/georeport         Open311: its shapes, a client, a conformance suite
//	internal/open311, peer     Open311 as a door, and as a client of other servers
//	internal/app               wiring, once; the demo
//	internal/doctor            what is wrong with an installation, what to do
//	internal/bench             how fast it is
//	packs/base                 matters and procedures every district starts from
//
// docs/life-of-a-report.md follows one report through these files.
package main
