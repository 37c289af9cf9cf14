-- +goose Up
-- What must not go although its time is past: a law asks for it.
create table holds (
	district      text   not null,
	id            text   not null,
	kind          text   not null, -- case, person
	ref           text   not null, -- the case, or the blind index of the person's phone number
	why           text   not null,
	basis         text   not null, -- statute and article, or the order of a court
	from_at       bigint not null,
	until_at      bigint not null,
	by_person     text   not null,
	by_post       text   not null,
	lifted_at     bigint not null, -- 0 while it stands
	lifted_person text   not null,
	lifted_post   text   not null,
	lifted_why    text   not null,
	primary key (district, id)
);
create index holds_ref on holds (district, kind, ref);

-- What went because its time was past: never what it said.
create table removals (
	district   text   not null,
	id         text   not null,
	at         bigint not null,
	rule       text   not null, -- of privacy.yaml
	version    text   not null, -- of that file; base for the one linli ships
	span       text   not null, -- 3 years: how long things were kept by that version
	before_at  bigint not null, -- what was over before this instant went
	what       text   not null, -- the table
	many       bigint not null,
	ids        text   not null, -- between commas; '' for what has no name of its own
	primary key (district, id)
);
create index removals_at on removals (district, at);
create index documents_file on documents (sha256); -- whether another document names the same file
