package span

import "testing"

func TestChoice(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"1G", "2G", `"1G" or "2G"`},
		{"0.5", "2", `"0.5" or "2"`},
		{"true", "false", `"true" or "false"`},
		{"nativeauthenticator.NativeAuthenticator", "oauthenticator.github.GitHubOAuthenticator",
			`"nativeauthenticator.NativeAuthenticator" or "oauthenticator.github.GitHubOAuthenticator"`},
		{"correct horse", "2G", ""},
		{"EXAMPLE-not-a-secret", "b", ""},
		{"1G", Unknown("x"), ""},
		{"123456", "1", ""},
	} {
		if got := Choice(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %q, want %q", c.a, c.b, got, c.want)
		}
	}
}
