-- +goose Up
-- What was answered to requests that carry an Idempotency-Key, for a day: the
-- same request again gets the same answer and does nothing.
create table repeats (
	district text   not null,
	key_id   text   not null, -- of the system's key
	name     text   not null, -- blind index of the Idempotency-Key
	print    text   not null, -- blind index of the whole request
	status   bigint not null, -- of the answer; 0 while there is none
	answer   text   not null, -- sealed
	begun_at bigint not null,
	until_at bigint not null,
	primary key (district, key_id, name)
);
create index repeats_until on repeats (district, until_at);
