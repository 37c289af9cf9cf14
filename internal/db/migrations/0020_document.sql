-- +goose Up
-- What is known of a stored picture. The bytes lie in the file store, by hash.
create table documents (
	district text   not null,
	id       text   not null,
	subject  text   not null, -- a case or a report
	kind     text   not null, -- before, after, evidence, other
	name     text   not null, -- as its sender called it, cleaned
	type     text   not null, -- media type of what is stored
	size     bigint not null,
	width    bigint not null,
	height   bigint not null,
	sha256   text   not null,
	at       bigint not null,
	by_post  text   not null, -- '' for a resident
	primary key (district, id)
);
create index documents_subject on documents (district, subject, at, id);
