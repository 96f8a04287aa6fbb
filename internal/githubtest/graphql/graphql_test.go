package graphql

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
type Query { thing(id: ID! = "1"): Thing, count: Int!, colour: Colour, list(first: Int, after: String, last: Int, before: String): ThingConnection }
type Mutation { paint(input: PaintInput!): Thing }
input PaintInput { colour: Colour!, clientMutationId: String }
enum Colour { RED GREEN }
interface Node { id: ID! }
type Thing implements Node { id: ID!, name: String, next: Node }
type ThingConnection { nodes: [Thing], totalCount: Int!, pageInfo: PageInfo! }
type PageInfo { endCursor: String, startCursor: String, hasNextPage: Boolean!, hasPreviousPage: Boolean! }
`})

func thing(id string, next any) Object {
	return Object{"__typename": "Thing", "id": id, "name": nil, "next": next}
}

func things(n int) (all []Object) {
	for i := range n {
		all = append(all, thing(fmt.Sprint(i+1), nil))
	}
	return all
}

var query = Object{
	"__typename": "Query", "count": 3, "colour": "RED",
	"thing": Field(func(args Args) (any, error) {
		switch id := args.String("id"); id {
		case "gone":
			return nil, &Error{Type: "NOT_FOUND", Message: "gone"}
		case "broken":
			return nil, errors.New("broken")
		default:
			return thing(id, thing("2", nil)), nil
		}
	}),
	"list": Field(func(args Args) (any, error) { return Connection("ThingConnection", things(5), args) }),
}

func TestExecute(t *testing.T) {
	for _, test := range []struct{ name, query, variables, want string }{
		{"aliases", `{a: thing(id: "1") {id} b: thing(id: "7") {id}}`, ``, `{"data":{"a":{"id":"1"},"b":{"id":"7"}}}`},
		{"variable", `query Q($i: ID!) {thing(id: $i) {id}}`, `{"i":"x"}`, `{"data":{"thing":{"id":"x"}}}`},
		{"default", `query Q($i: ID! = "d") {thing(id: $i) {id}}`, ``, `{"data":{"thing":{"id":"d"}}}`},
		{"fragments merge", `{thing(id: "1") {...F next {__typename}}} fragment F on Thing {next {... on Node {id} ... on Thing {name}}}`, ``,
			`{"data":{"thing":{"next":{"__typename":"Thing","id":"2","name":null}}}}`},
		{"skip", `query Q($s: Boolean!) {count @skip(if: $s) colour @include(if: $s)}`, `{"s":true}`, `{"data":{"colour":"RED"}}`},
		{"error in one field", `{a: thing(id: "gone") {id} count}`, ``,
			`{"data":{"a":null,"count":3},"errors":[{"type":"NOT_FOUND","path":["a"],"message":"gone"}]}`},
		{"untyped error", `{thing(id: "broken") {id}}`, ``, `{"data":{"thing":null},"errors":[{"path":["thing"],"message":"broken"}]}`},
		{"first page", `{list(first: 2) {nodes {id} totalCount pageInfo {endCursor hasNextPage hasPreviousPage}}}`, ``,
			`{"data":{"list":{"nodes":[{"id":"1"},{"id":"2"}],"pageInfo":{"endCursor":"Y3Vyc29yOjI=","hasNextPage":true,"hasPreviousPage":false},"totalCount":5}}}`},
		{"last page", `{list(first: 100, after: "Y3Vyc29yOjQ=") {nodes {id} pageInfo {hasNextPage}}}`, ``,
			`{"data":{"list":{"nodes":[{"id":"5"}],"pageInfo":{"hasNextPage":false}}}}`},
		{"beyond", `{list(first: 1, after: "Y3Vyc29yOjk=") {nodes {id} pageInfo {hasNextPage endCursor}}}`, ``,
			`{"data":{"list":{"nodes":[],"pageInfo":{"endCursor":null,"hasNextPage":false}}}}`},
		{"backwards", `{list(last: 2, before: "Y3Vyc29yOjQ=") {nodes {id}}}`, ``, `{"data":{"list":{"nodes":[{"id":"2"},{"id":"3"}]}}}`},
		{"no boundary", `{list {totalCount}}`, ``, `MISSING_PAGINATION_BOUNDARIES`},
		{"too many", `{list(first: 101) {totalCount}}`, ``, `EXCESSIVE_PAGINATION`},
		{"bad cursor", `{list(first: 1, after: "x") {totalCount}}`, ``, `INVALID_CURSOR_ARGUMENTS`},
	} {
		for name, s := range map[string]*ast.Schema{"with schema": schema, "without": nil} {
			t.Run(test.name+"/"+name, func(t *testing.T) {
				interfaces["Thing"] = []string{"Node"}
				defer delete(interfaces, "Thing")
				var variables map[string]any
				if test.variables != "" {
					if err := json.Unmarshal([]byte(test.variables), &variables); err != nil {
						t.Fatal(err)
					}
				}
				request, failures := Parse(s, test.query, "", variables)
				if failures != nil {
					t.Fatal(failures)
				}
				result, faults := request.Execute(query)
				got, err := json.Marshal(result)
				if err != nil || len(faults) > 0 {
					t.Fatal(err, faults)
				}
				if string(got) != test.want && !strings.Contains(string(got), `"type":"`+test.want+`"`) {
					t.Errorf("got\n%s\nwant\n%s", got, test.want)
				}
			})
		}
	}
}

func TestBadDocuments(t *testing.T) {
	for _, test := range []struct{ name, query, variables, want string }{
		{"syntax", `{`, `{}`, "Expected Name"},
		{"unknown field", `{nothing}`, `{}`, `Cannot query field "nothing"`},
		{"unknown enum", `mutation {paint(input: {colour: BLUE}) {id}}`, `{}`, "BLUE"},
		{"enum as text", `mutation {paint(input: {colour: "RED"}) {id}}`, `{}`, "RED"},
		{"missing variable", `query Q($i: ID!) {thing(id: $i) {id}}`, `{}`, "must be defined"},
		{"wrong variable", `query Q($c: Colour!) {colour count thing(id: "1") {id}}`, `{"c": "RED"}`, "never used"},
		{"input of a wrong type", `mutation M($i: PaintInput!) {paint(input: $i) {id}}`, `{"i": {"colour": "BLUE"}}`, "BLUE"},
		{"input without a field", `mutation M($i: PaintInput!) {paint(input: $i) {id}}`, `{"i": {}}`, "must be defined"},
		{"no such operation", `query A {count}`, `{"operation": "B"}`, "No operation"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var variables map[string]any
			if err := json.Unmarshal([]byte(test.variables), &variables); err != nil {
				t.Fatal(err)
			}
			name, _ := variables["operation"].(string)
			_, failures := Parse(schema, test.query, name, variables)
			if len(failures) == 0 || !strings.Contains(failures[0].Message, test.want) {
				t.Errorf("got %v, want %q", failures, test.want)
			}
		})
	}
}

// The executor notices when the objects it is given do not keep the schema.
func TestFaults(t *testing.T) {
	for _, test := range []struct {
		name string
		root Object
		want string
	}{
		{"missing", Object{}, "this server has no field Query.count"},
		{"null", Object{"count": nil}, "null, the schema wants Int!"},
		{"text for a number", Object{"count": "3"}, "string 3"},
		{"unknown enum value", Object{"count": 1, "colour": "BLUE"}, "BLUE"},
		{"other type", Object{"count": 1, "thing": Object{"__typename": "PageInfo"}}, "a PageInfo"},
		{"list for one", Object{"count": 1, "thing": []Object{}}, "a list"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.root["__typename"] = "Query"
			request, failures := Parse(schema, "{count colour thing(id: 1) {__typename}}", "", nil)
			if failures != nil {
				t.Fatal(failures)
			}
			_, faults := request.Execute(test.root)
			if !strings.Contains(strings.Join(faults, "\n"), test.want) {
				t.Errorf("got %q, want %q", faults, test.want)
			}
		})
	}
}
