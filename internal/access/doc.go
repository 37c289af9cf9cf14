// Package access knows who is asking.
//
// People sign in with a login and a password ([Guard.SignIn]) and, where their
// post asks for it or they have set one up, with something they have: a code
// app on the phone ([BeginTOTP]), a passkey ([BeginPasskey]), or one of ten
// recovery codes ([NewRecoveryCodes]). [Twice] says when what was shown is
// enough. What they may do hangs on their posts and is the business of package
// rights, never of an account. Other systems come with a key whose scopes are
// rights ([CheckKey]); a key that somebody has made for a program of their own
// acts with their posts, and ends where their sessions do. A secret address
// ([CheckCalendar]) shows a calendar program when their tasks are due, and ends so
// too.
//
// A wrong password costs time, not the account. Each failure makes the next
// look at that login wait longer, and tries for one login are looked at one
// after the other, so guessing in parallel gains nothing. Whoever knows the
// password waits some seconds in that line and gets in; only where somebody
// keeps the line full is he told when to come again. An unknown login is
// answered as a wrong password is, after the same work. The second step has a
// line of its own, which a right password does not empty.
//
// Passkeys, code apps and sessions belong to a [Holder], which is a member of
// staff or a resident: both kinds use the same functions, and what belongs to
// one never opens for the other.
//
// A session lives as long as the table in session.go says for whoever has
// signed in; it is listed to its holder, can be ended from anywhere, and ends
// with the account. Nobody hands a password over: an operator gives a link, good
// once and for two days ([Invite]), and the person chooses one. Passwords are
// measured by length and by whether everybody tries them first, not by what
// signs they mix.
//
// What happens to a way in is in the trail: what people do themselves by
// person in the book of sign-ins ([Events] shows it to them), what others do to
// an account in the book of rights. Of where a sign-in came from it keeps the
// browser's name and the network, no address.
//
// It owns the tables accounts, signin_failures, sessions, passkeys, totps,
// recovery_codes, invitations, devices, oidc_bindings, keys and
// calendar_addresses. It does not own people and posts, and knows no pages or
// cookies: [Sessions] is only where the session library keeps its data. Nothing
// secret is stored in clear: passwords as argon2id; session tokens, keys, links,
// addresses and recovery codes as hashes; secrets of code apps sealed in the
// vault.
package access
