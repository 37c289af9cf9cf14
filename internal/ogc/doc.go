// Package ogc is the door for programs that draw maps: the areas of the district
// as OGC API – Features, Part 1 (OGC 17-069r4), under /ogc, as GeoJSON in
// longitude and latitude (CRS84, which our CGCS2000 equals to within decimetres),
// and as pages for people. QGIS and GDAL read it.
//
// There are four collections: the district, its streets, its communities, its
// grids. A collection is what holds on a day, and that is today unless datetime
// names another day or a span of days. The id of an area that holds today is its
// code; one that is past, or still to come, has its first day behind it.
//
// What is here stands on the public maps already: code, name, tier, kind, parent
// and outline. Who works in a grid, and what an exclusive grid is made of, does
// not: its list may hold where people live.
//
// Parameters that a resource does not know are refused, as the standard wants it,
// and every failure of the machine's side is an object of code and description.
package ogc
