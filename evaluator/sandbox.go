package evaluator

import (
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// allowed is every built-in function that rules may call. What is not here does not exist for them: a new version of
// OPA cannot widen the sandbox. Left out are the network, the machine, chance, and what cannot be interrupted
// (reference/dependencies.md §6).
const allowed = `
	abs all and any array.concat array.flatten array.reverse array.slice assign
	base64.decode base64.encode base64.is_valid base64url.decode base64url.encode base64url.encode_no_pad
	bits.and bits.negate bits.or bits.rsh bits.xor
	ceil concat contains count crypto.hmac.equal crypto.hmac.md5 crypto.hmac.sha1 crypto.hmac.sha256 crypto.hmac.sha512
	crypto.md5 crypto.sha1 crypto.sha256 div endswith eq equal floor format_int glob.match glob.quote_meta graph.reachable
	gt gte hex.decode hex.encode indexof indexof_n
	internal.member_2 internal.member_3 internal.print internal.template_string internal.test_case
	intersection is_array is_boolean is_null is_number is_object is_set is_string
	json.filter json.is_valid json.marshal json.marshal_with_options json.patch json.remove json.unmarshal
	lower lt lte max min minus mul neq
	net.cidr_contains net.cidr_contains_matches net.cidr_intersects net.cidr_is_valid net.cidr_merge net.cidr_overlap
	numbers.range numbers.range_step
	object.filter object.get object.keys object.remove object.subset object.union object.union_n or
	plus print product re_match regex.find_all_string_submatch_n regex.find_n regex.is_valid regex.match regex.replace
	regex.split rego.metadata.chain rego.metadata.rule rem replace round
	semver.compare semver.is_valid set_diff sort split sprintf startswith
	strings.any_prefix_match strings.any_suffix_match strings.count strings.replace_n strings.reverse strings.split_n
	substring sum
	time.add_date time.clock time.date time.diff time.format time.now_ns time.parse_duration_ns time.parse_ns
	time.parse_rfc3339_ns time.weekday
	to_number trace trim trim_left trim_prefix trim_right trim_space trim_suffix type_name
	union units.parse units.parse_bytes upper uri.is_valid uri.parse
	urlquery.decode urlquery.decode_object urlquery.encode urlquery.encode_object uuid.parse walk
	yaml.is_valid yaml.marshal yaml.unmarshal`

// Capabilities is what rules may use, as OPA describes it; `opa check --capabilities` takes it as JSON.
// The value is shared: do not change it.
var Capabilities = sync.OnceValue(func() *ast.Capabilities {
	all := ast.CapabilitiesForThisVersion()
	names := strings.Fields(allowed)
	slices.Sort(names)
	caps := *all
	caps.AllowNet = []string{}
	caps.Builtins = make([]*ast.Builtin, 0, len(names))
	for _, b := range all.Builtins {
		if _, ok := slices.BinarySearch(names, b.Name); ok {
			caps.Builtins = append(caps.Builtins, b)
		}
	}
	return &caps
})

// reasons say why a function is withheld, by the beginning of its name; the longest that fits counts.
var reasons = map[string]string{
	"":          "rules get only functions whose work is bounded and whose answer depends on nothing but the hub document",
	"http.":     "a verdict must not depend on the network",
	"net.":      "a verdict must not depend on the network",
	"opa.":      "a verdict must not depend on the machine it is reached on, and rules must not see its environment",
	"rand.":     "a verdict must not depend on chance",
	"uuid.":     "a verdict must not depend on chance",
	"json.":     "a schema could refer to the network",
	"providers": "rules have no business with credentials",
	"io.jwt.":   "rules have no business with credentials",
	"bits.":     "it can run without an end, and nothing could stop it",
	"graph.":    "it can run without an end, and nothing could stop it",
}

// whyForbidden says why a function of OPA's is not available to rules; "" if OPA has no such function.
func whyForbidden(name string) string {
	if ast.BuiltinMap[name] == nil {
		return ""
	}
	why, longest := reasons[""], 0
	for prefix, reason := range reasons {
		if strings.HasPrefix(name, prefix) && len(prefix) > longest {
			why, longest = reason, len(prefix)
		}
	}
	return why
}
