package eval

// Once evaluates what has a name one time, and finds circles. The zero value is ready.
type Once struct {
	memo map[string]*Val
	busy map[string]bool
}

// Do is what f gives for key, now or before. Within f, the same key is a circle: not known, as why says.
func (o *Once) Do(key, why string, at Place, f func() *Val) *Val {
	if v, ok := o.memo[key]; ok {
		return v
	}
	if o.busy[key] {
		return NotKnown(why, at)
	}
	if o.busy == nil {
		o.memo, o.busy = map[string]*Val{}, map[string]bool{}
	}
	o.busy[key] = true
	v := f()
	delete(o.busy, key)
	o.memo[key] = v
	return v
}

// Forget has everything evaluated anew that is asked for again.
func (o *Once) Forget() { o.memo = map[string]*Val{} }
