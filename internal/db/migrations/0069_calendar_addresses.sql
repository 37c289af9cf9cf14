-- +goose Up
-- Secret addresses at which a calendar program reads when an account's tasks are
-- due. One that was ended is removed: the trail says that there was one.
create table calendar_addresses (
	district text   not null,
	id       text   not null,
	login    text   not null, -- the account whose posts it shows
	hash     text   not null, -- of the address
	created  bigint not null,
	used     bigint not null, -- last, to some minutes; 0 before the first
	primary key (district, id)
);
create index calendar_addresses_login on calendar_addresses (district, login);
