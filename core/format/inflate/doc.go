// Package inflate reads gzip (RFC 1952) faster than the standard library does:
// unpacking is most of what reading a .csv.gz costs.
//
// [NewReader] gives the content of all members of an archive, their checksums
// checked. The output in memory is the window that matches are copied from;
// the input is held 64 bits at a time; one look at a table gives up to three
// literals. For everything but reading files use compress/gzip.
package inflate
