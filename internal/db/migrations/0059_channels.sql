-- +goose Up
-- Messages go out by other channels than the pages, too.
alter table messages add column way text not null default '';      -- of ways; phone for the number a report was sent with; '' on the pages
alter table messages add column shown text not null default '';    -- the address, masked
alter table messages add column ref text not null default '';      -- the counterpart's own id, by which delivery is told and answers are known
alter table messages add column done_at bigint not null default 0; -- delivered or failed; 0 until then
alter table messages add column outgoing text not null default ''; -- sealed: what goes out in place of the text, where that hides a secret word; '' once sent
create index messages_out on messages (district, at, id) where channel <> 'portal';
create index messages_ref on messages (district, channel, ref) where ref <> '';

-- How somebody wants to be told.
create table ways (
	district      text   not null,
	id            text   not null,
	holder        text   not null, -- resident:ID or report:ID
	channel       text   not null, -- sms, mail, wechat, push
	address       text   not null, -- sealed
	address_index text   not null, -- blind index of channel and address
	shown         text   not null, -- the address, masked
	lang          text   not null,
	code          text   not null, -- keyed hash of the code that confirms it; '' for none
	expires       bigint not null, -- of the code
	tries         bigint not null,
	made_at       bigint not null,
	verified_at   bigint not null, -- 0 until the address is known to be the holder's
	ended_at      bigint not null, -- 0 while it is used
	primary key (district, id)
);
create index ways_holder on ways (district, holder, made_at, id);
create index ways_address on ways (district, address_index);

-- The district's own wordings. A version is never changed; the newest stands.
create table notice_texts (
	district  text   not null,
	template  text   not null,
	version   bigint not null,
	text_zh   text   not null, -- '' and '': the pack's wording again
	text_en   text   not null,
	at        bigint not null,
	by_person text   not null,
	by_post   text   not null,
	primary key (district, template, version)
);

-- What came in by mail, text message and WeChat, each once, and what became of it.
create table arrivals (
	district   text   not null,
	channel    text   not null,
	ref        text   not null, -- the counterpart's own id
	from_index text   not null, -- blind index of who wrote
	shown      text   not null, -- who wrote, masked
	outcome    text   not null, -- report, supplement, bounce, stop, refused, unread
	why        text   not null,
	case_id    text   not null,
	report_id  text   not null,
	at         bigint not null,
	primary key (district, channel, ref)
);
create index arrivals_at on arrivals (district, at, channel, ref);
create index arrivals_from on arrivals (district, from_index, at);
