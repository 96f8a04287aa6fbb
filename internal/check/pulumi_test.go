package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tljh-policy/tljh-policy/internal/report"
)

// A whole repository of a hub that Pulumi makes: the verdicts, and what becomes of them when what they rest on goes.
func TestPulumiHub(t *testing.T) {
	const project = `name: hub
runtime: yaml
config:
  size: {default: s-8vcpu-16gb}
resources:
  hub:
    type: digitalocean:Droplet
    properties:
      image: ubuntu-24-04-x64
      region: fra1
      size: ${size}
      sshKeys: [123]
      backups: true
      backupPolicy: {plan: daily, hour: 4}
      userData:
        fn::readFile: setup.sh
  home: {type: digitalocean:Volume, properties: {region: fra1, size: 200, name: home}, options: {protect: true}}
  homeOnHub: {type: digitalocean:VolumeAttachment, properties: {dropletId: "${hub.id}", volumeId: "${home.id}"}}
  address: {type: digitalocean:ReservedIp, properties: {region: fra1, dropletId: "${hub.id}"}}
  firewall:
    type: digitalocean:Firewall
    properties:
      dropletIds: ["${hub.id}"]
      inboundRules:
        - {protocol: tcp, portRange: "443", sourceAddresses: [0.0.0.0/0]}
        - {protocol: tcp, portRange: "80", sourceAddresses: [0.0.0.0/0]}
        - {protocol: tcp, portRange: "22", sourceAddresses: [203.0.113.0/24]}
`
	const setup = "#!/bin/bash\ncurl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ada\ntljh-config set limits.memory 1G\ntljh-config set limits.cpu 1\n"
	outcomes := func(project string) map[string]report.Outcome {
		got, _ := checked(t, map[string]string{"Pulumi.yaml": project, "setup.sh": setup}, "pinned-ip", "firewall", "resource-limits", "vm-sizing")
		out := map[string]report.Outcome{}
		for k, v := range got {
			_, rule, _ := strings.Cut(k, " ")
			out[rule] = v
		}
		return out
	}
	for id, got := range outcomes(project) {
		if got != report.Pass {
			t.Errorf("%s: %s", id, got)
		}
	}
	for _, c := range []struct{ rule, from, to, want string }{
		{"firewall", `portRange: "443"`, `portRange: "1-65535"`, "fail"},
		{"firewall", `sourceAddresses: [203.0.113.0/24]`, "sourceAddresses: ['${office}']", "unknown"},
		{"pinned-ip", `  address: {type: digitalocean:ReservedIp, properties: {region: fra1, dropletId: "${hub.id}"}}`, "", "fail"},
		{"pinned-ip", `  address: {type: digitalocean:ReservedIp`, "  address: {type: 'own:index:Address'", "unknown"},
		{"vm-sizing", "s-8vcpu-16gb", "s-1vcpu-1gb", "fail"},
		{"vm-sizing", "default: s-8vcpu-16gb", "type: string", "unknown"},
		{"resource-limits", "fn::readFile: setup.sh", "fn::readFile: other.sh", "unknown"},
	} {
		changed := strings.Replace(project, c.from, c.to, 1)
		if got := string(outcomes(changed)[c.rule]); changed == project || got != c.want {
			t.Errorf("%s with %q: %s, want %s", c.rule, c.to, got, c.want)
		}
	}
}

// production is the production fixture's Terraform as a Pulumi program.
const production = `name: hub
runtime: yaml
config:
  aws:region: {value: eu-central-1}
  zoneId: {type: string}
  adminPublicKey: {type: string}
  adminEmail: {type: string}
  backupRoleArn: {type: string}
variables:
  ubuntu:
    fn::aws:ec2:getAmi:
      owners: ["099720109477"]
      mostRecent: true
      filters: [{name: name, values: ["ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*"]}]
resources:
  admin: {type: "aws:ec2:KeyPair", properties: {keyName: hub-admin, publicKey: "${adminPublicKey}"}}
  hub:
    type: aws:ec2:Instance
    properties:
      ami: ${ubuntu.id}
      instanceType: m6i.4xlarge
      keyName: ${admin.keyName}
      vpcSecurityGroupIds: ["${hubGroup.id}"]
      disableApiTermination: true
      userData: {"fn::readFile": install.sh}
      rootBlockDevice: {volumeSize: 60, encrypted: true, tags: {Backup: daily}}
      metadataOptions: {httpTokens: required}
    options: {protect: true, ignoreChanges: [ami, userData]}
  homes:
    type: aws:ebs:Volume
    properties: {availabilityZone: "${hub.availabilityZone}", size: 200, encrypted: true, tags: {Backup: often}}
    options: {protect: true}
  homesOnHub: {type: "aws:ec2:VolumeAttachment", properties: {deviceName: /dev/sdf, volumeId: "${homes.id}", instanceId: "${hub.id}"}}
  prepared: {type: "aws:ec2:AmiFromInstance", properties: {name: hub-prepared, sourceInstanceId: "${hub.id}"}}
  system:
    type: aws:dlm:LifecyclePolicy
    properties:
      executionRoleArn: ${backupRoleArn}
      state: ENABLED
      policyDetails:
        resourceTypes: [VOLUME]
        targetTags: {Backup: daily}
        schedules: [{name: nightly, createRule: {interval: 24, intervalUnit: HOURS, times: "02:00"}, retainRule: {count: 14}}]
  often:
    type: aws:dlm:LifecyclePolicy
    properties:
      executionRoleArn: ${backupRoleArn}
      state: ENABLED
      policyDetails:
        resourceTypes: [VOLUME]
        targetTags: {Backup: often}
        schedules: [{name: often, createRule: {interval: 6, intervalUnit: HOURS}, retainRule: {count: 40}}]
  admins: {type: "aws:sns:Topic", properties: {name: hub-admins}}
  mail: {type: "aws:sns:TopicSubscription", properties: {topic: "${admins.arn}", protocol: email, endpoint: "${adminEmail}"}}
  disk:
    type: aws:cloudwatch:MetricAlarm
    properties:
      namespace: CWAgent
      metricName: disk_used_percent
      statistic: Maximum
      comparisonOperator: GreaterThanThreshold
      threshold: 85
      period: 300
      evaluationPeriods: 1
      dimensions: {InstanceId: "${hub.id}"}
      alarmActions: ["${admins.arn}"]
  address: {type: "aws:ec2:Eip", properties: {domain: vpc, instance: "${hub.id}"}}
  name: {type: "aws:route53:Record", properties: {zoneId: "${zoneId}", name: hub.tljh-policy-demo.net, type: A, ttl: 300, records: ["${address.publicIp}"]}}
  hubGroup:
    type: aws:ec2:SecurityGroup
    properties:
      ingress:
        - {protocol: tcp, fromPort: 80, toPort: 80, cidrBlocks: [0.0.0.0/0]}
        - {protocol: tcp, fromPort: 443, toPort: 443, cidrBlocks: [0.0.0.0/0]}
        - {protocol: tcp, fromPort: 22, toPort: 22, cidrBlocks: [192.0.2.0/24]}
      egress: [{protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: [0.0.0.0/0]}]
`

// The production fixture passes every rule as a Pulumi program too, and fails what it fails as Terraform.
func TestPulumiProduction(t *testing.T) {
	files := map[string]string{"Pulumi.yaml": production}
	for _, name := range []string{"install.sh", ".tljh-policy.yaml"} {
		b, err := os.ReadFile(filepath.Join("../../fixtures/production", name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(b)
	}
	before, _ := checked(t, files)
	if len(before) < 10 {
		t.Errorf("only %d verdicts", len(before))
	}
	for id, got := range before {
		if got != report.Pass {
			t.Errorf("%s: %s", id, got)
		}
	}
	for _, c := range []struct{ rule, from, to, want string }{
		{"disk-backups", "targetTags: {Backup: daily}", "targetTags: {Backup: never}", "fail"},
		{"disk-backups", "  often:\n    type: aws:dlm:LifecyclePolicy", "  often:\n    type: own:index:Policy", "unknown"},
		{"disk-backups", "state: ENABLED", "state: DISABLED", "fail"},
		{"pinned-ip", `instance: "${hub.id}"}}`, "networkBorderGroup: eu}}", "fail"},
		{"ssh-access", "keyName: ${admin.keyName}", "tags: {}", "fail"},
		{"firewall", "192.0.2.0/24", "0.0.0.0/0", "pass"},
		{"firewall", "ingress:", "ingress: ${rules}\n      none:", "unknown"},
		{"monitoring", "alarmActions", "okActions", "fail"},
		{"base-snapshot", "aws:ec2:AmiFromInstance", "aws:ec2:Vpc", "fail"},
		{"vm-sizing", "m6i.4xlarge", "t3.small", "fail"},
	} {
		changed := strings.Replace(production, c.from, c.to, 1)
		files["Pulumi.yaml"] = changed
		after, _ := checked(t, files, c.rule)
		for k, got := range after {
			if changed == production || string(got) != c.want {
				t.Errorf("%s with %q: %s, want %s", k, c.to, got, c.want)
			}
		}
	}
}
