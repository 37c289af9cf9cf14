// Package privacy is what people may ask about their own data, and what linli
// then does about it: not a note that it was done, but the doing.
//
// # A request is a case
//
// Keeper.Ask takes a request in: a copy, a correction, an objection, deletion,
// an explanation, the withdrawal of consents. It opens a case of the matter
// d-data, which runs the procedure data-request with its limit, and is followed
// like any other. Who asks is known by what linli has anyway: the account, the
// secret word of the report, or a clerk who saw a paper; nobody gives more data
// to ask about data. A proxy or a guardian asks for another with the authority
// that package resident keeps.
//
// Keeper.Decide grants a request or refuses it with the law it rests on and
// where to complain. Keeper.CarryOut does it, in one transaction with the trail
// and with the step of the case: the procedure's actions need the deed, so that
// no form can say that it was done.
//
// # What is carried out
//
// A copy holds everything of the person and nobody else's name; it is fetched
// once, within seven days. A correction leaves the old value nowhere. An
// objection marks the reports, and package look shows them for law alone. A
// deletion takes name, number, indexes, words, photos and messages of what has
// ended past its appeal and is under no hold; PlanOf says before what goes, what
// stays and why. Grades, dates and steps stay: they count, and name nobody.
//
// # Notices and consents
//
// Shown notes which notice in which version was shown to whom. Give and Take
// keep consents; one that was withdrawn counts no more from that instant.
//
// It owns the tables data_requests, data_copies, restrictions, consents and
// notices_shown. Holds are package retain's; it reads them.
package privacy
