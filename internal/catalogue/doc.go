// Package catalogue knows what a district deals with and who deals with it:
// the tree of matters, the procedures and forms they name, and the routing
// table. All of it is data, brought in packs.
//
// # The story
//
// [Load] reads a pack, a folder with pack.yaml, matters, procedures, forms and
// routes, and checks it as one: a matter that names a procedure nobody wrote, a
// limit without a unit, a tree that bites its tail are findings with file, line
// and column. [Install] puts a pack into a district; [ImportMatters] and
// [ImportRoutes] take the district's own tables on top of it; [StoreLearned]
// takes what its earlier cases teach, beside what somebody wrote. [Open] reads all
// that into a [Catalogue], which never changes and is shared by every request.
//
// A matter inherits what it leaves empty (urgency, limit, procedure, form,
// secrecy) from the matter above it, so that a limit is written once.
//
// [Catalogue.Route] proposes units for a matter, a place and an hour. Rules that
// somebody wrote come first, the most specific of them deciding; then what the
// district's history suggests, from the narrowest count outwards; and where
// there is neither, the territory answers and the case is marked as having no
// owner. Every choice says why. [Catalogue.Suggest] guesses matters from what a
// resident wrote.
//
// It owns the tables packs, rulebooks, matters, procedures, forms and routes. It
// does not know areas, units or calendars: callers say whether a code exists,
// whether it is office hours, and which units the territory has.
package catalogue
