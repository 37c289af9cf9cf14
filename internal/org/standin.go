package org

import (
	"time"

	"linli/internal/clock"
)

// StandInID names a stand-in within a district.
type StandInID string

// StandIn (代班) is a person who does what a post is for while its holder is on
// leave. The post stays the holder's; its rights go over for that time, or, where
// the holder keeps them, are held by both.
type StandIn struct {
	ID       StandInID
	Post     PostID
	Person   PersonID
	From, To time.Time // up to and without To
	Keeps    bool      // whether the holder keeps the post's rights meanwhile
	Why      string
	GivenBy  PersonID  // "" by the command line
	Ended    time.Time // when it was ended early; zero where it was not
}

// At reports whether somebody stands in at an instant.
func (s StandIn) At(now time.Time) bool {
	return !now.Before(s.From) && now.Before(s.To) && (s.Ended.IsZero() || now.Before(s.Ended))
}

// Until is when it is over.
func (s StandIn) Until() time.Time {
	if !s.Ended.IsZero() && s.Ended.Before(s.To) {
		return s.Ended
	}
	return s.To
}

func (s StandIn) span() span { return span{s.From, s.Until()} }

// HeldAt gives the posts whose rights a person has at an instant: those held that
// minute, less those that somebody else stands in for, and then those that the
// person stands in for, which name the holder in For. Someone who stands in
// still needs a post of their own in the unit or above it.
func (d *Directory) HeldAt(person PersonID, now time.Time, zone *time.Location) []Post {
	on := clock.DateOf(now, zone)
	var all, own []Post
	for _, p := range d.ofPerson[person] {
		if !p.heldAt(on, now) {
			continue
		}
		own = append(own, p)
		if s, away := d.StandInOf(p.ID, now); !away || s.Keeps {
			all = append(all, p)
		}
	}
	for _, s := range d.standing[person] {
		p, ok := d.posts[s.Post]
		if ok && s.At(now) && p.heldAt(on, now) && d.near(own, p.Unit) {
			p.Person, p.For = person, p.Person
			all = append(all, p)
		}
	}
	return all
}

// near reports whether one of the posts is in the unit or above it.
func (d *Directory) near(own []Post, unit UnitID) bool {
	for _, p := range own {
		if d.Under(unit, p.Unit) {
			return true
		}
	}
	return false
}

// StandInOf says who stands in for the holder of a post at an instant.
func (d *Directory) StandInOf(post PostID, now time.Time) (StandIn, bool) {
	for _, s := range d.away[post] {
		if s.At(now) {
			return s, true
		}
	}
	return StandIn{}, false
}

// StandInsOf lists who stood, stands or will stand in for a post's holder,
// oldest first.
func (d *Directory) StandInsOf(post PostID) []StandIn { return append([]StandIn(nil), d.away[post]...) }

// StandsIn lists what a person stood, stands or will stand in for, oldest first.
func (d *Directory) StandsIn(person PersonID) []StandIn {
	return append([]StandIn(nil), d.standing[person]...)
}

// Changes is the next instant after now at which HeldAt of a person may give
// something else; zero for none that is known.
func (d *Directory) Changes(person PersonID, now time.Time, zone *time.Location) (next time.Time) {
	at := func(t time.Time) {
		if t.After(now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	post := func(p Post) {
		if p.From != "" {
			at(p.From.Start(zone))
		}
		at(p.Until(zone))
		for _, s := range d.away[p.ID] {
			at(s.From)
			at(s.Until())
		}
	}
	for _, p := range d.ofPerson[person] {
		post(p)
	}
	for _, s := range d.standing[person] {
		post(d.posts[s.Post])
	}
	return next
}
