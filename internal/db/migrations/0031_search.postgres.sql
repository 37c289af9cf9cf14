-- +goose Up
-- Differs because the engines' full text is their own: tsvector here, FTS5
-- there. The pieces are the same.
create table case_text (
	district text not null,
	case_id  text not null,
	pieces   tsvector not null,
	primary key (district, case_id)
);
create index case_text_pieces on case_text using gin (pieces) with (gin_pending_list_limit = 16384); -- merged in larger, rarer bites
