-- +goose Up
-- A key sees the cases of a unit in an area; '' is all of them.
alter table keys add column unit text not null default '';
alter table keys add column area text not null default '';
alter table keys add column used bigint not null default 0; -- last use, to some minutes; 0 before the first

-- Cases made open to observers: to one post, or to a unit's observers.
create table disclosures (
	district  text    not null,
	id        text    not null,
	case_id   text    not null,
	post      text    not null, -- '' where it is open to a unit
	unit      text    not null, -- '' where it is open to a post
	photos    boolean not null, -- also those of before the work
	reason    text    not null,
	by_person text    not null,
	by_post   text    not null,
	from_at   bigint  not null,
	until_at  bigint  not null,
	ended_at  bigint  not null, -- when somebody ended it early; 0 for nobody
	primary key (district, id)
);
create index disclosures_case on disclosures (district, case_id);
create index disclosures_post on disclosures (district, post) where post <> '';
create index disclosures_unit on disclosures (district, unit) where unit <> '';
