package pulumi

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// arguments are those of Terraform's that reasons speak of.
var arguments = strings.Fields(`access_config admin_pass admin_password admin_ssh_key associate_public_ip_address authorized_keys authorized_users
	auto_delete backup_policy backups_enabled boot_disk default_tags delete_after delete_data_disks_on_termination delete_on_termination
	delete_os_disk_on_termination delete_protection deletion_protection disable_api_termination disable_password_authentication disk_encryption
	disk_size_gb flavor_name http_tokens iam_instance_profile image_name inbound_policy instance_type key_name key_pair machine_type
	map_public_ip_on_launch metadata_options nat_ip not_resources os_disk patch_mode public_key rebuild_protection retention_policy
	root_block_device root_pass server_type service_account source_vm_id ssh_key ssh_key_ids ssh_key_name ssh_keys target_tags user_data
	user_data_replace_on_change volume_size`)

// words puts what reasons call by Terraform's names into Pulumi's.
var words = sync.OnceValue(func() *strings.Replacer {
	type pair struct{ from, to string }
	pairs := []pair{{"known only after apply", "known only when the stack is updated"}, {"Terraform does not know it", "Pulumi does not know it"},
		{"Terraform removes", "Pulumi's provider removes"}, {"Terraform deletes", "Pulumi's provider deletes"}}
	for _, a := range arguments {
		pairs = append(pairs, pair{a, camel(a)})
	}
	seen := map[string]bool{}
	for _, line := range strings.Split(tokensText, "\n") {
		token, typ, _ := strings.Cut(line, " ")
		if strings.HasPrefix(line, "#") || !strings.Contains(typ, "_") || strings.Contains(token, ":get") || seen[typ] {
			continue
		}
		seen[typ] = true
		pairs = append(pairs, pair{typ, token})
	}
	// The first that matches is taken, so that the longest has to come first.
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(len(b.from), len(a.from)) })
	var all []string
	for _, p := range pairs {
		all = append(all, p.from, p.to)
	}
	return strings.NewReplacer(all...)
})
