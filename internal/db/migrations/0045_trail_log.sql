-- +goose Up
-- An entry that has a salt is of the second form: its hash covers the book and
-- the salt too, so that nobody guesses what a hash in the open says. Those that
-- were written before have none and keep their form.
alter table trail add column salt text not null default '';
alter table trail add column book text not null default ''; -- rights, sign-in, export, setup, look, privacy; '' for cases and what belongs to them
create index trail_books on trail (district, at) where book <> '';

-- What staff wrote in their own words, apart from the entry, which holds only a
-- salted hash of it: the words can go by law and the trail still adds up.
create table trail_words (
	district text   not null,
	subject  text   not null,
	seq      bigint not null,
	name     text   not null, -- reason, answer, decision, note
	salt     text   not null,
	text     text   not null,
	primary key (district, subject, seq, name)
);

-- The log: every entry is a leaf, in the order in which it was taken in.
create table trail_leaves (
	district text   not null,
	leaf     bigint not null, -- 0, 1, 2 …
	subject  text   not null,
	seq      bigint not null,
	salt     text   not null, -- '' where the entry has its own
	hash     text   not null, -- what stands in the open
	primary key (district, leaf)
);
create unique index trail_leaves_entry on trail_leaves (district, subject, seq);

-- The tree above the leaves: the hash over every full 256 (level 1), 65,536
-- (level 2) … leaves. What is not full yet is counted from the level below.
create table trail_roots (
	district text   not null,
	level    bigint not null, -- 1, 2, 3 …
	n        bigint not null, -- 0, 1, 2 … within the level
	hash     text   not null,
	primary key (district, level, n)
);

-- Every signed checkpoint that was given out.
create table trail_checkpoints (
	district text   not null,
	n        bigint not null, -- 0, 1, 2 …
	size     bigint not null, -- leaves
	note     text   not null, -- as given out: origin, size, root, signature
	primary key (district, n)
);
