"""Prints what CPython makes of the files named on standard input, one line each: syntax_test.go prints the same."""
import ast, io, re, sys, tokenize, warnings

warnings.simplefilter("ignore")
NAMES = {"Add": "+", "Sub": "-", "Mult": "*", "MatMult": "@", "Div": "/", "Mod": "%", "Pow": "**", "LShift": "<<", "RShift": ">>", "BitOr": "|",
         "BitXor": "^", "BitAnd": "&", "FloorDiv": "//", "UAdd": "+", "USub": "-", "Invert": "~", "Not": "not", "And": "and", "Or": "or",
         "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Is": "is", "IsNot": "is not", "In": "in", "NotIn": "not in"}


class Dump:
    def __init__(self, data):
        self.starts = [0] + [m.end() for m in re.finditer(b"\r\n|\r|\n", data)]
        self.bom = 3 if data.startswith(b"\xef\xbb\xbf") else 0

    def off(self, line, col):
        return self.starts[line - 1] + col + (self.bom if line == 1 else 0)

    def at(self, n):
        return "%d-%d" % (self.off(n.lineno, n.col_offset), self.off(n.end_lineno, n.end_col_offset))

    def body(self, ns):
        return "[" + " ".join(map(self.node, ns)) + "]"

    def params(self, a):
        both = a.posonlyargs + a.args
        defaults = [None] * (len(both) - len(a.defaults)) + a.defaults
        one = lambda x: x.arg + "@" + self.at(x) + ":" + self.node(x.annotation)
        ps = [one(x) + "=" + self.node(d) for x, d in zip(both, defaults)]
        ps[len(a.posonlyargs):len(a.posonlyargs)] = ["/"]
        ps += ["*" + (one(a.vararg) if a.vararg else "")]
        ps += [one(x) + "=" + self.node(d) for x, d in zip(a.kwonlyargs, a.kw_defaults)]
        return "(" + ",".join(ps + (["**" + one(a.kwarg)] if a.kwarg else [])) + ")"

    def fors(self, gs):
        return "".join(" for%s %s in %s if%s" % ("*" * g.is_async, self.node(g.target), self.node(g.iter), self.body(g.ifs)) for g in gs)

    def named(self, ks):
        return "".join(" %s@%s=%s" % (k.arg or "**", self.at(k), self.node(k.value)) for k in ks)

    def alias(self, names):
        return ",".join("%s@%s as %s" % (a.name, self.at(a), a.asname or "") for a in names)

    def node(self, n):
        if n is None:
            return "~"
        k = type(n).__name__
        return "%s@%s{%s}" % (k if k != "JoinedStr" else "Constant", self.at(n), getattr(self, k)(n))

    def op(self, o):
        return NAMES[type(o).__name__]

    def Name(self, n): return n.id
    def JoinedStr(self, n): return "f"
    def Constant(self, n):
        if isinstance(n.value, str): return "s" + re.sub("[\ud800-\udfff]", "\ufffd", n.value).encode().hex()
        if isinstance(n.value, bytes): return "b" + n.value.hex()
        if isinstance(n.value, (bool, type(None), type(...))): return str(n.value)
        return "n"
    def List(self, n): return self.body(n.elts)
    Tuple = Set = List
    def Dict(self, n): return " ".join(self.node(k) + ":" + self.node(v) for k, v in zip(n.keys, n.values))
    def UnaryOp(self, n): return self.op(n.op) + self.node(n.operand)
    def BinOp(self, n): return self.node(n.left) + self.op(n.op) + self.node(n.right)
    def BoolOp(self, n): return self.op(n.op) + self.body(n.values)
    def Compare(self, n): return self.node(n.left) + "".join(self.op(o) + self.node(c) for o, c in zip(n.ops, n.comparators))
    def IfExp(self, n): return self.node(n.test) + self.node(n.body) + self.node(n.orelse)
    def Lambda(self, n): return self.params(n.args) + self.node(n.body)
    def Call(self, n): return self.node(n.func) + self.body(n.args) + self.named(n.keywords)
    def Attribute(self, n): return self.node(n.value) + "." + n.attr
    def Subscript(self, n): return self.node(n.value) + self.node(n.slice)
    def Slice(self, n): return self.node(n.lower) + self.node(n.upper) + self.node(n.step)
    def Starred(self, n): return self.node(n.value)
    def ListComp(self, n): return self.node(n.elt) + self.fors(n.generators)
    SetComp = GeneratorExp = ListComp
    def DictComp(self, n): return self.node(n.key) + ":" + self.node(n.value) + self.fors(n.generators)
    def Await(self, n): return self.node(n.value)
    Yield = YieldFrom = Await
    def NamedExpr(self, n): return self.node(n.target) + self.node(n.value)
    def Expr(self, n): return self.node(n.value)
    def Assign(self, n): return self.body(n.targets) + self.node(n.value)
    def AugAssign(self, n): return self.node(n.target) + self.op(n.op) + self.node(n.value)
    def AnnAssign(self, n): return self.node(n.target) + self.node(n.annotation) + self.node(n.value)
    def Return(self, n): return self.node(n.value)
    def Delete(self, n): return self.body(n.targets)
    def Pass(self, n): return ""
    Break = Continue = Pass
    def Raise(self, n): return self.node(n.exc) + self.node(n.cause)
    def Global(self, n): return ",".join(n.names)
    Nonlocal = Global
    def Assert(self, n): return self.node(n.test) + self.node(n.msg)
    def Import(self, n): return self.alias(n.names)
    def ImportFrom(self, n): return "." * n.level + (n.module or "") + " " + self.alias(n.names)
    def If(self, n): return self.node(n.test) + self.body(n.body) + self.body(n.orelse)
    While = If
    def For(self, n): return self.node(n.target) + self.node(n.iter) + self.body(n.body) + self.body(n.orelse)
    AsyncFor = For
    def With(self, n): return " ".join(self.node(i.context_expr) + self.node(i.optional_vars) for i in n.items) + self.body(n.body)
    AsyncWith = With
    def Try(self, n):
        hs = " ".join("h@%s %s %s%s" % (self.at(h), self.node(h.type), h.name or "", self.body(h.body)) for h in n.handlers)
        return self.body(n.body) + hs + self.body(n.orelse) + self.body(n.finalbody)
    TryStar = Try
    def FunctionDef(self, n): return n.name + self.params(n.args) + self.body(n.body) + self.body(n.decorator_list)
    AsyncFunctionDef = FunctionDef
    def ClassDef(self, n): return n.name + self.body(n.bases) + self.named(n.keywords) + self.body(n.body) + self.body(n.decorator_list)
    def Match(self, n): return self.node(n.subject) + "".join("case %s%s" % (self.node(c.guard), self.body(c.body)) for c in n.cases)


def tokens(data):
    """Tokens as CPython's tokenize module sees them, without comments and line breaks inside brackets."""
    out = []
    for t in tokenize.tokenize(io.BytesIO(data).readline):
        if t.type == tokenize.NEWLINE:
            out.append("newline")
        elif t.type == tokenize.INDENT:
            out.append("indent")
        elif t.type == tokenize.DEDENT:
            out.append("dedent")
        elif t.type == tokenize.ERRORTOKEN:
            return "skip"
        elif t.type in (tokenize.NAME, tokenize.NUMBER, tokenize.STRING, tokenize.OP):
            out.append("%s:%s" % (tokenize.tok_name[t.type].lower(), t.string.encode().hex()))
    return " ".join(out)


for name in sys.stdin.read().split("\n"):
    if not name:
        continue
    data = open(name, "rb").read()
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
        print("error\terror")
        continue
    try:
        ts = tokens(data) if b"\r" not in data.replace(b"\r\n", b"") and b"\n\\\n" not in data else "skip"
    except (tokenize.TokenError, SyntaxError):
        ts = "skip"
    print(ts + "\t" + Dump(data).body(tree.body))
