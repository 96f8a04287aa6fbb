package eval

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/span"
	"github.com/tljh-policy/tljh-policy/internal/step/steptest"
)

func load(m steptest.Files, dir string) *Config {
	cache := map[string]*Dir{}
	return Load(m, func(d string) *Dir {
		if _, ok := cache[d]; !ok {
			cache[d] = LoadDir(m, d)
		}
		return cache[d]
	}, dir, Options{})
}

// show writes a value the way the tests below expect it.
func show(v *Val) string {
	switch {
	case v.IsNull():
		return "null"
	case v.Kind == Unknown:
		return "?(" + v.Why + ")"
	case v.Kind == Ref:
		return "ref:" + v.From.String()
	case v.Kind == String:
		return span.Show(v.T.String())
	case v.res != nil:
		return "resource:" + v.res.Addr
	case v.Kind == List:
		var parts []string
		for _, it := range v.Items {
			parts = append(parts, show(it))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case v.Kind == Map:
		var parts []string
		for _, k := range v.Keys {
			parts = append(parts, k+"="+show(v.Child[k]))
		}
		return "{" + strings.Join(parts, " ") + "}"
	}
	s, _ := v.Str()
	return s
}

// valueOf evaluates expression e as the attribute v of a resource beside the files of extra.
func valueOf(e, extra string) *Val {
	m := steptest.Archive(extra)
	m["zz.tf"] = "resource \"t\" \"x\" {\n  v = " + e + "\n}\n"
	c := load(m, ".")
	for _, r := range c.Resources {
		if r.Addr == "t.x" {
			return r.Attr("v")
		}
	}
	return null
}

const surroundings = `
-- main.tf --
variable "size" { default = "s-1vcpu-1gb" }
variable "none" {}
variable "flag" { default = false }
variable "secret" {
  default   = "hunter2"
  sensitive = true
}
variable "opt" {
  type    = map(object({ a = optional(number, 7), b = string }))
  default = { x = { b = "bee" } }
}
variable "names" { default = ["a", "b"] }
locals {
  twice = "${var.size}/${var.size}"
  tags  = merge({ a = 1 }, { b = var.none })
  loop  = local.pool
  pool  = local.loop
}
resource "aws_instance" "many" {
  count = 2
  ami   = "ami-${count.index}"
}
resource "aws_instance" "keyed" {
  for_each = toset(["b", "a"])
  ami      = each.key
}
resource "aws_instance" "hub" {
  ami = "ami-1"
  root_block_device { volume_size = 8 }
}
resource "aws_security_group" "s" {
  dynamic "ingress" {
    for_each = [80, 443]
    iterator = port
    content {
      from_port = port.value
    }
  }
}
data "template_file" "t" {
  template = file("hello.tpl")
  vars     = { who = "world" }
}
module "net" {
  source = "./net"
  name   = "hub"
}
module "far" {
  source = "terraform-aws-modules/vpc/aws"
}
data "template_file" "old" {
  template = "${file("hello.tpl")}"
  vars {
    who = "block"
  }
}
data "aws_x" "all" {}
module "old" {
  source = "./old"
  size   = null
  kept   = null
  tags {
    a = "b"
  }
}
-- old/main.tf --
variable "tags" { type = "map" }
variable "size" { default = 3 }
variable "kept" {
  default  = 7
  nullable = false
}
output "tags" { value = var.tags }
output "size" { value = var.size }
output "kept" { value = var.kept }
-- hubs.json --
{"bio": {"size": "s-4vcpu", "n": 7}}
-- hubs.yaml --
bio: &bio
  size: s-2vcpu
  quoted: "a\tb"
  users: [ann, bob]
  text: |
    two
    lines
alias: *bio
-- hello.tpl --
hello ${who}
-- net/main.tf --
variable "name" {}
resource "aws_eip" "e" { instance = var.name }
output "ip" { value = aws_eip.e.public_ip }
output "name" { value = var.name }
`

func TestExpressions(t *testing.T) {
	for _, tc := range []struct{ expr, want string }{
		{`var.size`, "s-1vcpu-1gb"},
		{`local.twice`, "s-1vcpu-1gb/s-1vcpu-1gb"},
		{`"${var.size}"`, "s-1vcpu-1gb"},
		{`"a-${var.none}-b"`, "a-…-b"},
		{`local.tags`, `{a=1 b=?(variable "none" has no default and no tfvars file in the repository; commit one or an infra.yaml)}`},
		{`local.loop`, "?(it refers to itself (local.loop))"},
		{`var.flag ? "x" : "y"`, "y"},
		{`var.opt["x"].a`, "7"},
		{`aws_instance.many[*].id`, "[ref:aws_instance.many[0].id ref:aws_instance.many[1].id]"},
		{`aws_instance.many[1].ami`, "ami-1"},
		{`element(aws_instance.many.*.id, 1)`, "ref:aws_instance.many[1].id"},
		{`[for k, i in aws_instance.keyed : "${k}=${i.ami}"]`, "[a=a b=b]"},
		{`aws_instance.keyed["a"].id`, `ref:aws_instance.keyed["a"].id`},
		{`aws_instance.hub.root_block_device[0].volume_id`, "ref:aws_instance.hub.root_block_device[0].volume_id"},
		{`aws_instance.hub.root_block_device.0.volume_size`, "8"},
		{`concat([aws_instance.hub.id], ["sg-1"])`, "[ref:aws_instance.hub.id sg-1]"},
		{`aws_security_group.s.ingress[*].from_port`, "[80 443]"},
		{`data.template_file.t.rendered`, "hello world\n"},
		{`templatefile("hello.tpl", { who = "you" })`, "hello you\n"},
		{`templatefile("../../etc/passwd", {})`, "?(the file ../../etc/passwd is outside the repository)"},
		{`file("/etc/passwd")`, "?(the file /etc/passwd is outside the repository)"},
		{`try(file("nope"), "fallback")`, "fallback"},
		{`module.net.ip`, "ref:module.net.aws_eip.e.public_ip"},
		{`module.net.name`, "hub"},
		{`module.far.vpc_id`, "ref:module.far.vpc_id"},
		{`base64decode(base64encode("x${var.size}"))`, "xs-1vcpu-1gb"},
		{`format("%s:%d", "a", 3)`, "a:3"},
		{`format("%05d", 3)`, "00003"},
		{`jsonencode({ a = ["x", 1, true], b = var.none })`, `{"a": ["x", 1, true], "b": "…"}`},
		{`cidrsubnet("10.0.0.0/16", 8, 2)`, "10.0.2.0/24"},
		{`replace("a-b", "-", "_")`, "a_b"},
		{`trimspace("  a b ")`, "a b"},
		{`lookup({ a = 1 }, "z", 5)`, "5"},
		{`"%{ if var.flag }on%{ else }off%{ endif }"`, "off"},
		{`"%{ for n in var.names }[${n}]%{ endfor }"`, "[a][b]"},
		{`nosuch.thing.id`, "?(nosuch.thing is not declared)"},
		{`terraform.workspace == "prod" ? 1 : 2`, "?(the workspace is chosen when Terraform runs)"},
		{`coalesce("", "b")`, "b"},
		{`1e999999999 * 1e999999999`, "?(a number that is too large)"},
		{`length(aws_instance.many)`, "2"},
		{`upper(var.none)`, `?(variable "none" has no default and no tfvars file in the repository; commit one or an infra.yaml)`},
		{`{ for n in var.names : n => upper(n) }`, "{a=A b=B}"},
		{`"x ${var.secret}"`, "x …"},
		{`path.module`, "."},
		{`setproduct(range(1000), range(1000))`, "?(a product that is too large)"},
		{`transpose({ a = ["1", "2"], b = ["2"] })`, "{1=[a] 2=[a b]}"},
		{`transpose({ a = var.none })`, `?(variable "none" has no default and no tfvars file in the repository; commit one or an infra.yaml)`},
		{`cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)`, "[10.1.0.0/20 10.1.16.0/20 10.1.32.0/24 10.1.48.0/20]"},
		{`cidrsubnets("10.0.0.0/30", 1, 1, 1)`, "?(the network is too small)"},
		{`cidrcontains("10.0.0.0/8", "10.2.0.0/16")`, "true"},
		{`cidrcontains("10.0.0.0/8", "11.2.0.1")`, "false"},
		{`urldecode("a%20b")`, "a b"},
		{`timecmp("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")`, "-1"},
		{`base64gunzip(base64gzip("x"))`, "x"},
		{`textencodebase64("x", "UTF-16LE")`, "?(text in the encoding UTF-16LE)"},
		{`textdecodebase64(textencodebase64("x", "UTF-8"), "UTF-8")`, "x"},
		{`filemd5("hello.tpl")`, "d13e75da1f278b8b54d4b2eb58357d75"},
		{`provider::aws::arn_parse("x")`, "?(the function provider::aws::arn_parse() is not evaluated)"},
		{`type(1)`, "?(the function type() is not evaluated)"},
		{`timestamp()`, "?(timestamp() has another value at every run)"},
		{`module.old.tags["a"]`, "b"},
		{`module.old.size == null ? "none" : "some"`, "none"},
		{`module.old.kept`, "7"},
		{`data.template_file.old.rendered`, "hello block\n"},
		{`jsondecode(file("hubs.json")).bio.size`, "s-4vcpu"},
		{`jsondecode("{\"a\": [1, true, null]}")`, "{a=[1 true null]}"},
		{`jsondecode("nope")`, "?(it cannot be evaluated: invalid character 'o' in literal null (expecting 'u'))"},
		{`yamldecode(file("hubs.yaml"))["bio"].size`, "s-2vcpu"},
		{`yamldecode(file("hubs.yaml"))["bio"].users`, "[ann bob]"},
		{`yamldecode(file("hubs.yaml"))["bio"].text`, "two\nlines\n"},
		{`yamldecode(file("hubs.yaml"))["alias"].size`, "s-2vcpu"},
		{`one([for f in data.aws_x.all.items : f.id if f.name == "b3-8"])`, "ref:data.aws_x.all.items[?].id"},
		{`[for f in data.aws_x.all.items : f.id if f.size > 3]`, "?(looked up in the cloud (data.aws_x.all.items))"},
	} {
		if got := show(valueOf(tc.expr, surroundings)); got != tc.want {
			t.Errorf("%s\n got %s\nwant %s", tc.expr, got, tc.want)
		}
	}
}

func TestPlaces(t *testing.T) {
	v := valueOf("var.size", surroundings)
	if got := v.At.Span().String(); got != "main.tf:1:29" {
		t.Errorf("a default's place: %s", got)
	}
	if got := valueOf("var.none", surroundings).At.Span().String(); got != "zz.tf:2:7" {
		t.Errorf("an unknown value's place: %s", got)
	}
	// Positions survive heredocs, escapes, templates and encodings.
	for _, tc := range []struct{ expr, find, want string }{
		{"<<-EOT\n      é one\n        two ${var.size} $${x}\n    EOT", "two", "zz.tf:4:9"},
		{"<<-EOT\n      one\n        two ${var.size} $${x}\n    EOT", "${x}", "zz.tf:4:25"},
		{"<<-EOT\n      one\n        two ${var.size} $${x}\n    EOT", "s-1vcpu", "main.tf:1:30"},
		{`base64encode("a\"b\nc d")`, "c d", "zz.tf:2:27"},
		{`templatefile("hello.tpl", { who = "you" })`, "hello", "hello.tpl:1:1"},
		{`templatefile("hello.tpl", { who = "you" })`, "you", "zz.tf:2:42"},
		{`join("\n", ["x", trimspace("  yy ")])`, "yy", "zz.tf:2:37"},
		{`yamlencode({ a = "b c" })`, "b c", "zz.tf:2:25"},
		{`data.template_file.t.rendered`, "world", "main.tf:42:23"},
		{`jsondecode(file("hubs.json")).bio.size`, "s-4vcpu", "hubs.json:1:19"},
		{`yamldecode(file("hubs.yaml")).bio.size`, "s-2vcpu", "hubs.yaml:2:9"},
		{`yamldecode(file("hubs.yaml")).bio.users[1]`, "bob", "hubs.yaml:4:16"},
		{`yamldecode(file("hubs.yaml")).bio.quoted`, "b", "hubs.yaml:3:11"},
		{`yamldecode(file("hubs.yaml")).bio.text`, "lines", "hubs.yaml:5:9"},
	} {
		v := valueOf(tc.expr, surroundings)
		i := strings.Index(v.T.String(), tc.find)
		if i < 0 {
			t.Errorf("%s: no %q in %q", tc.expr, tc.find, v.T.String())
			continue
		}
		if got := v.T.SpanOf(i, i+len(tc.find)).String(); got != tc.want {
			t.Errorf("%s: %q is at %s, want %s", tc.expr, tc.find, got, tc.want)
		}
	}
}

// A list that holds another many times over, which holds yet another many times, becomes no endless text.
func TestDoubling(t *testing.T) {
	var b strings.Builder
	b.WriteString("locals {\n  l0 = [\"x\"]\n")
	for i := 1; i < 60; i++ {
		fmt.Fprintf(&b, "  l%d = [local.l%d, local.l%d]\n", i, i-1, i-1)
	}
	b.WriteString("}\nresource \"aws_instance\" \"hub\" {\n  user_data = \"x ${local.l59}\"\n}\n")
	c := load(steptest.Files{"main.tf": b.String()}, ".")
	if v := c.Of("aws_instance")[0].Attr("user_data"); !v.IsUnknown() {
		t.Errorf("the text is %d long and known", v.T.Len())
	}
}
