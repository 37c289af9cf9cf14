-- +goose Up
-- Effects still to come, written by the transaction that causes them. A row
-- goes when its work is done.
create table jobs (
	district text   not null,
	kind     text   not null,
	key      text   not null, -- the same work asked twice is done once
	args     text   not null, -- JSON
	run_at   bigint not null,
	attempts bigint not null default 0,
	error    text   not null default '',
	parked   boolean not null default false, -- given up until someone looks
	primary key (district, kind, key)
);
create index jobs_due on jobs (run_at) where not parked;
