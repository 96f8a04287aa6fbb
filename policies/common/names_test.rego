package tljh.common_test

import data.tljh.common

bad_names := {
	"*.uni.edu": "wildcard", "192.0.2.7": "IP address", "2001:db8::7": "IP address", "https://hub.uni.edu": "https://",
	"hub.uni.edu:443": "port", "h": "no dot", "localhost": "no dot", "hub.example.com": "placeholder", "hub.test": "placeholder",
	"hub.local": "private network", "hub.uni.LAN": "private network", "hub..uni.edu": "not a host name", "${DOMAIN}.edu": "not a host",
}

test_bad_names[name] if {
	some name, words in bad_names
	contains(common.name_trouble(name), words)
}

test_good_names[name] if {
	some name in ["hub.uni.edu", "Hub.Uni.EDU.", "a-1.xn--mnchen-3ya.de", "example-school.org", "203-0-113-7.sslip.io"]
	not common.name_trouble(name)
}

test_bad_emails[email] if {
	some email, words in {"ann": "not an e-mail", "ann@hub": "not an e-mail", "a@example.com": "placeholder", "a@b.example": "placeholder"}
	contains(common.email_trouble(email), words)
}

test_good_email if not common.email_trouble("ann@uni.edu")
