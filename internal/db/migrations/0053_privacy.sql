-- +goose Up
-- What people ask about their own data: each is a case, this is what the case is for.
create table data_requests (
	district    text   not null,
	id          text   not null,
	case_id     text   not null,
	kind        text   not null, -- copy, correct, object, delete, explain, withdraw
	report      text   not null, -- the request's own report, by which it is followed
	resident    text   not null, -- whose data, where an account asked; '' otherwise
	about       text   not null, -- the one report it is about, where its secret word was shown; '' for all from the number
	phone_index text   not null, -- blind index of the number it is about; '' of one report, and once deleted
	from_at     bigint not null, -- what was reported from the number since
	to_at       bigint not null, -- and until
	shown       text   not null, -- how the person was known: account, word, counter, phone
	paper       text   not null, -- what a clerk saw; never its number
	agent       text   not null, -- the resident who asks for another; '' for oneself
	field       text   not null, -- to correct: name, phone
	value       text   not null, -- sealed: what is right; '' once carried out
	state       text   not null, -- asked, granted, refused, done
	law         text   not null, -- of a refusal
	asked_at    bigint not null,
	decided_at  bigint not null, -- 0 until then
	done_at     bigint not null, -- 0 until then
	by_person   text   not null, -- who decided
	by_post     text   not null,
	primary key (district, id)
);
create unique index data_requests_case on data_requests (district, case_id);
create index data_requests_resident on data_requests (district, resident, asked_at);

-- A copy that waits to be fetched, once.
create table data_copies (
	district   text   not null,
	id         text   not null,
	request    text   not null,
	body       text   not null, -- sealed; '' once fetched or expired
	made_at    bigint not null,
	expires_at bigint not null,
	fetched_at bigint not null, -- 0 until then
	primary key (district, id)
);
create unique index data_copies_request on data_copies (district, request);

-- Reports whose sender objected: nobody looks behind the masks but for law.
create table restrictions (
	district  text   not null,
	report_id text   not null,
	request   text   not null,
	at        bigint not null,
	by_person text   not null,
	by_post   text   not null,
	primary key (district, report_id)
);

-- Consents given and withdrawn; each row one that was given.
create table consents (
	district     text   not null,
	id           text   not null,
	holder       text   not null, -- resident:ID or report:ID
	name         text   not null, -- of privacy.yaml
	version      bigint not null,
	given_at     bigint not null,
	withdrawn_at bigint not null, -- 0 while it stands
	how          text   not null, -- self, counter, phone, guardian
	post         text   not null, -- who took it down; '' for the person
	primary key (district, id)
);
create index consents_holder on consents (district, holder, name, given_at);

-- Which notice was shown to whom, in which version, first when.
create table notices_shown (
	district text   not null,
	holder   text   not null, -- resident:ID or report:ID
	notice   text   not null, -- of privacy.yaml
	version  bigint not null,
	at       bigint not null,
	primary key (district, holder, notice, version)
);
