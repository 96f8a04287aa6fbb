package markup

import "strings"

// Snake is a name in Terraform's spelling: "CidrIpv6" is "cidr_ipv6", "IPAddress" is "ip_address".
func Snake(s string) string {
	var b strings.Builder
	upper := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= 'A' && s[i] <= 'Z' }
	lower := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= 'a' && s[i] <= 'z' }
	for i := 0; i < len(s); i++ {
		if upper(i) && i > 0 && s[i-1] != '.' && s[i-1] != '_' && (!upper(i-1) || lower(i+1)) {
			b.WriteByte('_')
		}
		if upper(i) {
			b.WriteByte(s[i] + 'a' - 'A')
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
