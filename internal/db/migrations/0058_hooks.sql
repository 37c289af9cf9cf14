-- +goose Up
-- Other systems' addresses that are told of changes, and what became of each
-- telling. What is told stands in the trail and is written nowhere else.
create table hooks (
	district     text   not null,
	id           text   not null,
	name         text   not null,
	host         text   not null,
	url          text   not null, -- sealed: it may hold what lets one in
	secret       text   not null, -- sealed
	former       text   not null, -- sealed; the secret before, '' for none
	former_until bigint not null, -- until when that one signs too
	kinds        text   not null, -- of events, between commas; '' for every kind
	area         text   not null, -- '' for everywhere
	unit         text   not null, -- '' for any
	state        text   not null, -- on, paused, gone
	place        bigint not null, -- of the trail's log, up to which deliveries were written
	failures     bigint not null, -- in a row
	rests        bigint not null, -- until when it is left alone
	created      bigint not null,
	primary key (district, id)
);

create table deliveries (
	district  text   not null,
	hook      text   not null,
	event     text   not null,
	place     bigint not null, -- of the event in the log; 0 for a test
	kind      text   not null,
	subject   text   not null,
	state     text   not null, -- queued, sent, failed, parked
	attempts  bigint not null,
	next_at   bigint not null,
	status    bigint not null, -- of the last answer, 0 for none
	why       text   not null, -- it failed last; '' where it did not
	queued_at bigint not null,
	tried_at  bigint not null,
	primary key (district, hook, event)
);
create index deliveries_waiting on deliveries (district, hook, attempts, place) where state in ('queued', 'failed');
create index deliveries_newest on deliveries (district, hook, queued_at, event);
create index deliveries_standing on deliveries (district, hook, state, queued_at, event);
