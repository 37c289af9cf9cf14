// Package transfer brings whole districts in from files: their tables, their
// cases so far, and the routes those cases teach. It is the work of `linli
// import` and `linli pack`, without the flags.
//
// # The story
//
// [Folder] makes a district out of a folder of its own tables and a folder of
// mappings; district.yaml among the mappings says its name, its zone and the
// coordinates that mean nothing there. [Cases] takes the cases that another
// system had, each with its report, dates, number and trail, through
// casework.Take; [Past] then what was done with each there, into its trail, and
// [Pictures] their pictures. [LearnRoutes] then reads who dealt with what and stores that as
// learned rules beside the written ones. [InstallPack] puts a pack into a
// district.
//
// # What goes wrong, and what then
//
// Every file is checked whole before its first row is written. By the policy a
// bad row keeps everything out, or only itself, and the report names it by
// file, line and column. What was checked is written in batches; one that is
// cut off half way is finished by running it again, because a case that is
// there already is left as it is.
//
// At a [Desk] cases and their past come in in the background of a page that
// shows how far they are.
//
// It owns the table imports and holds no rule of its own: area, unit and matter
// are known or not, and a value that is not is refused, never guessed.
package transfer
