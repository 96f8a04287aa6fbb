package arm

import (
	"strings"

	"github.com/tljh-policy/tljh-policy/internal/read/markup"
	"github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"
)

func networkInterface(i *Item, body *eval.Val) {
	i.give(body, "name=name", "network_security_group_id=properties.networkSecurityGroup.id")
	i.res.Give("ip_configuration", each(field(body, "properties", "ipConfigurations"),
		"public_ip_address_id=properties.publicIPAddress.id", "subnet_id=properties.subnet.id"))
}

func publicIP(i *Item, body *eval.Val) {
	i.give(body, "name=name", "location=location", "sku=sku.name", "allocation_method=properties.publicIPAllocationMethod",
		"domain_name_label=properties.dnsSettings.domainNameLabel")
	if field(body, "properties", "publicIPAllocationMethod").IsNull() {
		i.res.Give("allocation_method", eval.Text("Dynamic", i.res.At).Assume("Azure's default"))
	}
	if field(body, "sku").IsNull() {
		i.res.Give("sku", eval.Text("Basic", i.res.At).Assume("Azure's default"))
	}
}

var ruleFields = []string{"access=access", "direction=direction", "priority=priority", "protocol=protocol", "source_address_prefix=sourceAddressPrefix",
	"source_address_prefixes=sourceAddressPrefixes", "destination_port_range=destinationPortRange", "destination_port_ranges=destinationPortRanges",
	"source_port_range=sourcePortRange", "source_port_ranges=sourcePortRanges", "destination_address_prefix=destinationAddressPrefix",
	"destination_address_prefixes=destinationAddressPrefixes", "source_application_security_group_ids=sourceApplicationSecurityGroups",
	"destination_application_security_group_ids=destinationApplicationSecurityGroups"}

func securityGroup(i *Item, body *eval.Val) {
	i.give(body, "name=name")
	rules := field(body, "properties", "securityRules")
	if rules.IsNull() || rules.IsUnknown() {
		i.res.Give("security_rule", rules)
		return
	}
	out := eval.ListAt(rules.At)
	for _, r := range rules.List() {
		if p := field(r, "properties"); !p.IsNull() {
			b := under(p, ruleFields...)
			if b.Kind == eval.Map {
				b = b.AtPlace(r.At)
			}
			out.Items = append(out.Items, b)
		} else {
			out.Items = append(out.Items, r)
		}
	}
	i.res.Give("security_rule", out)
}

func securityRule(i *Item, body *eval.Val) {
	i.res.Give("network_security_group_name", i.parent("microsoft.network/networksecuritygroups"))
	if b := under(field(body, "properties"), ruleFields...); b.Kind == eval.Map {
		for _, k := range b.Keys {
			i.res.Give(k, b.Child[k])
		}
	}
}

const subnetType = "microsoft.network/virtualnetworks/subnets"

// virtualNetwork may hold its subnets, which machines' interfaces name.
func virtualNetwork(i *Item, body *eval.Val) {
	i.give(body, "name=name")
	for _, s := range field(body, "properties", "subnets").List() {
		if sub := i.s.Find(subnetType, i.s.Below(i.name, field(s, "name"))); sub != nil {
			sub.res.Give("network_security_group_id", field(s, "properties", "networkSecurityGroup", "id"))
		}
	}
}

func dnsRecord(i *Item, body *eval.Val) {
	if t := i.name.TextString(); i.name.Kind == eval.String && strings.Contains(t, "/") {
		n := strings.LastIndexByte(t, '/')
		i.res.Give("zone_name", eval.TextOf(i.name.T.Slice(0, n)))
		i.res.Give("name", eval.TextOf(i.name.T.Slice(n+1, len(t))))
	}
	out := eval.ListAt(i.res.At)
	for _, r := range field(body, "properties", "ARecords").List() {
		out.Items = append(out.Items, field(r, "ipv4Address"))
	}
	if len(out.Items) > 0 {
		i.res.Give("records", out)
	} else {
		i.res.Give("records", field(body, "properties", "targetResource", "id"))
	}
}

func backupPolicy(i *Item, body *eval.Val) {
	i.give(body, "name=name")
	p := field(body, "properties")
	i.res.Give("backup", under(field(p, "schedulePolicy"), "frequency=scheduleRunFrequency", "hour_interval=hourlySchedule.interval", "weekdays=scheduleRunDays"))
	i.res.Give("retention_daily", under(field(p, "retentionPolicy", "dailySchedule", "retentionDuration"), "count=count"))
	i.res.Give("retention_weekly", under(field(p, "retentionPolicy", "weeklySchedule", "retentionDuration"), "count=count"))
}

func metricAlert(i *Item, body *eval.Val) {
	i.give(body, "scopes=properties.scopes", "enabled=properties.enabled")
	i.res.Give("criteria", each(field(body, "properties", "criteria", "allOf"), "metric_name=metricName"))
	if test := field(body, "properties", "criteria", "webTestId"); !test.IsNull() {
		i.res.Give("application_insights_web_test_location_availability_criteria", under(field(body, "properties", "criteria"), "web_test_id=webTestId"))
	}
	i.res.Give("action", each(field(body, "properties", "actions"), "action_group_id=actionGroupId"))
}

// actionGroup says who is told. Azure has a list for each kind, Terraform a block.
func actionGroup(i *Item, body *eval.Val) {
	i.give(body, "name=name", "enabled=properties.enabled")
	for _, kind := range []string{"armRole", "automationRunbook", "azureAppPush", "azureFunction", "email", "eventHub", "itsm", "logicApp", "sms", "voice", "webhook"} {
		i.res.Give(markup.Snake(kind)+"_receiver", field(body, "properties", kind+"Receivers"))
	}
	if p := field(body, "properties"); p.IsUnknown() {
		i.res.Give("enabled", p)
	}
}

func webTest(i *Item, body *eval.Val) {
	i.give(body, "name=name")
	i.res.Give("request", under(field(body, "properties", "Request"), "url=RequestUrl"))
}

// protectedItem is a machine with what is copied of it: Azure has one list of disks, which are meant or left out.
func protectedItem(i *Item, body *eval.Val) {
	i.give(body, "source_vm_id=properties.sourceResourceId", "backup_policy_id=properties.policyId", "protection_state=properties.protectionState")
	some := field(body, "properties", "extendedProperties", "diskExclusionProperties")
	if some.IsNull() {
		return
	}
	luns := field(some, "diskLunList")
	switch only, ok := field(some, "isInclusionList").Bool(); {
	case !ok:
		i.res.Give("exclude_disk_luns", eval.NotKnown("whether the disks that are named are those that are copied is not known", some.At))
	case only:
		i.res.Give("include_disk_luns", luns)
	default:
		i.res.Give("exclude_disk_luns", luns)
	}
}

// diskPolicy is how often copies of disks are made, and how long they are kept.
func diskPolicy(i *Item, body *eval.Val) {
	i.give(body, "name=name")
	rules := field(body, "properties", "policyRules")
	if rules.IsUnknown() {
		i.res.Give("default_retention_duration", rules)
	}
	for _, r := range rules.List() {
		if v := field(r, "trigger", "schedule", "repeatingTimeIntervals"); !v.IsNull() {
			i.res.Give("backup_repeating_time_intervals", v)
		}
		if standard, _ := field(r, "isDefault").Bool(); standard {
			for _, l := range field(r, "lifecycles").List() {
				i.res.Give("default_retention_duration", field(l, "deleteAfter", "duration"))
			}
		}
	}
}

func lock(i *Item, body *eval.Val) {
	i.give(body, "lock_level=properties.level", "scope=scope")
}

// builtIn are the ids of Azure's wide roles.
var builtIn = map[string]string{"8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner", "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
	"18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator", "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader"}

func roleAssignment(i *Item, body *eval.Val) {
	i.give(body, "principal_id=properties.principalId")
	id := field(body, "properties", "roleDefinitionId")
	text := strings.ToLower(id.TextString() + id.Reason())
	for guid, name := range builtIn {
		if strings.Contains(text, guid) {
			i.res.Give("role_definition_name", eval.Text(name, id.At))
		}
	}
}
