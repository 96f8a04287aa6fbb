package fix

var cases = map[string]testCase{
	"shell: plain word":            {text: "INSTALL\nsudo tljh-config set limits.memory 2GB # ten of them\n", set: "limits.memory=2G", want: "-sudo tljh-config set limits.memory 2GB # ten of them\n+sudo tljh-config set limits.memory 2G # ten of them\n"},
	"shell: double quotes":         {text: "INSTALL\ntljh-config set limits.memory \"2GB\"\n", set: "limits.memory=2G", want: "-tljh-config set limits.memory \"2GB\"\n+tljh-config set limits.memory \"2G\"\n"},
	"shell: single quotes":         {text: "INSTALL\n/usr/bin/tljh-config set 'limits.memory' '2GB'\n", set: "limits.memory=2G", want: "-/usr/bin/tljh-config set 'limits.memory' '2GB'\n+/usr/bin/tljh-config set 'limits.memory' '2G'\n"},
	"shell: boolean in quotes":     {text: "INSTALL\ntljh-config set services.cull.enabled 'false'\n", set: "services.cull.enabled=true", want: "-tljh-config set services.cull.enabled 'false'\n+tljh-config set services.cull.enabled 'true'\n"},
	"shell: continued":             {text: "INSTALL\nsudo -E tljh-config \\\n  set limits.memory \\\n  2GB\n", set: "limits.memory=2G", want: "-  2GB\n+  2G\n"},
	"shell: in a chain":            {text: "INSTALL\nsudo tljh-config set limits.memory 2GB && sudo tljh-config reload\n", set: "limits.memory=2G", want: "-sudo tljh-config set limits.memory 2GB && sudo tljh-config reload\n+sudo tljh-config set limits.memory 2G && sudo tljh-config reload\n"},
	"shell: last one wins":         {text: "INSTALL\ntljh-config set limits.memory 1GB\ntljh-config set limits.memory 2GB\n", set: "limits.memory=2G", want: "-tljh-config set limits.memory 2GB\n+tljh-config set limits.memory 2G\n"},
	"shell: a variable":            {text: "MEM=2GB   # each\nINSTALL\ntljh-config set limits.memory $MEM\n", set: "limits.memory=2G", want: "-MEM=2GB   # each\n+MEM=2G   # each\n"},
	"shell: a quoted variable":     {text: "export MEM='2GB'\nINSTALL\ntljh-config set limits.memory \"${MEM}\"\n", set: "limits.memory=2G", want: "-export MEM='2GB'\n+export MEM='2G'\n"},
	"shell: variable used more":    {text: "MEM=2GB\nINSTALL\ntljh-config set limits.memory $MEM\necho \"with $MEM\"\n", set: "limits.memory=2G", want: "~$MEM"},
	"shell: built value":           {text: "N=2\nINSTALL\ntljh-config set limits.memory ${N}GB\n", set: "limits.memory=2G", want: "~put together"},
	"shell: windows":               {text: "INSTALL\r\ntljh-config set https.enabled true\r\ntljh-config set limits.memory 2GB\r\n", set: "limits.memory=2G", want: "-tljh-config set limits.memory 2GB\n+tljh-config set limits.memory 2G\n"},
	"shell: function":              {text: "INSTALL\nconf() { sudo tljh-config set \"$1\" \"$2\"; }\nconf https.enabled true\nconf limits.memory 2GB\n", set: "limits.memory=2G", want: "-conf limits.memory 2GB\n+conf limits.memory 2G\n"},
	"shell: default of a variable": {text: "INSTALL\ntljh-config set limits.memory \"${MEM:-2GB}\"\n", set: "limits.memory=2G", want: "-tljh-config set limits.memory \"${MEM:-2GB}\"\n+tljh-config set limits.memory \"${MEM:-2G}\"\n"},
	"shell: add by a function":     {text: "INSTALL\nconf() { sudo tljh-config set \"$1\" \"$2\"; }\nconf https.port 443\nconf limits.cpu 2 # few\n", set: "limits.memory=1G", want: "+conf limits.memory 1G\n"},
	"shell: only perhaps":          {text: "INSTALL\nif [ -n \"$BIG\" ]; then\n  tljh-config set limits.memory 2GB\nfi\n", set: "limits.memory=2G", want: "~may not run"},
	"shell: list from text":        {text: "INSTALL\ntljh-config set https.letsencrypt.domains hub.uni.edu\n", set: `https.letsencrypt.domains=["hub.uni.edu"]`, want: "-tljh-config set https.letsencrypt.domains hub.uni.edu\n+tljh-config add-item https.letsencrypt.domains hub.uni.edu\n"},

	"shell: add after the last":     {text: "INSTALL\nsudo tljh-config set https.enabled true\nsudo -E tljh-config add-item users.admin bob # the teacher\nsudo tljh-config reload\n", set: "limits.memory=1G", want: "+sudo -E tljh-config set limits.memory 1G\n"},
	"shell: add beside its section": {text: "INSTALL\nsudo tljh-config set limits.cpu 2\nsudo tljh-config set https.enabled true\n", set: "limits.memory=1G", want: "+sudo tljh-config set limits.memory 1G\n"},
	"shell: add indented":           {text: "INSTALL\nmain() {\n\ttljh-config set limits.cpu 2\n\ttljh-config reload\n}\nmain\n", set: "limits.memory=1G", want: "+\ttljh-config set limits.memory 1G\n"},
	"shell: add continued":          {text: "INSTALL\nsudo tljh-config set \\\n  limits.cpu \\\n  2\nsudo tljh-config reload\n", set: "limits.memory=1G", want: "+sudo tljh-config set \\\n+  limits.memory \\\n+  1G\n"},
	"shell: add to a chain":         {text: "INSTALL\nsudo tljh-config set https.enabled true && \\\nsudo tljh-config set limits.cpu 2 && \\\nsudo tljh-config reload\n", set: "limits.memory=1G", want: "+sudo tljh-config set limits.memory 1G && \\\n"},
	"shell: add before the end":     {text: "INSTALL\nsudo tljh-config set https.enabled true &&\n  sudo tljh-config set limits.cpu 2\n", set: "limits.memory=1G", want: "+  sudo tljh-config set limits.memory 1G &&\n"},
	"shell: add on one line":        {text: "INSTALL\nsudo tljh-config set limits.cpu 2 && sudo tljh-config reload\n", set: "limits.memory=1G", want: "-sudo tljh-config set limits.cpu 2 && sudo tljh-config reload\n+sudo tljh-config set limits.cpu 2 && sudo tljh-config set limits.memory 1G && sudo tljh-config reload\n"},
	"shell: add with semicolons":    {text: "INSTALL\ntljh-config set limits.cpu 2; tljh-config reload\n", set: "limits.memory=1G", want: "-tljh-config set limits.cpu 2; tljh-config reload\n+tljh-config set limits.cpu 2; tljh-config set limits.memory 1G; tljh-config reload\n"},
	"shell: add windows":            {text: "INSTALL\r\ntljh-config set limits.cpu 2\r\ntljh-config reload\r\n", set: "limits.memory=1G", want: "+tljh-config set limits.memory 1G\n"},
	"shell: add no final newline":   {text: "INSTALL\ntljh-config set limits.cpu 2", set: "limits.memory=1G", want: "+tljh-config set limits.memory 1G\n"},
	"shell: add not in a condition": {text: "INSTALL\ntljh-config set https.enabled true\nif [ -n \"$BIG\" ]; then\n  tljh-config set limits.cpu 2\nfi\n", set: "limits.memory=1G", want: "+tljh-config set limits.memory 1G\n"},
	"shell: add not in a loop":      {text: "INSTALL\nfor u in ann bob; do\n  tljh-config add-item users.admin $u\ndone\n", set: "limits.memory=1G", want: "+sudo tljh-config set limits.memory 1G\n+sudo tljh-config reload\n"},
	"shell: add an item":            {text: "INSTALL\nsudo tljh-config add-item users.admin \"ann\"\nsudo tljh-config reload\n", set: "users.allowed+=bob", want: "+sudo tljh-config add-item users.allowed bob\n"},
	"shell: add by a variable":      {text: "WHO=ann\nCFG=\"sudo tljh-config\"\nINSTALL\n$CFG add-item users.admin \"$WHO\"\n$CFG reload\n", set: "limits.memory=1G", want: "+$CFG set limits.memory 1G\n"},
	"shell: several":                {text: "INSTALL\nsudo tljh-config set limits.cpu 2\nsudo tljh-config reload\n", set: "users.allowed+=ann; auth.type=nativeauthenticator.NativeAuthenticator", want: "+sudo tljh-config add-item users.allowed ann\n+sudo tljh-config set auth.type nativeauthenticator.NativeAuthenticator\n"},

	"installer: after it":     {text: "#!/bin/bash\nINSTALL\necho done\n", set: "limits.memory=1G", want: "+sudo tljh-config set limits.memory 1G\n+sudo tljh-config reload\n"},
	"installer: as root":      {text: "#!/bin/bash\ncurl https://tljh.jupyter.org/bootstrap.py \\\n  | python3 - \\\n    --admin ann # me\n", set: "limits.memory=1G", want: "+tljh-config set limits.memory 1G\n+tljh-config reload\n"},
	"installer: several":      {text: "INSTALL\n", set: "users.allowed+=ann; auth.type=nativeauthenticator.NativeAuthenticator", want: "+sudo tljh-config add-item users.allowed ann\n+sudo tljh-config set auth.type nativeauthenticator.NativeAuthenticator\n+sudo tljh-config reload\n"},
	"installer: windows":      {text: "#!/bin/bash\r\nINSTALL\r\necho done", set: "limits.memory=1G", want: "+sudo tljh-config set limits.memory 1G\n+sudo tljh-config reload\n"},
	"installer: background":   {text: "curl https://tljh.jupyter.org/bootstrap.py | python3 - &\n", set: "limits.memory=1G", want: "~line by line"},
	"installer: only perhaps": {text: "if [ -n \"$NEW\" ]; then\nINSTALL\nfi\n", set: "limits.memory=1G", want: "~no tljh-config command"},

	"yaml: plain scalar":       yamlCase("limits:\n  memory: 2GB   # each\n  cpu: 2\n", "limits.memory=2G", "-  memory: 2GB   # each\n+  memory: 2G   # each\n"),
	"yaml: quotes stay":        yamlCase("limits:\n  memory: '2GB'\n", "limits.memory=2G", "-  memory: '2GB'\n+  memory: '2G'\n"),
	"yaml: quoted boolean":     yamlCase("https:\n  enabled: \"false\" # not yet\n", "https.enabled=true", "-  enabled: \"false\" # not yet\n+  enabled: true # not yet\n"),
	"yaml: nothing written":    yamlCase("limits:\n  memory:\n  cpu: 2\n", "limits.memory=1G", "-  memory:\n+  memory: 1G\n"),
	"yaml: null":               yamlCase("limits:\n  memory: ~ # none\n", "limits.memory=1G", "-  memory: ~ # none\n+  memory: 1G # none\n"),
	"yaml: flow":               yamlCase("limits: {memory: 2GB, cpu: 2}\n", "limits.memory=2G", "-limits: {memory: 2GB, cpu: 2}\n+limits: {memory: 2G, cpu: 2}\n"),
	"yaml: list from text":     yamlCase("https:\n  letsencrypt:\n    domains: hub.uni.edu\n", `https.letsencrypt.domains=["hub.uni.edu"]`, "-    domains: hub.uni.edu\n+    domains: [hub.uni.edu]\n"),
	"yaml: add a key":          yamlCase("limits:\n    cpu: 2   # two\n# end\nusers:\n    admin: [ann]\n", "limits.memory=1G", "+    memory: 1G\n"),
	"yaml: add to flow":        yamlCase("limits: { cpu: 2 } # few\n", "limits.memory=1G", "-limits: { cpu: 2 } # few\n+limits: { cpu: 2, memory: 1G } # few\n"),
	"yaml: add to empty flow":  yamlCase("limits: {}\nusers:\n  admin: [ann]\n", "limits.memory=1G", "-limits: {}\n+limits: {memory: 1G}\n"),
	"yaml: add to JSON":        yamlCase("{\"users\": {\"admin\": [\"ann\"]}}\n", "limits.memory=1G", "-{\"users\": {\"admin\": [\"ann\"]}}\n+{\"users\": {\"admin\": [\"ann\"]}, \"limits\": {\"memory\": \"1G\"}}\n"),
	"yaml: empty mapping":      yamlCase("{}\n", "limits.memory=1G", "-{}\n+limits:\n+  memory: 1G\n"),
	"yaml: add a block":        yamlCase("users:\n    admin:\n    - ann\n", "limits.memory=1G", "+limits:\n+    memory: 1G\n"),
	"yaml: add a spaced block": yamlCase("users:\n  admin:\n  - ann\n\n# safe\nhttps:\n  enabled: true\n", "limits.memory=1G", "+\n+limits:\n+  memory: 1G\n"),
	"yaml: empty section":      yamlCase("users:\n  admin: [ann]\nlimits: # later\nhttps:\n  enabled: true\n", "limits.memory=1G", "+  memory: 1G\n"),
	"yaml: windows":            yamlCase("limits:\r\n  cpu: 2\r\nusers:\r\n  admin: [ann]\r\n", "limits.memory=1G", "+  memory: 1G\n"),
	"yaml: no final newline":   yamlCase("limits:\n  cpu: 2", "limits.memory=1G", "+  memory: 1G\n"),
	"yaml: block list":         yamlCase("users:\n  allowed:\n    - ann\n    -   bob # last\n  admin: [ann]\n", "users.allowed+=cem", "+    -   cem\n"),
	"yaml: flow list":          yamlCase("users:\n  admin: [ann]\n  allowed: [ ann, bob ]\n", "users.allowed+=cem", "-  allowed: [ ann, bob ]\n+  allowed: [ ann, bob, cem ]\n"),
	"yaml: empty list":         yamlCase("users:\n  admin: [ann]\n  allowed: []\n", "users.allowed+=cem", "-  allowed: []\n+  allowed: [cem]\n"),
	"yaml: new list":           yamlCase("users:\n  admin: [ann]\n", "users.allowed+=\"1234\"", "+  allowed:\n+    - \"1234\"\n"),
	"yaml: anchor elsewhere":   yamlCase("limits: &l\n  memory: 2GB\nx: *l\n", "limits.memory=2G", "~something else"),
	"yaml: alias":              yamlCase("x: &m 2GB\nlimits:\n  memory: *m\n", "limits.memory=2G", "~something else"),
	"yaml: written twice":      yamlCase("limits:\n  memory: 2GB\n  memory: 2GB\n", "limits.memory=2G", "~"),
	"yaml: template":           yamlCase("users:\n  admin: [ann]\nlimits:\n  memory: 2GB\n{% if big %}\n  cpu: 2\n{% endif %}\n", "limits.memory=2G", "~"),
	"yaml: block scalar":       yamlCase("users:\n  admin: [ann]\nlimits:\n  memory: >\n    2GB\n", "limits.memory=2G", "~several lines"),

	"heredoc: plain":        {text: "INSTALL\ncat > /opt/tljh/config/config.yaml <<EOF\nusers:\n  admin:\n    - ann\nEOF\ntljh-config reload\n", set: "limits.memory=1G", want: "+limits:\n+  memory: 1G\n"},
	"heredoc: a value":      {text: "INSTALL\nsudo tee /opt/tljh/config/config.yaml <<'EOF'\nlimits:\n  memory: 2GB\nEOF\n", set: "limits.memory=2G", want: "-  memory: 2GB\n+  memory: 2G\n"},
	"heredoc: in a section": {text: "INSTALL\nsudo tee /opt/tljh/config/config.yaml <<'EOF'\nlimits:\n  cpu: 2\nusers:\n  admin: [ann]\nEOF\n", set: "limits.memory=2G", want: "+  memory: 2G\n"},

	"cloud-init: a word":       {file: "cloud-init.yaml", text: "#cloud-config\nruncmd:\n  - curl https://tljh.jupyter.org/bootstrap.py | python3 - --admin ann\n  - tljh-config set limits.memory 2GB\n", set: "limits.memory=2G", want: "-  - tljh-config set limits.memory 2GB\n+  - tljh-config set limits.memory 2G\n"},
	"cloud-init: an item":      {file: "cloud-init.yaml", text: "#cloud-config\nruncmd:\n  - curl https://tljh.jupyter.org/bootstrap.py | python3 - --admin ann\n  - tljh-config set limits.cpu 2\n  - tljh-config reload\n", set: "limits.memory=1G", want: "+  - tljh-config set limits.memory 1G\n"},
	"cloud-init: words":        {file: "cloud-init.yaml", text: "#cloud-config\nruncmd:\n  - curl https://tljh.jupyter.org/bootstrap.py | python3 - --admin ann\n  - [tljh-config, set, limits.cpu, \"2\"]\n  - [tljh-config, reload]\n", set: "limits.memory=1G", want: "+  - [tljh-config, set, limits.memory, \"1G\"]\n"},
	"cloud-init: installer":    {file: "cloud-init.yaml", text: "#cloud-config\nruncmd:\n  - curl https://tljh.jupyter.org/bootstrap.py | python3 - --admin ann\n", set: "limits.memory=1G", want: "+  - tljh-config set limits.memory 1G\n+  - tljh-config reload\n"},
	"cloud-init: block":        {file: "cloud-init.yaml", text: "#cloud-config\nruncmd:\n  - |\n    curl https://tljh.jupyter.org/bootstrap.py | python3 - --admin ann\n    tljh-config set limits.cpu 2\n", set: "limits.memory=1G", want: "+    tljh-config set limits.memory 1G\n"},
	"cloud-init: written file": {file: "cloud-init.yaml", text: "#cloud-config\nwrite_files:\n  - path: /opt/tljh/config/config.yaml\n    content: |\n      users:\n        admin: [ann]\nruncmd:\n  - curl https://tljh.jupyter.org/bootstrap.py | python3 -\n", set: "limits.memory=1G", want: "+      limits:\n+        memory: 1G\n"},

	"terraform: heredoc": {file: "main.tf", text: terraform("  user_data = <<-EOT\n    #!/bin/bash\n    curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ann\n    tljh-config set limits.cpu 2\n    tljh-config reload\n  EOT\n"), set: "limits.memory=1G", want: "+    tljh-config set limits.memory 1G\n"},
	"terraform: value":   {file: "main.tf", text: terraform("  user_data = <<-EOT\n    #!/bin/bash\n    curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ann\n    tljh-config set limits.memory 2GB\n  EOT\n"), set: "limits.memory=2G", want: "-    tljh-config set limits.memory 2GB\n+    tljh-config set limits.memory 2G\n"},
	"terraform: inline":  {file: "main.tf", text: terraform("  provisioner \"remote-exec\" {\n    inline = [\n      \"curl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ann\",\n      \"sudo tljh-config set limits.cpu 2\"\n    ]\n  }\n"), set: "limits.memory=1G", want: "+      \"sudo tljh-config set limits.memory 1G\",\n"},
	"terraform: a template": {file: "main.tf", text: terraform("  user_data = templatefile(\"${path.module}/init.sh.tftpl\", { who = \"ann\" })\n"),
		more: map[string]string{"init.sh.tftpl": "#!/bin/bash\ncurl -L https://tljh.jupyter.org/bootstrap.py | sudo python3 - --admin ${who}\ntljh-config set limits.cpu 2\n"},
		set:  "limits.memory=1G", want: "init.sh.tftpl\n+tljh-config set limits.memory 1G\n"},
}

// yamlCase is a committed config.yaml beside an installer.
func yamlCase(text, set, want string) testCase {
	return testCase{file: "config/config.yaml", text: text, set: set, want: want,
		more: map[string]string{"install.sh": "INSTALL\nsudo cp config/config.yaml /opt/tljh/config/config.yaml\ntljh-config reload\n"}}
}

func terraform(body string) string {
	return "resource \"aws_instance\" \"hub\" {\n  ami           = \"ami-0123456789abcdef0\"\n  instance_type = \"t3.large\"\n" + body + "}\n"
}
