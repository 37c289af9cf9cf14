-- +goose Up
-- Sessions know whose they are, so that people see theirs and end them, and so
-- that all of an account's end with it. The session library's own data stays in
-- the column data.
alter table sessions add column holder text not null default '';  -- staff:LOGIN or resident:ID; '' for nobody's
alter table sessions add column began bigint not null default 0;  -- when its token was made
alter table sessions add column seen bigint not null default 0;   -- last used, to the minute
alter table sessions add column agent text not null default '';   -- browser and system, in plain words
create index sessions_holder on sessions (district, holder);

-- A passkey is a public key: whoever reads the row can check with it and not
-- sign in with it.
create table passkeys (
	district text   not null,
	id       text   not null, -- the credential's own, base64url
	holder   text   not null, -- staff:LOGIN or resident:ID
	site     text   not null, -- the host name it is good at
	name     text   not null, -- what the holder calls it
	record   text   not null, -- the credential record of WebAuthn, as JSON
	created  bigint not null,
	used     bigint not null, -- 0 before the first time
	primary key (district, id)
);
create index passkeys_holder on passkeys (district, holder);

create table totps (
	district  text    not null,
	holder    text    not null,
	secret    text    not null, -- sealed
	confirmed boolean not null, -- whether a code has been shown; before that it opens nothing
	step      bigint  not null, -- of the last code taken: none is taken twice
	created   bigint  not null,
	primary key (district, holder)
);

create table recovery_codes (
	district text   not null,
	holder   text   not null,
	hash     text   not null,
	created  bigint not null,
	used     bigint not null, -- 0 before
	primary key (district, holder, hash)
);

create table invitations (
	district text   not null,
	hash     text   not null, -- of the link's secret
	login    text   not null,
	person   text   not null,
	created  bigint not null,
	expires  bigint not null,
	used     bigint not null, -- 0 before
	primary key (district, hash)
);

-- Browsers that have signed in to an account: a new one is told to the person.
create table devices (
	district text   not null,
	holder   text   not null,
	hash     text   not null, -- of the browser's mark
	agent    text   not null,
	first    bigint not null,
	seen     bigint not null,
	primary key (district, holder, hash)
);
