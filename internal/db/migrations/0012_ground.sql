-- +goose Up
-- What maps are drawn on: roads, water, parks, houses. Pictures only; nothing
-- is routed by it.
create table ground (
	district text not null,
	name     text not null, -- roads, ground
	geojson  text not null,
	primary key (district, name)
);
