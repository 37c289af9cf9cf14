-- +goose Up
-- What people are told, and whether it reached them.
create table messages (
	district  text   not null,
	id        text   not null,
	case_id   text   not null,
	report_id text   not null, -- of a reporter's message, else ''
	to_kind   text   not null, -- reporter, unit, post
	to_ref    text   not null, -- the report, unit or post
	channel   text   not null,
	template  text   not null,
	text_zh   text   not null,
	text_en   text   not null,
	at        bigint not null,
	state     text   not null, -- queued, sent, failed, read
	sent_at   bigint not null,
	error     text   not null,
	primary key (district, id)
);
create index messages_case on messages (district, case_id, at, id);
create index messages_unread on messages (district, to_kind, to_ref, at, id) where state = 'sent' and to_kind <> 'reporter';
