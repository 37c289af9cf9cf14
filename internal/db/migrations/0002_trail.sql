-- +goose Up
-- Entries are only ever added: who, what, when, why, before and after. Each
-- carries the hash of the one before it about the same subject.
create table trail (
	district text   not null,
	subject  text   not null, -- a case, or another thing with a history
	seq      bigint not null, -- 1, 2, 3 … within the subject
	at       bigint not null,
	person   text   not null, -- '' for the program itself or a resident
	post     text   not null,
	unit     text   not null,
	act      text   not null, -- opened, dispatched, returned …
	step     text   not null,
	detail   text   not null, -- JSON of the act's facts; no personal data
	before   text   not null, -- hash of the entry before it
	hash     text   not null,
	primary key (district, subject, seq)
);
