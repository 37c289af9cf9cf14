-- +goose Up
-- Which account somebody of another house is. The other house says who it is;
-- what that one may do hangs on posts, as for everybody.
create table oidc_bindings (
	district text   not null,
	issuer   text   not null, -- address of the house that signs people in
	subject  text   not null, -- its own, lasting name of the person
	login    text   not null, -- of the account here
	bound    bigint not null,
	primary key (district, issuer, subject)
);
create unique index oidc_bindings_login on oidc_bindings (district, issuer, login);
