// Package admin has the operations of administrators: people, posts and who stands
// in for them, accounts and keys, the books of the audit, tables that are brought
// in, routing rules, messages that went out and how they are worded.
//
// What opens a door (a key, an invitation) is told once and kept nowhere on its
// way. A list of messages tells of a secret case the day and whether it arrived:
// the moment beside a masked address would say who reported it.
package admin
