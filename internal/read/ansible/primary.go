package ansible

import (
	"strconv"

	"github.com/tljh-policy/tljh-policy/internal/span"
)

func (p *parser) primary() expr {
	t := p.next()
	at := p.slice(t.from, t.to)
	switch t.kind {
	case tokString:
		text := span.Literal(t.s, at)
		if at.Len() >= 2 && at.String()[1:at.Len()-1] == t.s {
			text = at.Slice(1, at.Len()-1)
		}
		for p.peek().kind == tokString { // 'a' 'b'
			n := p.next()
			text = span.Concat(text, span.Literal(n.s, p.slice(n.from, n.to)))
		}
		return func(*eval) value { return value{kind: str, text: text} }
	case tokNumber:
		n, err := strconv.ParseFloat(t.s, 64)
		if err != nil {
			p.fail()
		}
		return func(*eval) value { return numValue(n, at) }
	case tokName:
		switch t.s {
		case "true", "True":
			return func(*eval) value { return boolValue(true, at) }
		case "false", "False":
			return func(*eval) value { return boolValue(false, at) }
		case "none", "None":
			return func(*eval) value { return value{kind: null, text: at} }
		case "omit":
			return func(*eval) value { return value{kind: null, omit: true, text: at} }
		case "if", "else", "in", "is", "and", "or", "not":
			p.fail()
		}
		if p.op("(") {
			p.at++
			args := p.args()
			whole := p.since(t.from)
			return func(ev *eval) value { return ev.call(t.s, args, whole) }
		}
		return func(ev *eval) value { return ev.lookup(t.s, at) }
	case tokOp:
		switch t.s {
		case "(":
			return p.parenthesis(t.from)
		case "[":
			return p.listLiteral(t.from, "]")
		case "{":
			return p.dictLiteral(t.from)
		}
	}
	p.fail()
	return nil
}
