-- +goose Up
-- Imports that take longer than a page waits: how far each is, and what came of it.
create table imports (
	district text    not null,
	id       text    not null,
	what     text    not null, -- cases or past
	file     text    not null, -- its name, as it was sent
	person   text    not null, -- who brings it in
	dry      boolean not null, -- it is only tried
	state    text    not null, -- checking, writing, done, refused, failed, stopped
	done     bigint  not null, -- rows looked at, or written
	total    bigint  not null, -- rows to be written; 0 while they are looked at
	found    text    not null, -- what was found, once it has ended
	begun_at bigint  not null,
	beat_at  bigint  not null, -- when it was last heard of
	primary key (district, id)
);
create index imports_begun on imports (district, begun_at);
