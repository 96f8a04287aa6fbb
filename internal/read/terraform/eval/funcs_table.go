package eval

// own are the functions that keep the origin of what they pass on, or that read files.
var own map[string]func(*call) *Val

func init() {
	own = map[string]func(*call) *Val{
		"concat": concat, "merge": mergeMaps, "flatten": flatten, "element": element, "lookup": lookup, "coalesce": coalesce,
		"coalescelist": coalesceList, "try": try, "can": can, "tolist": toList, "list": func(c *call) *Val { return list(c.at, c.args...) },
		"toset": toSet, "tomap": first, "map": makeMap, "compact": compact, "distinct": distinct, "values": values, "keys": keys,
		"length": length, "one": one, "reverse": reverse, "slice": slice, "contains": contains, "index": indexOf, "zipmap": zipmap,
		"range": rangeOf, "setproduct": setProduct, "transpose": unsupported, "matchkeys": matchKeys, "sum": sum, "alltrue": allTrue, "anytrue": anyTrue,
		"tostring": toString, "tonumber": toNumber, "tobool": toBool, "sensitive": func(c *call) *Val { return c.arg(0).sensitive() },
		"nonsensitive": nonsensitive, "issensitive": func(c *call) *Val { return boolean(c.arg(0).Sensitive, c.at) },
		"type": unsupported,

		"file": file, "filebase64": fileBase64, "fileexists": fileExists, "fileset": fileSet, "templatefile": templateFile,
		"templatestring": templateString, "basename": base, "dirname": dirName, "abspath": first, "pathexpand": first,
		"filemd5": digestFile, "filesha1": digestFile, "filesha256": digestFile, "filesha512": digestFile,
		"filebase64sha256": digestFile, "filebase64sha512": digestFile,

		"join": join, "format": format, "formatlist": formatList, "replace": replace, "trimspace": trimSpace, "chomp": chomp, "indent": indent,
		"startswith": startsWith, "endswith": endsWith, "strcontains": strContains, "urlencode": urlEncode,
		"jsonencode": jsonEncode, "yamlencode": jsonEncode,
		"base64encode": base64Encode, "base64decode": base64Decode, "base64gzip": base64Gzip, "textencodebase64": base64Encode,
		"textdecodebase64": base64Decode,
		"md5":              digest("md5"), "sha1": digest("sha1"), "sha256": digest("sha256"), "sha512": digest("sha512"),
		"base64sha256": digest("base64sha256"), "base64sha512": digest("base64sha512"),
		"cidrhost": cidr("host"), "cidrsubnet": cidr("subnet"), "cidrnetmask": cidr("netmask"), "cidrsubnets": cidr("subnets"),
	}
}
