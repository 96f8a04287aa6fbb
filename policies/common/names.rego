package tljh.common

# Why a public certificate authority refuses a name or an address (reference/tljh.md §11).

# name_trouble is why Let's Encrypt cannot give a certificate for a domain; undefined where nothing speaks against it.
name_trouble(domain) := "is a wildcard, which TLJH's kind of validation cannot prove" if startswith(domain, "*.")

else := "is an IP address, not a name" if regex.match("^[0-9.]+$|:.*:", domain)

else := "is not the bare name of a host: leave out https://, port and path" if regex.match("[/: ]", domain)

else := "has no dot, so it is no name on the public internet" if not contains(trim_suffix(domain, "."), ".")

else := "is a placeholder of documentation, not your hub's name" if placeholder(domain)

else := "exists only inside a private network, so it cannot be validated from outside" if {
	regex.match(`\.(local|internal|lan|localhost|localdomain|home|home\.arpa|intranet|corp|private)\.?$`, lower(domain))
}

else := "is not a host name" if {
	not regex.match(`^([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?\.?$`, lower(domain))
}

# email_trouble is why Let's Encrypt refuses an account for an e-mail address.
email_trouble(email) := "is not an e-mail address" if not regex.match(`^[^@\s]+@[^@\s]+\.[^@\s]+$`, email)

else := "is a placeholder, which Let's Encrypt refuses" if placeholder(split(email, "@")[1])

placeholder(name) if regex.match(`(^|\.)example(\.(com|org|net|edu))?\.?$|\.(test|invalid)\.?$`, lower(name))
