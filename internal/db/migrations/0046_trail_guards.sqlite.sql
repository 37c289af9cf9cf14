-- +goose Up
-- Differs because the engines write triggers in their own ways. Both refuse to
-- change or remove what the trail and its log hold. Words may go, after an
-- entry of the same trail says so.

-- +goose StatementBegin
create trigger trail_no_update before update on trail
begin select raise(abort, 'the trail is only ever added to'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger trail_no_delete before delete on trail
begin select raise(abort, 'the trail is only ever added to'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger trail_words_no_update before update on trail_words
begin select raise(abort, 'the words of the trail are only ever added or erased'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger trail_words_no_delete before delete on trail_words
when not exists (select 1 from trail t where t.district = old.district and t.subject = old.subject and t.seq > old.seq
	and t.act = 'erased' and t.detail like '%"entry":"' || old.seq || '","word":"' || old.name || '"%')
begin select raise(abort, 'words are erased by an entry of the same trail'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger trail_leaves_no_update before update on trail_leaves
begin select raise(abort, 'the log of the trail is only ever added to'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger trail_leaves_no_delete before delete on trail_leaves
begin select raise(abort, 'the log of the trail is only ever added to'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger trail_roots_no_update before update on trail_roots
begin select raise(abort, 'the log of the trail is only ever added to'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger trail_roots_no_delete before delete on trail_roots
begin select raise(abort, 'the log of the trail is only ever added to'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger trail_checkpoints_no_update before update on trail_checkpoints
begin select raise(abort, 'the log of the trail is only ever added to'); end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger trail_checkpoints_no_delete before delete on trail_checkpoints
begin select raise(abort, 'the log of the trail is only ever added to'); end;
-- +goose StatementEnd
