// Package access knows who is asking and what that one may do.
//
// People sign in with a login and a password ([Guard.SignIn]); what they may do
// hangs on their posts, never on them: [Can] looks the posts' roles up in one
// table of rights, and [With] says which posts give a right, so that a caller
// can bound a list by their units and areas. Other systems come with a key
// whose scopes are rights of the same table ([CheckKey]).
//
// A wrong password costs time, not the account. Each failure makes the next
// look at that login wait longer, and tries for one login are looked at one
// after the other, so guessing in parallel gains nothing. Whoever knows the
// password waits some seconds in that line and gets in; only where somebody
// keeps the line full is he told when to come again. An unknown login is
// answered as a wrong password is, after the same work.
//
// It owns the tables accounts, signin_failures, sessions and keys. It does not
// own people and posts, and knows no pages or cookies: [Sessions] is only where
// the session library keeps its data. Nothing secret is stored in clear:
// passwords as argon2id, session tokens and keys as hashes.
package access
