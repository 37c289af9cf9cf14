// Package enter is the way in for staff: signing in, the second step, setting
// one up where a role asks for it, the link by which a new person chooses a
// password, and the pages on which people look after their own way in.
//
// Every way of showing who one is ends in [Arrive]: it begins the session once
// what was shown is enough, and otherwise leads to what is missing. Until then
// the session holds only who is on the way, for ten minutes, and nothing else of
// the house opens.
//
// Everything but the passkey itself works without script, and no page asks for
// more than one thing.
package enter
