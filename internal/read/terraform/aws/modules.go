package aws

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/doc"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/model"
)

// named are the rule names of terraform-aws-modules/security-group that hubs use: protocol and ports.
var named = map[string][3]any{
	"http-80-tcp": {"tcp", 80, 80}, "http-8080-tcp": {"tcp", 8080, 8080}, "https-443-tcp": {"tcp", 443, 443}, "https-8443-tcp": {"tcp", 8443, 8443},
	"ssh-tcp": {"tcp", 22, 22}, "all-all": {"any", 0, 65535}, "all-tcp": {"tcp", 0, 65535}, "all-udp": {"udp", 0, 65535},
	"all-icmp": {"icmp", nil, nil}, "nfs-tcp": {"tcp", 2049, 2049}, "postgresql-tcp": {"tcp", 5432, 5432}, "rdp-tcp": {"tcp", 3389, 3389},
}

// moduleRules reads a call of the well-known security group module; any other module's rules are not known.
func (r *reader) moduleRules(h *host, res *eval.Resource) {
	at := headOf(res)
	if !strings.HasPrefix(res.Source, "terraform-aws-modules/security-group/aws") || strings.Contains(res.Source, "//") {
		h.UnknownRules("its rules are made by "+res.Addr+" ("+res.Source+"), which is not in this repository", at)
		return
	}
	world := res.Attr("ingress_cidr_blocks")
	v6 := res.Attr("ingress_ipv6_cidr_blocks")
	emit := func(name *eval.Val, cidrs []*eval.Val) {
		s, ok := name.Str()
		rule, known := named[s]
		if !ok || !known {
			h.UnknownRules("the rule "+s+" of "+res.Addr+" is not known", name.At.Span())
			return
		}
		at := name.At.Span()
		h.Rule(model.Rule{Proto: model.Set(rule[0], at), From: doc.Of(rule[1], doc.Derived, at), To: doc.Of(rule[2], doc.Derived, at),
			CIDRs: cidrs, Via: res.Addr, At: at, Cond: res.Cond})
	}
	var sources []*eval.Val
	for _, v := range []*eval.Val{world, v6} {
		if !v.IsNull() {
			sources = append(sources, v)
		}
	}
	for _, n := range res.Attr("ingress_rules").List() {
		if len(sources) > 0 {
			emit(n, sources)
		}
	}
	for _, name := range []string{"ingress_with_cidr_blocks", "ingress_with_ipv6_cidr_blocks"} {
		for _, b := range res.Attr(name).Blocks() {
			if b.Kind != eval.Map {
				h.UnknownRules(b.Reason(), b.At.Span())
				continue
			}
			cidrs := firstSet(b.Attr("cidr_blocks"), b.Attr("ipv6_cidr_blocks"))
			from := sources
			if cidrs != nil {
				from = []*eval.Val{cidrs.SplitCommas()}
			}
			if rule := b.Attr("rule"); !rule.IsNull() {
				emit(rule, from)
				continue
			}
			at := b.At.Span()
			h.Rule(model.Rule{Proto: model.Proto(b.Attr("protocol"), at), From: model.Num(b.Attr("from_port"), at), To: model.Num(b.Attr("to_port"), at),
				CIDRs: from, Via: res.Addr, At: at, Cond: res.Cond})
		}
	}
}
