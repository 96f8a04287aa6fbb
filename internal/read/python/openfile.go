package python

import (
	"github.com/tljh-policy/tljh-policy/internal/read/python/syntax"
	"github.com/tljh-policy/tljh-policy/internal/span"
)

func (e *evaluator) isinstance(v, class *Value, at span.Span) *Value {
	names := map[string][]Kind{"str": {Text}, "list": {List}, "dict": {Dict}, "set": {Set}, "tuple": {Tuple}, "int": {Int, Bool}, "float": {Float}, "bool": {Bool}, "bytes": {Bytes}}
	if v != nil && class != nil && class.Kind == Ref && v.Kind != Unknown && v.Kind != Either && v.Kind != Ref {
		if kinds, ok := names[class.Name]; ok {
			for _, k := range kinds {
				if v.Kind == k {
					return boolOf(true, at)
				}
			}
			return boolOf(false, at)
		}
	}
	return unknownAt("of which type it is is not known", at)
}

// OpenFile is the Name of an Unknown that is an open file or a pathlib.Path: Text is its path, and Items[0] the mode.
const OpenFile = "an open file"

func (e *evaluator) openFile(file, mode *Value, x syntax.Node) *Value {
	v := e.unknown(x, "it is a file on the machine")
	if file != nil {
		v.Name, v.Text, v.Items = OpenFile, e.asText(file, x).Text, []*Value{mode}
	}
	return v
}
