-- +goose Up
-- What followers of the WeChat account have begun to report, until it is sent.
create table wechat_drafts (
	district text   not null,
	id       text   not null,
	talk     text   not null, -- blind index of who writes
	openid   text   not null, -- sealed
	words    text   not null, -- sealed
	place    text   not null, -- sealed: the address in words
	point    text   not null, -- sealed: where, lon and lat; '' for none
	media    text   not null, -- names of pictures at the platform, one a line
	began_at bigint not null,
	sent_at  bigint not null, -- 0 while it is being written
	primary key (district, id)
);
create index wechat_drafts_talk on wechat_drafts (district, talk, began_at);

-- The last answer to each follower: the platform sends a message again that was
-- not answered at once, and has to get the same.
create table wechat_talks (
	district text   not null,
	id       text   not null, -- blind index of who writes
	ref      text   not null, -- of the last message
	reply    text   not null, -- sealed
	at       bigint not null,
	primary key (district, id)
);
