package assemble

import "testing"

// Something that visibly ends TLS and forwards to TLJH's port is in front of it; what may be is unknown; what leads elsewhere is not.
func TestFronts(t *testing.T) {
	port := install + "tljh-config set http.port 10080\n"
	site := func(to string) string {
		return "server {\n  listen 443 ssl;\n  location / { proxy_pass http://" + to + "; }\n}\n"
	}
	put := func(conf string) string { return "cat > /etc/nginx/sites-enabled/hub <<'EOF'\n" + conf + "EOF\n" }
	traefik := "http:\n  routers:\n    hub: {rule: Host(`h`), service: s, tls: {certResolver: le}}\n  services:\n    s:\n      loadBalancer:\n        servers:\n        - url: \"http://{{ address }}:10080\"\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"on the machine":                {map[string]string{"install.sh": port + put(site("localhost:10080"))}, "nginx"},
		"for something else":            {map[string]string{"install.sh": port + put(site("localhost:3000"))}, "-"},
		"without TLS":                   {map[string]string{"install.sh": port + put("server {\n listen 80;\n location / { proxy_pass http://localhost:10080; }\n}\n")}, "-"},
		"TLS that certbot adds":         {map[string]string{"install.sh": port + put("server {\n listen 80;\n location / { proxy_pass http://localhost:10080; }\n}\n") + "certbot --nginx -d h.example.org\n"}, "nginx"},
		"certbot, and nothing is shown": {map[string]string{"install.sh": port + "apt install nginx\ncertbot --nginx -d h.example.org\n"}, "?"},
		"under a condition":             {map[string]string{"install.sh": port + "if [ \"$TLS\" = yes ]; then\n" + put(site("localhost:10080")) + "fi\n"}, "?"},
		"committed, for its port":       {map[string]string{"install.sh": port, "traefik/hub.yml.j2": traefik}, "traefik"},
		"committed, for another port":   {map[string]string{"install.sh": install + "tljh-config set http.port 10081\n", "traefik/hub.yml.j2": traefik}, "-"},
		"committed, for the usual port": {map[string]string{"install.sh": install, "nginx.conf": site("10.0.0.1")}, "?"},
		"called as the site is":         {map[string]string{"install.sh": port, "web-proxy/hub.example.org": site("localhost:10080")}, "nginx"},
		"called anything":               {map[string]string{"install.sh": port, "etc/sites-available/hub": site("localhost:10080")}, "nginx"},
		"a page of that name":           {map[string]string{"install.sh": port, "web-proxy/hub.example.org": "nothing of the kind\n"}, "-"},
		"a port that is not known":      {map[string]string{"install.sh": install + "tljh-config set http.port $P\n", "nginx.conf": site("10.0.0.1:8000")}, "?"},
	} {
		d := load(t, c.files).Hubs[0]
		if got := at(d.Root, "https/terminated_by"); got != c.want && !(c.want == "-" && got == "null") {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
