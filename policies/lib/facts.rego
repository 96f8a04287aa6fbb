package tljh

# How the value at a path is known. Facts lie beside the values, keyed by JSON pointer (RFC 6901); a container's fact
# covers everything below it that has none of its own.

# state is "set", "default", "derived", "unknown" or "unset". What no fact covers (a document written by hand) counts
# as set when it has a value. What is missing in a container that is known is unset.
state(path) := found if {
	found := input.facts[pointer(path)].state
}

else := "unknown" if {
	fact(path).state == "unknown"
}

else := "unset" if {
	not has(path)
}

else := inherited if {
	inherited := fact(path).state
}

else := "unset" if {
	value(path) == null
}

else := "set"

# known: the value rests on something. A null can be known: nobody sets it, and the default is none.
known(path) if state(path) in {"set", "default", "derived"}

# unknown: the repository does not tell; why says what is missing.
unknown(path) if state(path) == "unknown"

# unset: nobody wrote it, and there is no default.
unset(path) if state(path) == "unset"

# why is the reason of a state, "" if there is none to give.
why(path) := reason if {
	reason := fact(path).why
}

else := ""

# has: there is a value at path, perhaps null.
has(path) if object.get(input, path, set()) != set() # no JSON value is a set

# value is the value at path; undefined where there is none.
value(path) := object.get(input, path, null) if has(path)

# fact is the fact of the value at path, or of its nearest parent that has one; undefined where there is none.
fact(path) := found if {
	found := input.facts[pointer(path)]
}

else := input.facts[pointer(array.slice(path, 0, depth))] if {
	depth := max([n | some n in numbers.range(1, count(path)); input.facts[pointer(array.slice(path, 0, n))]])
}

# pointer is path as a JSON pointer.
pointer(path) := concat("", [token | some element in path; token := sprintf("/%v", [escape(element)])])

escape(element) := strings.replace_n({"~": "~0", "/": "~1"}, element) if is_string(element)

else := element
