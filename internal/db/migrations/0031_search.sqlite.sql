-- +goose Up
-- Differs because the engines' full text is their own: FTS5 here, whose rows
-- have whole numbers for names; tsvector there. The pieces are the same.
create table case_docs (
	doc      integer primary key,
	district text not null,
	case_id  text not null,
	unique (district, case_id)
);
create virtual table case_text using fts5 (pieces, content='', contentless_delete=1, detail='full', tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'");
