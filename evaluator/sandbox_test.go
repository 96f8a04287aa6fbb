package evaluator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/tljh-policy/tljh-policy/evaluator"
)

// No function reaches the network, the machine or chance, and a rule that calls one gets told why it cannot.
func TestForbidden(t *testing.T) {
	for _, name := range []string{
		"http.send", "opa.runtime", "net.lookup_ip_addr", "net.cidr_expand", "rego.parse_module", "rand.intn", "uuid.rfc4122",
		"io.jwt.decode", "io.jwt.decode_verify", "io.jwt.encode_sign", "io.jwt.encode_sign_raw", "io.jwt.verify_hs256",
		"graph.reachable_paths", "bits.lsh", "json.match_schema", "json.verify_schema", "providers.aws.sign_req",
		"strings.render_template", "regex.globs_match", "crypto.x509.parse_certificates", "graphql.parse",
	} {
		builtin := ast.BuiltinMap[name]
		if builtin == nil {
			t.Errorf("OPA has no function %s", name)
			continue
		}
		args := strings.TrimSuffix(strings.Repeat("input.x, ", len(builtin.Decl.FuncArgs().Args)), ", ")
		results := custom(t, map[string]any{}, contract("fail contains tljh.finding([\"a\"], \"m\") if "+name+"("+args+")"))
		got := summary(results)[0]
		if !strings.HasPrefix(got, "custom error rules/custom.rego:5:43: "+name+" is not available to rules: ") {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// The allow-list names functions that exist, and none that OPA calls nondeterministic but the time, which is pinned.
func TestAllowList(t *testing.T) {
	for _, b := range evaluator.Capabilities().Builtins {
		if b.Nondeterministic && b.Name != "time.now_ns" {
			t.Errorf("%s is not deterministic", b.Name)
		}
	}
	if n := len(evaluator.Capabilities().Builtins); n < 150 {
		t.Errorf("only %d functions", n)
	}
}

const good = "package tljh.rules.good\n\nimport data.tljh\n\npass contains tljh.finding([\"a\"], \"fine\")"

// Rules that run into a limit are errors; the others' verdicts stand, for this document and the next.
func TestLimits(t *testing.T) {
	const short, long = 400 * time.Millisecond, time.Minute // long: however slow the machine, memory runs out first
	for name, test := range map[string]struct {
		body, want string
		timeout    time.Duration
	}{
		"time": {
			`fail contains tljh.finding(["a"], "m") if {
	some x in numbers.range(1, 100000)
	some y in numbers.range(1, 100000)
	x * y == -1
}`,
			"the rule did not finish within its time limit", short,
		},
		"range":  {`fail contains tljh.finding(["a"], "m") if count(numbers.range(1, 1000000000)) < 0`, "the rule ", short},
		"memory": {doubling(`concat("", [%, %])`, `"0123456789abcdef"`, 26), "the rule needed more memory than it may have", long},
		"digits": {doubling("% * %", "12345678901234567890", 40), "the rule did not finish within its time limit", short},
	} {
		t.Run(name, func(t *testing.T) {
			e := compile(t, evaluator.Options{Timeout: test.timeout, MemoryLimit: 64 << 20, Custom: []evaluator.Module{
				contract(test.body), {File: "good.rego", Source: good},
			}})
			for range 2 {
				got := summary(evaluate(t, e, map[string]any{}))
				if len(got) != 2 || !strings.HasPrefix(got[0], "custom error "+test.want) {
					t.Errorf("got %q", got)
				}
				if len(got) == 2 && got[1] != "good pass; pass [a] fine" {
					t.Errorf("got %q", got[1])
				}
			}
		})
	}
}

// doubling is a rule that makes something twice as large again and again; % is what it was before.
func doubling(step, start string, times int) string {
	rule := "fail contains tljh.finding([\"a\"], \"m\") if {\n\tx0 := " + start + "\n"
	name := func(i int) string { return "x" + strings.Repeat("i", i) }
	for i := range times {
		before := name(i)
		if i == 0 {
			before = "x0"
		}
		rule += "\t" + name(i+1) + " := " + strings.ReplaceAll(step, "%", before) + "\n"
	}
	return rule + "\t" + name(times) + " == x0\n}"
}

// Rules see nothing of the machine, and the time is the caller's.
func TestPinned(t *testing.T) {
	t.Setenv("SECRET", "hunter2")
	e := compile(t, evaluator.Options{
		Now:    time.Unix(1700000000, 0),
		Custom: []evaluator.Module{contract(`pass contains tljh.finding(["a"], sprintf("%d", [time.now_ns()]))`)},
	})
	if got := summary(evaluate(t, e, map[string]any{}))[0]; got != "custom pass; pass [a] 1700000000000000000" {
		t.Errorf("got %q", got)
	}
}
