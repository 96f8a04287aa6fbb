package cloudformation

import "github.com/tljh-policy/tljh-policy/internal/read/terraform/eval"

// kind says what a type of resource is in Terraform's words, and how its arguments are passed on.
type kind struct {
	typ  string
	fill func(t *template, r *resource, p *eval.Val)
}

// renamed passes the arguments on, some under another name than the snake-cased one ("" drops one).
func renamed(typ string, pairs ...string) kind {
	names := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		names[pairs[i]] = pairs[i+1]
	}
	return kind{typ, func(_ *template, r *resource, p *eval.Val) { r.give(p, names) }}
}

// kinds are the types that say something about a machine.
var kinds = map[string]kind{
	"AWS::EC2::Instance":                        {"aws_instance", instance},
	"AWS::EC2::LaunchTemplate":                  {"aws_launch_template", launchTemplate},
	"AWS::AutoScaling::LaunchConfiguration":     {"aws_launch_configuration", launchConfiguration},
	"AWS::AutoScaling::AutoScalingGroup":        {"aws_autoscaling_group", scalingGroup},
	"AWS::EC2::SecurityGroup":                   {"aws_security_group", securityGroup},
	"AWS::EC2::SecurityGroupIngress":            {"aws_security_group_rule", ruleOf("ingress")},
	"AWS::EC2::SecurityGroupEgress":             {"aws_security_group_rule", ruleOf("egress")},
	"AWS::EC2::EIP":                             renamed("aws_eip", "instance_id", "instance"),
	"AWS::EC2::EIPAssociation":                  renamed("aws_eip_association", "eip", "public_ip"),
	"AWS::EC2::NetworkInterface":                renamed("aws_network_interface", "group_set", "security_groups"),
	"AWS::EC2::NetworkInterfaceAttachment":      renamed("aws_network_interface_attachment"),
	"AWS::EC2::Subnet":                          renamed("aws_subnet"),
	"AWS::EC2::KeyPair":                         renamed("aws_key_pair", "public_key_material", "public_key"),
	"AWS::EC2::Volume":                          renamed("aws_ebs_volume"),
	"AWS::EC2::VolumeAttachment":                renamed("aws_volume_attachment"),
	"AWS::EFS::FileSystem":                      {"aws_efs_file_system", fileSystem},
	"AWS::DLM::LifecyclePolicy":                 {"aws_dlm_lifecycle_policy", lifecyclePolicy},
	"AWS::Backup::BackupPlan":                   {"aws_backup_plan", backupPlan},
	"AWS::Backup::BackupSelection":              {"aws_backup_selection", backupSelection},
	"AWS::CloudWatch::Alarm":                    {"aws_cloudwatch_metric_alarm", alarm},
	"AWS::SNS::Topic":                           {"aws_sns_topic", topic},
	"AWS::SNS::Subscription":                    renamed("aws_sns_topic_subscription"),
	"AWS::Route53::HealthCheck":                 {"aws_route53_health_check", healthCheck},
	"AWS::Route53::HostedZone":                  renamed("aws_route53_zone"),
	"AWS::Route53::RecordSet":                   {"aws_route53_record", recordSet},
	"AWS::Route53::RecordSetGroup":              {"cloudformation_other", recordSets},
	"AWS::ElasticLoadBalancingV2::LoadBalancer": renamed("aws_lb"),
	"AWS::ElasticLoadBalancingV2::Listener":     {"aws_lb_listener", listener},
	"AWS::ElasticLoadBalancingV2::TargetGroup":  {"aws_lb_target_group", targetGroup},
	"AWS::IAM::InstanceProfile":                 renamed("aws_iam_instance_profile", "instance_profile_name", "name"),
	"AWS::IAM::Role":                            {"aws_iam_role", role},
	"AWS::IAM::Policy":                          {"cloudformation_other", rolePolicy},
	"AWS::IAM::RolePolicy":                      {"cloudformation_other", rolePolicy},
	"AWS::IAM::ManagedPolicy":                   {"aws_iam_policy", managedPolicy},
	"AWS::SSM::Association":                     renamed("aws_ssm_association"),
	"AWS::SSM::MaintenanceWindow":               renamed("aws_ssm_maintenance_window"),
	"AWS::SSM::MaintenanceWindowTarget":         renamed("aws_ssm_maintenance_window_target"),
	"AWS::SSM::MaintenanceWindowTask":           {"aws_ssm_maintenance_window_task", patchTask},
	"AWS::Lightsail::Instance":                  {"aws_lightsail_instance", lightsail},
	"AWS::Lightsail::StaticIp":                  {"aws_lightsail_static_ip", staticIP},
}
