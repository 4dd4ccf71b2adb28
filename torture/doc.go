// Package torture ill-treats whole servers, as processes of their own under load, and holds them to what docs/hosting.md
// promises: what was acknowledged is stored. It holds nothing but tests.
//
// go test runs the short form, TORTURE=long go test the long one. Each test prints one line with its figure. What cannot
// be tested on a machine (no FUSE, not root) is said in such a line; the long form fails then.
package torture
