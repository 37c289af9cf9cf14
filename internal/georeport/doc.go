// Package georeport speaks Open311 GeoReport v2: the shapes of its bodies in
// JSON and in XML, and a [Client] for anybody's server.
//
// Writing is strict and reading is lenient. What [Write] makes holds to the
// specification and to its published schemas: lists are always lists, every code
// is text, an instant carries its zone, what is not known is null in JSON and an
// empty element in XML. What [Read] takes is what servers really send: numbers
// for codes, text for numbers and for true and false, one object where a list
// belongs. It is bounded, and refuses document types, entities and depth before
// anything is built from them.
//
// It owns nothing, knows no district and no case.
package georeport
