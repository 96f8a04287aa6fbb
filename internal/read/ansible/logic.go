package ansible

func (p *parser) or() expr {
	e := p.and()
	for p.is("or") {
		a, b := e, p.and()
		e = func(ev *eval) value {
			x := a(ev)
			yes, known := x.truth()
			if known && yes {
				return x
			}
			y := b(ev)
			if known {
				return y
			}
			if yes, known := y.truth(); known && yes {
				return boolValue(true, y.text)
			}
			return unknownValue(openWhy(x), x.text)
		}
	}
	return e
}

func (p *parser) and() expr {
	e := p.not()
	for p.is("and") {
		a, b := e, p.not()
		e = func(ev *eval) value {
			x := a(ev)
			yes, known := x.truth()
			if known && !yes {
				return x
			}
			y := b(ev)
			if known {
				return y
			}
			if yes, known := y.truth(); known && !yes {
				return boolValue(false, y.text)
			}
			return unknownValue(openWhy(x), x.text)
		}
	}
	return e
}

func (p *parser) not() expr {
	if !p.is("not") {
		return p.compare()
	}
	p.enter()
	defer func() { p.depth-- }()
	e := p.not()
	return func(ev *eval) value {
		v := e(ev)
		if yes, known := v.truth(); known {
			return boolValue(!yes, v.text)
		}
		return unknownValue(openWhy(v), v.text)
	}
}

func openWhy(v value) string {
	if why, is := v.open(); is && why != "" {
		return why
	}
	return "a condition that is not known"
}
