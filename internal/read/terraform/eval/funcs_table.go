package eval

// own are the functions that keep the origin of what they pass on, or that read files.
var own map[string]func(*call) *Val

func init() {
	own = map[string]func(*call) *Val{
		"concat": concat, "merge": mergeMaps, "flatten": flatten, "element": element, "lookup": lookup, "coalesce": coalesce,
		"coalescelist": coalesceList, "try": try, "can": can, "tolist": toList, "list": func(c *call) *Val { return list(c.at, c.args...) },
		"toset": toSet, "tomap": first, "map": makeMap, "compact": compact, "distinct": distinct, "values": values, "keys": keys,
		"length": length, "one": one, "reverse": reverse, "slice": slice, "contains": contains, "index": indexOf, "zipmap": zipmap,
		"range": rangeOf, "setproduct": setProduct, "transpose": transpose, "matchkeys": matchKeys, "sum": sum, "alltrue": allTrue, "anytrue": anyTrue,
		"tostring": toString, "tonumber": toNumber, "tobool": toBool, "sensitive": func(c *call) *Val { return c.arg(0).sensitive() },
		"nonsensitive": nonsensitive, "issensitive": func(c *call) *Val { return boolean(c.arg(0).Sensitive, c.at) },
		"type": named("type"), "ephemeralasnull": first,

		"file": file, "filebase64": fileBase64, "fileexists": fileExists, "fileset": fileSet, "templatefile": templateFile,
		"templatestring": templateString, "basename": base, "dirname": dirName, "abspath": first, "pathexpand": first,
		"filemd5": digestFile("md5"), "filesha1": digestFile("sha1"), "filesha256": digestFile("sha256"), "filesha512": digestFile("sha512"),
		"filebase64sha256": digestFile("base64sha256"), "filebase64sha512": digestFile("base64sha512"),

		"join": join, "format": format, "formatlist": formatList, "replace": replace, "trimspace": trimSpace, "chomp": chomp, "indent": indent,
		"startswith": startsWith, "endswith": endsWith, "strcontains": strContains, "urlencode": urlEncode, "urldecode": urlDecode, "timecmp": timeCompare,
		"jsonencode": jsonEncode, "yamlencode": jsonEncode, "jsondecode": jsonDecode, "yamldecode": yamlDecode,
		"base64encode": base64Encode, "base64decode": base64Decode, "base64gzip": base64Gzip, "base64gunzip": base64Gunzip,
		"textencodebase64": encoded(base64Encode), "textdecodebase64": encoded(base64Decode),
		"md5": digest("md5"), "sha1": digest("sha1"), "sha256": digest("sha256"), "sha512": digest("sha512"),
		"base64sha256": digest("base64sha256"), "base64sha512": digest("base64sha512"),
		"cidrhost": cidr("host"), "cidrsubnet": cidr("subnet"), "cidrnetmask": cidr("netmask"), "cidrsubnets": cidrSubnets, "cidrcontains": cidrContains,
	}
}
