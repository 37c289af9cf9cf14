-- +goose Up
-- The rules of a pack that are neither matters, procedures nor routes: how a
-- clock may be stopped, what is supervised, what is counted.
create table rulebooks (
	district     text   not null,
	name         text   not null, -- pauses, marks, supervision, evaluation
	version      text   not null, -- first 12 hex digits of the SHA-256 of the source
	source       text   not null, -- YAML
	installed_at bigint not null,
	primary key (district, name)
);
