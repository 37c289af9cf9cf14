-- +goose Up
-- A resident is whoever holds a phone number for a time: reports made from the
-- number in that time are theirs to see.
create table residents (
	district    text   not null,
	id          text   not null,
	phone       text   not null, -- sealed; '' of a child without one
	phone_index text   not null, -- the blind index that reports have
	name        text   not null, -- sealed; '' where none was given
	lang        text   not null, -- zh, en
	told        text   not null, -- how they want to be told: portal
	notice      text   not null, -- name and version of the notice that was shown last
	notice_at   bigint not null,
	made_at     bigint not null,
	seen_at     bigint not null, -- signed in last; 0 before the first time
	from_at     bigint not null, -- holds the number since
	to_at       bigint not null, -- and until
	primary key (district, id)
);
create unique index residents_phone on residents (district, phone_index) where phone_index <> '' and to_at = 9223372036854775807;

-- The one code that runs for a phone, and how many were sent to it.
create table resident_codes (
	district    text   not null,
	phone_index text   not null,
	subject     text   not null, -- sign-in, or the proxy that it confirms
	code        text   not null, -- keyed hash; '' once used
	phone       text   not null, -- sealed
	outgoing    text   not null, -- sealed text of the message; '' once it left
	lang        text   not null,
	made_at     bigint not null,
	expires     bigint not null,
	tries       bigint not null,
	day_from    bigint not null, -- sent counts from here
	sent        bigint not null,
	primary key (district, phone_index)
);

-- Who may act for whom, in what, from when until when, and how that was shown.
create table proxies (
	district  text   not null,
	id        text   not null,
	principal text   not null, -- the resident acted for; '' until confirmed
	agent     text   not null, -- the resident who acts
	relation  text   not null, -- child, spouse, parent, relative, neighbour, community-worker, guardian
	deeds     text   not null, -- see, rate, supplement, report, with spaces between
	from_at   bigint not null, -- 0 while asked for
	until_at  bigint not null,
	how       text   not null, -- code, counter
	paper     text   not null, -- what the clerk saw; '' where a code confirmed it
	person    text   not null, -- the clerk
	post      text   not null,
	made_at   bigint not null,
	ended_at  bigint not null, -- 0 while it runs
	ended_by  text   not null, -- principal, agent, counter, time, number, account
	primary key (district, id)
);
create index proxies_agent on proxies (district, agent, made_at, id);
create index proxies_principal on proxies (district, principal, made_at, id);
