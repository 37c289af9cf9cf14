-- +goose Up
-- An address that cannot be reached for good: no such mailbox, no such number.
alter table ways add column unreached_at bigint not null default 0;   -- 0 while it can be, as far as is known
alter table ways add column unreached_why text not null default '';   -- the counterpart's reason, without anything personal

-- Who of the staff has a browser told of work: asked for with every notice.
create index ways_push on ways (district, holder) where channel = 'push' and ended_at = 0;

-- What came with a letter and was not kept: a reason and how many, one a line; no names.
alter table arrivals add column left_out text not null default '';

-- The parts in which a message went out, where it took several: it has arrived
-- when all of them have.
create table message_parts (
	district text   not null,
	message  text   not null,
	part     bigint not null,
	channel  text   not null,
	ref      text   not null, -- the counterpart's own id of the part
	state    text   not null, -- sent, delivered, failed
	primary key (district, message, part)
);
create index message_parts_ref on message_parts (district, channel, ref);

-- The parts of a long text message that has not come whole. They stay for a
-- while after it has, so that a part that is sent again is known.
create table arrival_parts (
	district   text   not null,
	id         text   not null, -- text and part
	text       text   not null, -- blind index of who writes, and the sender's own number of the text
	part       bigint not null,
	parts      bigint not null, -- how many there are
	from_phone text   not null, -- sealed
	words      text   not null, -- sealed
	began_at   bigint not null, -- when the first of them came
	taken_at   bigint not null, -- 0 until the text is taken in
	primary key (district, id)
);
create index arrival_parts_text on arrival_parts (district, text);
