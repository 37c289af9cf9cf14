-- +goose Up
create table accounts (
	district text    not null,
	login    text    not null, -- lower case
	password text    not null, -- argon2id, with its parameters
	person   text    not null,
	active   boolean not null,
	created  bigint  not null,
	primary key (district, login)
);

-- Sign-ins that have not succeeded since, also of logins that do not exist:
-- the delay must not tell the two apart.
create table signin_failures (
	district text   not null,
	login    text   not null,
	failures bigint not null,
	last_at  bigint not null,
	next_at  bigint not null, -- when the next try is looked at
	primary key (district, login)
);

create table sessions (
	district text   not null,
	token    text   not null, -- hash of the cookie's
	data     text   not null,
	expiry   bigint not null,
	primary key (district, token)
);
create index sessions_expiry on sessions (district, expiry);

create table keys (
	district text   not null,
	id       text   not null,
	name     text   not null,
	hash     text   not null,
	scopes   text   not null, -- rights with spaces between
	created  bigint not null,
	expires  bigint not null,
	primary key (district, id)
);
