// Package yaml12 reads YAML as TLJH does: ruamel.yaml's round-trip mode, YAML 1.2 (reference/tljh.md §4, §23).
//
// The syntax comes from gopkg.in/yaml.v3's node tree; what a scalar means, which keys clash, and where each value was
// written are decided here, because the two libraries differ on all three.
package yaml12

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/lazyregexp"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

// Options are the bounds of a reading. Zero values mean the defaults.
type Options struct {
	MaxBytes int // size of the text; default 1 MiB
	MaxNodes int // nodes after aliases are expanded; default 100,000
	MaxDepth int // nesting; default 100
}

// Error is why a text is not the YAML that TLJH accepts. It reads "file:line:column: message".
type Error struct {
	At    span.Span
	Msg   string
	Bound bool // one of the Options' bounds was hit: the text may be good, but it was not read
}

func (e Error) Error() string { return e.At.String() + ": " + e.Msg }

// Parse reads the one document of text. Every node and key has the place where it was written.
//
// An empty document yields a Null node. A scalar or key that holds a span.Unknown token is (or makes its mapping) Unknown;
// a Map that is Unknown may hold keys that are not shown. Keys that are no strings are named "$key:TYPE:REPR"; a scalar
// with a tag that means nothing to TLJH is the mapping {"$tagged": [TAG, TEXT]}, a date {"$date": TEXT}, any other
// object of Python {"$object": CLASS}.
//
// Any error means that TLJH cannot load the text; the tree is nil then, unless only the content was at fault (duplicate
// keys), where the first of the duplicates stands.
func Parse(text span.Text, o Options) (root *doc.Node, errs []Error) {
	o = o.withDefaults()
	if text.Len() > o.MaxBytes {
		return nil, []Error{{text.PosOf(0), fmt.Sprintf("the YAML text is larger than %d bytes", o.MaxBytes), true}}
	}
	src := hideSlashes(text.String())
	node, err := decode(src)
	var open []int
	if err != nil && span.IsUnknown(src) {
		// Template statements on lines of their own are no YAML; what is left after taking them out still tells a lot.
		var blanked string
		if blanked, open = blankUnknownLines(src); len(open) > 0 {
			if n, e := decode(blanked); e == nil {
				src, node, err = blanked, n, nil
			}
		}
	}
	if err != nil {
		return nil, []Error{syntaxError(text, src, err)}
	}
	b := &builder{text: text, src: src, index: newIndex(src), opts: o, yaml11: yaml11(src), templated: len(open) > 0}
	root = b.document(node)
	if b.bound != nil {
		return nil, []Error{*b.bound}
	}
	sort.Slice(b.opaque, func(i, j int) bool { return b.opaque[i][0] < b.opaque[j][0] })
	if i := strayTab(src, b.opaque); i >= 0 {
		b.fail(text.SpanOf(i, i+1), "a tab stands where YAML wants spaces; TLJH refuses the whole file")
	}
	if len(open) > 0 {
		markOpen(root, b, open)
	}
	return root, b.errs
}

func (o Options) withDefaults() Options {
	if o.MaxBytes <= 0 {
		o.MaxBytes = 1 << 20
	}
	if o.MaxNodes <= 0 {
		o.MaxNodes = 100_000
	}
	if o.MaxDepth <= 0 {
		o.MaxDepth = 100
	}
	return o
}

var errSecondDocument = errors.New("a second document starts here, but TLJH reads a single one")

type docError struct {
	line int
	err  error
}

func (e docError) Error() string { return e.err.Error() }

// decode yields the document node of src; nil for an empty text.
func decode(src string) (n *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			n, err = nil, fmt.Errorf("yaml: %v", r)
		}
	}()
	if m := yaml12Directive.FindStringIndex(src); m != nil {
		src = src[:m[1]-1] + "1" + src[m[1]:] // the library knows 1.1 only, and would refuse the honest directive
	}
	d := yaml.NewDecoder(strings.NewReader(strings.TrimPrefix(src, "\uFEFF")))
	var first, second yaml.Node
	if err := d.Decode(&first); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, err
	}
	if err := d.Decode(&second); err == nil {
		return nil, docError{second.Line, errSecondDocument}
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	return &first, nil
}

var (
	lineOf          = lazyregexp.New(`^(?:yaml: )?line (\d+): (.*)`)
	yaml12Directive = lazyregexp.New(`\A(?:\x{FEFF})?(?:(?:#[^\n]*|[ \t\r]*)\n)*%YAML[ \t]+1\.2`)
	directive       = lazyregexp.New(`(?m)^%YAML[ \t]+1\.1\b`)
	anchorOf        = lazyregexp.New(`^unknown anchor '(.+)' referenced$`)
	docStart        = lazyregexp.New(`(?m)^---`)
)

// yaml11 says whether the text asks for YAML 1.1, where no means false.
func yaml11(src string) bool {
	head := src
	if m := docStart.FindStringIndex(src); m != nil {
		head = src[:m[0]]
	}
	return directive.MatchString(head)
}

// syntaxError turns yaml.v3's message, which has a line at best, into an Error at the first text of that line.
func syntaxError(text span.Text, src string, err error) Error {
	x := newIndex(src)
	var de docError
	msg, line := strings.TrimPrefix(err.Error(), "yaml: "), 0
	if errors.As(err, &de) {
		line = de.line
	} else if m := lineOf.FindStringSubmatch(err.Error()); m != nil {
		line, _ = strconv.Atoi(m[1])
		msg = m[2]
		if strings.HasPrefix(msg, "did not find expected") {
			line = failingLine(src, x, line+1, msg)
		}
	}
	if t := firstTab(src, x, line); t >= 0 && strings.Contains(msg, "cannot start any token") {
		return Error{At: text.SpanOf(t, t+1), Msg: "a tab stands where YAML wants spaces"}
	}
	if m := anchorOf.FindStringSubmatch(strings.TrimPrefix(err.Error(), "yaml: ")); m != nil {
		if i := strings.Index(src, "*"+m[1]); i >= 0 {
			return Error{At: text.SpanOf(i, i+1+len(m[1])), Msg: "not valid YAML: " + msg}
		}
	}
	if line < 1 {
		return Error{At: text.PosOf(0), Msg: "not valid YAML: " + msg}
	}
	start, end := x.line(line)
	for start < end && (src[start] == ' ' || src[start] == '\t') {
		start++
	}
	return Error{At: text.SpanOf(start, end), Msg: "not valid YAML: " + msg}
}

// failingLine looks for the line whose text makes the parser fail with msg: the library names the line on which the
// enclosing block began. It tries a bounded number of beginnings of the text.
func failingLine(src string, x *index, line int, msg string) int {
	for n, l := 0, line; n < 100 && l <= len(x.starts) && len(src) < 1<<15; n, l = n+1, l+1 {
		_, end := x.line(l)
		_, err := decode(src[:end] + "\n")
		if err != nil {
			if strings.HasSuffix(err.Error(), msg) {
				return l
			}
			return line
		}
	}
	return min(line, len(x.starts))
}

func firstTab(src string, x *index, line int) int {
	if line < 1 {
		return -1
	}
	start, end := x.line(line)
	if i := strings.IndexByte(src[start:end], '\t'); i >= 0 {
		return start + i
	}
	return -1
}
