// Package syntax splits Python into tokens and parses them, without running anything. It follows CPython 3.14's grammar,
// knows every string form (also nested quotes in f-strings), and reports the place of each node in bytes, as CPython's own
// ast does (tests compare the two). A statement that is no Python becomes Opaque, and the rest is still parsed.
//
// Text that stands for values which are not known (span.Unknown) is taken for a name outside strings.
package syntax
