-- +goose Up
-- Settings of a district, such as its number of digits or its welcome line.
create table settings (
	district text not null,
	name     text not null,
	value    text not null,
	primary key (district, name)
);
