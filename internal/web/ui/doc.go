// Package ui is how linli looks: the parts every page is made of, the layouts
// around them, the map drawn on the server, and the files a browser loads.
//
// A part is a templ component that takes plain values and words already
// chosen in the reader's language. It asks nobody anything: no database, no
// clock, no rights. What the page knows (which buttons may be shown, which
// date was promised, which name is masked) is decided below and handed in. The
// few words that never change with the case, such as 跳到正文 or the five
// grades of the rating, are kept here in [W].
//
// Reading order: basic.templ (buttons, signals, notes), form.templ,
// table.templ, desk.templ (the queue and what stands around it), case.templ
// (trail, photos, people), flow.templ (a procedure with where it stands),
// map.go and map_names.go with map.templ, board.templ, portal.templ, layout.templ, and the
// gallery files, which show each part in each of its states and are what the
// tests look at.
//
// Three promises hold for everything here. It works without script: portal.js
// and desk.js only make a working page quicker. It works under [CSP], which
// allows no inline script and no inline style; so there is no style attribute
// anywhere, and a drawing takes its measures from SVG attributes and its
// colours from classes. And colour is never alone: a signal has its own
// outline and its words.
//
// The package owns the addresses below /assets/ and the component gallery. It
// decides no address of any other page and formats no date.
package ui
